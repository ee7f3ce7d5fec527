"""What one more car is worth: by hand, against brute force, and against solving everything again."""

from dataclasses import replace

import pytest

from carpool import CarWorth, one_more_car, solve
from carpool.certificate import Certificate
from carpool.errors import CarpoolError
from carpool.geo.constituency import postcode_districts
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.place import Place
from carpool.geo.travel import road_minutes
from carpool.instance import Driver, Instance, PublishedTrip
from carpool.pairs import Pairs
from carpool.plan import Plan
from carpool.worth.car import possible_drivers
from tests.carpool.build import a_driver, a_matrix, a_plan, a_rider, a_trip, an_event, an_instance
from tests.carpool.solver.crowds import a_crowd
from tests.carpool.worth.prices import prices_of

HENDON = an_event()
ST_ALBANS = postcode_districts()["AL1"]
FREE = Certificate(bound=10.0, events={"e": 1.0})
"""Everybody who comes counts in full, and no seat is wanted elsewhere."""


def waiting(count: int) -> Instance:
    """So many riders at the middle of AL1, nobody who drives, and an event in Hendon."""
    riders = [a_rider(f"r{n}", lat=ST_ALBANS.lat, lon=ST_ALBANS.lon) for n in range(count)]
    return an_instance(*riders, events=(HENDON,))


def by_district(worths: tuple[CarWorth, ...]) -> dict[str, CarWorth]:
    return {worth.district: worth for worth in worths}


def drive(place: Place, crossing: float = 0.0) -> float:
    """Minutes to Hendon on the mainland's roads."""
    return road_minutes(Place(place.lat, place.lon), Place(HENDON.lat, HENDON.lon), {}) + crossing


@pytest.mark.parametrize(("people", "brought"), [(0, 0), (2, 2), (3, 3), (9, 3)])
def test_a_car_where_people_wait_is_worth_its_driver_and_as_many_as_have_seats(
    people: int, brought: int
) -> None:
    found = one_more_car(waiting(people), a_plan(), FREE)
    best, expected = found[0], 1 + brought - (drive(ST_ALBANS) + 2 * brought) / 1000
    here = by_district(found)["AL1"]
    assert here.predicted == pytest.approx(expected, abs=1e-9)
    assert (here.event, len(set(here.riders))) == ("e", brought)
    assert best.confirmed is not None and best.confirmed == pytest.approx(best.predicted, abs=1e-9)
    assert best.predicted >= here.predicted - 1e-9


def test_a_district_off_the_way_of_everybody_brings_its_driver_alone() -> None:
    found = by_district(one_more_car(waiting(3), a_plan(), FREE))
    assert found["RM1"].riders == ()
    assert found["RM1"].predicted == pytest.approx(1 - drive(postcode_districts()["RM1"]) / 1000, abs=1e-9)
    assert "TR1" not in found, "no car from Truro is there within two hours"


def test_nobody_is_needed_at_a_full_event() -> None:
    neighbour = a_driver(seats=0, lat=HENDON.lat, lon=HENDON.lon)
    full = replace(waiting(3), events=(replace(HENDON, wanted=1, capacity=1),), drivers=(neighbour,))
    found = one_more_car(full, a_plan(a_trip("d", "e")), Certificate(bound=1.0), confirm=2)
    assert {worth.predicted for worth in found} == {0.0}
    assert [worth.confirmed for worth in found[:3]] == [0.0, 0.0, None]
    assert found[0].event is None and found[0].riders == ()


def test_prices_are_taken_off_and_people_who_have_a_seat_cost_theirs() -> None:
    instance = replace(waiting(3), drivers=(a_driver("d", lat=ST_ALBANS.lat, lon=ST_ALBANS.lon),))
    plan = a_plan(a_trip("d", "e", "r0", "r1", "r2"))
    prices = Certificate(bound=4.0, events={"e": 0.5}, people={"r0": 0.4, "r1": 0.5, "r2": 0.6})
    here = by_district(one_more_car(instance, plan, prices, confirm=60))["AL1"]
    assert here.riders == ("r0",)
    assert here.predicted == pytest.approx(0.5 + 0.1 - (drive(ST_ALBANS) + 2) / 1000, abs=1e-9)
    assert here.confirmed == pytest.approx(1 - drive(ST_ALBANS) / 1000, abs=1e-9), (
        "all four sit in the old car"
    )


def test_the_best_are_confirmed_and_stand_first() -> None:
    found = one_more_car(a_crowd(10, 30, 3), a_plan(), prices_of(a_crowd(10, 30, 3)), confirm=4)
    confirmed = [worth.confirmed for worth in found]
    assert all(rise is not None and rise >= 0 for rise in confirmed[:4])
    assert confirmed[:4] == sorted((rise or 0.0 for rise in confirmed[:4]), reverse=True)
    assert set(confirmed[4:]) == {None}
    predicted = [worth.predicted for worth in found]
    assert predicted[4:] == sorted(predicted[4:], reverse=True)
    assert min(predicted[:4]) >= predicted[4] and len(found) == len(by_district(found))


