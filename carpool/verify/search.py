"""Branch and bound for the trip of one driver that is worth most, stop by stop from the event outwards.

Everybody arrives together, so that a stop added in front settles that rider's times out and back. Two bounds say what is
left to gain, and the lower one counts: the best riders for the free seats, wherever they live (a knapsack); and the best
way home that fetches as many people, the same ones again if that pays (a walk).
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpool.instance import Driver
from carpool.verify.car import Car, Garage, Positions
from carpool.verify.ground import Floats, Ground, may_share

MOST_SEATS = 64
"""With more free seats than these, the knapsack has to do."""


EQUAL = 1e-12
"""Sums of the same numbers in another order differ by less than this share. Nobody searches for trips better by less."""


@dataclass(frozen=True, slots=True)
class Found:
    """A trip: its event, its stops as (rider, place) in the order of the way out, and what it is worth at the prices."""

    event: str
    stops: tuple[tuple[str, str | None], ...]
    worth: float


@dataclass(frozen=True, slots=True)
class Half:
    """The part of a trip next to the event: its stops, as positions among the car's halts, the one at the event first.

    `out` and `back` are the minutes between it and the event, dwells included; `front` and `rear` are its ends on either way.
    `worth` counts the driving so far and what the cuts have taken, `cuts`.
    """

    stops: tuple[int, ...]
    people: frozenset[str]
    seats: int
    worth: float
    cuts: float
    out: float
    back: float
    front: int
    rear: int


def best_trip(ground: Ground, driver: Driver, least: float) -> Found | None:
    """The driver's trip that is worth most, if that is more than `least` and the noise of sums."""
    best = None
    for car in Garage(ground, driver).cars():
        found = Search(ground, car, least).run()
        best, least = (best, least) if found is None else (found, found.worth)
    return best


def noise(worth: float) -> float:
    """By how much sums that make up such a worth may differ."""
    return EQUAL * max(1.0, abs(worth))


