"""What the search for a better trip stands on: what people add to a trip, hours as numbers, and the ways between places."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from carpool.certificate import Certificate
from carpool.faults.minutes import LARGEST_MATRIX
from carpool.geo.pair_travel import PairTravel, Proportional
from carpool.geo.travel import MatrixTravel, TravelModel
from carpool.instance import Driver, Event, Instance, PinnedTrip, Rider
from carpool.schedule import TOLERANCE_MINUTES, dwell_minutes, minutes_between, walk_minutes

Floats = NDArray[np.float64]
SLACK = TOLERANCE_MINUTES + 1e-9
"""The format's tolerance, and by how much at most two sums of the same minutes differ."""


@dataclass(frozen=True, slots=True)
class Halt:
    """A rider at a place where a car may stop: place None is the own one, `index` is the place in the travel model."""

    rider: Rider
    place: str | None
    index: int


@dataclass(frozen=True)
class Goal:
    """An event as seen from the halts, an item each. Minutes out count back from the arrival, minutes back on from its end.

    `out` and `back` are the least minutes there and from there; `latest_out` is the most minutes from reaching the stop to
    the event, `latest_back` from the event to the drop. `gain` is what fetching somebody adds to the worth of a trip, walk
    and dwell paid for, but neither driving nor what the change penalty saves.
    """

    event: Event
    index: int
    arrives_at: datetime
    out: Floats
    back: Floats
    latest_out: Floats
    latest_back: Floats
    gain: Floats

    def limits(self, driver: Driver, direct: float, direct_back: float) -> tuple[float, float]:
        """The most minutes of a driver's way out and back, by the minutes of the direct ways."""
        time_out, time_back = (
            _minutes(driver.ready_at, self.arrives_at),
            _minutes(self.event.ends_at, driver.home_by),
        )
        out = min(driver.max_travel_minutes, driver.max_detour_minutes + direct, time_out)
        back = min(driver.max_travel_minutes, driver.max_detour_minutes + direct_back, time_back)
        return out + SLACK, back + SLACK if driver.way_back else math.inf


