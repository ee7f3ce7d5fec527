"""A bound for instances of any size: everybody goes alone to the event of their choice, at a price.

Places at events and seats in cars are paid for at prices μ and σ instead of being limited. Whatever the prices, the value
of this relaxation is a bound on the score of every plan (equations 15 to 17); a few subgradient steps make it smaller.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpool.solver.candidates import Scene
from carpool.solver.column import forced_column
from carpool.solver.data import Data
from carpool.solver.times import Floats

STEPS = 150
FLOAT_NOISE = 1e-12
"""Relative error of the sums, with room to spare: they have at most a million terms of double precision."""

Choice = tuple[int, int, float, int, int]
"""Person, event, what coming costs or keeps apart from the prices, people who come, seats given (below 0: taken)."""


@dataclass(frozen=True)
class _Choices:
    """All choices as arrays, those of one person side by side; `first` is where each person's begin.

    `optional` says of each person whether staying at home is a choice too.
    """

    event: NDArray[np.intp]
    fixed: Floats
    people: Floats
    seats: Floats
    first: NDArray[np.intp]
    owner: NDArray[np.intp]
    optional: NDArray[np.bool_]


def relaxed_bound(scene: Scene, known: float, over: Callable[[], bool]) -> float:
    """An upper bound on the score of every plan, rounded up. `known` is the score of some plan and only sets the steps."""
    data = scene.data
    choices = _make_choices(scene)
    places = _Places(data, choices)
    mu = np.array([goal.weight for goal in data.goals])
    sigma = np.zeros(len(data.goals))
    best, best_prices, eager = math.inf, (mu, sigma), 1.0
    for step in range(STEPS):
        value, mu_slope, sigma_slope = _relaxation(places, choices, mu, sigma)
        value -= data.told_total
        if value < best:
            best, best_prices = value, (mu, sigma)
        elif step % 10 == 9:
            eager, (mu, sigma) = eager / 2, best_prices
        length = float(mu_slope @ mu_slope + sigma_slope @ sigma_slope)
        if length == 0 or over():
            break
        stride = eager * max(value - known, 1e-9) / length
        mu = np.maximum(0.0, mu - stride * mu_slope)
        sigma = np.maximum(0.0, sigma - stride * sigma_slope)
    size = float(np.abs(choices.fixed).sum()) + places.largest + data.told_total + 1.0
    return math.nextafter(best + FLOAT_NOISE * size, math.inf)


class _Places:
    """The events' values V_e: who may come at most, and the best number to let in at a price."""

    def __init__(self, data: Data, choices: _Choices) -> None:
        reach = np.bincount(choices.event, weights=choices.people, minlength=len(data.goals))
        self.weight = np.array([goal.weight for goal in data.goals])
        capacity = np.minimum(np.array([goal.capacity for goal in data.goals]), reach)
        wanted = np.array([goal.wanted for goal in data.goals], dtype=np.float64)
        self.full = np.minimum(wanted, capacity)
        self.half = np.maximum(0.0, capacity - wanted)
        self.largest = float((self.weight * (self.full + self.half / 2)).sum())

    def let_in(self, mu: Floats) -> tuple[float, Floats]:
        """max over n of V_e(n) − μ_e n, summed over the events, and the maximising n of each: equation (16)."""
        gain_full, gain_half = self.weight - mu, self.weight / 2 - mu
        value = np.maximum(gain_full, 0.0) * self.full + np.maximum(gain_half, 0.0) * self.half
        let_in: Floats = np.where(gain_full > 0, self.full, 0.0) + np.where(gain_half > 0, self.half, 0.0)
        return float(value.sum()), let_in


def _relaxation(
    places: _Places, choices: _Choices, mu: Floats, sigma: Floats
) -> tuple[float, Floats, Floats]:
    """The relaxation's value at these prices, and its slopes in μ and σ: equation (17)."""
    value, let_in = places.let_in(mu)
    events = len(mu)
    if not len(choices.event):
        return value, -let_in, np.zeros(events)
    worth = choices.fixed + choices.people * mu[choices.event] + choices.seats * sigma[choices.event]
    best = np.maximum.reduceat(worth, choices.first)
    goes = ~choices.optional | (best > 0)
    value += float(best[goes].sum())
    # The first of equally good choices is the one that counts in the slope.
    top = np.flatnonzero(worth == best[choices.owner])
    chosen = top[np.unique(choices.owner[top], return_index=True)[1]]
    chosen = chosen[goes[choices.owner[chosen]]]
    event = choices.event[chosen]
    coming: Floats = np.bincount(event, weights=choices.people[chosen], minlength=events).astype(np.float64)
    given: Floats = np.bincount(event, weights=choices.seats[chosen], minlength=events).astype(np.float64)
    return value, coming - let_in, given


def _make_choices(scene: Scene) -> _Choices:
    rows = sorted(_all_choices(scene), key=lambda choice: choice[0])
    columns = np.array(rows, dtype=np.float64).reshape(-1, 5)
    person = columns[:, 0].astype(np.intp)
    people, first, owner = np.unique(person, return_index=True, return_inverse=True)
    bound = {*scene.data.pins, *scene.data.held}
    optional = np.array([p not in bound for p in people.tolist()], dtype=bool)
    event = columns[:, 1].astype(np.intp)
    return _Choices(
        event, columns[:, 2], columns[:, 3], columns[:, 4], first, owner.astype(np.intp), optional
    )


def _all_choices(scene: Scene) -> Iterator[Choice]:
    """What each person may do in some plan, and never less than it is worth there."""
    data, forced = scene.data, set[int]()
    for driver, pin in data.pins.items():
        if pin.force:
            column = forced_column(data, scene.limits, driver)
            cost = column.minutes / data.instance.minutes_per_volunteer
            yield driver, pin.event, column.kept - cost, column.people, 0
            forced |= set(column.members)
    for driver, car in data.cars.items():
        if driver not in forced:
            for pair in scene.reach.pairs(driver):
                direct = pair.direct_out if data.times.triangle else 0.0
                fixed = data.kept(driver, driver, pair.event) - direct / data.instance.minutes_per_volunteer
                yield driver, pair.event, fixed, car.party, car.seats
    yield from _rides(scene, forced)


def _rides(scene: Scene, forced: set[int]) -> Iterator[Choice]:
    """Riders to every event in reach, for at least the dwell and the shortest walk."""
    data, crowd = scene.data, scene.crowd
    for event in range(len(data.goals)):
        view = crowd.view(event)
        rows = view.rows[(view.ready >= 0) & (view.home >= 0)] if data.times.triangle else view.rows
        cheapest: dict[int, float] = {}
        for person, minutes in zip(
            crowd.person[rows].tolist(), (crowd.walk[rows] + crowd.dwell[rows]).tolist(), strict=True
        ):
            cheapest[person] = min(minutes, cheapest.get(person, math.inf))
        for person, minutes in cheapest.items():
            if person in forced:
                continue
            passenger, told = data.passengers[person], data.told.get(person)
            driver = None if told is None or told.driver == person else told.driver
            kept = 0.0 if driver is None else data.kept(person, driver, event)
            fixed = kept - minutes / data.instance.minutes_per_volunteer
            yield person, event, fixed, passenger.party, -passenger.party
