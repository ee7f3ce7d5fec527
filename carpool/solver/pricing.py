"""Prices, and pricing: the best trip of every car at given prices, and the bound that follows from it.

Prices are the duals of the set packing: rho of a person (equation 12b), mu of a place at an event (12d). Whatever they
are, equation (19) is a bound on the score of every plan.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from carpool.solver.column import worth
from carpool.solver.ground import Field
from carpool.solver.kernels.ground import Floats, Ints
from carpool.solver.kernels.pool import Pool, price_cars
from carpool.solver.kernels.scratch import EQUAL, Effort, Prices, Scratch, new_scratch
from carpool.solver.kernels.shortlists import shorten_lists
from carpool.solver.parallel import CHUNKS, in_parallel
from carpool.solver.stop import never

FLOAT_NOISE = 1e-13
"""Relative error of the sums, with room to spare: they are exact but for the rounding of their terms."""

SERIAL = 400
"""Fewer cars are sooner priced by one thread than shared out."""

SHORT = 48
"""Candidates that a pair's shortlist has room for."""

QUICK = Effort(nodes=300, most=24, slack=0.0)
"""Enough to find good trips."""


@dataclass(frozen=True)
class Duals:
    """rho by rider of the field, mu by event. The master lets them stray a little: `valid` are those that prove a bound."""

    rho: Floats
    mu: Floats

    def valid(self, field: Field) -> "Duals":
        """The nearest with rho ≥ 0 and 0 ≤ mu ≤ weight, and the same rho a head for all of a unit.

        A trip has all of a unit or nobody, so that only their sum matters; and ceilings, which count everybody alone, are
        lowest if nobody seems to bring what another has to pay.
        """
        riders, rho = field.ground.riders, np.maximum(self.rho, 0.0)
        some = np.flatnonzero(riders.unit >= 0)
        if len(some):
            unit, party = riders.unit[some], riders.party[some]
            each = np.bincount(unit, rho[some]) / np.maximum(np.bincount(unit, party), 1)
            rho[some] = each[unit] * party
        return Duals(rho, np.clip(self.mu, 0.0, field.ground.events.weight))

    def settled(self, field: Field, reach: float) -> "Duals":
        """With every mu that is as near to w / 2 or to w, where (16) has its kinks, put there."""
        weight, mu = field.ground.events.weight, self.mu
        for kink in (weight / 2, weight):
            mu = np.where(np.abs(mu - kink) <= reach, kink, mu)
        return Duals(self.rho, mu)

    def prices(self, field: Field) -> Prices:
        """The same as the inner loops want them: by row and by car."""
        ground = field.ground
        stop = ground.cost * (ground.rows.walk + ground.rows.dwell)
        gain = -self.rho[ground.rows.rider] - stop
        rider = ground.cars.rider
        wheel = np.where(rider >= 0, np.append(self.rho, 0.0)[rider], 0.0)
        return Prices(gain, wheel, np.ascontiguousarray(self.mu))


@dataclass(frozen=True)
class Places:
    """The events' side of the bound: max over n of V_e(n) − mu n, equation (16)."""

    weight: Floats
    full: Floats
    half: Floats

    @classmethod
    def of(cls, field: Field) -> "Places":
        events = field.ground.events
        capacity = np.maximum(events.capacity, 0).astype(np.float64)
        full = np.minimum(events.wanted, capacity)
        return cls(events.weight, full, capacity - full)

    def value(self, mu: Floats) -> float:
        full, half = np.maximum(self.weight - mu, 0.0), np.maximum(self.weight / 2 - mu, 0.0)
        return math.fsum(full * self.full) + math.fsum(half * self.half)


@dataclass(frozen=True)
class Priced:
    """All cars at some prices: the best trips found, what no trip exceeds, by car; and the whole sums with the rest of (19)."""

    best: Floats
    ceiling: Floats
    value: float
    bound: float
    added: int


