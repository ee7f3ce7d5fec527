"""Minutes of single pairs: the same plans as with the whole table, bounds that hold, and more places than a table has."""

import json
import math
from array import array
from dataclasses import replace

import numpy as np
import pytest

import carpool.verify.ground
from carpool.certificate import Certificate
from carpool.check import violations
from carpool.errors import InvalidInstance
from carpool.faults.minutes import LARGEST_MATRIX
from carpool.files import instance_from_json, instance_to_json
from carpool.generate import generate
from carpool.geo.pair_travel import PairTravel
from carpool.instance import Instance, PinnedTrip
from carpool.pairs import Pairs
from carpool.plan import Reason
from carpool.solver.data import compile_data
from carpool.solver.ground import make_ground
from carpool.solver.growth import Budget
from carpool.solver.kernels.scratch import NOTHING
from carpool.solver.limits import Limits
from carpool.solver.pinned import refuse_hopeless
from carpool.solver.solve import solve
from carpool.verify import verify
from tests.carpool.build import a_driver, a_matrix, a_rider, an_instance
from tests.carpool.solver.crowds import a_crowd

NO_BUDGET = Budget(labels=0, columns=0)


def on_real_roads(
    instance: Instance, within: float = math.inf, otherwise: str | None = "gb-road-1"
) -> Instance:
    """The instance with minutes such as a router gives, of all drives of at most so many minutes by the model.

    Slower in some parts of the country than in others, and not the same there and back.
    """
    size = len(instance.places)
    start, end = (axis.ravel() for axis in np.divmod(np.arange(size * size), size))
    road = instance.travel.legs(start, end)
    near = (start != end) & (road <= within)
    start, end, road = start[near], end[near], road[near]
    lat, lon = np.array([(place.lat, place.lon) for place in instance.places]).T
    slow = 1.1 + 0.2 * np.sin(9 * (lat[start] + lat[end])) * np.cos(7 * (lon[start] + lon[end]))
    minutes = road * slow * (1 + 0.03 * np.sin(0.7 * start))
    pairs = Pairs(
        array("i", start.astype(np.int32).tobytes()),
        array("i", end.astype(np.int32).tobytes()),
        array("d", minutes.tobytes()),
        otherwise,
    )
    return replace(instance, pairs=pairs)


def tabled(instance: Instance) -> Instance:
    """The same minutes as a matrix."""
    everywhere = range(len(instance.places))
    rows = instance.travel.table(everywhere, everywhere).tolist()
    matrix = tuple(tuple(None if math.isinf(m) else m for m in row) for row in rows)
    return replace(instance, pairs=None, matrix=matrix)


@pytest.mark.parametrize("otherwise", ["gb-road-1", None])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_engine_finds_with_pairs_what_it_finds_with_the_table(seed: int, otherwise: str | None) -> None:
    """Each plan is one of the other's instance, and neither is better than the other's bound."""
    singly = on_real_roads(a_crowd(20, 40, seed), within=45.0, otherwise=otherwise)
    table = tabled(singly)
    plans = [solve(one, seconds=None, rounds=5, budget=NO_BUDGET) for one in (singly, table)]
    for plan, other in zip(plans, plans[::-1], strict=True):
        assert violations(singly, plan) == violations(table, plan) == []
        assert plan.score is not None
        assert other.bound is not None
        assert plan.score <= other.bound + 1e-9
        assert plan.score >= 0.98 * other.bound
        assert (plan.volunteers or 0) > 20


@pytest.mark.parametrize("largest", [LARGEST_MATRIX, 0])
def test_certificates_of_pairs_hold(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the shortest ways between all places, and by what stands for them where there are too many."""
    monkeypatch.setattr(carpool.verify.ground, "LARGEST_MATRIX", largest)
    instance, certificates = on_real_roads(a_crowd(12, 25, 3), within=45.0), list[Certificate]()
    solve(instance, seconds=None, rounds=1, budget=NO_BUDGET, certify=certificates.append)
    verdict = verify(instance, certificates[0])
    assert verdict.holds, verdict.objections()
    assert verdict.bound == pytest.approx(certificates[0].bound)


def test_more_places_than_a_table_may_have() -> None:
    """A region on real road times: stored, read again, planned, explained and judged."""
    instance = on_real_roads(replace(generate(2100, seed=1), pinned=(), published=()), within=20.0)
    assert len(instance.places) > LARGEST_MATRIX
    assert isinstance(instance.travel, PairTravel)
    again = instance_from_json(json.loads(json.dumps(instance_to_json(instance))))
    assert again == instance
    plan = solve(again, seconds=None, rounds=1)
    assert violations(instance, plan) == []
    assert plan.score is not None
    assert plan.bound is not None
    assert plan.unmatched is not None
    assert plan.score >= 0.95 * plan.bound
    assert len(plan.unmatched) + sum(len(trip.riders) + 1 for trip in plan.trips) == len(instance.index)
    assert {left.reason for left in plan.unmatched} > {Reason.NOT_WORTH_THE_DRIVE}


def a_hopeless_pin() -> Instance:
    """A driver who cannot drive home from the event within half an hour, whoever else would be dropped on the way."""
    people = [a_rider(f"r{n}") for n in range(30)]
    event = len(people) + 2
    home = {f"_{place}_1": 100.0 for place in range(event)} | {f"_{event}_1": 35.0}
    far = a_driver("far", max_travel_minutes=30.0, seats=8)
    matrix = a_matrix(event + 1, 1.0, **home)
    return an_instance(a_driver("d"), far, *people, matrix=matrix, pinned=(PinnedTrip("far", "e"),))


def test_a_plan_without_a_pinned_trip_is_none() -> None:
    """With so many ways round nobody looks at all of them, before or while solving: no plan is better than a wrong one."""
    with pytest.raises(InvalidInstance, match="pinned"):
        solve(a_hopeless_pin(), seconds=None, rounds=1, budget=NO_BUDGET)


def test_a_pinned_car_for_which_pricing_finds_no_trip_is_named() -> None:
    data = compile_data(a_hopeless_pin())
    field = make_ground(data, Limits(data))
    ceilings = np.where(field.ground.cars.pinned, NOTHING, 0.0)
    with pytest.raises(InvalidInstance, match=r'^pinned\[0\]: "far" to "e": no plan can keep it: no stops'):
        refuse_hopeless(field, ceilings)
    refuse_hopeless(field, np.zeros(len(field.cars)))
