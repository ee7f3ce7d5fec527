"""Trips as a table: those of the pool, or all that a plan better than a given score can have."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, hstack

from carpool.solver.ground import Field
from carpool.solver.kernels.enumeration import FULL, Catalogue, list_trips, weigh
from carpool.solver.kernels.ground import Floats, Ints, Shorts
from carpool.solver.kernels.pool import Pool
from carpool.solver.kernels.scratch import new_scratch
from carpool.solver.pricing import Duals
from carpool.solver.stop import never

NODES = 300_000
"""Nodes that the search for all trips of one pair may look at."""

CARS_AT_ONCE = 8
"""Cars between two looks at the clock."""


@dataclass(frozen=True)
class Trips:
    """Trips j, arrays (trips,): pair, stops, worth c_j, and the rows from the front, (trips, most stops)."""

    field: Field
    pair: Ints
    stops: Ints
    row: Shorts
    worth: Floats

    @property
    def car(self) -> Ints:
        cars: Ints = self.field.ground.pairs.car[self.pair]
        return cars

    @property
    def event(self) -> Ints:
        events: Ints = self.field.ground.pairs.event[self.pair]
        return events

    @cached_property
    def members(self) -> csr_array:
        """Who is in which trip, (trips, riders + cars): its riders, its driver as a rider too, and its car."""
        ground, size = self.field.ground, len(self.pair)
        there = np.arange(self.row.shape[1]) < self.stops[:, None]
        own = ground.cars.rider[self.car]
        drives, count = np.flatnonzero(own >= 0), len(self.field.riders)
        trip = np.concatenate([np.nonzero(there)[0], drives, np.arange(size)])
        member = np.concatenate([ground.rows.rider[self.row[there]], own[drives], count + self.car])
        shape = size, count + len(self.field.cars)
        return csr_array((np.ones(len(trip)), (trip, member)), shape=shape)

    @cached_property
    def belongs(self) -> csr_array:
        """The same with events in place of the cars, (trips, riders + events)."""
        count, size = len(self.field.riders), len(self.pair)
        goes = csr_array(
            (np.ones(size), (np.arange(size), self.event)), shape=(size, len(self.field.ground.events.place))
        )
        return hstack([self.members[:, :count], goes], format="csc")

    @cached_property
    def people(self) -> Floats:
        """n_j."""
        ground = self.field.ground
        riders = np.append(ground.rows.party, 0)[
            np.where(np.arange(self.row.shape[1]) < self.stops[:, None], self.row, len(ground.rows.party))
        ]
        people: Floats = (ground.cars.party[self.car] + riders.sum(axis=1)).astype(np.float64)
        return people

    def values(self, duals: Duals) -> Floats:
        """v_j at these prices: equation (18)."""
        paid = self.members @ np.concatenate([duals.rho, np.zeros(len(self.field.cars))])
        values: Floats = duals.mu[self.event] * self.people + self.worth - paid
        return values

    def only(self, kept: Ints) -> "Trips":
        """Some of them, by number."""
        return Trips(self.field, self.pair[kept], self.stops[kept], self.row[kept], self.worth[kept])


def pool_trips(field: Field, pool: Pool) -> Trips:
    """All trips of the pool."""
    filled = np.arange(pool.pair.shape[1]) < pool.size[:, None]
    pair, stops = pool.pair[filled].astype(np.int64), pool.stops[filled].astype(np.int64)
    return Trips(field, pair, stops, pool.row[filled], pool.worth[filled])


def trips_above(
    field: Field, duals: Duals, floors: Floats, most: int, over: Callable[[], bool] = never
) -> Trips | None:
    """Every trip worth more at these prices than the floor of its car, of equal riders the best; None if more than `most`,
    or if it is `over` before."""
    ground, stops = field.ground, max(1, int(field.sizes[1]) + 1)
    table = 1 << (2 * most).bit_length()
    catalogue = Catalogue(
        np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(most), np.zeros((most, stops), np.int32),
        np.zeros(table, np.int64), np.full(table, -1, np.int64),
    )  # fmt: skip
    cars = np.flatnonzero(np.diff(ground.pairs.first) > 0)
    prices, scratch, count = duals.prices(field), new_scratch(field.sizes), 0
    for some in np.array_split(cars, 1 + len(cars) // CARS_AT_ONCE):
        count = list_trips(ground, prices, some, floors, NODES, count, catalogue, scratch)
        if count == FULL or over():
            return None
    worth = np.zeros(count)
    weigh(ground, catalogue, count, np.zeros(stops, np.int64), worth)
    pair, size, row = (
        catalogue.pair[:count].copy(),
        catalogue.stops[:count].copy(),
        catalogue.row[:count].copy(),
    )
    return Trips(field, pair, size, row, worth)
