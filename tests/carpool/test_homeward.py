"""People who are at an event already: rules, score, best plan and words of their way home, and that nobody else is touched."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool.certificate import Certificate
from carpool.check import Rule, violations
from carpool.errors import InvalidInstance
from carpool.explain import explain
from carpool.files import dumps, instance_from_json, instance_to_json, plan_from_json, plan_to_json
from carpool.generate import generate
from carpool.homeward import main_part, part
from carpool.instance import Driver, Instance, PickupPlace, PinnedTrip, PublishedTrip, Rider
from carpool.pins import pin_faults
from carpool.plan import Drop, Plan, Status, Stop, Trip
from carpool.score import home_worth, score
from carpool.solver.growth import Budget
from carpool.solver.incumbent import Progress
from carpool.solver.solve import solve
from carpool.verify import verify
from tests.carpool.brute_force import best_plan
from tests.carpool.build import a_driver, a_matrix, a_rider, a_written_plan, an_event, an_instance, at
from tests.carpool.strategies import instances

STATION = PickupPlace("station", 51.71, -0.30, walk_minutes=9.0)
CAR = a_driver("car", at="e")
STRANDED = a_rider("r", at="e")
BACK = Trip("car", "e", back=(Drop("r"),))


def solved(instance: Instance, budget: Budget | None = None) -> Plan:
    return solve(instance, seconds=None, rounds=20, budget=budget or Budget())


def rules(instance: Instance, *trips: Trip) -> set[Rule]:
    return {violation.rule for violation in violations(instance, Plan(trips=trips))}


@st.composite
def with_people_at_events(draw: st.DrawFn) -> Instance:
    """A small instance some of whose people are at an event, with whom they came with in their cars."""
    base = draw(instances(drivers=3, riders=4, pinned=False).filter(lambda found: bool(found.events)))
    where = st.sampled_from([None, *(event.id for event in base.events), base.events[0].id])
    place = {person: draw(where) for person in base.index}
    drivers = tuple(_driver(driver, place[driver.id]) for driver in base.drivers)
    riders = tuple(_rider(rider, place[rider.id]) for rider in base.riders)
    together = tuple(group for group in base.together if len({place[person] for person in group}) == 1)
    instance = replace(base, drivers=drivers, riders=riders, together=together)
    pins, free = [], [rider.id for rider in riders]
    for driver in drivers:
        with_them = [rider for rider in free if place[rider] == driver.at]
        if draw(st.sampled_from([True, False, False])) and with_them:
            flags = {"full": draw(st.booleans()), "force": draw(st.sampled_from([False, False, True]))}
            pins.append(PinnedTrip(driver.id, driver.at or base.events[0].id, (with_them[0],), **flags))
            free.remove(with_them[0])
    return replace(instance, pinned=tuple(pins))


def _driver(driver: Driver, where: str | None) -> Driver:
    return driver if where is None else replace(driver, at=where, way_back=True)


def _rider(rider: Rider, where: str | None) -> Rider:
    return rider if where is None else replace(rider, at=where, way_back=True, can_drive=None)


@settings(max_examples=100, deadline=None)
@given(with_people_at_events())
def test_engine_exact_solver_and_enumerator_agree(instance: Instance) -> None:
    best = best_plan(instance)
    if pin_faults(instance):
        assert best.trips is None
        return
    exact, searched = solved(instance), solved(instance, Budget(labels=0, columns=0))
    for plan in (exact, searched):
        assert violations(instance, plan) == []
        assert plan.score is not None
        assert plan.score <= best.score + 1e-9
        assert (plan.bound or 0.0) >= best.score - 1e-9
    assert exact.score == pytest.approx(best.score, abs=1e-9)
    assert exact.status is Status.OPTIMAL
    assert plan_from_json(json.loads(dumps(plan_to_json(exact)))) == exact
    assert instance_from_json(instance_to_json(instance)) == instance


@settings(max_examples=60, deadline=None)
@given(with_people_at_events())
def test_nobody_is_left_whom_a_car_could_take_and_nobody_else_is_touched(instance: Instance) -> None:
    if pin_faults(instance):
        return
    plan = solved(instance)
    assert [t for t in plan.trips if t.driver not in instance.at_events] == list(
        solved(main_part(instance)).trips
    )
    taken = {person for trip in plan.trips for person in (trip.driver, *trip.riders)}
    for trip in plan.trips:
        for rider in instance.riders:
            if rider.at == instance.driver_by_id[trip.driver].at and rider.at and rider.id not in taken:
                for place in (None, *(place.id for place in rider.places)):
                    for gap in range(len(trip.back or ()) + 1):
                        back = [*(trip.back or ())]
                        back.insert(gap, Drop(rider.id, place=place))
                        drops = tuple(replace(drop, at=None) for drop in back)
                        others = [other for other in plan.trips if other is not trip]
                        longer = Plan(trips=(*others, Trip(trip.driver, trip.event, back=drops)))
                        assert violations(instance, replace(longer)) != []


def test_a_car_takes_home_whoever_has_none_and_it_counts_for_more_than_any_volunteer() -> None:
    instance = an_instance(CAR, STRANDED, events=(an_event(weight=2.0),), minutes_per_volunteer=1.0)
    plan = solved(instance)
    assert plan.volunteers == 0
    assert [(trip.stops, trip.departs_at, trip.riders) for trip in plan.trips] == [((), None, ("r",))]
    drive = (plan.trips[0].home_at - at("13:00")).total_seconds() / 60  # type: ignore[operator]
    assert home_worth(instance) == 100 * 2.0 + 120 / 1.0
    assert plan.score == pytest.approx(2 * 320 - drive, abs=0.01)


def test_own_passengers_stay_and_the_free_seat_goes_to_whoever_lives_on_the_way() -> None:
    near, far = a_rider("near", lat=51.72, at="e"), a_rider("far", lat=51.0, at="e")
    own = PinnedTrip("car", "e", ("r",))
    instance = an_instance(replace(CAR, seats=2), STRANDED, near, far, pinned=(own,))
    plan = solved(instance)
    assert set(plan.trips[0].riders) == {"r", "near"}
    assert plan.unmatched is not None
    assert [left.id for left in plan.unmatched] == ["far"]


def test_somebody_may_be_taken_to_a_station_near_home() -> None:
    rider = replace(STRANDED, places=(STATION,), home_pickup=False)
    plan = solved(an_instance(CAR, rider))
    assert [drop.place for drop in plan.trips[0].back or ()] == ["station"]
    assert rules(an_instance(CAR, rider), BACK) == {Rule.PLACE}


@pytest.mark.parametrize(
    ("people", "trip", "broken"),
    [
        ((CAR, a_rider()), BACK, Rule.AT),
        ((a_driver("car"), STRANDED), Trip("car", "e", (Stop("r"),)), Rule.AT),
        ((CAR, STRANDED), Trip("car", "e", (Stop("r"),), back=(Drop("r"),)), Rule.AT),
        ((CAR, STRANDED), replace(BACK, event="f"), Rule.AT),
        ((CAR, STRANDED), replace(BACK, departs_at=at("13:00")), Rule.AT),
        ((replace(CAR, seats=0), STRANDED), BACK, Rule.SEATS),
        ((replace(CAR, home_by=at("13:05")), STRANDED), BACK, Rule.HOME),
        ((CAR, replace(STRANDED, home_by=at("13:05"))), BACK, Rule.HOME),
        ((replace(CAR, max_detour_minutes=0.0), STRANDED), BACK, Rule.DETOUR),
        ((CAR, replace(STRANDED, max_travel_minutes=5.0)), BACK, Rule.TRAVEL),
        ((CAR, replace(STRANDED, needs=("wheelchair",))), BACK, Rule.NEEDS),
        ((CAR, replace(STRANDED, company=("woman",))), BACK, Rule.COMPANY),
        ((CAR, STRANDED), replace(BACK, back=(Drop("r"), Drop("r"))), Rule.ONE_TRIP),
        ((CAR, STRANDED), replace(BACK, back=(Drop("nobody"),)), Rule.UNKNOWN),
        ((CAR, STRANDED), replace(BACK, home_at=at("13:01")), Rule.TIME),
    ],
)
def test_the_judge_knows_what_a_way_home_must_keep(
    people: tuple[Driver | Rider, ...], trip: Trip, broken: Rule
) -> None:
    instance = an_instance(*people, events=(an_event(), an_event("f")))
    assert broken in rules(instance, trip)
    assert rules(an_instance(CAR, STRANDED, events=instance.events), BACK) == set()


def test_on_an_ordinary_way_back_a_place_is_the_one_of_the_way_out() -> None:
    instance = an_instance(a_driver("d"), a_rider("r", places=(STATION,)))
    plan = a_written_plan(instance, Trip("d", "e", (Stop("r"),)))
    trip = plan.trips[0]
    other = replace(trip, back=tuple(replace(drop, place="station") for drop in trip.back or ()))
    assert [v.rule for v in violations(instance, replace(plan, trips=(other,)))] == [Rule.BACK]


def test_ways_home_come_last_of_their_event() -> None:
    instance = an_instance(a_driver("a"), CAR, STRANDED)
    out, home = solved(instance).trips
    assert (out.driver, home.driver) == ("a", "car")
    assert rules(instance, out, home) == set()
    assert rules(instance, home, out) == {Rule.ORDER}
    assert rules(instance, replace(home, home_at=None), out) == set()


def test_what_people_at_an_event_were_told_and_how_full_it_is_does_not_count() -> None:
    told = PublishedTrip("gone", "e", ("r",))
    instance = an_instance(CAR, STRANDED, events=(an_event(capacity=0),), published=(told,))
    assert score(instance, (BACK,)) == score(replace(instance, published=()), (BACK,))
    assert rules(instance, BACK) == set()


def test_minutes_back_are_those_back() -> None:
    # Places: car, r, e. The way home is short, the way out endless.
    matrix = a_matrix(3, 100.0, _2_1=5.0, _1_0=6.0, _2_0=7.0)
    plan = solved(an_instance(CAR, STRANDED, matrix=matrix))
    assert plan.trips[0].home_at == at("13:13")


REASONS = [
    ({"seats": 0}, {}, "party_too_large"),
    ({}, {"home_by": at("13:05")}, "not_home_in_time"),
    ({}, {"max_travel_minutes": 1.0}, "no_event_in_reach"),
    ({}, {"needs": ("wheelchair",)}, "needs_not_offered"),
    ({}, {"company": ("woman",)}, "company_not_met"),
    ({"max_detour_minutes": 0.0}, {}, "no_driver_in_reach"),
]


@pytest.mark.parametrize(("car", "rider", "reason"), REASONS)
def test_whoever_has_no_way_home_reads_why_and_what_would_help(
    car: dict[str, object], rider: dict[str, object], reason: str
) -> None:
    instance = an_instance(replace(CAR, **car), replace(STRANDED, **rider), a_rider("elsewhere"))  # type: ignore[arg-type]
    plan = solved(instance)
    left = {entry.id: entry for entry in plan.unmatched or ()}
    assert left["r"].reason == reason
    assert "pick" not in f"{left['r'].text} {left['r'].fix}"
    assert "home" in f"{left['r'].text} {left['r'].fix}" or "event" in (left["r"].text or "")
    assert explain(instance, plan.trips) == plan.unmatched


def test_the_minutes_of_the_fix_are_enough() -> None:
    instance = an_instance(CAR, replace(STRANDED, home_by=at("13:05")))
    left = next(entry for entry in solved(instance).unmatched or () if entry.id == "r")
    more = int((left.fix or "").split(" minutes")[0].split()[-1])
    later = replace(STRANDED, home_by=at(f"13:{5 + more:02}"))
    assert solved(an_instance(CAR, later)).trips[0].riders == ("r",)
    sooner = replace(STRANDED, home_by=at(f"13:{4 + more:02}"))
    assert solved(an_instance(CAR, sooner)).trips[0].riders == ()


@pytest.mark.parametrize(
    ("people", "changes", "path"),
    [
        ((replace(CAR, at="nowhere"),), {}, "drivers[0].at"),
        ((replace(CAR, way_back=False),), {}, "drivers[0].way_back"),
        ((replace(STRANDED, way_back=False),), {}, "riders[0].way_back"),
        ((CAR, STRANDED, a_rider("x")), {"together": (("r", "x"),)}, "together[0]"),
        ((CAR, a_rider("x")), {"pinned": (PinnedTrip("car", "e", ("x",)),)}, "pinned[0].riders[0]"),
        ((CAR,), {"pinned": (PinnedTrip("car", "f"),)}, "pinned[0].event"),
    ],
)
def test_what_cannot_be_said_of_people_at_events(
    people: tuple[Driver | Rider, ...], changes: dict[str, object], path: str
) -> None:
    with pytest.raises(InvalidInstance) as caught:
        an_instance(*people, events=(an_event(), an_event("f")), **changes)
    assert [fault.path for fault in caught.value.faults] == [path]


def test_a_pin_that_no_way_home_can_keep_is_named_in_words_of_a_way_home() -> None:
    pins = (PinnedTrip("d", "e"), PinnedTrip("car", "e", ("r",)))
    instance = an_instance(a_driver(), CAR, replace(STRANDED, home_by=at("13:05")), pinned=pins)
    (fault,) = pin_faults(instance)
    assert fault.path == "pinned[1]"
    assert "is home too late" in fault.expected
    with pytest.raises(InvalidInstance, match=r"pinned\[1\]"):
        solved(instance)


@pytest.mark.parametrize("there", [40, 250])
def test_a_thousand_people_keep_all_rules_with_some_of_them_at_events(there: int) -> None:
    instance = generate(1000, 3, at_events=there)
    plan = solve(instance, seconds=None, rounds=1)
    assert violations(instance, plan) == []
    homeward = [trip for trip in plan.trips if trip.driver in instance.at_events]
    assert sum(len(trip.riders) for trip in homeward) >= len(homeward) >= there / 8
    alone = solve(main_part(instance), seconds=None, rounds=1)
    assert tuple(trip for trip in plan.trips if trip not in homeward) == alone.trips


def test_progress_counts_the_ways_home_and_time_and_stops_still_do() -> None:
    seen: list[Progress] = []
    instance = generate(60, 4, at_events=12)
    plan = solve(instance, seconds=20.0, progress=seen.append)
    assert seen[-1].score == pytest.approx(plan.score)
    assert seen[-1].bound == pytest.approx(plan.bound)
    stopped = solve(instance, seconds=None, stop=lambda: True)
    assert violations(instance, stopped) == []
    assert stopped.status is Status.STOPPED


def test_a_certificate_proves_the_bound_of_everybody_else() -> None:
    instance, proofs = generate(60, 4, at_events=12), list[Certificate]()
    solve(instance, seconds=None, rounds=2, certify=proofs.append)
    (proof,) = proofs
    assert verify(instance, proof).holds
    alone = solve(main_part(instance), seconds=None, rounds=2)
    assert proof.bound >= (alone.score or 0.0) - 1e-9


def test_an_instance_without_them_is_one() -> None:
    assert part(an_instance(a_driver(), a_rider())) is None
