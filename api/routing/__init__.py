"""Minutes on real roads from the operator's OSRM server: which drives are asked for, how, and what is kept of the answers.

Who wants them calls `api.services.road_times`; docs/decisions/0032-road-times.md says why it is so.
"""

from datetime import timedelta

TIMES_KEPT = timedelta(days=30)
"""So long an answer is used again."""
