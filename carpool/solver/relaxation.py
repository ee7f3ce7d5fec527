"""The linear relaxation of the set packing over a table of trips, with cuts: prices, shares and a bound.

Solved over some of the trips; as long as one of the others would gain at the prices found, it is taken in.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from carpool.solver.cuts import Cut, broken_cuts, pairs_in
from carpool.solver.kernels.ground import Floats, Ints
from carpool.solver.kernels.scratch import NOTHING
from carpool.solver.listed import Trips
from carpool.solver.pricing import Duals, Pricer

FIRST, MORE = 3_000, 1_500
"""Trips that the relaxation begins with, and that it takes in at a time."""

GAINS = 1e-7
NOISE = 1e-10
"""Relative error of sums of some thousand floats, with room to spare."""


@dataclass(frozen=True)
class Relaxed:
    """Its value, prices, and the share of each trip; and what follows from the prices whatever they are: a bound on plans of
    these trips, and how much of it is lost by a plan with the trip, (trips,)."""

    value: float
    duals: Duals
    share: Floats
    bound: float
    loss: Floats


class Relaxation:
    """The relaxation over these trips. `loss` says which to begin with, those that lose least, (trips,)."""

    def __init__(self, pricer: Pricer, trips: Trips, loss: Floats, cuts: Sequence[Cut] = ()) -> None:
        self.pricer, self.trips, self.field = pricer, trips, pricer.field
        self.cuts = list(cuts)
        self.pairs = pairs_in(trips.members, self.cuts)
        self.inside = np.zeros(len(loss), bool)
        self.inside[np.argsort(loss, kind="stable")[:FIRST]] = True

    def solve(self, seconds: float | None = None) -> Relaxed | None:
        """Value, prices and shares; None if a linear programme could not be solved, each in so many seconds at most."""
        while True:
            kept = np.flatnonzero(self.inside)
            solved = self._solve(kept, seconds)
            if solved is None:
                return None
            value, price, duals, share = solved
            riders, cars = len(self.field.riders), len(self.field.cars)
            cut_prices = np.maximum(0.0, price[riders + cars :])
            values = self.trips.values(duals) - self.pairs.T @ cut_prices
            gains = (values - price[riders : riders + cars][self.trips.car] > GAINS) & ~self.inside
            if not gains.any():
                return Relaxed(value, duals, share, *self._bound(duals, cut_prices, values))
            self.inside |= self._best(np.where(gains, values, NOTHING), MORE) & gains

    def cut(self, share: Floats) -> int:
        """Add the cuts that these shares break; returns how many."""
        new = [cut for cut in broken_cuts(self.trips.members, share) if cut not in self.cuts]
        self.pairs = vstack([self.pairs, pairs_in(self.trips.members, new)], format="csr")
        self.cuts += new
        return len(new)

    def _best(self, values: Floats, count: int) -> NDArray[np.bool_]:
        """Which trips are the best so many, each compared with the best of its car."""
        behind = np.where(values > NOTHING, self._best_of_cars(values)[self.trips.car] - values, np.inf)
        chosen = np.zeros(len(values), bool)
        chosen[np.argsort(behind, kind="stable")[:count]] = True
        return chosen

    def _best_of_cars(self, values: Floats) -> Floats:
        best = np.full(len(self.field.cars), NOTHING)
        np.maximum.at(best, self.trips.car, values)
        return best

    def _bound(self, duals: Duals, cut_prices: Floats, values: Floats) -> tuple[float, Floats]:
        """Equation (27): a bound on plans of these trips alone, and what each trip is behind the best of its car."""
        best = self._best_of_cars(values)
        # A pinned car without a trip has none in any plan of these trips; then nothing is claimed by its part.
        best = np.where(self.field.ground.cars.pinned & (best > NOTHING), best, np.maximum(best, 0.0))
        halves = [len(cut) // 2 for cut in self.cuts]
        terms = (
            self.pricer.constant, self.pricer.places.value(duals.mu), *duals.rho, *(cut_prices * halves), *best,
        )  # fmt: skip
        bound = math.fsum(terms) + NOISE * (1.0 + math.fsum(map(abs, terms)))
        return bound, best[self.trips.car] - values

    def _solve(self, kept: Ints, seconds: float | None) -> tuple[float, Floats, Duals, Floats] | None:
        """Over these trips alone: the value, the prices of riders, cars and cuts, those to price with, and the shares."""
        trips, places, ground = self.trips.only(kept), self.pricer.places, self.field.ground
        riders, events = len(self.field.riders), len(ground.events.place)
        pinned = np.flatnonzero(ground.cars.pinned)
        once = trips.members.T.tocsr()
        going = csr_array((trips.people, (trips.event, np.arange(len(kept)))), shape=(events, len(kept)))
        nobody = csr_array((once.shape[0] + len(self.cuts), 2 * events))
        arrive = hstack([going, -eye_array(events), -eye_array(events)], format="csr")
        most = hstack([vstack([once, self.pairs[:, kept]]), nobody], format="csr")
        free = np.setdiff1d(np.arange(most.shape[0]), riders + pinned)
        limits = np.array([1.0] * once.shape[0] + [float(len(cut) // 2) for cut in self.cuts])
        room = np.concatenate([np.full(len(kept), np.inf), places.full, places.half])
        result = linprog(
            -np.concatenate([trips.worth, places.weight, places.weight / 2]),
            A_ub=most[free], b_ub=limits[free],
            A_eq=vstack([arrive, most[riders + pinned]], format="csr"),
            b_eq=np.concatenate([np.zeros(events), np.ones(len(pinned))]),
            bounds=np.stack([np.zeros(len(room)), room], axis=1), method="highs-ds",
            options={} if seconds is None else {"time_limit": max(seconds, 0.01)},
        )  # fmt: skip
        if result.status != 0:
            return None
        price, share = np.zeros(most.shape[0]), np.zeros(len(self.trips.pair))
        price[free] = -result.ineqlin.marginals
        price[riders + pinned] = -result.eqlin.marginals[events:]
        share[kept] = result.x[: len(kept)]
        duals = Duals(price[:riders].copy(), np.asarray(result.eqlin.marginals[:events]).copy())
        return self.pricer.constant - float(result.fun), price, duals.valid(self.field), share
