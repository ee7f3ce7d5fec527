"""The standings in the cars of others, for all who are left: first near cars for everybody, then all for whom it matters."""

import math
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from carpool.explain.field import EARLY, LATE, TOP, UNIT, Field, Pairs, Ways
from carpool.explain.ladder import Standing, Way
from carpool.explain.openings import Openings
from carpool.explain.situation import NO_GAIN, Situation
from carpool.explain.units import Units
from carpool.explain.wheel import Wheel
from carpool.solver.candidates import Mask
from carpool.solver.times import Floats, Rows

TRIES, TRIES_IN_A_GROUP = 4, 12
"""Ways on which somebody is tried to be put into a car before anything else is looked at."""

NEAREST = (8, 48, 512)
"""Cars near a pick-up: those tried at first, and those looked at before all others are."""

BLOCK = 1_000_000
"""Ways looked at at once, some 100 MB."""


class Seats:
    """`near_an_event`: the riders for whom some event is near enough, whoever drives; `standings` of all riders left.

    `rising` are riders by whom the score would certainly rise: the ways of nobody else have to be looked at further.
    `nearest` are everybody's minutes to the nearest event, there or back, whichever takes longer.
    """

    def __init__(self, situation: Situation, wheel: Wheel) -> None:
        self.situation, self.wheel = situation, wheel
        self.field = field = Field(situation, wheel.legs)
        self.openings = Openings(field)
        # A person's pick-ups are neighbours, and `who` numbers the people.
        self.people, self.who = np.unique(field.crowd.person, return_inverse=True)
        self.passed: Rows = np.zeros(len(self.people), dtype=np.intp)
        self.short = np.full(len(self.people), math.inf)
        self.rising: set[int] = set()
        self.near_an_event: set[int] = set()
        self._away = np.full(len(self.people), math.inf)
        self._homes = field.fleet.person
        self._look_at_free_cars()
        self._look_at_all_cars()
        self._measure()
        Units(field, wheel).settle(self)
        self.nearest = dict(zip(self.people.tolist(), self._away.tolist(), strict=True))

    def standing(self, person: int) -> Standing | None:
        """How far somebody gets in the cars of others; None for who does not ride."""
        number = int(np.searchsorted(self.people, person))
        if number == len(self.people) or self.people[number] != person:
            return None
        return Standing(int(self.passed[number]), float(self.short[number]))

    @cached_property
    def ways(self) -> dict[int, list[Way]]:
        """Of everybody who passes all tests the ways on which they could perhaps be put into a car of the plan."""
        passing = self.people[(self.passed == TOP) & ~np.isin(self.people, list(self.rising))]
        return self.openings.ways(np.flatnonzero(np.isin(self.people[self.who], passing)))

    def note(self, person: Rows, passed: Rows, short: Floats) -> None:
        """Keep for each person, by number, the best way's tests, and the least minutes by which those fail the next."""
        before = self.passed[person]
        np.maximum.at(self.passed, person, passed)
        self.short[person[self.passed[person] > before]] = math.inf
        best = passed == self.passed[person]
        np.minimum.at(self.short, person[best], short[best])

    def _look_at_free_cars(self) -> None:
        """Try each rider in the nearest cars with a place: in an unfinished plan that answers for most of them."""
        free = self.openings.cars
        around = self.field.legs.neighbourhood(self._homes[free])
        width = len(around.around(self.field.spots[:1], NEAREST[0]).T) if len(self.who) else 0
        for rows in self._blocks(np.arange(len(self.who)), width):
            pairs, away = self.field.pairs(rows)
            np.minimum.at(self._away, self.who[rows], away)
            self.near_an_event.update(self.field.crowd.person[pairs.row].tolist())
            cars = free[around.around(self.field.spots[rows], NEAREST[0])]
            ways = self._ways(rows, pairs, cars)
            self.note(self.who[ways.row], ways.passed, ways.short)
            self._try(ways.part(self.openings.takes(ways)))

    def _try(self, ways: Ways) -> None:
        """Put people into cars, those with the shortest drives first, until the score rises or the tries are used up."""
        order = np.lexsort((ways.drive, self.who[ways.row]))
        person = self.who[ways.row[order]]
        first = np.flatnonzero(np.diff(person, prepend=-1))
        rank = np.arange(len(person)) - np.repeat(first, np.diff(np.append(first, len(person))))
        tries = np.where(self.field.in_unit[ways.row[order]], TRIES_IN_A_GROUP, TRIES)
        triangle = self.situation.open.times.triangle
        for way in order[rank < tries].tolist():
            rider = int(self.field.crowd.person[ways.row[way]])
            if rider not in self.rising:
                driver, event = int(self._homes[ways.car[way]]), int(ways.event[way])
                rise = self.situation.best_insertion(rider, [(driver, event)])
                if rise is not None and rise > NO_GAIN:
                    self.rising |= self.situation.company(rider) if triangle else {rider}

    def _look_at_all_cars(self) -> None:
        """Find out for everybody else how many tests the best way passes."""
        rising = np.isin(self.people, list(self.rising))
        self.passed[rising] = TOP
        around = self.field.legs.neighbourhood(self._homes)
        cars = len(self._homes)
        for count in (*(count for count in NEAREST[1:] if count < cars), cars):
            unsettled = self.passed[self.who] < np.where(self.field.in_unit, UNIT, TOP)
            rows = np.flatnonzero(unsettled & self._near())
            width = len(around.around(self.field.spots[:1], count).T) if len(rows) else 0
            for block in self._blocks(rows, width):
                pairs, _ = self.field.pairs(block)
                pairs = pairs.part(self._still_of_use(pairs))
                if not len(pairs.row):
                    continue
                alone = count == cars and len(block) == 1
                if alone:
                    near = self._useful_cars(int(block[0]), self.field.farthest(pairs))
                else:
                    near = around.around(self.field.spots[block], count)
                if near.size:
                    ways = self._ways(block, pairs, near)
                    self.note(self.who[ways.row], ways.passed, ways.short)
            if width >= cars:
                break

    def _near(self) -> Mask:
        """The pick-ups of those for whom some event is near enough from one of them."""
        near: Mask = np.isin(self.people, list(self.near_an_event))[self.who]
        return near

    def _still_of_use(self, pairs: Pairs) -> Mask:
        """The pairs by which somebody could pass more tests than so far, or miss the next by fewer minutes."""
        person = self.who[pairs.row]
        passed, short = self.passed[person], self.short[person]
        least = np.where(
            pairs.ceiling == LATE, -pairs.home, np.where(pairs.ceiling == EARLY, -pairs.ready, math.inf)
        )
        closer = (pairs.ceiling == passed) & (least < short)
        useful: Mask = (pairs.ceiling > passed) | closer
        return useful

    def _useful_cars(self, row: int, within: float) -> Rows:
        """The cars by which the rider at this pick-up could pass more tests than so far, at most so far away."""
        field, passed = self.field, self.passed[self.who[row]]
        near = np.flatnonzero(field.to_pickup(np.arange(len(self._homes)), row, within) <= within)
        useful = field.seated(near, np.array([row]))
        if passed > EARLY:
            useful &= field.serves[near, field.crowd.wish[row]]
        if passed == TOP - 1:
            useful &= field.free_seats[near] >= field.people[row]
        return near[useful][None, :]

    def _ways(self, rows: Rows, pairs: Pairs, cars: Rows) -> Ways:
        """The ways of these pairs, of these rows, with the cars near each row, an array (rows, cars), if not too long."""
        field, here = self.field, self.field.spots[rows][:, None]
        to = field.legs.minutes(self._homes[cars], here)
        fro = to if field.symmetric else field.legs.minutes(here, self._homes[cars])
        longest = field.longest_out[pairs.event[:, None], cars[pairs.at]]
        pair, near = np.nonzero(to[pairs.at] + pairs.aside[:, None] <= longest)
        at = pairs.at[pair]
        return field.ways(pairs, pair, cars[at, near], to[at, near], fro[at, near])

    def _measure(self) -> None:
        """By how many minutes the drives of those are too long whom no driver at all could take."""
        field = self.field
        for row in np.flatnonzero((self.passed[self.who] == 0) & self._near()).tolist():
            rows, cars = np.array([row]), np.arange(len(self._homes))
            cars = cars[field.seated(cars, np.full(len(cars), row))]
            pairs, _ = field.pairs(rows)
            here, homes = field.spots[rows], self._homes[cars]
            to, fro = field.legs.minutes(homes, here), field.legs.minutes(here, homes)
            events = pairs.event[:, None]
            excess = to + pairs.aside[:, None] - field.longest_out[events, cars]
            if field.crowd.way_back[row]:
                returning = (pairs.drop + field.crowd.dwell[row])[:, None] + fro
            else:
                returning = field.back(events, cars)
            excess = np.maximum(excess, returning - field.longest_back(events, cars))
            self.short[self.who[row]] = min(self.short[self.who[row]], excess.min(initial=math.inf))

    def _blocks(self, rows: Rows, width: int) -> Iterator[Rows]:
        """The rows in blocks, each of about `BLOCK` ways if every row looks at `width` cars."""
        size = max(1, BLOCK // (max(width, NEAREST[0]) * len(self.field.goals)))
        for start in range(0, len(rows), size):
            yield rows[start : start + size]
