"""Large-neighbourhood search over a plan, in regions side by side whose borders change from epoch to epoch."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from carpool.solver.draft import empty_draft
from carpool.solver.ground import Field
from carpool.solver.kernels.ground import Floats, Ints
from carpool.solver.kernels.pool import Pool
from carpool.solver.kernels.rounds import fill, new_old, search
from carpool.solver.kernels.scratch import Effort, Prices, new_scratch
from carpool.solver.kernels.search import Draft, Mood, Region, value_of
from carpool.solver.parallel import in_parallel
from carpool.solver.pricing import Duals, forced_score

NEIGHBOURS = 30
LOOK = Effort(nodes=150, most=32, slack=0.0)
"""How hard to look for the trip of one car in one round."""

THRIFTS = (1.0, 0.95, 0.9)
BLENDS = (0.95,)
"""Moods taken in turn: with how much of its price a rider is held back, and how much of mu stands for a place's value."""

SHORT_OF, LIKELIEST = 0.002, 100
"""A car is drawn once more for so much that its trip is worth less than its best, up to so many times as likely."""

WANTED = 4
"""Best trips of a car that it may aim at."""

CARS_FOR_TWO_REGIONS = 300
ROUNDS_A_CAR, FEWEST_ROUNDS = 0.5, 600
EAST_WEST = 0.6
"""A degree of longitude as a share of one of latitude, in the middle of Great Britain."""


