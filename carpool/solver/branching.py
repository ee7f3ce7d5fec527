"""Branch and cut over a table of trips: which of them the best plan has, and how much better any plan of them can be.

A node is a part of the trips. Its relaxation bounds it (equation 27), trips that lose more than the gap leave it, and what
then is small enough is a set packing for CP-SAT. Else the plans that have somebody in a certain car are parted from those
that have not, equation (28), after Ryan and Foster (1981).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from carpool.solver.cuts import Cut
from carpool.solver.kernels.ground import Floats, Ints
from carpool.solver.listed import Trips
from carpool.solver.pricing import Pricer
from carpool.solver.relaxation import Relaxation
from carpool.solver.result import GAP
from carpool.solver.stop import Clock

FEW, MOST_PACKED = 400, 800
"""From so few trips CP-SAT chooses instead of further branching, and from so many at the dead end of a dive."""

DIVE_FROM = 3_000
"""A dive begins with so many trips, those that lose least."""

MOST_BRANCHED = 20_000
"""Where more trips are left the time is better spent on searching for a plan."""

DIVE_EVERY = 10
"""Nodes between dives."""

ROOT_CUTS, CUTS = 10, 2
"""Rounds of cuts for all trips, and for a part of them."""

WHOLE = 1e-6
"""Shares so near to 0 or 1 are."""

SURE, OPEN = 0.75, 0.6
"""A dive takes for sure who is in a car with such a share; branching is on one with a share near to the other."""

UNTIL, BRANCH_UNTIL = 0.6, 0.85
"""Shares of the time after which the gap stays open: before branching, and while few trips are left."""

WORTH_A_ROUND = 0.02
"""As long as cuts close such a part of the gap, more are looked for."""


@dataclass(frozen=True)
class Node:
    """Some of the trips by number, what a plan with each of them loses at least, (trips,); a bound on all; the cuts so far."""

    kept: Ints
    loss: Floats
    bound: float
    cuts: tuple[Cut, ...] = ()

    def lowered(self, bound: float) -> "Node":
        """With this bound, if it is lower; what trips lose is counted from there on."""
        by = max(0.0, self.bound - bound)
        return replace(self, bound=min(bound, self.bound), loss=self.loss - by)

    def only(self, some: NDArray[np.bool_]) -> "Node":
        return replace(self, kept=self.kept[some], loss=self.loss[some])


@dataclass(frozen=True)
class Likely:
    """Who is in which car in part only: car, member and share, each (pairs,). Members are riders, then events."""

    car: Ints
    member: Ints
    share: Floats


class Tree:
    """`pack` chooses the best of few trips, keeps the plan if it is good, and returns a bound; `score` is the best plan's."""

    def __init__(
        self,
        pricer: Pricer,
        trips: Trips,
        root: Node,
        score: Callable[[], float],
        pack: Callable[[Ints], float],
        clock: Clock,
    ) -> None:
        self.pricer, self.trips, self.score, self.pack, self.clock = pricer, trips, score, pack, clock
        self.pinned = np.flatnonzero(pricer.field.ground.cars.pinned)
        self.waiting, self.closed, self.until = [root], -math.inf, UNTIL

    @property
    def bound(self) -> float:
        """What no plan of the root's trips exceeds."""
        return max([self.score(), self.closed, *(node.bound for node in self.waiting)])

    def search(self, nodes: int) -> Iterator[float]:
        """Open so many nodes at most, that with the highest bound first. Yields the falling bound."""
        root, _ = self._relaxed(self.waiting.pop(), ROOT_CUTS)
        self._keep([root])
        for number in range(nodes):
            yield self.bound
            if not self.waiting or self.clock.over(self.until):
                return
            highest = max(range(len(self.waiting)), key=lambda number: self.waiting[number].bound)
            node = self.waiting.pop(highest)
            if number % DIVE_EVERY == 0:
                self._dive(node)
                node, _ = self._near(node)
            if len(node.kept) > MOST_BRANCHED:
                self._keep([node])
                break
            self.until = BRANCH_UNTIL
            self._keep(self._parts(node))
        yield self.bound

    def _keep(self, nodes: Sequence[Node]) -> None:
        """Let these wait, but for those that are no better than the best plan."""
        for node in nodes:
            if self._is_closed(node):
                self.closed = max(self.closed, node.bound)
            else:
                self.waiting.append(node)

    def _is_closed(self, node: Node) -> bool:
        return node.bound <= self.score() + GAP

    def _dive(self, node: Node) -> None:
        """Offer a plan: what is nearly sure is taken for sure, until CP-SAT can choose from what is left."""
        good = node = node.only(np.argsort(np.argsort(node.loss, kind="stable")) < DIVE_FROM)
        while not self.clock.over(self.until):
            node, share = self._relaxed(node, 0)
            if share is None or self._is_closed(node):
                break
            good, likely = node, self._likely(node, share)
            if likely is None or len(node.kept) <= FEW:
                break
            sure = np.flatnonzero(likely.share >= SURE)
            for pair in sure.tolist() if len(sure) else [int(np.argmax(likely.share))]:
                node = node.only(self._with(node, int(likely.car[pair]), int(likely.member[pair])))
        self.pack(good.kept[np.argsort(good.loss, kind="stable")[:MOST_PACKED]])

    def _parts(self, node: Node) -> list[Node]:
        """A node with a lower bound, or its two parts; nothing if some pinned car has no trip left."""
        if not np.isin(self.pinned, self.trips.car[node.kept]).all():
            return []
        node, share = self._relaxed(node, CUTS)
        if share is None or self._is_closed(node) or self.clock.over(self.until):
            return [node]
        likely = self._likely(node, share)
        if len(node.kept) <= FEW or likely is None:
            node = node.lowered(self.pack(node.kept))
        if likely is None or self._is_closed(node):
            return [node]
        chosen = int(np.argmin(np.abs(likely.share - OPEN)))
        car, member = int(likely.car[chosen]), int(likely.member[chosen])
        there, mine = self._there(node, member), self.trips.car[node.kept] == car
        return [node.only(~(mine & there)), node.only(self._with(node, car, member))]

    def _relaxed(self, node: Node, rounds: int) -> tuple[Node, Floats | None]:
        """The node with a lower bound, cuts and fewer trips, and their shares; None for these if there is nothing to share."""
        node, _ = self._near(node)
        relaxation = Relaxation(self.pricer, self.trips.only(node.kept), node.loss, node.cuts)
        for left in range(rounds, -1, -1):
            relaxed = relaxation.solve(self.clock.left(self.until))
            if relaxed is None:
                return node, None
            before, share = node.bound, relaxed.share
            if relaxed.bound < before:
                node = replace(node, bound=relaxed.bound, loss=relaxed.loss, cuts=tuple(relaxation.cuts))
            gap = node.bound - self.score()
            late = left < rounds and before - node.bound < WORTH_A_ROUND * gap
            if gap <= 0 or left == 0 or late or self.clock.over(self.until) or not relaxation.cut(share):
                break
        return self._near(node, share)

    def _near(self, node: Node, share: Floats | None = None) -> tuple[Node, Floats | None]:
        """Without trips that no plan better than the best has."""
        near = node.loss <= node.bound - self.score()
        return node.only(near), None if share is None else share[near]

    def _likely(self, node: Node, share: Floats) -> Likely | None:
        """Who is in which car in part only; None if nobody is."""
        some = np.flatnonzero(share > WHOLE)
        trips = self.trips.only(node.kept[some])
        pairs, members = trips.belongs.tocoo(), trips.belongs.shape[1]
        key, place = np.unique(trips.car[pairs.row] * members + pairs.col, return_inverse=True)
        total: Floats = np.bincount(place, share[some][pairs.row]).astype(np.float64)
        parted = (total > WHOLE) & (total < 1 - WHOLE)
        if not parted.any():
            return None
        return Likely(key[parted] // members, key[parted] % members, total[parted])

    def _there(self, node: Node, member: int) -> NDArray[np.bool_]:
        """Which trips have this rider, or go to this event."""
        column: NDArray[np.bool_] = self.trips.belongs[:, [member]].toarray().ravel()[node.kept] > 0
        return column

    def _with(self, node: Node, car: int, member: int) -> NDArray[np.bool_]:
        """Which trips are in plans that have the member in the car."""
        there, mine = self._there(node, member), self.trips.car[node.kept] == car
        rides = member < len(self.pricer.field.riders)
        return np.where(mine, there, ~there if rides else np.ones(len(there), bool))
