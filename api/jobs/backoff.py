"""When a job that failed is tried again: soon at first, then ever more seldom, for a day."""

import random
from collections.abc import Iterable

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

FIRST_SECONDS = 2
LONGEST_SECONDS = 900
# Two seconds doubled until a quarter of an hour, then every quarter of an hour: a day in all.
MOST_ATTEMPTS = 100


class InHand(Exception):
    """Somebody else is at it. In so many `seconds` they are done, or gone."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class BackOff(BaseRetryStrategy):
    """Tries again after the errors named, and after no others: those are ours to mend, and trying would not."""

    def __init__(self, errors: Iterable[type[BaseException]], most_attempts: int = MOST_ATTEMPTS) -> None:
        self.errors = tuple(errors)
        self.most_attempts = most_attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """procrastinate's question after a failure; `job.attempts` counts the failures before this one."""
        if not isinstance(exception, self.errors) or self.is_last(job.attempts):
            return None
        seconds = exception.seconds if isinstance(exception, InHand) else pause(job.attempts)
        return RetryDecision(retry_in={"milliseconds": round(1000 * seconds)})

    def is_last(self, attempts: int) -> bool:
        """Whether, after so many failures, the attempt being made is the last."""
        return attempts + 1 >= self.most_attempts


def pause(attempts: int) -> float:
    """Seconds to wait after the failure that follows `attempts` others, spread so that not all come back at once."""
    steady = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempts, 20))
    return steady * random.uniform(0.75, 1.0)  # noqa: S311  (nothing secret)