class Search:
    """A plan that is being improved. Everything random comes from `seed`."""

    def __init__(self, field: Field, workers: int, seed: int) -> None:
        self.field, self.workers, ground = field, workers, field.ground
        self.ground = ground
        """Where trips are looked for: the field's ground, or the same with shorter lists of candidates."""
        self.best: Floats | None = None
        """What each car's best trip is worth at the prices, when that is known."""
        self.wanted = np.full((len(field.cars), 1, 1), -1, np.int32)
        """Rows of each car's best trips, when they are known, (cars, trips, stops), -1 after the last."""
        self.random = np.random.default_rng(seed)
        self.cars = np.flatnonzero(np.diff(ground.pairs.first) > 0)
        self.rounds = max(FEWEST_ROUNDS, int(ROUNDS_A_CAR * len(self.cars)))
        self.draft = empty_draft(field)
        self.epoch = 0
        self._fixed = forced_score(field) - field.data.told_total
        self._points = _points(field, [car.person for car in field.cars])
        self._rider_points = _points(field, [rider.person for rider in field.riders])
        self._event_points = _points(field, ground.events.place.tolist())
        self.neighbours = self._nearest_cars()
        self.regions = 1 if len(self.cars) < CARS_FOR_TWO_REGIONS else 2
        rows, cars, events = len(ground.rows.rider), len(field.cars), len(ground.events.place)
        self._room = [
            (
                new_scratch(field.sizes),
                Prices(np.zeros(rows), np.zeros(cars), np.zeros(events)),
                new_old(self.draft.row.shape[1]),
            )
            for _ in range(self.regions)
        ]

    @property
    def score(self) -> float:
        """The score of the plan as it is: equation (1)."""
        return self.score_of(self.draft)

    def score_of(self, draft: Draft) -> float:
        """The score of a plan."""
        events = self.field.ground.events
        places = math.fsum(value_of(events, event, int(n)) for event, n in enumerate(draft.crowd))
        return places + math.fsum(draft.worth) + self._fixed

    def fill(self, duals: Duals, thrift: float = 0.98, blend: float = 1.0) -> None:
        """Send all cars that have no trip yet, where it pays at these prices."""
        mood, duals = Mood(thrift, blend, 1.0, 1.0), duals.valid(self.field)
        tasks = []
        for region, draft, (scratch, local, old) in self._areas():
            shuffled = region._replace(cars=self.random.permutation(region.cars))
            prices = duals.prices(self.field)
            tasks.append((self.ground, draft, shuffled, prices, duals.rho, mood, LOOK, scratch, local, old))
        in_parallel(self.workers, fill, tasks)
        self._count()

    def improve(self, duals: Duals, hot: float, cold: float) -> None:
        """One epoch of rounds in each region. Heat is in units of score: a loss of so much is accepted now and then."""
        mood = Mood(THRIFTS[self.epoch % len(THRIFTS)], BLENDS[self.epoch % len(BLENDS)], hot, cold)
        seed, tasks, duals = int(self.random.integers(1 << 30)), [], duals.valid(self.field)
        turns = self._turns(duals)
        for area, draft, (scratch, local, old) in self._areas():
            region = area._replace(cars=np.repeat(area.cars, turns[area.cars]))
            prices, rounds = duals.prices(self.field), self.rounds // self.regions
            tasks.append(
                (
                    self.ground, draft, region, prices, duals.rho, mood, LOOK, rounds, 2 * seed + region.side,
                    self.neighbours, self.wanted, scratch, local, old,
                )
            )  # fmt: skip
        in_parallel(self.workers, search, tasks)
        self._count()
        self.epoch += 1

    def want(self, pool: Pool, values: Floats) -> None:
        """From now on, aim at the best trips of the pool; `values` are what they are worth at the prices, (cars, slots)."""
        slots = np.argsort(-values, axis=1, kind="stable")[:, :WANTED]
        rows = np.take_along_axis(pool.row, slots[:, :, None], axis=1)
        stops = np.take_along_axis(pool.stops, slots, axis=1)
        stops[slots >= pool.size[:, None]] = 0
        rows[np.arange(rows.shape[2]) >= stops[:, :, None]] = -1
        self.wanted = rows

    def _turns(self, duals: Duals) -> Ints:
        """How often each car is among those to draw from: the further its trip is from its best, the more there is to gain."""
        if self.best is None:
            return np.ones(len(self.field.cars), np.int64)
        ground, draft, prices = self.field.ground, self.draft, duals.prices(self.field)
        event = ground.pairs.event[np.maximum(draft.pair, 0)]
        riders = np.append(duals.rho[ground.rows.rider], 0.0)[draft.row]
        riders[np.arange(draft.row.shape[1]) >= draft.stops[:, None]] = 0.0
        value = duals.mu[event] * draft.people + draft.worth - prices.wheel - riders.sum(axis=1)
        short = np.maximum(0.0, self.best - np.where(draft.pair >= 0, value, 0.0))
        return np.minimum(1 + (short / SHORT_OF).astype(np.int64), LIKELIEST)

    def _areas(self) -> list[tuple[Region, Draft, tuple[object, ...]]]:
        """Each region with the plan as it sees it: its own count of who is at which event."""
        return [
            (region, self.draft._replace(crowd=self.draft.crowd.copy()), room)
            for region, room in zip(self.split(), self._room, strict=True)
        ]

    def _count(self) -> None:
        """Count anew who is at which event, after regions changed it side by side."""
        trips = np.flatnonzero(self.draft.pair >= 0)
        event = self.field.ground.pairs.event[self.draft.pair[trips]]
        people = np.bincount(event, weights=self.draft.people[trips], minlength=len(self.draft.crowd))
        self.draft.crowd[:] = people.astype(np.int64)

    def split(self) -> list[Region]:
        """The ground cut along a random line. An event belongs to one side, the other may only use what it frees."""
        ground, draft = self.field.ground, self.draft
        capacity = ground.events.capacity
        if self.regions == 1:
            nobody = np.zeros(len(self.field.riders), np.int64)
            return [Region(self.cars, np.zeros(len(self.field.cars), np.int64), 0, nobody, capacity)]
        angle = self.random.random() * 2 * math.pi
        line = np.array([math.sin(angle), math.cos(angle)])
        cars, riders, events = self._points @ line, self._rider_points @ line, self._event_points @ line
        cut = np.quantile(cars[self.cars], 0.35 + 0.3 * self.random.random())
        side = (cars > cut).astype(np.int64)
        # Whoever is in a car is where the car is; somebody who may drive is where the own car is.
        place = np.where(draft.owner >= 0, draft.owner, ground.riders.car)
        rider_side = np.where(place >= 0, side[np.maximum(place, 0)], riders > cut).astype(np.int64)
        return [
            Region(
                self.cars[side[self.cars] == n], side, n, rider_side,
                np.where((events > cut) == n, capacity, draft.crowd),
            )
            for n in range(2)
        ]  # fmt: skip

    def nearest(self, car: int, count: int, among: Ints) -> Ints:
        """So many of these cars that are nearest to one."""
        squares = ((self._points[among] - self._points[car]) ** 2).sum(axis=1)
        return among[np.argsort(squares, kind="stable")[:count]]

    def _nearest_cars(self) -> Ints:
        """The nearest cars of each car, (cars, up to NEIGHBOURS)."""
        count = min(NEIGHBOURS, len(self._points))
        if count == 0:
            return np.zeros((0, 1), np.int64)
        found = cKDTree(self._points).query(self._points, k=count)[1]
        return np.asarray(found, dtype=np.int64).reshape(len(self._points), count)


def _points(field: Field, numbers: Sequence[int]) -> Floats:
    """Places on a plane, (places, 2), near enough for drawing lines and finding neighbours."""
    places = field.data.instance.places
    return np.array([(places[n].lat, EAST_WEST * places[n].lon) for n in numbers]).reshape(-1, 2)
