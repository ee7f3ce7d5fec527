"""People who can be in no trip whatever everybody else does, set aside before anybody is numbered.

Everything random in the engine depends on how many people and cars there are and in which order they come. Without those
whose own words rule out every trip, everybody else's trips are as if they had never been there. docs/formulation.md,
section "Determinism".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from carpool.homeward import among
from carpool.instance import Instance
from carpool.solver.candidates import NEVER, SLACK, Mask, by_kind, stamp
from carpool.solver.data import Data, Goal
from carpool.solver.times import Floats, Many, Rows


def without_impossible(data: Data) -> Instance:
    """The instance of those who can be in some trip; the very same if all can.

    Whoever a pin, a published trip or a group that rides together names stays: their names are wanted where they are.
    """
    instance = data.instance
    possible = _possible(data) | {instance.index[name] for name in _named(instance)}
    if len(possible) == len(instance.index):
        return instance
    ids = {data.ids[person] for person in possible}
    return among(
        instance, [d for d in instance.drivers if d.id in ids], [r for r in instance.riders if r.id in ids]
    )


def _named(instance: Instance) -> set[str]:
    groups = (
        *instance.together,
        *((pin.driver, *pin.riders) for pin in instance.pinned),
        *((trip.driver, *trip.riders) for trip in instance.published),
    )
    return {name for group in groups for name in group if name in instance.index}


@dataclass(frozen=True)
class _Travellers:
    """Cars at home or pick-ups as arrays: whose, where, and the limits of the direct way. Times in minutes since 1970.

    `ready` is when they could be off, and `home` when they have to be back at this place.
    """

    person: Rows
    places: Many
    party: Rows
    longest: Floats
    way_back: Mask
    ready: Floats
    home: Floats
    errand: Rows
    errands: list[frozenset[int]]

    def reaching(self, data: Data, event: int) -> Mask:
        """Who may go to this event and can bear the direct way there and back.

        Where a detour can be a short cut, the direct way says nothing, and all who may go are in.
        """
        goal = data.goals[event]
        good: Mask = np.array([event in one for one in self.errands], dtype=bool)[self.errand]
        good &= self.party <= goal.capacity
        if data.times.triangle:
            within = float(self.longest.max(initial=0.0)) + SLACK
            out = self.places.reaching(goal.place, within)
            back = out if data.times.symmetric else self.places.reached_from(goal.place, within)
            good &= self._in_time(goal, out, back)
        return good

    def _in_time(self, goal: Goal, out: Floats, back: Floats) -> Mask:
        arrive, leave = stamp(goal.arrives_at, 0.0), stamp(goal.ends_at, 0.0)
        good: Mask = (out <= self.longest + SLACK) & (self.ready + out <= arrive + SLACK)
        good &= ~self.way_back | ((back <= self.longest + SLACK) & (leave + back <= self.home + SLACK))
        return good


def _possible(data: Data) -> set[int]:
    """Who can drive to some event, or ride to one in some car that goes there and has room for them and what they need.

    Only cars that can go anywhere count, so that nobody rests on somebody who is set aside.
    """
    cars, riders = _cars(data), _pickups(data)
    wish, wishes = by_kind([data.passengers[p].needs for p in riders.person.tolist()])
    served = [np.array([_serves(data, p, needs) for p in cars.person.tolist()], bool) for needs in wishes]
    seats = np.array([data.cars[p].seats for p in cars.person.tolist()], dtype=np.int64)
    able = set[int]()
    for event in range(len(data.goals)):
        drives, rides = cars.reaching(data, event), riders.reaching(data, event)
        able.update(cars.person[drives].tolist())
        room = np.array(
            [[_most(seats, drives & s), _most(seats, drives & s & cars.way_back)] for s in served]
        )
        if wishes:
            rides &= riders.party <= room.reshape(-1, 2)[wish, riders.way_back.astype(np.intp)]
            able.update(riders.person[rides].tolist())
    return able


def _most(seats: Rows, cars: Mask) -> int:
    return int(seats[cars].max(initial=0))


def _serves(data: Data, person: int, needs: tuple[str, ...]) -> bool:
    offers = data.cars[person].offers
    return all(offers.get(need, 0) > 0 for need in needs)


def _cars(data: Data) -> _Travellers:
    return _travellers(
        data,
        [
            (
                car.person, car.person, car.party, car.max_travel, car.way_back,
                stamp(car.ready_at, -NEVER), stamp(car.home_by, NEVER), car.events,
            )
            for car in data.cars.values()
        ],
    )  # fmt: skip


def _pickups(data: Data) -> _Travellers:
    return _travellers(
        data,
        [
            (
                rider.person, pickup.place, rider.party, rider.max_ride, rider.way_back,
                stamp(rider.ready_at, -NEVER) + pickup.walk + rider.dwell, stamp(rider.home_by, NEVER) - pickup.walk,
                rider.events,
            )
            for rider in data.passengers.values()
            for pickup in rider.pickups
        ],
    )  # fmt: skip


_Row = tuple[int, int, int, float, bool, float, float, Collection[int]]


def _travellers(data: Data, rows: Sequence[_Row]) -> _Travellers:
    person, place, party, longest, way_back, ready, home, events = (
        zip(*rows, strict=True) if rows else [()] * 8
    )
    errand, errands = by_kind(events)
    return _Travellers(
        np.array(person, np.intp), data.times.many(place), np.array(party, np.int64), np.array(longest, float),
        np.array(way_back, bool), np.array(ready, float), np.array(home, float), errand, [*map(frozenset, errands)],
    )  # fmt: skip