class Pricer:
    """Pricing over one field into one pool."""

    def __init__(self, field: Field, pool: Pool, workers: int) -> None:
        self.field, self.pool, self.workers = field, pool, workers
        self.places = Places.of(field)
        self.constant = forced_score(field) - field.data.told_total
        self.cars = np.flatnonzero(np.diff(field.ground.pairs.first) > 0)
        self.near = field.ground
        """The ground with shortlists, once `shorten` has made them."""

    @cached_property
    def scratches(self) -> list[Scratch]:
        return [new_scratch(self.field.sizes, self.pool.pair.shape[1]) for _ in range(CHUNKS)]

    def price(
        self,
        duals: Duals,
        margin: float,
        effort: Effort,
        cars: Ints | None = None,
        over: Callable[[], bool] = never,
    ) -> Priced:
        """Look for the best trips of these cars (all that can go anywhere), new ones into the pool.

        Whoever does not want to look at all candidates looks only at those on the shortlists, and learns no bound. Nor
        is there one if `over` says before the last piece of work that the time is up.
        """
        cars, duals = self.cars if cars is None else cars, duals.valid(self.field)
        ground = self.near if effort.most else self.field.ground
        found = np.zeros((len(self.field.cars), 3))
        prices = duals.prices(self.field)
        pieces = CHUNKS if len(cars) >= SERIAL else 1
        late: list[int] = []

        def look(number: int, some: Ints) -> None:
            if over():
                late.append(number)
            else:
                room = self.scratches[number]
                price_cars(ground, prices, duals.rho, self.pool, some, margin, effort, room, found)

        in_parallel(self.workers, look, list(enumerate(np.array_split(cars, pieces))))
        rest = self.constant + math.fsum(duals.rho) + self.places.value(duals.mu)
        proven = ground is self.field.ground and not late
        bound = self._rounded_up(rest, found[cars, 1]) if proven else math.inf
        value = rest + math.fsum(found[cars, 0])
        return Priced(found[:, 0], found[:, 1], value, bound, int(found[:, 2].sum()))

    def shorten(self, duals: Duals, ease: float) -> None:
        """Make shortlists for prices around these, of people who may be up to `ease` a head cheaper."""
        ground, duals = self.field.ground, duals.valid(self.field)
        size = len(ground.pairs.car)
        counts, rows = np.zeros(size, np.int64), np.empty((size, SHORT), np.int32)
        prices = duals.prices(self.field)
        cheaper = Duals(duals.rho - ease * ground.riders.party, duals.mu).prices(self.field)
        tasks = [
            (ground, prices, cheaper, duals.rho, self.pool, some, self.scratches[number], counts, rows)
            for number, some in enumerate(np.array_split(self.cars, CHUNKS))
        ]
        in_parallel(self.workers, shorten_lists, tasks)
        ends = np.cumsum(counts)
        candidate = rows[np.arange(SHORT) < counts[:, None]]
        self.near = ground._replace(
            pairs=ground.pairs._replace(start=ends - counts, end=ends, candidate=candidate)
        )

    def _rounded_up(self, rest: float, ceilings: Floats) -> float:
        """The bound (19), above any error of the arithmetic."""
        size = abs(rest) + float(np.abs(ceilings).sum()) + 1.0
        # Pricing passes over what brings less than EQUAL, at most for every seat.
        passed = EQUAL * float((self.field.ground.cars.seats + 1).sum())
        return math.nextafter(rest + math.fsum(ceilings) + FLOAT_NOISE * size + passed, math.inf)


def forced_score(field: Field) -> float:
    """What the forced trips add to the score: their worth and their people's value, before anybody else comes."""
    data = field.data
    people = [0] * len(data.goals)
    for column in field.forced:
        people[column.event] += column.people
    values = [goal.value(n) for goal, n in zip(data.goals, people, strict=True) if n]
    return math.fsum((*values, *(worth(data, column) for column in field.forced)))


def new_pool(field: Field, slots: int) -> Pool:
    """An empty pool for so many trips a car."""
    cars, stops = len(field.cars), max(1, int(field.sizes[1]))
    return Pool(
        np.zeros(cars, np.int32), np.zeros((cars, slots), np.int32), np.zeros((cars, slots), np.int32),
        np.zeros((cars, slots), np.int32), np.zeros((cars, slots, stops), np.int32), np.zeros((cars, slots)),
        np.zeros((cars, slots), np.int64),
    )  # fmt: skip
