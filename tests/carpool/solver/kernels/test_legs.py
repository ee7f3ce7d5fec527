"""Minutes in the inner loops, against the travel model that the judge asks."""

import numpy as np
from hypothesis import given, settings

from carpool.instance import Instance
from carpool.solver.data import compile_data
from carpool.solver.ground import make_ground
from carpool.solver.kernels.ground import least, leg
from carpool.solver.limits import Limits
from tests.carpool.strategies import instances


@settings(max_examples=100, deadline=None)
@given(instances(pinned=False))
def test_legs_are_those_of_the_travel_model(instance: Instance) -> None:
    land = make_ground(data := compile_data(instance), Limits(data)).ground.land
    size = len(instance.places)
    for a in range(size):
        for b in range(size):
            minutes = instance.travel.minutes(a, b)
            assert np.isclose(leg(land, a, b), minutes, rtol=0, atol=1e-9)
            assert least(land, a, b) <= minutes + 1e-9


@settings(max_examples=50, deadline=None)
@given(instances(pinned=False))
def test_no_detour_undercuts_the_least_minutes(instance: Instance) -> None:
    land = make_ground(data := compile_data(instance), Limits(data)).ground.land
    size = len(instance.places)
    low = np.array([[least(land, a, b) for b in range(size)] for a in range(size)]).reshape(size, size)
    for middle in range(size):
        assert (low <= low[:, middle, None] + low[None, middle, :] + 1e-9).all()
