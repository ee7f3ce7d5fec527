"""A bound for instances of any size: everybody goes alone to the event of their choice, at a price.

Places at events and seats in cars are paid for at prices μ and σ instead of being limited. Whatever the prices, the value
of this relaxation is a bound on the score of every plan (equations 15 to 17); a few subgradient steps make it smaller.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from carpool.solver.candidates import Scene
from carpool.solver.column import Column, forced_column, worth
from carpool.solver.data import Data
from carpool.solver.fleet import Fleet
from carpool.solver.times import Floats

STEPS = 150
STEPS_IN_ANY_CASE = 40
"""Fewer leave the bound so far off that the fraction of a second they take is better spent than saved."""

FLOAT_NOISE = 1e-12
"""Relative error of the sums, with room to spare: they have at most a million terms of double precision."""


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
        if length == 0 or (step >= STEPS_IN_ANY_CASE and over()):
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


@dataclass(frozen=True)
class _Part:
    """Choices side by side, in no order: person, event, fixed worth, people who come, seats given."""

    person: NDArray[np.intp]
    event: NDArray[np.intp]
    fixed: Floats
    people: Floats
    seats: Floats


def _make_choices(scene: Scene) -> _Choices:
    """What each person may do in some plan, and never less than it is worth there."""
    data = scene.data
    forced = [forced_column(data, scene.limits, driver) for driver, pin in data.pins.items() if pin.force]
    parts = [_forced(data, forced)]
    taken = np.array(sorted({person for column in forced for person in column.members}), dtype=np.intp)
    fleet = Fleet(data)
    for event in range(len(data.goals)):
        parts += [_drives(data, fleet, event, taken), _rides(scene, event, taken)]
    person = np.concatenate([part.person for part in parts])
    order = np.argsort(person, kind="stable")
    people, first, owner = np.unique(person[order], return_index=True, return_inverse=True)
    bound = np.array(sorted({*data.pins, *data.held}), dtype=np.intp)
    return _Choices(
        event=np.concatenate([part.event for part in parts])[order],
        fixed=np.concatenate([part.fixed for part in parts])[order],
        people=np.concatenate([part.people for part in parts])[order],
        seats=np.concatenate([part.seats for part in parts])[order],
        first=first,
        owner=owner.astype(np.intp),
        optional=~np.isin(people, bound),
    )


def _forced(data: Data, columns: Sequence[Column]) -> _Part:
    """Forced trips, each wholly the driver's choice."""
    return _Part(
        person=np.array([column.driver for column in columns], dtype=np.intp),
        event=np.array([column.event for column in columns], dtype=np.intp),
        fixed=np.array([worth(data, column) for column in columns], dtype=np.float64),
        people=np.array([column.people for column in columns], dtype=np.float64),
        seats=np.zeros(len(columns)),
    )


def _drives(data: Data, fleet: Fleet, event: int, taken: NDArray[np.intp]) -> _Part:
    """Who may drive to this event, for at least the direct minutes where a detour is never a short cut."""
    distances = fleet.distances(event)
    cars = np.flatnonzero(distances.in_time & ~np.isin(fleet.person, taken))
    person = fleet.person[cars]
    minutes = distances.out[cars] if data.times.triangle else np.zeros(len(cars))
    return _Part(
        person=person,
        event=np.full(len(cars), event),
        fixed=_kept(data, person, event, driving=True) - minutes / data.instance.minutes_per_volunteer,
        people=fleet.party[cars].astype(np.float64),
        seats=fleet.seats[cars].astype(np.float64),
    )


def _rides(scene: Scene, event: int, taken: NDArray[np.intp]) -> _Part:
    """Who may ride to this event, for at least the dwell and the shortest walk."""
    data, crowd, view = scene.data, scene.crowd, scene.crowd.view(event)
    rows = view.rows[(view.ready >= 0) & (view.home >= 0)] if data.times.triangle else view.rows
    rows = rows[~np.isin(crowd.person[rows], taken)]
    person, first, owner = np.unique(crowd.person[rows], return_index=True, return_inverse=True)
    minutes = np.full(len(person), math.inf)
    np.minimum.at(minutes, owner, crowd.walk[rows] + crowd.dwell[rows])
    party = crowd.party[rows][first].astype(np.float64)
    return _Part(
        person=person,
        event=np.full(len(person), event),
        fixed=_kept(data, person, event, driving=False) - minutes / data.instance.minutes_per_volunteer,
        people=party,
        seats=-party,
    )


def _kept(data: Data, people: NDArray[np.intp], event: int, driving: bool) -> Floats:
    """The change penalty that each saves at this event at most, at the wheel or in the car of whoever they were told."""
    kept = np.zeros(len(people))
    for index, person in enumerate(people.tolist() if data.told else ()):
        told = data.told.get(person)
        if told is not None and told.driver is not None and driving == (told.driver == person):
            kept[index] = data.kept(person, told.driver, event)
    return kept
