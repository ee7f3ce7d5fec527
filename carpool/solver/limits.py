"""Whether one car on its way to one event keeps the limits, computed exactly as `carpool.schedule` does.

A limit is met up to a tolerance, so a trip can be feasible by the last digit of a float. Far from a limit a comparison
with a prepared number decides; within `NEAR` of it the judge's own arithmetic does, operation by operation. So neither
the plan nor the bound can differ from the judge.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timezone

from carpool.schedule import TOLERANCE_MINUTES, minutes_between
from carpool.solver.data import Car, Data, Goal, Passenger, Pickup

NEAR = 1e-6
"""Minutes around a limit within which it is computed twice. Dates ten years apart cost 1e-9 of a minute."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A car k and an event e it may drive to, with all that bounds its drives: equations (5) and (8).

    `ready` and `home` count from the arrival at the event and from its end. `longest_out` and `longest_back` are those
    drives that meet every limit with the tolerance, to within `NEAR`.
    """

    car: Car
    event: int
    goal: Goal
    direct_out: float
    direct_back: float
    ready: float
    home: float
    longest_out: float
    longest_back: float

    def leaves_well(self, drive: float) -> bool:
        """Whether the way out may take `drive` minutes, dwells included."""
        if abs(drive - self.longest_out) > NEAR:
            return drive < self.longest_out
        car = self.car
        worst = max(drive - car.max_travel, drive - self.direct_out - car.max_detour, self.ready + drive)
        return worst <= TOLERANCE_MINUTES

    def returns_well(self, drive: float) -> bool:
        """The same for the way back; any drive will do for a car that does not drive back."""
        if not self.car.way_back or abs(drive - self.longest_back) > NEAR:
            return drive < self.longest_back
        car = self.car
        worst = max(drive - car.max_travel, drive - self.direct_back - car.max_detour, drive - self.home)
        return worst <= TOLERANCE_MINUTES


@dataclass(frozen=True, slots=True)
class Halt:
    """A pick-up place of rider r on the way to event e, with what bounds the ride: equations (6) and (9).

    `ready` counts from the arrival at the event and includes the walk, `home` from its end and leaves the walk out.
    `longest_ride` bounds the ride out, `longest_back` the minutes from the end to the drop, both to within `NEAR`.
    """

    pickup: Pickup
    place: int
    walk: float
    dwell: float
    way_back: bool
    max_ride: float
    ready: float
    home: float
    longest_ride: float
    longest_back: float

    @property
    def person(self) -> int:
        return self.pickup.person

    def picked_up_well(self, ride: float) -> bool:
        """Whether a ride of so many minutes to the event is allowed."""
        if abs(ride - self.longest_ride) > NEAR:
            return ride < self.longest_ride
        return max(ride - self.max_ride, self.ready + (ride + self.dwell)) <= TOLERANCE_MINUTES

    def dropped_well(self, minutes: float) -> bool:
        """Whether the rider may be dropped so many minutes after the event's end."""
        if abs(minutes - self.longest_back) > NEAR:
            return minutes < self.longest_back
        return max(minutes - self.max_ride, (minutes + self.walk) - self.home) <= TOLERANCE_MINUTES


def make_pair(data: Data, car: Car, event: int) -> Pair | None:
    """The car's limits on the way to this event; None if there is no direct way there or, if it drives back, from there."""
    goal = data.goals[event]
    out = data.times.leg(car.person, goal.place)
    back = data.times.leg(goal.place, car.person) if car.way_back else 0.0
    if math.isinf(out) or math.isinf(back):
        return None
    ready, home = (
        _since(goal.arrives_at, car.ready_at, -math.inf),
        _since(goal.ends_at, car.home_by, math.inf),
    )
    longest_out = min(car.max_travel, out + car.max_detour, -ready) + TOLERANCE_MINUTES
    longest_back = min(car.max_travel, back + car.max_detour, home) + TOLERANCE_MINUTES
    return Pair(
        car=car, event=event, goal=goal, direct_out=out, direct_back=back, ready=ready, home=home,
        longest_out=longest_out, longest_back=longest_back if car.way_back else math.inf,
    )  # fmt: skip


def make_halt(data: Data, passenger: Passenger, pickup: Pickup, event: int) -> Halt:
    """The rider's limits for a stop at this place on the way to this event."""
    goal = data.goals[event]
    ready = _since(goal.arrives_at, passenger.ready_at, -math.inf) + pickup.walk
    home = _since(goal.ends_at, passenger.home_by, math.inf)
    longest_ride = min(passenger.max_ride, -ready - passenger.dwell)
    return Halt(
        pickup=pickup, place=pickup.place, walk=pickup.walk, dwell=passenger.dwell, way_back=passenger.way_back,
        max_ride=passenger.max_ride, ready=ready, home=home, longest_ride=longest_ride + TOLERANCE_MINUTES,
        longest_back=min(passenger.max_ride, home - pickup.walk) + TOLERANCE_MINUTES,
    )  # fmt: skip


def _since(start: datetime, moment: datetime | None, missing: float) -> float:
    if moment is None:
        return missing
    if type(start.tzinfo) is timezone is type(moment.tzinfo):
        # Between fixed offsets, which files have, a plain difference is the same to the last digit, and quicker.
        return (moment - start).total_seconds() / 60
    return minutes_between(start, moment)


class Limits:
    """Pairs and halts of one instance, each made once. Grows as the search looks at more of the instance."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self._pairs: dict[tuple[int, int], Pair | None] = {}
        self._halts: dict[tuple[int, int], tuple[Halt, ...]] = {}

    def pair(self, person: int, event: int) -> Pair | None:
        """The pair of this driver and event, None without a direct way."""
        key = (person, event)
        if key not in self._pairs:
            self._pairs[key] = make_pair(self.data, self.data.cars[person], event)
        return self._pairs[key]

    def halts(self, person: int, event: int) -> tuple[Halt, ...]:
        """Where this rider can be picked up on the way to this event."""
        key = (person, event)
        if key not in self._halts:
            passenger = self.data.passengers[person]
            self._halts[key] = tuple(
                make_halt(self.data, passenger, pickup, event) for pickup in passenger.pickups
            )
        return self._halts[key]
