"""The engine's certificates, judged by the verifier, which shares no code with the pricing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from carpool.certificate import Certificate
from carpool.generate import generate
from carpool.instance import Driver, Event, Instance, PinnedTrip, Rider
from carpool.pins import pin_faults
from carpool.solver.growth import Budget
from carpool.solver.solve import solve
from carpool.verify import verify
from tests.carpool.brute_force import best_plan
from tests.carpool.strategies import instances

NO_BUDGET = Budget(labels=0, columns=0)


def certificate_of(instance: Instance, rounds: int = 1) -> Certificate:
    certificates: list[Certificate] = []
    solve(instance, seconds=None, rounds=rounds, workers=1, budget=NO_BUDGET, certify=certificates.append)
    return certificates[0]


@settings(max_examples=40, deadline=None)
@given(instances())
def test_certificates_hold_and_their_bound_is_never_below_the_optimum(instance: Instance) -> None:
    if pin_faults(instance):
        return
    verdict = verify(instance, certificate_of(instance))
    assert verdict.holds, verdict.objections()
    assert verdict.bound >= best_plan(instance).score - 1e-9


def test_the_bound_for_three_hundred_people_is_verified() -> None:
    instance = generate(300, seed=21)
    certificate = certificate_of(instance)
    verdict = verify(instance, certificate)
    assert verdict.holds, verdict.objections()
    assert abs(verdict.bound - certificate.bound) <= 1e-6 * abs(certificate.bound)


def test_who_proves_by_enumeration_gets_a_certificate_too() -> None:
    instance, certificates = generate(30, seed=5), list[Certificate]()
    plan = solve(instance, seconds=None, rounds=1, certify=certificates.append)
    assert plan.gap == 0.0
    assert verify(instance, certificates[0]).holds


def test_a_pinned_rider_brings_the_whole_group() -> None:
    """r1 is not in the pin, but must be where r0 is: every trip of the pinned car has both."""
    start = datetime(2029, 5, 3, 10, tzinfo=UTC)
    instance = Instance(
        events=(Event("e1", 51.6, -0.23, start, start + timedelta(hours=3), wanted=40),),
        drivers=tuple(Driver(f"d{n}", 51.64 + 0.01 * n, -0.25, seats=3) for n in (1, 2)),
        riders=tuple(Rider(f"r{n}", 51.62 + 0.002 * n, -0.24) for n in range(8)),
        together=(("r0", "r1"),),
        pinned=(PinnedTrip("d1", "e1", ("r0",)),),
    )
    exact = solve(instance, seconds=None, rounds=1)
    engine = solve(instance, seconds=None, rounds=1, budget=NO_BUDGET)
    assert engine.score == pytest.approx(exact.score)
    assert verify(instance, certificate_of(instance)).holds
