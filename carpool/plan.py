"""The plan: who drives whom to which event, as frozen data. Field by field it is the format `carpool-plan/1`.

A plan that the solver wrote is complete. One written by hand may leave out all but driver, event and the stops' riders:
what is left out is None here, and the checker compares only what stands in the file.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why somebody is in no trip. The first that holds, in this order."""

    NO_EVENT_ALLOWED = "no_event_allowed"
    NO_EVENT_IN_REACH = "no_event_in_reach"
    PARTY_TOO_LARGE = "party_too_large"
    NO_DRIVER_IN_REACH = "no_driver_in_reach"
    EVENT_FULL = "event_full"
    NOT_HOME_IN_TIME = "not_home_in_time"
    NOT_READY_IN_TIME = "not_ready_in_time"
    NEEDS_NOT_OFFERED = "needs_not_offered"
    COMPANY_NOT_MET = "company_not_met"
    TOGETHER_NOT_MET = "together_not_met"
    KEPT_APART = "kept_apart"
    SEATS_TAKEN = "seats_taken"
    NOT_WORTH_THE_DRIVE = "not_worth_the_drive"
    SEARCH_ENDED = "search_ended"


class Status(StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Stop:
    """A pick-up: `place` is the id of one of the rider's places, None for the rider's own. The car arrives `at`."""

    rider: str
    place: str | None = None
    at: datetime | None = None
    ride_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Where a rider leaves the car on the way back: where they were picked up, else `place`, None for the rider's own."""

    rider: str
    at: datetime | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """One car's way to an event and back. `stops` in order of the way out; none if the driver is at the event already.

    `no_return` is what a file alone can say: its `home_at` is there and null, as only a driver who stays may have it.
    """

    driver: str
    event: str
    stops: tuple[Stop, ...] = ()
    departs_at: datetime | None = None
    arrives_at: datetime | None = None
    drive_minutes: float | None = None
    detour_minutes: float | None = None
    back: tuple[Drop, ...] | None = None
    home_at: datetime | None = None
    no_return: bool = field(default=False, compare=False, repr=False)

    @property
    def riders(self) -> tuple[str, ...]:
        if not self.stops:  # A trip that only goes home has its riders in the way back alone.
            return tuple(drop.rider for drop in reversed(self.back or ()))
        return tuple(stop.rider for stop in self.stops)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody in no trip, with the reason in the format's word and in plain ones, and the smallest change that would help."""

    id: str
    reason: str | None = None
    text: str | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Trips, who is left, the score and the proven bound on the score of every feasible plan.

    `unknown_members` are the paths of what a file says beyond the format: no reason not to read it, but to reject it.
    """

    trips: tuple[Trip, ...] = ()
    unmatched: tuple[Unmatched, ...] | None = None
    score: float | None = None
    volunteers: int | None = None
    weighted_volunteers: float | None = None
    bound: float | None = None
    gap: float | None = None
    status: str | None = None
    seconds: float | None = None
    seed: int | None = None
    version: str | None = None
    unknown_members: tuple[str, ...] = field(default=(), compare=False, repr=False)
