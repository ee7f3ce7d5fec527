"""The engine for instances of any size: prices, plan and bound in turn, the best of each kept.

One page: candidates, first prices, a first plan; rounds of pricing and master that sharpen the prices; the bound at the
best prices; a plan by diving into them; search and restricted masters until the time is up. docs/formulation.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carpool.certificate import Certificate
from carpool.solver.closing import Closing
from carpool.solver.column import Column
from carpool.solver.data import Data, Goal
from carpool.solver.dive import Pace, dive, share_a_step
from carpool.solver.draft import columns_of, copy_of, empty_draft, keep_published, put_columns, remember
from carpool.solver.ground import make_ground
from carpool.solver.incumbent import Incumbent
from carpool.solver.kernels.ground import Floats
from carpool.solver.kernels.pool import reduced_worths
from carpool.solver.kernels.scratch import Effort
from carpool.solver.limits import Limits
from carpool.solver.lists import with_pairs
from carpool.solver.master import Master
from carpool.solver.passes import first_prices
from carpool.solver.pinned import keeps_pins, refuse_hopeless
from carpool.solver.pricing import QUICK, Duals, Priced, Pricer, new_pool
from carpool.solver.proof import certify
from carpool.solver.recombine import recombine
from carpool.solver.result import GAP
from carpool.solver.search import Search
from carpool.solver.stop import Clock

SLOTS = 96
"""Trips that the pool keeps for each car."""

PASSES, QUICK_EPOCHS = 5, 2

EVERYBODY = Effort(nodes=2_000, most=0, slack=0.0)
"""How the bound is looked for: over all candidates."""
AT_ONCE = Effort(nodes=0, most=0, slack=0.0)
"""The same without a search."""


@dataclass(frozen=True)
class Stage:
    """Rounds of pricing and master at one heat, in `steps` of the master. `margin`, in heats: how far below its best a trip is
    still collected. `ease`: how much cheaper people may become before the shortlists miss somebody; 0 where those from
    before still do. `proven`: how many rounds over all candidates follow, at most. `part`: how much of the time for prices
    it gets, next to the other stages.
    """

    heat: float
    steps: int
    margin: float
    ease: float = 0.0
    proven: int = 0
    part: float = 1.0


STAGES = (
    Stage(0.1, 30, 1.0),
    Stage(0.05, 30, 1.0, ease=0.3),
    Stage(0.03, 40, 1.0),
    Stage(0.02, 40, 1.0, ease=0.2),
    Stage(0.01, 50, 0.5, part=1.5),
    Stage(0.005, 60, 0.5, ease=0.1, proven=1, part=2.5),
    Stage(0.002, 60, 0.5),
    Stage(0.0008, 80, 0.5, ease=0.05, part=0.5),
    Stage(0.0004, 120, 0.5, proven=8),
)
FIRST_EASE = 0.4
ALL_PARTS = sum(stage.part for stage in STAGES)
MOST_ROUNDS, SETTLED = 10, 0.05
"""Rounds of a stage, at most; it ends when one lowers the dual by no more than this share, times the heat in volunteers."""
STILL_FALLS = 0.00005
"""A bound that is lower than the last by more than this share is worth another."""

KINK, WIDEST_KINK = 8.0, 0.01
"""How near, in heats and in volunteers, the price of a place is to a kink of (16) if smoothing alone has kept it off."""

PRICES_UNTIL, DIVE_UNTIL = 0.6, 0.8
"""Shares of the time after which prices are taken as they are, and the dive as far as it came."""

CHOICE_EVERY, MANY_CARS = 3, 4_000
"""Every so many rounds is a restricted master; with so many cars it sees too small a part of them to pay."""

MOST_STEPS, FEWEST_STEPS, LAST_CARS = 20, 4, 0.1
"""Steps of the dive, after which about so small a part of the cars is left."""

HOT, COLD = 0.1, 0.003
MARGIN, CHOICE_EFFORT = 0.3, 1.0
"""Restricted masters take trips so little below their car's best, and work so many deterministic seconds."""

CHOICES, NARROW = 2, 0.0015
"""Restricted masters before all trips are listed, fewer if the gap is narrow already."""


