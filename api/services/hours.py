"""Supply and demand over the hours of one day: seats of drivers who are free, people who ask and are free, people wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

from api.services.local import local
from api.store.queries.day_sums import HOURS, DaySums
from api.store.tables import Event

USUAL = (8, 20)
"""The hours that are shown in any case."""


@dataclass(frozen=True)
class HourLine:
    """One hour of the day, from `hour` o'clock on."""

    hour: int
    seats: int
    riders: int
    wanted: int


def lines(events: Iterable[Event], sums: DaySums) -> tuple[HourLine, ...]:
    """From before the first event until after the last. Nobody confirmed and nothing on: none."""
    wanted = [0] * HOURS
    for event in events:
        begins, ends = local(event.starts_at), local(event.ends_at) - timedelta(seconds=1)
        last = ends.hour if ends.date() == begins.date() else HOURS - 1
        for hour in range(begins.hour, last + 1):
            wanted[hour] += event.wanted
    seats, riders = _free(sums, "seats"), _free(sums, "riders")
    if not any((*wanted, *seats, *riders)):
        return ()
    busy = [hour for hour, people in enumerate(wanted) if people] or list(USUAL)
    first, last = min(USUAL[0], busy[0] - 1), max(USUAL[1], busy[-1] + 2)
    shown = range(max(first, 0), min(last, HOURS))
    return tuple(HourLine(hour, seats[hour], riders[hour], wanted[hour]) for hour in shown)


def _free(sums: DaySums, what: str) -> list[int]:
    """How many are ready and not yet wanting to be home, hour by hour."""

    def counted(rows: Mapping[int, Any], hour: int) -> int:
        return int(getattr(rows[hour], what)) if hour in rows else 0

    changes = [counted(sums.begin, hour) - counted(sums.end, hour) for hour in range(HOURS)]
    return list(accumulate(changes))
