"""Nearest car first, as products that list lifts do it: each driver goes to the nearest event, each rider asks nearby."""

import numpy as np

from carpool.bench.rivals.draft import Draft
from carpool.bench.rivals.loops import choose_nearest, insert_by_distance
from carpool.instance import Instance
from carpool.plan import Trip


def solve_by_distance(instance: Instance, seconds: float, seed: int, workers: int) -> list[Trip]:
    """Trips by the nearest-car rule, riders in the order in which they signed up. One thread; it ends by itself."""
    draft = Draft(instance)
    draft.insert_groups()
    choose_nearest(draft.scene, draft.state, np.sort(draft.free_cars))
    draft.insert_groups()
    insert_by_distance(draft.scene, draft.state, np.sort(draft.free_riders))
    return draft.trips()
