"""A trip as the solver weighs it: a column j of the set packing, with its minutes, people and kept promises."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from carpool.plan import Trip
from carpool.schedule import schedule_of
from carpool.solver.data import Data
from carpool.solver.limits import Halt, Limits, Pair


@dataclass(frozen=True, slots=True)
class Column:
    """Trip j: driver k_j, event e_j, the stops in order. `minutes` is m_j of equation (2): the drive out and the walks.

    `people` is n_j, drivers and riders; `kept` is b_j, the change penalty that this trip saves.
    """

    driver: int
    event: int
    stops: tuple[Halt, ...]
    minutes: float
    people: int
    kept: float

    @property
    def riders(self) -> tuple[int, ...]:
        return tuple(stop.person for stop in self.stops)

    @property
    def members(self) -> tuple[int, ...]:
        """Everybody in the car, the driver first."""
        return self.driver, *self.riders


def make_column(data: Data, driver: int, event: int, stops: Sequence[Halt], minutes: float) -> Column:
    """The column of a trip whose minutes are known."""
    members = (driver, *(stop.person for stop in stops))
    people = sum(data.party(person) for person in members)
    kept = sum(data.kept(person, driver, event) for person in members) if data.told else 0.0
    return Column(driver, event, tuple(stops), minutes, people, kept)


def column_of(data: Data, limits: Limits, trip: Trip) -> Column:
    """The column of a trip as a plan writes it, whatever limits it keeps."""
    instance = data.instance
    number, event = instance.index, data.event_number[trip.event]
    stops = [
        next(h for h in limits.halts(number[stop.rider], event) if h.pickup.name == stop.place)
        for stop in trip.stops
    ]
    schedule = schedule_of(instance, trip)
    minutes = schedule.drive_minutes + schedule.walk_minutes
    return make_column(data, number[trip.driver], event, stops, minutes)


def worth(data: Data, column: Column) -> float:
    """c_j of equation (2): what the trip adds to the score apart from its people, usually a little below 0."""
    return column.kept - column.minutes / data.instance.minutes_per_volunteer


def total_score(data: Data, columns: Sequence[Column]) -> float:
    """The objective (1) of a plan."""
    people = [0] * len(data.goals)
    for column in columns:
        people[column.event] += column.people
    values = [goal.value(n) for goal, n in zip(data.goals, people, strict=True)]
    return math.fsum((*values, *(worth(data, column) for column in columns), -data.told_total))


def route_minutes(data: Data, pair: Pair, stops: Sequence[Halt]) -> float | None:
    """m_j of these stops in this order, None if a limit is broken: equations (3) to (9)."""
    leg, car = data.times.leg, pair.car
    elapsed = returning = walks = 0.0
    front = last = pair.goal.place
    for halt in reversed(stops):
        ride = elapsed + leg(halt.place, front)
        if not halt.picked_up_well(ride):
            return None
        elapsed, front = ride + halt.dwell, halt.place
        walks += halt.walk
        if halt.way_back:
            returning += leg(last, halt.place)
            if not halt.dropped_well(returning):
                return None
            returning, last = returning + halt.dwell, halt.place
    elapsed += leg(car.person, front)
    if not pair.leaves_well(elapsed):
        return None
    if car.way_back and not pair.returns_well(returning + leg(last, car.person)):
        return None
    return elapsed + walks


def forced_column(data: Data, limits: Limits, driver: int) -> Column:
    """The one trip of a driver with a forced pin, each stop at the rider's own or first place. No limit holds."""
    pin = data.pins[driver]
    stops = [limits.halts(rider, pin.event)[0] for rider in pin.riders]
    leg, front, minutes = data.times.leg, data.goals[pin.event].place, 0.0
    for halt in reversed(stops):
        minutes += leg(halt.place, front) + halt.dwell + halt.walk
        front = halt.place
    return make_column(data, driver, pin.event, stops, minutes + leg(driver, front))
