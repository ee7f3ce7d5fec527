"""The road times that are kept, for whoever judges lifts that were planned by them: a few cars, a repair, a change by hand.

Nobody is asked, so that no page waits for a server. Without a server nothing is loaded either.
"""

from sqlmodel import Session

from api.settings import settings
from carpool import Instance


def with_known(db: Session, instance: Instance) -> Instance:
    """The instance with the minutes that earlier runs were told; the built-in model has the others."""
    if not settings().osrm_url:
        return instance
    # NumPy and what else this loads is no business of who has no server.
    from api.services import road_times

    return road_times.with_known(db, instance)
