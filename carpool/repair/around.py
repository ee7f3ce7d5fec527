"""A part of a large day: the people among whom lifts for a few are looked for, while all others stay as they were told.

Near is a car that could fetch somebody with the least way round, then what is near to those who ride in it, ring by ring.
That is a choice and no rule: whoever is in the part is matched by the rules of every instance. docs/formulation.md, section
"A part of a day".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from carpool.instance import Driver, Instance, PublishedTrip, Rider

Floats = NDArray[np.float64]

NEAREST = 25
"""Cars that are looked at for each rider, and riders for each car."""
FULL_MINUTES = 10.0
"""A car without a free seat comes so much later in the row: somebody in it would have to move first."""
WALK_MINUTES = 10.0
"""What a way round may have above the driver's limit, as riders walk to places that are nearer to the road."""
AT_ONCE = 200
"""Riders whose tables are made at once; it bounds the memory."""


def around(
    instance: Instance,
    sought: Iterable[Sequence[str]],
    most: int,
    bound: Iterable[Sequence[str]] = (),
) -> frozenset[str]:
    """At most `most` people: those `sought` and whoever may matter to them.

    `sought` are groups of people, who comes first first: riders without a car, for whom cars are looked for, and drivers, for
    whose free seats riders without a car are. The cars are those of `instance.published`, which the caller has cut down to
    trips that can still change. Whoever is in one car with somebody, in one group of `together`, one pin or one of the groups
    that are `bound` otherwise comes along.
    """
    day, part = _Day(instance), _Part(instance, most, bound)
    ring, inner = list[str](), list[str]()
    for people in sought:
        known, room = [person for person in people if person in instance.index], part.room
        part.add(known, room // 3)
        near = day.near(known)
        inner += near
        # A third of the room is kept for those who come later, and for the outer rings.
        ring += part.add(near, part.room - room // 3)
    while ring := day.riding(ring):
        ring = part.add(day.near(ring, of_cars=False), part.room)
    part.add(inner, part.room)
    return frozenset(part.people)


class _Part:
    """People as they come in, each with whoever must not be parted from them."""

    def __init__(self, instance: Instance, most: int, bound: Iterable[Sequence[str]]) -> None:
        self.people: dict[str, None] = {}
        self._most = most
        self._units: dict[str, set[str]] = {}
        trips = [(trip.driver, *trip.riders) for trip in instance.published]
        pins = [(pin.driver, *pin.riders) for pin in instance.pinned]
        for group in (*trips, *pins, *instance.together, *bound):
            unit = {person for person in group if person in instance.index}
            unit = unit.union(*(self._units[person] for person in unit if person in self._units))
            self._units.update(dict.fromkeys(unit, unit))

    @property
    def room(self) -> int:
        return max(0, self._most - len(self.people))

    def add(self, people: Iterable[str], room: int) -> list[str]:
        """Add them in this order as far as there is `room` for them; who is new."""
        before = len(self.people)
        for person in people:
            if len(self.people) - before >= room:
                break
            new = sorted(self._units.get(person, {person}) - self.people.keys())
            if len(self.people) + len(new) - before <= room:
                self.people.update(dict.fromkeys(new))
        return list(self.people)[before:]


class _Day:
    """The people of an instance as cars, with what is known of each as arrays, and riders without one."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        trips = [trip for trip in instance.published if _still_goes(instance, trip)]
        self.car_of = {r: trip.driver for trip in trips for r in trip.riders if r in instance.rider_by_id}
        event_of = {trip.driver: trip.event for trip in trips}
        people = Counter[str]()
        for rider, car in self.car_of.items():
            people[car] += instance.rider_by_id[rider].party
        self.cars = [driver for driver in instance.driver_by_id.values() if driver.id not in self.car_of]
        self.left = [r for r in instance.riders if r.id not in self.car_of and r.id not in event_of]
        self.number = {car.id: number for number, car in enumerate(self.cars)}
        self.event = [event_of.get(car.id) for car in self.cars]
        self.free = np.array([car.seats - people[car.id] for car in self.cars], dtype=np.intp)
        self.limit = np.array([_limit(car, car.id in event_of) for car in self.cars], dtype=np.float64)
        places = {event.id: number for number, event in enumerate(instance.events)}
        self._goes = np.array([places[e] if e else len(places) for e in self.event], dtype=np.intp)
        self._home = [instance.index[car.id] for car in self.cars]
        self._direct = self._direct_minutes(list(places))

    def _direct_minutes(self, events: Sequence[str]) -> Floats:
        """Minutes from each car's home to its event, 0 for one that goes nowhere yet."""
        direct = np.zeros(len(self.cars))
        for number, event in enumerate(events):
            rows = np.flatnonzero(self._goes == number)
            homes = [self._home[row] for row in rows.tolist()]
            direct[rows] = self.instance.travel.table(homes, [self.instance.event_index[event]])[:, 0]
        return direct

    def riding(self, people: Iterable[str]) -> list[str]:
        """Those of them who have a place in a car."""
        return [person for person in people if person in self.car_of]

    def near(self, people: Sequence[str], of_cars: bool = True) -> list[str]:
        """Cars near these riders and, unless that is left out, riders without one near these drivers' cars.

        The nearest of each come first, then the second, and so on.
        """
        riders = [self.instance.rider_by_id[p] for p in people if p in self.instance.rider_by_id]
        cars = [self.number[person] for person in people if person in self.number] if of_cars else []
        rows = zip_longest(*self._cars_near(riders), *self._riders_near(cars))
        return [person for row in rows for person in row if person is not None]

    def _cars_near(self, riders: Sequence[Rider]) -> Iterator[list[str]]:
        for start in range(0, len(riders), AT_ONCE):
            some = riders[start : start + AT_ONCE]
            detours = self._detours(some, range(len(self.cars)))
            for rider, detour in zip(some, detours, strict=True):
                late = detour + np.where(self.free < rider.party, FULL_MINUTES, 0.0)
                nearest = _in_order(late, detour <= self.limit)
                yield _first(self.cars[n].id for n in nearest if self._may_ride(rider, n))

    def _riders_near(self, cars: Sequence[int]) -> Iterator[list[str]]:
        for car in cars:
            detour = self._detours(self.left, [car])[:, 0]
            nearest = _in_order(detour, detour <= self.limit[car])
            riders = (self.left[n] for n in nearest)
            yield _first(
                rider.id for rider in riders if rider.party <= self.free[car] and self._may_ride(rider, car)
            )

    def _detours(self, riders: Sequence[Rider], cars: Sequence[int]) -> Floats:
        """Minutes that a stop at each rider's home adds to each car's drive out, (riders, cars).

        For a car that goes nowhere yet it is the minutes to get there.
        """
        travel, at = self.instance.travel, [self.instance.index[rider.id] for rider in riders]
        to = travel.table([self._home[car] for car in cars], at).T
        onward = travel.table(at, list(self.instance.event_index.values()))
        onward = np.column_stack([onward, np.zeros(len(riders))])[:, self._goes[list(cars)]]
        with np.errstate(invalid="ignore"):  # Without a way there is no number either.
            detours: Floats = np.nan_to_num(to + onward - self._direct[list(cars)], nan=np.inf, posinf=np.inf)
        return detours

    def _may_ride(self, rider: Rider, car: int) -> bool:
        """Whether all but place and clock allows it, and the seats that others have taken."""
        driver, event = self.cars[car], self.event[car]
        return (
            rider.id != driver.id
            and rider.party <= driver.seats
            and (driver.way_back or not rider.way_back)
            and all(driver.offers.get(need, 0) > 0 for need in rider.needs)
            and set(rider.company) <= set(driver.traits)
            and set(driver.company) <= set(rider.traits)
            and _share_an_event(rider.events, driver.events if event is None else (event,))
        )


def _still_goes(instance: Instance, trip: PublishedTrip) -> bool:
    return trip.driver in instance.driver_by_id and trip.event in instance.event_by_id


def _limit(car: Driver, has_event: bool) -> float:
    return car.max_detour_minutes + WALK_MINUTES if has_event else car.max_travel_minutes


def _share_an_event(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    return one is None or other is None or not set(one).isdisjoint(other)


def _in_order(minutes: Floats, allowed: NDArray[np.bool_]) -> list[int]:
    rows = np.flatnonzero(allowed)
    numbers: list[int] = rows[np.argsort(minutes[rows], kind="stable")].tolist()
    return numbers


def _first(people: Iterator[str]) -> list[str]:
    return [person for _, person in zip(range(NEAREST), people, strict=False)]
