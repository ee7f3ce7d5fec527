"""One car and one event: whom it may fetch, at which halts, and the limits that hold for it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpool.instance import Driver, Event, Rider
from carpool.verify.ground import Floats, Goal, Ground, may_share

Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Car:
    """A driver who goes to an event, alone worth `worth` before any minutes. `seats` are left beside those who `must` come.

    `longest_out` and `longest_back` bound the whole drive. `halts` are positions among the ground's, at which it may stop
    if nobody else came, and `gain` says of each what the stop adds to the worth, the driving aside.
    """

    driver: Driver
    goal: Goal
    worth: float
    seats: int
    longest_out: float
    longest_back: float
    must: frozenset[str]
    halts: Positions
    gain: Floats


class Garage:
    """Makes the cars of one driver."""

    def __init__(self, ground: Ground, driver: Driver) -> None:
        self.ground, self.driver = ground, driver
        self.pin = ground.pin_of.get(driver.id)
        self.must = self._must()
        self.home = ground.instance.index[driver.id]
        self.to_halt = ground.least.table([self.home], ground.index)[0]
        self.from_halt = ground.least.table(ground.index, [self.home])[:, 0]
        self._joined: dict[str, bool] = {}

    def cars(self) -> Iterator[Car]:
        """The car to each event to which it may go, those who must come included."""
        for goal in self.ground.goals:
            allowed = self.driver.events is None or goal.event.id in self.driver.events
            if allowed and (self.pin is None or self.pin.event == goal.event.id):
                yield from self._car(goal)

    def _must(self) -> frozenset[str]:
        """Who has to come by a pin or by `together`."""
        people = {self.driver.id, *(self.pin.riders if self.pin else ())}
        return frozenset(people).union(*(self.ground.bonds.get(one, ()) for one in people)) - {self.driver.id}

    def _car(self, goal: Goal) -> Iterator[Car]:
        ground, driver, event = self.ground, self.driver, goal.event.id
        room = min(driver.seats, ground.room(driver, goal.event) - driver.party)
        seats = int(room) - sum(ground.person[person].party for person in self.must)
        limits = self._limits(goal)
        if seats < 0 or limits is None:
            return
        gain = goal.gain.copy()
        for rider in ground.told_riders.get((driver.id, event), ()):
            if rider in ground.halts_of:
                gain[ground.halts_of[rider]] += ground.saved(rider, driver.id, event)
        halts = self._halts(goal, gain, seats, *limits)
        if self.must <= {ground.halts[position].rider.id for position in halts}:
            worth = ground.worth(driver.id, event) + ground.saved(driver.id, driver.id, event)
            yield Car(driver, goal, worth, seats, *limits, self.must, halts, gain[halts])

    def _limits(self, goal: Goal) -> tuple[float, float] | None:
        """The most minutes of the drive out and of the drive back; None without a direct way, or if no way is as short."""
        travel, least = self.ground.travel, self.ground.least
        direct, direct_back = travel.minutes(self.home, goal.index), travel.minutes(goal.index, self.home)
        if math.isinf(direct) or (self.driver.way_back and math.isinf(direct_back)):
            return None
        out, back = goal.limits(self.driver, direct, direct_back)
        near = least.minutes(self.home, goal.index) <= out and least.minutes(goal.index, self.home) <= back
        return (out, back) if near else None

    def _halts(
        self, goal: Goal, gain: Floats, seats: int, longest_out: float, longest_back: float
    ) -> Positions:
        """Where the car may stop, within all limits by the least minutes, for those who are of use or have to come."""
        ground = self.ground
        out, back = goal.out + ground.dwell, goal.back + ground.dwell
        near = (out <= goal.latest_out) & (self.to_halt + out <= longest_out)
        near &= (goal.back <= goal.latest_back) & (ground.party <= seats)
        near &= ~ground.rides_back | (back + self.from_halt <= longest_back)
        if ground.travel.triangle:
            # To leave somebody out then shortens every way and breaks no rule, so that it makes the trip worth more.
            near &= (gain > 0) | ground.bonded
        for rider in self.must:
            near[ground.halts_of.get(rider, [])] = True
        halts = [p for p in np.flatnonzero(near).tolist() if self._joins(ground.halts[p].rider, goal.event)]
        return self._share(np.array(halts, dtype=np.intp), gain)

    def _share(self, halts: Positions, gain: Floats) -> Positions:
        """Share what those who come together bring among them, by their number; leave them out if some cannot come.

        A trip has all of them or none, so that this makes no difference to it. But half a trip that has only those at a good
        price is not taken for a good one.
        """
        ground, best = self.ground, dict[str, float]()
        for position in halts.tolist():
            rider = ground.halts[position].rider.id
            best[rider] = max(best.get(rider, -math.inf), float(gain[position]))
        stay = np.ones(len(halts), dtype=np.bool_)
        for number in np.flatnonzero(ground.bonded[halts]).tolist():
            position = int(halts[number])
            rider, people = ground.halts[position].rider, ground.bonds[ground.halts[position].rider.id]
            if rider.id in self.must:
                continue
            brought = sum(best.get(one, -math.inf) for one in people)
            share = brought * rider.party / sum(ground.person[one].party for one in people)
            gain[position] += share - best[rider.id]
            stay[number] = brought > (0.0 if ground.travel.triangle else -math.inf)
        return halts[stay]

    def _joins(self, rider: Rider, event: Event) -> bool:
        """Whether the rules let a rider join this driver, whoever else is in the car."""
        if rider.id not in self._joined:
            self._joined[rider.id] = self._may_join(rider)
        return self._joined[rider.id] and (rider.events is None or event.id in rider.events)

    def _may_join(self, rider: Rider) -> bool:
        driver, pin = self.driver, self.pin
        if pin is not None and pin.full and rider.id not in pin.riders:
            return False
        return (
            rider.id != driver.id
            and self.ground.pin_of.get(rider.id, pin) == pin
            and (driver.way_back or not rider.way_back)
            and all(driver.offers.get(need, 0) > 0 for need in rider.needs)
            and may_share(self.ground.instance, driver, rider)
        )
