"""The engine's certificates, judged by the verifier, which shares no code with the pricing."""

from hypothesis import given, settings

from carpool.certificate import Certificate
from carpool.generate import generate
from carpool.instance import Instance
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
