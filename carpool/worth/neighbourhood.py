"""The people around a new car, as an instance of their own: everybody else's trips are held as the plan has them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import numpy as np

from carpool.geo.place import Place
from carpool.geo.travel import RoadTravel
from carpool.instance import Driver, Event, Instance
from carpool.minutes_among import minutes_among
from carpool.plan import Plan, Trip
from carpool.worth.car import CarWorth
from carpool.worth.districts import parties


@dataclass(frozen=True)
class Block:
    """People who are matched anew together or not at all: those of a trip, or a group that has none."""

    people: tuple[str, ...]
    trip: Trip | None = None


@dataclass(frozen=True)
class Part:
    """The people of some blocks and one more driver: any plan of `instance` and the trips held are a plan of the whole.

    The scores of the two differ by a number that is the same for every plan. `trips` are those of the old plan.
    """

    instance: Instance
    trips: tuple[Trip, ...]


@dataclass(frozen=True)
class Neighbourhoods:
    """Parts of one plan. `instance` must have a crossing for every island of a new driver."""

    instance: Instance
    plan: Plan

    def around(self, driver: Driver, worth: CarWorth, most: int) -> Part:
        """The driver and at most so many people, those first whom the driver's way would lead past."""
        blocks = self._nearest(driver, worth, most)
        people = {person for block in blocks for person in block.people}
        trips = tuple(block.trip for block in blocks if block.trip is not None)
        whole = self.instance
        apart = (tuple(person for person in group if person in people) for group in whole.apart)
        drivers = (*(other for other in whole.drivers if other.id in people), driver)
        riders = tuple(rider for rider in whole.riders if rider.id in people)
        instance = replace(
            whole,
            **minutes_among(whole, drivers, riders),
            drivers=drivers,
            riders=riders,
            events=self._events(people),
            apart=tuple(group for group in apart if len(group) > 1),
            together=tuple(group for group in whole.together if people.issuperset(group)),
            pinned=tuple(pin for pin in whole.pinned if pin.driver in people),
        )
        return Part(instance, trips)

    def _nearest(self, driver: Driver, worth: CarWorth, most: int) -> list[Block]:
        """The blocks of `around`; of those in trips and of those without at least half each, where there are so many."""
        detour, wanted = self._detours(driver, worth), set(worth.riders)

        def key(block: Block) -> tuple[bool, float]:
            least = min(detour[self.instance.index[person]] for person in block.people)
            return wanted.isdisjoint(block.people), least

        blocks = sorted(self.blocks, key=key)
        going = [block for block in blocks if block.trip is not None]
        left = [block for block in blocks if block.trip is None]
        first = _as_many_as(going, most // 2)
        chosen = first + _as_many_as(left, most - _size(first))
        return chosen + _as_many_as(going[len(first) :], most - _size(chosen))

    @cached_property
    def blocks(self) -> list[Block]:
        """Everybody, each in one block."""
        blocks = [Block((trip.driver, *trip.riders), trip) for trip in self.plan.trips]
        seen = {person for block in blocks for person in block.people}
        groups: dict[str, set[str]] = {}
        for group in self.instance.together:
            joined = set(group).union(*(groups.get(person, ()) for person in group))
            groups.update(dict.fromkeys(joined, joined))
        for person in self.instance.index:
            if person not in seen:
                people = tuple(sorted(groups.get(person, {person})))
                blocks.append(Block(people))
                seen.update(people)
        return blocks

    def _events(self, people: set[str]) -> tuple[Event, ...]:
        """The events with what the trips of others leave there to be wanted, and of room."""
        party, here = parties(self.instance), Counter[str]()
        for trip in self.plan.trips:
            if trip.driver not in people:
                here[trip.event] += sum(party[person] for person in (trip.driver, *trip.riders))
        return tuple(_without(event, here[event.id]) for event in self.instance.events)

    def _detours(self, driver: Driver, worth: CarWorth) -> list[float]:
        """Minutes by way of everybody's own place to the predicted event (None: the nearest), in the instance's order."""
        people, places = len(self.instance.index), self.instance.places
        home = Place(driver.lat, driver.lon, driver.island)
        event = None if worth.event is None else self.instance.event_index[worth.event]
        goals = places[people : people + len(self.instance.events)] if event is None else (places[event],)
        travel = RoadTravel((home, *places[:people], *goals), self.instance.crossings)
        everybody = range(1, people + 1)
        onward = travel.table(everybody, range(people + 1, people + 1 + len(goals)))
        detours: list[float] = (
            travel.table([0], everybody)[0] + np.min(onward, axis=1, initial=np.inf)
        ).tolist()
        return detours


def _without(event: Event, people: int) -> Event:
    """What the event is worth to those who come beside so many others."""
    capacity = None if event.capacity is None else event.capacity - people
    return replace(event, wanted=max(0, event.wanted - people), capacity=capacity)


def _as_many_as(blocks: Sequence[Block], people: int) -> list[Block]:
    """The first blocks, with no more than so many people in all."""
    sums = accumulate(len(block.people) for block in blocks)
    return [block for block, size in zip(blocks, sums, strict=True) if size <= people]


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.people) for block in blocks)
