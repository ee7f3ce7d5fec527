"""Every rival's plan keeps every rule, whatever the instance; and each does what it is called for."""

from dataclasses import replace
from importlib.util import find_spec

import pytest

from carpool.bench.rivals import RIVALS, check_rivals
from carpool.check import violations
from carpool.errors import CarpoolError
from carpool.generate import generate
from carpool.instance import CanDrive, Instance, PickupPlace, PinnedTrip, PublishedTrip
from carpool.plan import Plan, Trip
from carpool.score import score
from tests.carpool.build import a_driver, a_matrix, a_rider, an_event, an_instance, at

SECONDS = 0.3
NEEDS = pytest.mark.skip("needs the extra bench")
INSTALLED = [
    pytest.param(name, marks=() if rival.package is None or find_spec(rival.package) else NEEDS)
    for name, rival in RIVALS.items()
]
every_rival = pytest.mark.parametrize("name", INSTALLED)


def trips_of(name: str, instance: Instance, seed: int = 1) -> list[Trip]:
    """The rival's trips, judged."""
    trips = RIVALS[name].load()(instance, SECONDS, seed, 1)
    assert violations(instance, Plan(trips=tuple(trips))) == []
    return trips


def who(trips: list[Trip]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {trip.driver: (trip.event, trip.riders) for trip in trips}


@every_rival
@pytest.mark.parametrize(("people", "seed"), [(0, 1), (1, 1), (2, 1), (5, 2), (30, 1), (60, 3)])
def test_plans_of_made_up_instances_keep_all_rules(name: str, people: int, seed: int) -> None:
    trips_of(name, generate(people, seed))


@every_rival
def test_who_is_on_the_way_is_taken_along(name: str) -> None:
    trips = trips_of(name, an_instance(a_driver(), a_rider()))
    assert who(trips) == {"d": ("e", ("r",))}


RULES = {
    "seats": an_instance(a_driver(seats=1), a_rider(party=2)),
    "needs": an_instance(a_driver(), a_rider(needs=("wheelchair",))),
    "company of the rider": an_instance(a_driver(), a_rider(traits=("woman",), company=("woman",))),
    "company of the driver": an_instance(a_driver(traits=("woman",), company=("woman",)), a_rider()),
    "apart": an_instance(a_driver(), a_rider(), apart=(("r", "d"),)),
    "way back": an_instance(a_driver(way_back=False), a_rider()),
    "home": an_instance(a_driver(), a_rider(home_by=at("13:05"))),
    "ready": an_instance(a_driver(), a_rider(ready_at=at("09:45"))),
    "ride": an_instance(a_driver(), a_rider(max_travel_minutes=5.0)),
    "detour": an_instance(a_driver(max_detour_minutes=1.0), a_rider()),
    "together": an_instance(a_driver(seats=1), a_rider("r"), a_rider("s"), together=(("r", "s"),)),
    "capacity": an_instance(a_driver(), a_rider(), events=(an_event(wanted=1, capacity=1),)),
    "another event": an_instance(
        a_driver(events=("e",)), a_rider(events=("f",)), events=(an_event("e"), an_event("f", lat=51.62))
    ),
}


@every_rival
@pytest.mark.parametrize("rule", RULES)
def test_who_may_not_ride_stays(name: str, rule: str) -> None:
    assert all(not trip.stops for trip in trips_of(name, RULES[rule]))


@every_rival
def test_pins_and_published_trips_are_kept(name: str) -> None:
    crowd = [a_rider(f"r{number}", lat=51.70 + number / 500) for number in range(6)]
    pinned = (PinnedTrip("d", "e", ("r1",), full=True), PinnedTrip("c", "e", ("r5", "r0"), force=True))
    told = (PublishedTrip("b", "f", ("r2", "gone")), PublishedTrip("lost", "e", ("r3",)))
    instance = an_instance(
        a_driver("d"), a_driver("c", max_detour_minutes=0.0), a_driver("b"), *crowd,
        events=(an_event("e", weight=3.0), an_event("f")), pinned=pinned, published=told,
    )  # fmt: skip
    found = who(trips_of(name, instance))
    assert found["d"] == ("e", ("r1",)) and found["c"] == ("e", ("r5", "r0"))
    assert found["b"][0] == "f" and "r2" in found["b"][1]


@every_rival
def test_people_who_go_together(name: str) -> None:
    pair = an_instance(
        a_driver("d", seats=1), a_driver("c"), a_rider("r"), a_rider("s"), together=(("r", "s"),)
    )
    assert set(who(trips_of(name, pair))["c"][1]) == {"r", "s"}
    with_driver = replace(pair, together=(("s", "r", "c"),))
    assert set(who(trips_of(name, with_driver))["c"][1]) == {"r", "s"}
    too_many = replace(pair, together=(("s", "r", "d"),))
    found = who(trips_of(name, too_many))
    assert "d" not in found and not {"r", "s"} & set(found["c"][1])


@pytest.mark.parametrize("name", [param for param in INSTALLED if param.values[0] not in {"nearest", "once"}])
def test_a_rider_who_is_left_drives(name: str) -> None:
    instance = an_instance(a_rider(can_drive=CanDrive(seats=1)), a_rider("s", lat=51.69))
    assert who(trips_of(name, instance)) == {"r": ("e", ("s",))}


@every_rival
def test_matrices_and_places_to_walk_to(name: str) -> None:
    walker = a_rider(
        home_pickup=False, places=(PickupPlace("far", 51.7, -0.3, 3.0), PickupPlace("near", 51.7, -0.3, 5.0))
    )
    # Places: driver, rider, event, far, near. To the far one there is no way.
    matrix = a_matrix(5, 10.0, _0_3=None, _0_4=2.0, _2_3=None)
    (trip,) = trips_of(name, an_instance(a_driver(), walker, matrix=matrix))
    assert [stop.place for stop in trip.stops] == ["near"] and trip.driver == "d"


def test_nearest_takes_the_nearest_car_and_event() -> None:
    near, far = a_driver("near", lat=51.701), a_driver("far", lat=51.76)
    events = (an_event("heavy", lat=51.55, weight=9.0), an_event("close"))
    found = who(trips_of("nearest", an_instance(far, near, a_rider(), events=events)))
    assert found == {"near": ("close", ("r",)), "far": ("close", ())}


@pytest.mark.parametrize("name", ["greedy", "once", "trips"])
def test_greedy_goes_where_people_count_most(name: str) -> None:
    events = (an_event("close"), an_event("heavy", lat=51.55, weight=9.0, wanted=4, capacity=4))
    crowd = [a_rider(f"r{number}", lat=51.70 + number / 500) for number in range(3)]
    instance = an_instance(a_driver("d"), a_driver("c"), *crowd, events=events)
    trips = trips_of(name, instance)
    heavy = [trip for trip in trips if trip.event == "heavy"]
    assert sum(1 + len(trip.stops) for trip in heavy) == 4
    assert score(instance, trips) > 35.0  # Four people at weight 9, less a few minutes.


def test_asking_twice_is_worth_it() -> None:
    instance = generate(300, 1)
    scores = [score(instance, trips_of(name, instance)) for name in ("nearest", "once", "greedy")]
    assert scores == sorted(scores)


@every_rival
def test_the_same_seed_gives_the_same_trips(name: str) -> None:
    if name in {"ortools", "vroom"}:
        pytest.skip("ends by the clock")
    instance = generate(60, 2)
    assert trips_of(name, instance, 5) == trips_of(name, instance, 5)


def test_a_rival_that_is_none() -> None:
    check_rivals(list(RIVALS) if find_spec("vroom") else ["greedy"])
    with pytest.raises(CarpoolError, match="There is no rival “best”"):
        check_rivals(["greedy", "best"])


def test_a_rival_that_is_not_installed() -> None:
    other = replace(RIVALS["vroom"], label="Other", package="no_such_package")
    with pytest.raises(CarpoolError, match=r"Other is not installed. Install it: pip install '\.\[bench\]'"):
        check_rivals(["other"], {"other": other})
