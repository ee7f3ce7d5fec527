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
from carpool.verify.car import Car, Garage
from carpool.verify.ground import Floats, Ground, may_share

MOST_ROWS = 64
"""For how many free seats the walks are known. Where there are more, the knapsack has to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A trip: its event, its stops as (rider, place) in the order of the way out, and what it is worth at the prices."""

    event: str
    stops: tuple[tuple[str, str | None], ...]
    worth: float


@dataclass(frozen=True, slots=True)
class Half:
    """The part of a trip next to the event: its stops, as positions among the car's halts, the one at the event first.

    `out` and `back` are the minutes between it and the event, dwells included, and `rear` is where it ends on the way back.
    `worth` counts the driving so far and what the cuts have taken, `cuts`.
    """

    stops: tuple[int, ...]
    people: frozenset[str]
    seats: int
    worth: float
    cuts: float
    out: float
    back: float
    rear: int


def best_trip(ground: Ground, driver: Driver, least: float) -> Found | None:
    """The driver's trip that is worth most, if that is more than `least`."""
    best = None
    for car in Garage(ground, driver).cars():
        search = Search(ground, car, least)
        search.run()
        best, least = search.found or best, search.least
    return best


class Search:
    """The search for one car. Arrays have an item a halt; tables go on with the event and the driver's home."""

    def __init__(self, ground: Ground, car: Car, least: float) -> None:
        self.ground, self.car, self.least = ground, car, least
        self.found: Found | None = None
        self.halts = [ground.halts[position] for position in car.halts]
        self.event, self.home = len(self.halts), len(self.halts) + 1
        self.gain, self.dwell, self.rides_back = (
            car.gain,
            ground.dwell[car.halts],
            ground.rides_back[car.halts],
        )
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

    def run(self) -> None:
        """Look for a trip worth more than `least`; if there is one, the best becomes `found`, and its worth `least`."""
        car, travel, least = self.car, self.ground.travel, self.ground.least
        home = self.ground.instance.index[car.driver.id]
        alone = car.worth - least.minutes(home, car.goal.index) * self.per_minute
        free = np.ones(len(self.halts), dtype=np.bool_)
        if alone + self._debt(frozenset()) + self._fares(free, self.seats) <= self.least:
            return
        places = [*(halt.index for halt in self.halts), car.goal.index, home]
        self.minutes = travel.table(places, places)
        self.shortest = self.minutes if travel is least else least.table(places, places)
        self.walks = self._walks()
        cuts = self._taken(frozenset({car.driver.id}))
        self._visit(Half((), frozenset(), self.seats, car.worth - cuts, cuts, 0.0, 0.0, self.event))

    def _visit(self, half: Half) -> None:
        """Judge the trip that ends here and drives home, then go on with one more stop, the most promising first."""
        self._judge(half)
        front = half.stops[-1] if half.stops else self.event
        ride = half.out + self.minutes[: self.event, front]
        drop = half.back + self.minutes[half.rear, : self.event]
        free = ~np.isin(self.owner, self.owner[list(half.stops)])
        fits = free & (self.party <= half.seats) & self._in_time(ride, drop)
        next_stops = np.flatnonzero(fits)
        if not len(next_stops):
            return
        upper = self._upper(half, front, free)[next_stops]
        for at in np.argsort(-upper, kind="stable").tolist():
            if upper[at] <= self.least:
                return
            stop = int(next_stops[at])
            if self._agrees(half, stop):
                longer = self._with(half, stop, float(ride[stop]), float(drop[stop]))
                if upper[at] - (longer.cuts - half.cuts) > self.least:
                    self._visit(longer)

    def _in_time(self, ride: Floats, drop: Floats) -> NDArray[np.bool_]:
        """At which halts these minutes keep all limits, if the car drives home from there the shortest way."""
        to_home, from_home = self.shortest[: self.event, self.home], self.shortest[self.home, : self.event]
        out, back = ride + self.dwell, drop + self.dwell
        in_time = (out <= self.latest_out) & (out + from_home <= self.car.longest_out)
        back_in_time = (drop <= self.latest_back) & (back + to_home <= self.car.longest_back)
        both: NDArray[np.bool_] = in_time & (back_in_time | ~self.rides_back)
        return both

    def _upper(self, half: Half, front: int, free: NDArray[np.bool_]) -> Floats:
        """The most that any trip can be worth that goes on with a stop at each halt."""
        left = np.maximum(half.seats - self.party, 0)
        rest = self._fares(free, left) - self.shortest[self.home, : self.event] * self.per_minute
        row = np.minimum(left, len(self.walks) - 1)
        walk = self.walks[row, np.arange(self.event)]
        rest = np.where(left < len(self.walks), np.minimum(rest, walk), rest)
        owed = self._debt(half.people) - self.owed
        upper: Floats = (
            half.worth + self.gain - self.minutes[: self.event, front] * self.per_minute + rest + owed
        )
        return upper

    def _fares(self, free: NDArray[np.bool_], seats: int | NDArray[np.intp]) -> Floats:
        """The most that those who are free can bring on so many seats, the last of them in part."""
        ranked = self.ranked[free[self.ranked]]
        filled = np.cumsum(np.concatenate(([0], self.party[ranked])))
        brought = np.cumsum(np.concatenate(([0.0], self.gain[ranked])))
        fares: Floats = np.interp(seats, filled, brought)
        return fares

    def _debt(self, people: frozenset[str]) -> float:
        """What those who must come and have not yet come will bring at most."""
        return sum(self.brings[person] for person in self.car.must - people)

    def _walks(self) -> Floats:
        """The most that a car can still add, by free seats and by where it is, if it may fetch the same people again.

        Everybody who must come is left out: to fetch them makes the way no shorter than the shortest.
        """
        event, reach = self.event, np.append(self.car.goal.out[self.car.halts] + self.dwell, 0.0)
        drive = self.shortest[:event, : event + 1]
        latest = np.minimum(self.latest_out, self.car.longest_out - self.shortest[self.home, :event])
        in_vain = (reach + drive + self.dwell[:, None] > latest[:, None]) | self.must[:, None]
        in_vain[:, :event] |= self.owner[:, None] == self.owner
        step = np.where(in_vain, -np.inf, self.gain[:, None] - drive * self.per_minute)
        walks = np.tile(
            -self.shortest[self.home, : event + 1] * self.per_minute, (min(self.seats, MOST_ROWS) + 1, 1)
        )
        for seats in range(1, len(walks)):
            walks[seats] = walks[seats - 1]
            for party in set(self.party[~self.must & (self.party <= seats)].tolist()):
                stops = np.flatnonzero((self.party == party) & ~self.must)
                onwards = step[stops] + walks[seats - party, stops, None]
                np.maximum(walks[seats], onwards.max(axis=0), out=walks[seats])
        return walks

    def _with(self, half: Half, stop: int, ride: float, drop: float) -> Half:
        """The half with one more stop in front, which is reached `ride` minutes before the event and `drop` after it."""
        front, people = (
            half.stops[-1] if half.stops else self.event,
            half.people | {self.halts[stop].rider.id},
        )
        cuts = self._taken(people | {self.car.driver.id})
        driving = float(self.minutes[stop, front]) * self.per_minute
        dwell, returns = float(self.dwell[stop]), bool(self.rides_back[stop])
        return Half(
            stops=(*half.stops, stop),
            people=people,
            seats=half.seats - int(self.party[stop]),
            worth=half.worth + float(self.gain[stop]) - driving - (cuts - half.cuts),
            cuts=cuts,
            out=ride + dwell,
            back=drop + dwell if returns else half.back,
            rear=stop if returns else half.rear,
        )

    def _judge(self, half: Half) -> None:
        """Keep the trip that drives home after these stops if it is feasible and worth more than the best so far."""
        instance, car = self.ground.instance, self.car
        people = half.people | {car.driver.id}
        groups = (instance.together[g] for person in people for g in instance.together_groups.get(person, ()))
        if not car.must <= people or not all(people.issuperset(group) for group in groups):
            return
        leg = float(self.minutes[self.home, half.stops[-1] if half.stops else self.event])
        worth = half.worth - leg * self.per_minute
        in_time = half.out + leg <= car.longest_out
        in_time &= half.back + float(self.minutes[half.rear, self.home]) <= car.longest_back
        if in_time and worth > self.least:
            stops = [self.halts[stop] for stop in reversed(half.stops)]
            self.least = worth
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
