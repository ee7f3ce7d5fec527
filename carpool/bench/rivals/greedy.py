"""Greedy by weight: drivers to the event where they count most, riders by best insertion, in several passes."""

from time import monotonic

import numpy as np

from carpool.bench.rivals.arrays import Floats, Ints
from carpool.bench.rivals.draft import Draft
from carpool.bench.rivals.loops import choose_again, choose_by_weight, insert_all, send_home
from carpool.instance import Instance
from carpool.plan import Trip

MOST_PASSES = 5
CARS_AT_ONCE = 50
"""How many cars choose between two looks at the clock."""


def solve_greedily(instance: Instance, seconds: float, seed: int, workers: int) -> list[Trip]:
    """Trips by the greedy rule. One thread; the passes end early when the `seconds` are over.

    Each driver takes the event where the driver's people and the riders to be expected count most, each rider the car
    and the place in its order of stops that gain most. Then drivers without riders choose anew by what is left, the
    riders without a lift who can drive choose with them, and the riders left try again.
    """
    until = monotonic() + seconds
    draft = Draft(instance)
    cars = _first_choice(draft, seed)
    for number in range(MOST_PASSES):
        _insert(draft, seed + number)
        send_home(draft.scene, draft.state, cars)
        both = np.concatenate([draft.shuffled(draft.free_cars, seed + number), draft.spare_cars])
        choose_by_weight(draft.scene, draft.state, both, np.zeros(len(draft.scene.cars.seats)))
        if monotonic() > until:
            break
    _insert(draft, seed + MOST_PASSES)
    return draft.trips()


def solve_in_one_pass(instance: Instance, seconds: float, seed: int, workers: int) -> list[Trip]:
    """The same, but nobody is asked twice: every driver chooses once, then every rider."""
    draft = Draft(instance)
    _first_choice(draft, seed)
    _insert(draft, seed)
    return draft.trips()


def solve_trip_by_trip(instance: Instance, seconds: float, seed: int, workers: int) -> list[Trip]:
    """The same but for the later passes: a driver without riders looks at the riders before choosing the event."""
    until = monotonic() + seconds
    draft = Draft(instance)
    _complete(draft, _first_choice(draft, seed), seed, until)
    return draft.trips()


def _complete(draft: Draft, cars: Ints, seed: int, until: float) -> None:
    """Best insertion of everybody left, and the best trip at all events for cars without riders, until nothing changes.

    `cars` are the drivers who may be sent elsewhere as long as they have no riders; the riders who could drive join
    them after the first pass.
    """
    for number in range(MOST_PASSES):
        changed = _insert(draft, seed + number)
        both = np.concatenate([cars, draft.shuffled(draft.spare_cars, seed + number)])
        for some in np.array_split(both, 1 + len(both) // CARS_AT_ONCE):
            if monotonic() < until:
                riders = draft.free_riders
                changed += choose_again(draft.scene, draft.state, some, riders, draft.heaviest_first)
        if changed == 0 or monotonic() > until:
            break


def finish(draft: Draft, seed: int) -> None:
    """What a rival that cannot be told everything leaves over: best insertion of the riders, then of those who can drive."""
    _insert(draft, seed)
    both = np.concatenate([draft.shuffled(draft.free_cars, seed), draft.spare_cars])
    choose_by_weight(draft.scene, draft.state, both, np.zeros(len(draft.scene.cars.seats)))
    _insert(draft, seed)


def _first_choice(draft: Draft, seed: int) -> Ints:
    """Send the drivers out, groups with their own driver first; the drivers who may change their mind later."""
    draft.insert_groups()
    cars = draft.shuffled(draft.free_cars, seed)
    choose_by_weight(draft.scene, draft.state, cars, expected_riders(draft))
    draft.insert_groups()
    return cars


def _insert(draft: Draft, seed: int) -> int:
    riders = draft.shuffled(draft.free_riders, seed)
    return insert_all(draft.scene, draft.state, riders, draft.heaviest_first)


def expected_riders(draft: Draft) -> Floats:
    """How many people each car will take beside its own, if the riders spread evenly over all seats; (cars,)."""
    seats = draft.scene.cars.seats.astype(np.float64)
    people = float(draft.scene.riders.party.sum())
    return seats * min(1.0, people / max(1.0, float(seats[: len(draft.instance.drivers)].sum())))