class Engine:
    """One solve of one instance."""

    def __init__(
        self, data: Data, limits: Limits, found: Incumbent, clock: Clock, workers: int, seed: int
    ) -> None:
        self.limits, self.found, self.clock, self.seed, self.workers = limits, found, clock, seed, workers
        self.field = with_pairs(make_ground(data, limits), workers)
        self.pricer = Pricer(self.field, new_pool(self.field, SLOTS), workers)
        self.search = Search(self.field, workers, seed)
        self.duals = Duals(np.zeros(len(self.field.riders)), self.field.ground.events.weight.copy())
        self.behind = False
        """Whether the last bound was no better than the one before."""
        self.round_seconds = 0.0
        """What a round of pricing and master took last."""
        self.proof: tuple[Duals, Priced] | None = None

    def run(self, pins: Sequence[Column], rounds: int | None) -> None:
        """Everything, until the clock or `rounds` of the final search say stop."""
        self.begin(pins)
        for step in (self.find_prices, self.take_dive, self.catch_up, self.close_gap):
            if self.over():
                return
            step()
        self.polish(rounds)

    def over(self) -> bool:
        """Whether the time is up or nothing is left to find."""
        return self.clock.over() or self.found.gap <= GAP

    def begin(self, pins: Sequence[Column]) -> None:
        """A first plan: pins, published trips that still are possible, and every car where it brings most by itself."""
        draft = empty_draft(self.field)
        if not put_columns(self.field, draft, pins):
            raise AssertionError("a pinned trip is between a car and an event in its reach")
        self.pins = draft
        self.search.draft = copy_of(draft)
        keep_published(self.field, self.search.draft, self.workers)
        promised = copy_of(self.search.draft)
        self._take("published trips")
        self.search.fill(self.duals, thrift=1.0, blend=0.0)
        self._take("first plan")
        if (self.field.ground.cars.told_event >= 0).any() and not self.over():
            # Whoever lost a place finds another in the cars nearby, before anything else is looked at.
            self.search.improve(self.duals, COLD, COLD)
            self._take("repair")
        remember(self.field, self.pricer.pool, promised)

    def find_prices(self) -> None:
        """Rounds of pricing and master at falling heat; a quick search gives a better plan meanwhile."""
        self._shorten(first_prices(self.pricer, 1, self.seed, self.over), FIRST_EASE)
        self.duals = first_prices(self.pricer, PASSES, self.seed, self.over)
        for _ in range(QUICK_EPOCHS):
            if not self.over():
                self.search.improve(self.duals, 0.1, 0.05)
        self._take("quick search")
        self.master = Master(self.pricer)
        begun, parts = self.clock.share(), 0.0
        for stage in STAGES:
            # Behind time, stages are cut short or passed over: the heat falls with the clock.
            parts += stage.part
            until = begun + (PRICES_UNTIL - begun) * parts / ALL_PARTS
            if not self.clock.over(until) or stage is STAGES[-1]:
                self._settle(stage, until)

    def _settle(self, stage: Stage, until: float) -> None:
        """Rounds at one heat until the prices settle: new trips at the prices, and new prices."""
        if self.over():
            return
        if stage.ease > 0:
            self._shorten(self.duals, stage.ease)
        before = math.inf
        for _ in range(MOST_ROUNDS):
            since = self.clock.elapsed
            value = self.pricer.price(self.duals, stage.margin * stage.heat, QUICK).value
            self.duals = self.master.improve(self.duals, stage.heat, stage.steps)
            self.round_seconds = self.clock.elapsed - since
            if self.clock.over(until) or before - value <= SETTLED * stage.heat * abs(value):
                break
            before = value
        for number in range(stage.proven):
            if self.over() or (number > 0 and self.clock.over(until)):
                break
            if not self.find_bound(stage) and number > 0:
                break

    def _shorten(self, duals: Duals, ease: float) -> None:
        self.pricer.shorten(duals, ease)
        self.search.ground = self.pricer.near

    def find_bound(self, stage: Stage) -> bool:
        """The bound over all candidates; new trips that it finds sharpen the prices once more. Says whether it still falls."""
        before = self.found.bound
        self.duals = self.duals.settled(self.field, min(KINK * stage.heat, WIDEST_KINK))
        priced = self.pricer.price(self.duals, 0.0, EVERYBODY, over=self.over)
        if math.isfinite(priced.bound):
            refuse_hopeless(self.field, priced.ceiling)
            self._prove(priced, "bound")
            self.search.best = priced.best
        self.duals = self.master.improve(self.duals, stage.heat, stage.steps)
        self.behind = self.found.bound >= before
        return self.found.bound < before - STILL_FALLS * abs(before)

    def catch_up(self) -> None:
        """Another bound if the last was none: it found trips that the prices had not reckoned with, and now they do."""
        if self.behind:
            self.find_bound(STAGES[-1])

    def take_dive(self) -> None:
        """A plan from the prices."""
        draft, pace = copy_of(self.pins), Pace(share=share_a_step(self._steps(), LAST_CARS))
        dive(self.master, draft, self.duals, pace, lambda: self.clock.over(DIVE_UNTIL))
        old = self.search.draft
        self.search.draft = draft
        self.search.fill(self.duals)
        if self.search.score < self.search.score_of(old):
            self.search.draft = old
        self._take("dive")

    def close_gap(self) -> None:
        """Where all trips that matter can be listed: sharper prices, a better bound and a better plan, perhaps a proof."""
        closing = Closing(self.pricer, self.limits, self.found, self.clock)
        sharpened = closing.sharpen(self.duals)
        if sharpened is None:
            return
        self.duals = sharpened.duals
        self._prove(sharpened.priced, "closing")
        for _ in range(CHOICES):
            if self.over() or self.found.gap <= NARROW:
                break
            self._choose()
            self.search.improve(self.duals, HOT, HOT)
            self._take("closing")
        closing.close(sharpened)
        if self.found.score > self.search.score:
            self.search.draft = empty_draft(self.field)
            put_columns(self.field, self.search.draft, self.found.columns)

    def _choose(self) -> None:
        """A restricted master over the pool's trips that are worth it at the present prices.

        What a trip loses against its car's best, a plan with it loses against the bound.
        """
        remember(self.field, self.pricer.pool, self.search.draft)
        margin = min(MARGIN, self.found.bound - self.found.score)
        recombine(self.search, self.pricer.pool, self._values(), margin, CHOICE_EFFORT, self.clock.left())

    def _values(self) -> Floats:
        """What every trip of the pool is worth at the present prices, (cars, slots)."""
        duals, pool = self.duals.valid(self.field), self.pricer.pool
        values = np.zeros(pool.pair.shape)
        reduced_worths(self.field.ground, duals.prices(self.field), duals.rho, pool, values)
        return values

    def _steps(self) -> int:
        """How many steps of diving there is time for; they are the shorter the fewer cars are left."""
        left = self.clock.left(DIVE_UNTIL)
        if left is None:
            return MOST_STEPS
        return max(FEWEST_STEPS, min(MOST_STEPS, int(left / max(0.4 * self.round_seconds, 1e-3))))

    def polish(self, rounds: int | None) -> None:
        """Search and restricted masters in turn."""
        self.search.want(self.pricer.pool, self._values())
        best, done, begun = copy_of(self.search.draft), 0, self.clock.share()
        while (rounds is None or done < rounds) and not self.over():
            progress = (
                (self.clock.share() - begun) / max(1 - begun, 1e-9) if rounds is None else done / rounds
            )
            heat = HOT * (COLD / HOT) ** min(1.0, progress)
            if done % CHOICE_EVERY == 0 and len(self.field.cars) < MANY_CARS:
                self._choose()
            else:
                self.search.improve(self.duals, heat, heat)
            if self._take("search"):
                best = copy_of(self.search.draft)
            done += 1
        self.search.draft = best

    def _take(self, phase: str) -> bool:
        """Offer the plan as it is now."""
        score = self.search.score
        if score <= self.found.score or not keeps_pins(self.field, self.search.draft):
            return False
        draft = copy_of(self.search.draft)
        return self.found.take(score, lambda: columns_of(self.field, self.limits, draft), phase)

    def _prove(self, priced: Priced, phase: str) -> None:
        """Offer the bound of this pricing, which was at the present prices."""
        if self.proof is None or priced.bound < self.proof[1].bound:
            self.proof = self.duals.valid(self.field), priced
        self.found.prove(priced.bound, phase)

    def certificate(self, goals: Sequence[Goal] | None = None) -> Certificate:
        """The prices that prove the best bound, among all for whom the events are as `goals` say (None: as in the data)."""
        if self.proof is None:
            self._prove(self.pricer.price(self.duals, 0.0, AT_ONCE), "bound")
        if self.proof is None:
            raise AssertionError("every pricing over all candidates gives a bound")
        return certify(self.field, *self.proof, self.field.data.goals if goals is None else goals)