class Search:
    """The search for one car. Arrays have an item a halt; tables go on with the event and the driver's home."""

    def __init__(self, ground: Ground, car: Car, least: float) -> None:
        self.ground, self.car, self.least = ground, car, least + noise(least)
        self.found: Found | None = None
        self.halts = [ground.halts[position] for position in car.halts]
        self.event, self.home = len(self.halts), len(self.halts) + 1
        self.gain, self.dwell = car.gain, ground.dwell[car.halts]
        self.rides_back = ground.rides_back[car.halts]
        self.latest_out, self.latest_back = car.goal.latest_out[car.halts], car.goal.latest_back[car.halts]
        self.per_minute = 1 / ground.instance.minutes_per_volunteer
        everybody = {car.driver.id, *(halt.rider.id for halt in self.halts)}
        self.cuts = [(people, price) for people, price in ground.cuts if len(people & everybody) > 1]
        best: dict[str, int] = {}
        for position in np.argsort(-self.gain, kind="stable").tolist():
            best.setdefault(self.halts[position].rider.id, position)
        self.owner = np.array([best[halt.rider.id] for halt in self.halts], dtype=np.intp)
        self.must = np.array([halt.rider.id in car.must for halt in self.halts], dtype=np.bool_)
        # The seats of those who must come are taken from the start, and what they bring is owed until they come.
        self.party = np.where(self.must, 0, ground.party[car.halts]).astype(np.intp)
        self.owed = np.where(self.must, self.gain[self.owner], 0.0)
        self.brings = {rider: float(self.gain[position]) for rider, position in best.items()}
        optional = np.array([p for p in best.values() if not self.must[p]], dtype=np.intp)
        self.seats = min(car.seats, int(self.party[optional].sum()))
        paying = optional[self.gain[optional] > 0]
        self.ranked = paying[np.argsort(-self.gain[paying] / self.party[paying], kind="stable")]

    def run(self) -> Found | None:
        """The best trip, if it is worth more than `least`, which then grows to that."""
        car, travel, least = self.car, self.ground.travel, self.ground.least
        home, everybody = self.ground.instance.index[car.driver.id], np.arange(len(self.halts))
        upper = car.worth - least.minutes(home, car.goal.index) * self.per_minute
        if upper + self._debt(frozenset()) + self._fares(everybody, self.seats) <= self.least:
            return None
        places = [*(halt.index for halt in self.halts), car.goal.index, home]
        self.minutes = travel.table(places, places)
        self.shortest = self.minutes if travel is least else least.table(places, places)
        alone = frozenset({car.driver.id})
        cuts = self._taken(alone)
        start = Half((), alone, self.seats, car.worth - cuts, cuts, 0.0, 0.0, self.event, self.event)
        self._visit(start, everybody)
        return self.found

    def _visit(self, half: Half, pool: Positions) -> None:
        """Judge the trip that drives home from here, then go on with one more stop from the pool, the most promising first."""
        self._judge(half)
        pool = pool[self.party[pool] <= half.seats]
        pool = pool[self._in_time(half, pool, self.shortest)]
        if not len(pool):
            return
        pool, upper = self._promising(half, pool)
        for at in np.argsort(-upper, kind="stable").tolist():
            if upper[at] <= self.least:
                return
            stop = int(pool[at])
            if self._agrees(half, stop) and self._in_time(half, pool[[at]], self.minutes).all():
                longer = self._with(half, stop)
                worthwhile = upper[at] - (longer.cuts - half.cuts) > self.least
                if worthwhile and self._missing(longer.people) <= longer.seats:
                    self._visit(longer, pool[self.owner[pool] != self.owner[stop]])

    def _missing(self, people: frozenset[str]) -> int:
        """How many people have yet to come because they are together with some of these, those who must come aside."""
        bonds = self.ground.bonds
        missing = {other for person in people if person in bonds for other in bonds[person] - people}
        return sum(self.ground.person[person].party for person in missing - self.car.must)

    def _in_time(self, half: Half, pool: Positions, minutes: Floats) -> NDArray[np.bool_]:
        """Whether a stop at each of the pool keeps all limits, if the car drives home from there the shortest way."""
        out = half.out + minutes[pool, half.front] + self.dwell[pool]
        drop = half.back + minutes[half.rear, pool]
        back = drop + self.dwell[pool] + self.shortest[pool, self.home]
        home = out + self.shortest[self.home, pool]
        in_time = (out <= self.latest_out[pool]) & (home <= self.car.longest_out)
        back_in_time = (drop <= self.latest_back[pool]) & (back <= self.car.longest_back)
        both: NDArray[np.bool_] = in_time & (back_in_time | ~self.rides_back[pool])
        return both

    def _promising(self, half: Half, pool: Positions) -> tuple[Positions, Floats]:
        """Those of the pool who may be in a trip worth more than the best so far, and the most it is worth if they are next."""
        home = self.shortest[self.home, pool] * self.per_minute
        worth = half.worth + self.gain[pool] - self.shortest[pool, half.front] * self.per_minute
        worth += self._debt(half.people) - self.owed[pool]
        left = half.seats - self.party[pool]
        upper = worth - home + self._fares(pool, left)
        # By the knapsack, it is as much even if others are fetched on the way to them: they are not needed later either.
        good = upper > self.least
        pool, worth, left, upper = pool[good], worth[good], left[good], upper[good]
        if len(pool) and left.max() <= MOST_SEATS:
            walks = self._walks(half, pool, int(left.max()))
            upper = np.minimum(upper, worth + walks[left, np.arange(len(pool))])
        return pool, upper

    def _fares(self, pool: Positions, seats: int | Positions) -> Floats:
        """The most that the pool can bring on so many seats, the last of them in part."""
        inside = np.zeros(len(self.halts), dtype=np.bool_)
        inside[self.owner[pool]] = True
        ranked = self.ranked[inside[self.ranked]]
        filled = np.cumsum(np.concatenate(([0], self.party[ranked])))
        brought = np.cumsum(np.concatenate(([0.0], self.gain[ranked])))
        fares: Floats = np.interp(seats, filled, brought)
        return fares

    def _walks(self, half: Half, pool: Positions, most: int) -> Floats:
        """The most that a car adds after a stop at each of the pool, by seats then free, if it may fetch people more than once.

        Those who must come are left out: to fetch them makes no way shorter than the shortest.
        """
        home, dwell, owner = self.shortest[self.home, pool], self.dwell[pool], self.owner[pool]
        walks = np.tile(-home * self.per_minute, (most + 1, 1))
        if most == 0:
            return walks
        drive, reached = self.shortest[np.ix_(pool, pool)], half.out + self.shortest[pool, half.front] + dwell
        latest = np.minimum(self.latest_out[pool], self.car.longest_out - home) - dwell
        in_vain = (reached + drive > latest[:, None]) | (owner[:, None] == owner) | self.must[pool, None]
        onwards = np.where(in_vain, -np.inf, self.gain[pool, None] - drive * self.per_minute)
        party = self.party[pool]
        for seats in range(1, most + 1):
            walks[seats] = walks[seats - 1]
            for size in set(party[(party <= seats) & ~self.must[pool]].tolist()):
                stops = party == size
                best = (onwards[stops] + walks[seats - size, stops, None]).max(axis=0)
                np.maximum(walks[seats], best, out=walks[seats])
        return walks

    def _debt(self, people: frozenset[str]) -> float:
        """What those who must come and have not yet come will bring at most."""
        return sum(self.brings[person] for person in self.car.must - people)

    def _with(self, half: Half, stop: int) -> Half:
        """The half with one more stop in front."""
        people = half.people | {self.halts[stop].rider.id}
        cuts = self._taken(people)
        leg, dwell = float(self.minutes[stop, half.front]), float(self.dwell[stop])
        drop, returns = half.back + float(self.minutes[half.rear, stop]), bool(self.rides_back[stop])
        return Half(
            stops=(*half.stops, stop),
            people=people,
            seats=half.seats - int(self.party[stop]),
            worth=half.worth + float(self.gain[stop]) - leg * self.per_minute - (cuts - half.cuts),
            cuts=cuts,
            out=half.out + leg + dwell,
            back=drop + dwell if returns else half.back,
            front=stop,
            rear=stop if returns else half.rear,
        )

    def _judge(self, half: Half) -> None:
        """Keep the trip that drives home after these stops if it is feasible and worth more than the best so far."""
        car, people = self.car, half.people
        if not car.must <= people or self._missing(people):
            return
        leg = float(self.minutes[self.home, half.front])
        worth = half.worth - leg * self.per_minute
        in_time = half.out + leg <= car.longest_out
        in_time &= half.back + float(self.minutes[half.rear, self.home]) <= car.longest_back
        if in_time and worth > self.least:
            stops = [self.halts[stop] for stop in reversed(half.stops)]
            self.least = worth + noise(worth)
            self.found = Found(car.goal.event.id, tuple((s.rider.id, s.place) for s in stops), worth)

    def _agrees(self, half: Half, stop: int) -> bool:
        """Whether company, `apart` and the needs that the car can meet let somebody join these riders."""
        rider, instance = self.halts[stop].rider, self.ground.instance
        others = [self.halts[position].rider for position in half.stops]
        needs = Counter(need for one in (*others, rider) for need in one.needs)
        offers = self.car.driver.offers
        return all(offers.get(need, 0) >= needs[need] for need in rider.needs) and all(
            may_share(instance, rider, other) for other in others
        )

    def _taken(self, people: frozenset[str]) -> float:
        """What the cuts take from a trip with these people: a price for every second one of each group."""
        return sum(price * (len(group & people) // 2) for group, price in self.cuts)