def test_an_island_is_as_far_as_its_crossing() -> None:
    ryde = postcode_districts()["PO33"]
    crossings = {"isle-of-wight": 30.0}
    there = replace(HENDON, lat=ryde.lat, lon=ryde.lon, island="isle-of-wight")
    found = by_district(
        one_more_car(an_instance(events=(there,), crossings=crossings), a_plan(), FREE, confirm=0)
    )
    portsmouth = postcode_districts()["PO1"]
    assert found["PO33"].predicted == pytest.approx(1.0, abs=1e-9)
    away = road_minutes(portsmouth, ryde, crossings)
    assert away > 30 and found["PO1"].predicted == pytest.approx(1 - away / 1000, abs=1e-9)


def test_an_island_that_the_instance_does_not_name_has_the_usual_crossing() -> None:
    portsmouth, ryde = postcode_districts()["PO1"], postcode_districts()["PO33"]
    here = replace(HENDON, lat=portsmouth.lat, lon=portsmouth.lon)
    found = by_district(one_more_car(an_instance(events=(here,)), a_plan(), FREE, confirm=3))
    minutes = road_minutes(ryde, portsmouth, CROSSING_MINUTES)
    assert found["PO33"].predicted == pytest.approx(1 - minutes / 1000, abs=1e-9)
    assert found["PO1"].confirmed == pytest.approx(1.0, abs=1e-9)


def test_what_people_were_told_counts_for_the_rise() -> None:
    away = a_rider("far", lat=51.9, lon=-0.5)
    instance = an_instance(a_driver(seats=1), a_rider(), away, published=(PublishedTrip("d", "e", ("r",)),))
    found = one_more_car(instance, a_plan(a_trip("d", "e", "r")), FREE, confirm=20)
    again = by_district(found)[found[0].district]
    driver = possible_drivers(instance)[again.district]
    rise = _optimum(_with(instance, driver)) - _optimum(instance)
    assert again.confirmed == pytest.approx(rise, abs=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_predictions_bound_the_rise_and_confirmations_reach_it(seed: int) -> None:
    instance = a_crowd(6, 24, 3, seed=seed)
    plan, certificate = solve(instance, seconds=None, rounds=20), prices_of(instance)
    found = one_more_car(instance, plan, certificate, confirm=3, seconds_each=None)
    for worth in (*found[:4], found[len(found) // 2], found[-1]):
        driver = possible_drivers(instance)[worth.district]
        optimum = _optimum(_with(instance, driver))
        assert optimum <= certificate.bound + worth.predicted + 1e-9
        if worth.confirmed is not None:  # So few people are matched anew as a whole.
            assert worth.confirmed == pytest.approx(optimum - (plan.score or 0.0), abs=1e-7)


def test_the_certificate_of_a_poor_plan_still_bounds_what_a_car_adds() -> None:
    instance = a_crowd(6, 24, 3)
    found = one_more_car(instance, a_plan(), prices_of(instance), confirm=1)
    least = one_more_car(instance, solve(instance, seconds=None, rounds=20), prices_of(instance), confirm=1)
    assert found[0].confirmed == pytest.approx(least[0].confirmed, abs=1e-7), (
        "more search is not the car's doing"
    )


def test_somebody_may_have_the_name_of_the_new_driver() -> None:
    instance = replace(waiting(3), drivers=(a_driver("car from AL1"), a_driver("car from AL1'")))
    assert possible_drivers(instance)["AL1"].id == "car from AL1''"
    assert by_district(one_more_car(instance, a_plan(), FREE, confirm=1))["AL1"].predicted > 3.9


def test_without_events_no_district_reaches_one() -> None:
    assert one_more_car(an_instance(a_rider(), events=()), a_plan(), Certificate(bound=0.0)) == ()


def test_whoever_says_stop_gets_the_predictions() -> None:
    found = one_more_car(waiting(3), a_plan(), FREE, stop=lambda: True)
    assert {worth.confirmed for worth in found} == {None}


def test_a_matrix_has_no_districts() -> None:
    with pytest.raises(CarpoolError, match="no postcode districts"):
        one_more_car(an_instance(a_driver(), matrix=a_matrix(2)), a_plan(), FREE)
    with pytest.raises(CarpoolError, match="no drives but those given has no postcode districts"):
        one_more_car(an_instance(a_driver(), pairs=Pairs(otherwise=None)), a_plan(), FREE)


def test_the_plan_must_be_one_of_the_instance() -> None:
    with pytest.raises(CarpoolError, match="breaks a rule"):
        one_more_car(waiting(3), a_plan(a_trip("stranger", "e")), FREE)


def _with(instance: Instance, driver: Driver) -> Instance:
    crossings = {**CROSSING_MINUTES, **instance.crossings}
    return replace(instance, drivers=(*instance.drivers, driver), crossings=crossings)


def _optimum(instance: Instance) -> float:
    plan: Plan = solve(instance, seconds=None, rounds=20)
    assert plan.status == "optimal" and plan.score is not None
    return plan.score
