"""Closing the gap of an instance of some hundred people: all trips that a better plan can have, and the best of these.

Route enumeration after Baldacci, Mingozzi and Roberti (2011). The prices of the linear relaxation over all trips come
first, then every trip that loses less at them than the gap, equation (25), then branch and cut over these trips.
"""

import math
from dataclasses import dataclass

import numpy as np

from carpool.solver.branching import BRANCH_UNTIL, UNTIL, Node, Tree
from carpool.solver.column import Column, make_column, route_minutes, total_score
from carpool.solver.exact import best_packing
from carpool.solver.growth import USUAL_BUDGET, Growth, Meter
from carpool.solver.incumbent import Incumbent
from carpool.solver.kernels.ground import Ints
from carpool.solver.kernels.scratch import Effort
from carpool.solver.limits import Limits
from carpool.solver.listed import Trips, pool_trips, trips_above
from carpool.solver.pricing import Duals, Priced, Pricer
from carpool.solver.relaxation import Relaxation
from carpool.solver.result import GAP
from carpool.solver.stop import Clock

MOST_CARS, UNTIMED_CARS = 600, 250
"""With more cars the relaxation takes too long, and the gap is too wide for a list of all trips; fewer if no clock ends it."""

MOST_TRIPS = 250_000

LP_ROUNDS, LP_MARGIN = 30, 0.02
LP_EFFORT = Effort(nodes=20_000, most=0, slack=0.0)
NEAR = 5e-4
"""Prices whose bound is so little above the relaxation's value, as a share of the gap, are good enough."""

PRICES_UNTIL = 0.4
"""Share of the time after which the prices are taken as they are."""

MOST_NODES, UNTIMED_NODES = 300, 40
"""Nodes of the tree, with a time limit and without."""

EFFORT = 1.0
"""Seconds for a packing, deterministic ones where there is no time limit."""

LEG_NOISE = 1e-9
"""Minutes of a trip that the inner loops may be off by, as they compute them."""


@dataclass(frozen=True)
class Sharpened:
    """Prices near those of the linear relaxation over all trips, and the pricing that proves their bound."""

    duals: Duals
    priced: Priced


class Closing:
    """One attempt; new plans and bounds go to `found`, which has a plan."""

    def __init__(self, pricer: Pricer, limits: Limits, found: Incumbent, clock: Clock) -> None:
        self.pricer, self.limits, self.found, self.clock = pricer, limits, found, clock
        self.field = pricer.field

    def over(self) -> bool:
        return self.clock.over(UNTIL) or self.found.gap <= GAP

    def sharpen(self, duals: Duals) -> Sharpened | None:
        """Prices within `NEAR` of those of the relaxation over all trips, by column generation; None for too many cars."""
        best: Sharpened | None = None
        if not 0 < len(self.pricer.cars) <= (MOST_CARS if self.clock.timed else UNTIMED_CARS):
            return None
        for _ in range(LP_ROUNDS):
            if self.found.gap <= GAP or self.clock.over(PRICES_UNTIL):
                break
            trips = pool_trips(self.field, self.pricer.pool)
            relaxed = Relaxation(self.pricer, trips, -trips.values(duals)).solve(
                self.clock.left(PRICES_UNTIL)
            )
            if relaxed is None:
                break
            duals = relaxed.duals
            priced = self.pricer.price(duals, LP_MARGIN, LP_EFFORT)
            if best is None or priced.bound < best.priced.bound:
                best = Sharpened(duals, priced)
            if best.priced.bound - relaxed.value <= NEAR * max(1.0, best.priced.bound - self.found.score):
                break
        return best

    def close(self, sharpened: Sharpened) -> None:
        """List all trips that matter, and look for the best of them."""
        listed = None if self.over() else self._list(sharpened)
        if listed is None:
            return
        trips, level = listed
        loss = sharpened.priced.ceiling[trips.car] - trips.values(sharpened.duals)
        root, packings = Node(np.arange(len(loss)), loss, sharpened.priced.bound), _Packings(self, trips)
        tree = Tree(self.pricer, trips, root, lambda: self.found.score, packings.best, self.clock)
        for bound in tree.search(MOST_NODES if self.clock.timed else UNTIMED_NODES):
            self.found.prove(max(level, bound), "closing")

    def _list(self, sharpened: Sharpened) -> tuple[Trips, float] | None:
        """All trips that a plan can have whose score is more than a level, and that level: the score of the best plan, if
        they are not too many, else nearer to the bound."""
        duals, priced = sharpened.duals, sharpened.priced
        gap = priced.bound - self.found.score
        while gap > GAP:
            # The floors are lowered by the noise in values and bound, which the bound has been raised by, too.
            noise = 1e-9 * (1.0 + abs(priced.bound))
            trips = trips_above(self.field, duals, priced.ceiling - gap - noise, MOST_TRIPS, self.over)
            if trips is not None:
                return trips, max(self.found.score, priced.bound - gap)
            gap /= 2
            if self.over():
                break
        return None


class _Packings:
    """Set packings of some of the trips, each trip with the judge's own minutes."""

    def __init__(self, closing: Closing, trips: Trips) -> None:
        self.closing, self.trips, self.field, self.found = closing, trips, closing.field, closing.found
        self.known: dict[int, list[Column] | None] = {}

    def best(self, kept: Ints) -> float:
        """Offer the best plan of these trips, and return what none of them exceeds."""
        columns = self._columns(kept)
        if columns is None:
            return math.inf
        clock, data = self.closing.clock, self.field.data
        left = clock.left(BRANCH_UNTIL)
        seconds = None if left is None else min(left, EFFORT)
        packing = best_packing(data, columns, self.found.columns, seconds, clock.asked, EFFORT)
        if packing.columns is None:
            return math.inf
        chosen = packing.columns
        self.found.take(total_score(data, chosen), lambda: chosen, "closing")
        return packing.bound + LEG_NOISE * self.field.ground.cost * len(self.field.cars)

    def _columns(self, kept: Ints) -> list[Column] | None:
        """These trips with the judge's own minutes, the forced ones, and those of the best plan; None if one cannot be told."""
        columns = {_key(column): column for column in (*self.field.forced, *self.found.columns)}
        for trip in kept.tolist():
            if trip not in self.known:
                self.known[trip] = self._column(trip)
            made = self.known[trip]
            if made is None:
                return None
            for column in made:
                known = columns.get(_key(column))
                if known is None or column.minutes < known.minutes:
                    columns[_key(column)] = column
        return list(columns.values())

    def _column(self, trip: int) -> list[Column] | None:
        """The column of a trip, none if the judge is stricter by the last digits of a float, in whatever order."""
        data, trips, limits = self.field.data, self.trips, self.closing.limits
        car = self.field.cars[int(trips.car[trip])]
        event = int(trips.event[trip])
        pair = limits.pair(car.person, event)
        assert pair is not None, "trips are made by pairs only"
        pickups = [self.field.pickups[row] for row in trips.row[trip, : trips.stops[trip]].tolist()]
        halts = [
            next(halt for halt in limits.halts(pickup.person, event) if halt.pickup is pickup)
            for pickup in pickups
        ]
        minutes = route_minutes(data, pair, halts)
        if minutes is not None:
            return [make_column(data, car.person, event, halts, minutes)]
        people = {pickup.person for pickup in pickups}
        return Growth(data, limits, pair, Meter(USUAL_BUDGET), people, people).columns()


def _key(column: Column) -> tuple[int, int, frozenset[int]]:
    return column.driver, column.event, frozenset(column.riders)
