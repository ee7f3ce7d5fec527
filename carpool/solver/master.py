"""The master: prices at which every car's own choice from the pool makes the best of the whole, found by smoothing.

Each car's maximum over its trips is replaced by a log-sum-exp of some heat, so that the dual is smooth and L-BFGS finds
its minimum in a few dozen steps where a linear programme would take minutes (equation 24). A step takes some milliseconds:
its threads are plain ones, because joblib looks for results only every ten.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from carpool.solver.kernels.ground import Floats, Ints
from carpool.solver.kernels.search import Draft
from carpool.solver.kernels.smooth import Options, choices, list_options, new_options
from carpool.solver.pricing import Duals, Places, Pricer

PIECES = 4
"""Partial sums, always as many, so that their total does not depend on the number of threads."""

EVENT_SCALE = 0.3
"""Prices of events move many people at once: their steps are made smaller."""


FAR_BELOW, ASTRAY = 50.0, 0.3
"""Trips so many heats, and so many volunteers more, below their car's best are left out: they get no share, even when prices
move, as they do by several heats."""
WIDER, MOST_REACH = 4.0, 10.0
"""If prices move further than that after all, more trips are taken in, in the end all that anybody could ever want."""


class Master:
    """The smoothed dual over the pricer's pool."""

    def __init__(self, pricer: Pricer) -> None:
        self.pricer, self.field = pricer, pricer.field
        self.riders, self.events = len(self.field.riders), len(self.field.ground.events.place)
        self.coming = np.zeros((PIECES, self.riders))
        self.people = np.zeros((PIECES, self.events))
        self.sums = np.zeros((PIECES, 2))
        self.room = np.zeros((PIECES, pricer.pool.pair.shape[1]))
        self.threads = ThreadPoolExecutor(pricer.workers)
        self.restrict(pricer.cars, None)
        self.scale = np.concatenate([np.ones(self.riders), np.full(self.events, EVENT_SCALE)])

    def restrict(self, cars: Ints, draft: Draft | None) -> None:
        """Look only at these cars, as if all others were as in the draft: its riders and its places are taken."""
        self.cars = [np.ascontiguousarray(some) for some in np.array_split(cars, PIECES)]
        self.fixed = self.field.ground.riders.pin >= 0
        self.places, self.left = self.pricer.places, self.field.ground.events.capacity
        if draft is not None:
            self.fixed = self.fixed | (draft.owner >= 0)
            self.left = self.left - draft.crowd
            full = np.maximum(0.0, self.places.full - draft.crowd)
            over = np.maximum(0.0, draft.crowd - self.places.full)
            self.places = Places(self.places.weight, full, np.maximum(0.0, self.places.half - over))

    def improve(self, duals: Duals, heat: float, steps: int) -> Duals:
        """Better prices for the pool as it is, from these."""
        start = np.concatenate([duals.rho, duals.mu]) / self.scale
        reach = FAR_BELOW * heat + ASTRAY
        while True:
            options = self._options(duals, reach)
            found = self._minimum(start, heat, steps, options)
            moved = self._at(found)
            better = self._dual(found, heat, options=self._options(moved, reach))[0]
            if better <= self._dual(start, heat, options)[0] or reach > MOST_REACH:
                return Duals(np.where(self.fixed, duals.rho, moved.rho), moved.mu)
            # Prices went where trips that were left out are worth more than all others: with more of them, once more.
            reach *= WIDER

    def _minimum(self, start: Floats, heat: float, steps: int, options: list[Options]) -> Floats:
        """Near to where the smoothed dual over these options is least, in scaled variables."""
        # Threads of the linear algebra would wait for each other longer than they work.
        with threadpool_limits(1, "blas"):
            result = minimize(
                lambda x: self._dual(x, heat, options), start, jac=True, method="L-BFGS-B",
                options={"maxiter": steps, "maxcor": 12, "maxfun": 2 * steps, "ftol": 1e-9, "gtol": 1e-4},
            )  # fmt: skip
        return np.asarray(result.x)

    def _at(self, scaled: Floats) -> Duals:
        """Prices from scaled variables."""
        x = scaled * self.scale
        return Duals(np.ascontiguousarray(x[: self.riders]), np.ascontiguousarray(x[self.riders :]))

    def _options(self, duals: Duals, reach: float) -> list[Options]:
        """What each piece's cars choose among: the trips that can get a share."""
        ground, pool, prices = self.field.ground, self.pricer.pool, duals.prices(self.field)

        def look(piece: int) -> Options:
            cars, room = self.cars[piece], self.room[piece]
            full = new_options(pool, cars)
            trips, stops = list_options(ground, prices, duals.rho, pool, cars, self.left, reach, full, room)
            return full._replace(
                event=full.event[:trips].copy(), people=full.people[:trips].copy(), worth=full.worth[:trips].copy(),
                start=full.start[: trips + 1].copy(), rider=full.rider[:stops].copy(),
            )  # fmt: skip

        return list(self.threads.map(look, range(PIECES)))

    def _dual(self, scaled: Floats, heat: float, options: list[Options]) -> tuple[float, Floats]:
        """The smoothed dual and its slope, in scaled variables.

        A price below 0 stands for a rider who is not wanted: its part of the dual, rho or 0, is smoothed as well.
        """
        duals = self._at(scaled)
        for array in (self.coming, self.people, self.sums):
            array[:] = 0.0
        work = [
            self.threads.submit(
                choices, some, duals.mu, duals.rho, heat, self.coming[piece], self.people[piece], self.sums[piece],
                self.room[piece],
            )
            for piece, some in enumerate(options)
        ]  # fmt: skip
        for piece in work:
            piece.result()
        places, let_in = self._places(duals.mu, heat)
        one = np.where(self.fixed, 0.0, _logistic(duals.rho / heat) - self.coming.sum(axis=0))
        slope = np.concatenate([one, self.people.sum(axis=0) - let_in])
        riders = heat * np.logaddexp(0.0, duals.rho / heat)[~self.fixed].sum()
        return float(riders + places + self.sums[:, 0].sum()), slope * self.scale

    def _places(self, mu: Floats, heat: float) -> tuple[float, Floats]:
        """The events' side of the dual, smoothed too, and how many people it lets in at each event."""
        places = self.places
        full, half = (places.weight - mu) / heat, (places.weight / 2 - mu) / heat
        value = heat * (places.full * np.logaddexp(0.0, full) + places.half * np.logaddexp(0.0, half))
        let_in = places.full * _logistic(full) + places.half * _logistic(half)
        return float(value.sum()), let_in


def _logistic(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0)))