class Ground:
    """An instance and a certificate, with what the search asks for at hand. Arrays have an item a halt."""

    def __init__(self, instance: Instance, certificate: Certificate) -> None:
        self.instance, self.certificate = instance, certificate
        self.cuts = [(frozenset(cut.people), cut.price) for cut in certificate.cuts]
        self.pin_of = {person: pin for pin in instance.pinned for person in (pin.driver, *pin.riders)}
        people: list[Driver | Rider] = [*instance.drivers, *instance.riders]
        self.person = {one.id: one for one in people}
        self.told = {
            one: (trip.driver, trip.event)
            for trip in instance.published
            for one in (trip.driver, *trip.riders)
            if one in self.person
        }
        self.told_riders = {(trip.driver, trip.event): trip.riders for trip in instance.published}
        self.brought = Counter[str]()
        for pin in instance.pinned:
            self.brought[pin.event] += self.people(pin)
        self.travel: TravelModel = instance.travel
        self.least = self.travel if self.travel.triangle else _shortest_ways(instance)
        self.halts = list(_halts(instance))
        self.halts_of: dict[str, list[int]] = {}
        for position, halt in enumerate(self.halts):
            self.halts_of.setdefault(halt.rider.id, []).append(position)
        self.index = [halt.index for halt in self.halts]
        self.dwell = self._array(dwell_minutes(instance, halt.rider) for halt in self.halts)
        self.party = self._array(halt.rider.party for halt in self.halts)
        self.rides_back = self._array(halt.rider.way_back for halt in self.halts) > 0
        self.bonds = _bonds(instance)
        self.bonded = self._array(halt.rider.id in self.bonds for halt in self.halts) > 0
        self.goals = [self._goal(event) for event in instance.events]

    def saved(self, person: str, driver: str, event: str) -> float:
        """The change penalty saved by taking somebody to the event in this driver's car."""
        told = self.told.get(person) == (driver, event)
        return self.instance.change_penalty * self.person[person].party if told else 0.0

    def room(self, driver: Driver, event: Event) -> float:
        """How many people a driver may bring to an event beside those whom other drivers' pins bring there."""
        if event.capacity is None:
            return math.inf
        pin = self.pin_of.get(driver.id)
        own = self.people(pin) if pin is not None and pin.event == event.id else 0
        return event.capacity - self.brought[event.id] + own

    def people(self, pin: PinnedTrip) -> int:
        """How many people a pin names."""
        return sum(self.person[one].party for one in (pin.driver, *pin.riders))

    def worth(self, person: str, event: str) -> float:
        """What somebody adds to the worth of a trip to an event, by the prices alone."""
        price = self.certificate.people.get(person, 0.0)
        return self.certificate.events.get(event, 0.0) * self.person[person].party - price

    def _goal(self, event: Event) -> Goal:
        instance, index = self.instance, self.instance.event_index[event.id]
        arrives_at = event.starts_at.astimezone(UTC) - timedelta(minutes=instance.arrive_before_minutes)
        riders = [halt.rider for halt in self.halts]
        walk = self._array(walk_minutes(halt.rider, halt.place) for halt in self.halts)
        longest = self._array(rider.max_travel_minutes for rider in riders)
        time_out = self._array(_minutes(rider.ready_at, arrives_at) for rider in riders)
        time_back = self._array(_minutes(event.ends_at, rider.home_by) for rider in riders)
        latest_back = np.minimum(longest, time_back - walk) + SLACK
        worth = self._array(self.worth(rider.id, event.id) for rider in riders)
        return Goal(
            event=event,
            index=index,
            arrives_at=arrives_at,
            out=self.least.table(self.index, [index])[:, 0],
            back=self.least.table([index], self.index)[0],
            latest_out=np.minimum(longest + self.dwell, time_out - walk) + SLACK,
            latest_back=np.where(self.rides_back, latest_back, math.inf),
            gain=worth - (walk + self.dwell) / instance.minutes_per_volunteer,
        )

    def _array(self, values: Iterable[float]) -> Floats:
        return np.fromiter(values, dtype=np.float64, count=len(self.halts))


def may_share(instance: Instance, one: Driver | Rider, other: Driver | Rider) -> bool:
    """Whether company and `apart` let two people be in one car."""
    apart = instance.apart_groups
    return (
        set(one.company) <= set(other.traits)
        and set(other.company) <= set(one.traits)
        and set(apart.get(one.id, ())).isdisjoint(apart.get(other.id, ()))
    )


def _minutes(earlier: datetime | None, later: datetime | None) -> float:
    """Minutes from one time to another, infinite where one of them is open."""
    return math.inf if earlier is None or later is None else minutes_between(earlier, later)


def _halts(instance: Instance) -> Iterator[Halt]:
    for rider in instance.riders:
        own: list[str | None] = [None] if rider.home_pickup else []
        for place in (*own, *(place.id for place in rider.places)):
            yield Halt(rider, place, instance.place_index[rider.id, place])


def _bonds(instance: Instance) -> dict[str, frozenset[str]]:
    """Person → everybody who has to be in the same car, by however many groups of `together`; nobody who is in none."""
    bonds: dict[str, frozenset[str]] = {}
    for group in instance.together:
        everybody = frozenset(group).union(*(bonds.get(person, ()) for person in group))
        bonds.update(dict.fromkeys(everybody, everybody))
    return bonds


def _shortest_ways(instance: Instance) -> TravelModel:
    """The least minutes between places by any way round (Floyd 1962, Warshall 1962), to prune with where minutes are given.

    Among more places than a table has room for, what no drive undercuts in proportion to the road model stands for them.
    """
    if len(instance.places) > LARGEST_MATRIX and isinstance(instance.travel, PairTravel):
        return Proportional(instance.travel)
    everywhere = range(len(instance.places))
    ways = instance.travel.table(everywhere, everywhere)
    for via in everywhere:
        np.minimum(ways, ways[:, via, None] + ways[None, via, :], out=ways)
    return MatrixTravel(ways.tolist())
