"""The judge recomputes what a plan says about itself: rounded values pass, wrong ones do not, what is missing is no fault."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from carpool.check import violations
from carpool.instance import PinnedTrip, PublishedTrip
from carpool.plan import Drop, Plan, Stop, Trip, Unmatched
from tests.carpool.build import (
    a_driver,
    a_matrix,
    a_plan,
    a_rider,
    a_trip,
    a_written_plan,
    an_event,
    an_instance,
    at,
)

INSTANCE = an_instance(
    a_driver("d1", max_detour_minutes=60.0),
    a_driver("d2", way_back=False, party=2),
    a_driver("d3"),
    a_rider("r1"),
    a_rider("r2"),
    a_rider("r3"),
    events=(an_event("e1", wanted=2, weight=1.5), an_event("e2")),
    matrix=a_matrix(8, 10.0037),
    published=(PublishedTrip("d3", "e1", ("r3",)),),
)
GOOD = a_written_plan(INSTANCE, a_trip("d2", "e2"), a_trip("d1", "e1", "r1", "r2"))
SECOND, A_LITTLE = timedelta(seconds=1), timedelta(seconds=0.05)


def said(plan: Plan) -> list[str]:
    return [str(violation) for violation in violations(INSTANCE, plan)]


def trips(change: Callable[[Trip], Trip], number: int = 0) -> Plan:
    """The good plan with one trip changed: 0 is the trip of d1 with two riders, 1 that of d2, who stays."""
    changed = [change(trip) if i == number else trip for i, trip in enumerate(GOOD.trips)]
    return replace(GOOD, trips=tuple(changed))


def test_the_good_plan() -> None:
    assert said(GOOD) == []
    assert [trip.driver for trip in GOOD.trips] == ["d1", "d2"]
    assert GOOD.score == pytest.approx(1.5 * 2.5 + 2 - (34.0111 + 10.0037) / 1000 - 3 * 2)


@pytest.mark.parametrize("name", ["departs_at", "arrives_at", "home_at"])
def test_times_of_the_driver_to_half_a_second(name: str) -> None:
    def later(by: timedelta) -> Callable[[Trip], Trip]:
        def change(trip: Trip) -> Trip:
            moment: datetime = getattr(trip, name)
            return replace(trip, **{name: moment + by})  # type: ignore[arg-type]  # the name of a time

        return change

    assert said(trips(later(A_LITTLE))) == []
    (text,) = said(trips(later(SECOND)))
    assert text.startswith(f"time: d1: {name} is 2029-05-03T")
    assert len(said(trips(later(-SECOND)))) == 1


def test_times_in_another_offset_are_the_same_times() -> None:
    plan = trips(lambda trip: replace(trip, arrives_at=datetime.fromisoformat("2029-05-03T08:50:00+00:00")))
    assert said(plan) == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("drive_minutes", (34.01, 34.0111, 34.015), (33.99, 34.03)),
        ("detour_minutes", (24.01, 24.0074), (23.98, 24.03)),
    ],
)
def test_durations_to_a_hundredth(name: str, good: tuple[float, ...], bad: tuple[float, ...]) -> None:
    def written(minutes: float) -> Plan:
        return trips(lambda trip: replace(trip, **{name: minutes}))  # type: ignore[arg-type]  # a duration

    for minutes in good:
        assert said(written(minutes)) == []
    for minutes in bad:
        assert len(said(written(minutes))) == 1


def test_a_time_beyond_the_calendar_is_a_wrong_one() -> None:
    people = [a_rider(f"r{i}") for i in range(1100)]
    forced = (PinnedTrip("d", "e", tuple(rider.id for rider in people), force=True),)
    endless = an_instance(a_driver(seats=2000), *people, matrix=a_matrix(1102, 1e6), pinned=forced)
    trip = replace(a_trip("d", "e", *forced[0].riders), departs_at=at("09:00"))
    (text,) = map(str, violations(endless, a_plan(trip)))
    assert text == "time: d: departs_at is 2029-05-03T09:00:00+01:00, but lies beyond all calendars"


def stops(**change: Any) -> Plan:
    return trips(lambda trip: replace(trip, stops=(replace(trip.stops[0], **change), *trip.stops[1:])))


def test_times_and_durations_of_the_stops() -> None:
    first = GOOD.trips[0].stops[0]
    assert first.at is not None and first.ride_minutes is not None
    assert said(stops(at=first.at + A_LITTLE, ride_minutes=first.ride_minutes + 0.002)) == []
    assert said(stops(at=first.at + SECOND))[0].startswith("time: r1: at is")
    assert said(stops(ride_minutes=first.ride_minutes + 0.02))[0].startswith("duration: r1: ride_minutes is")


def test_the_way_back() -> None:
    back = GOOD.trips[0].back
    assert back is not None and [drop.rider for drop in back] == ["r2", "r1"]
    in_order = ['back: d1: drops "r2", "r1" on the way back, in this order']
    assert said(trips(lambda trip: replace(trip, back=back[::-1]))) == in_order
    assert said(trips(lambda trip: replace(trip, back=back[:1]))) == in_order
    late = (Drop("r2", at("13:10:02")), back[1])
    assert said(trips(lambda trip: replace(trip, back=late)))[0].startswith("time: r2: at on the way back is")
    assert said(trips(lambda trip: replace(trip, home_at=None, no_return=True)))[0].startswith("back: d1")


def test_who_stays_has_no_way_back() -> None:
    assert said(trips(lambda trip: replace(trip, no_return=True), 1)) == []
    assert said(trips(lambda trip: replace(trip, home_at=at("13:10")), 1))[0].startswith("back: d2")
    assert said(trips(lambda trip: replace(trip, back=(Drop("r3"),)), 1))[0].startswith("back: d2")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"score": -0.2935}, "score: $"),
        ({"volunteers": 4}, "volunteers: $"),
        ({"weighted_volunteers": 5.76}, "weighted_volunteers: $"),
        ({"bound": -1.0}, "bound: $"),
        ({"bound": 0.5}, "gap: $"),
        ({"bound": 0.5, "gap": 1.588}, "gap: $"),
        ({"gap": 0.001}, "gap: $"),
        ({"status": "feasible"}, "status: $"),
        ({"status": "stopped"}, "status: $"),
        ({"status": "perfect"}, 'status: $: "perfect" is none of optimal, feasible, stopped'),
        ({"seconds": -1.0}, "time: $"),
        ({"unknown_members": ("trips[0].colour",)}, "members: trips[0].colour"),
    ],
)
def test_the_totals(change: dict[str, Any], expected: str) -> None:
    assert [text for text in said(replace(GOOD, **change)) if text.startswith(expected)]


def test_a_true_gap_goes_with_feasible_and_stopped() -> None:
    assert GOOD.score is not None
    plan = replace(GOOD, bound=0.5, gap=(0.5 - GOOD.score) / 0.5, status="feasible")
    assert said(plan) == [] == said(replace(plan, status="stopped"))
    assert said(replace(plan, status="optimal"))[0].startswith("status: $: optimal does not go with a gap")
    assert said(replace(GOOD, bound=GOOD.score + 1e-10)) == []
    assert said(replace(GOOD, score=GOOD.score + 1e-8, bound=GOOD.score + 1e-8)) == []
    too_high = replace(GOOD, score=GOOD.score + 2e-6, bound=GOOD.score + 2e-6)
    assert [text[:8] for text in said(too_high)] == ["score: $"]


def test_the_order_of_the_trips() -> None:
    assert said(replace(GOOD, trips=GOOD.trips[::-1]))[0].startswith("order: trips[1]")
    loose = tuple(replace(trip, departs_at=None) for trip in reversed(GOOD.trips))
    assert said(replace(GOOD, trips=loose)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda left: left[:1], "unmatched: r3: has no trip, but is not in unmatched"),
        (lambda left: left[::-1], "order: unmatched"),
        (lambda left: (*left, left[1]), "unmatched: r3: is in unmatched twice"),
        (lambda left: (left[0], Unmatched("r1"), left[1]), "unmatched: r1: is in unmatched, but has a trip"),
        (lambda left: (*left, Unmatched("r4")), "unknown: r4: is in unmatched, but not in the instance"),
        (lambda left: (left[0], replace(left[1], reason="no_luck")), 'unmatched: r3: "no_luck" is no reason'),
        (lambda left: (left[0], replace(left[1], text="")), "unmatched: r3: text is empty"),
        (lambda left: (left[0], replace(left[1], fix="")), "unmatched: r3: fix is empty"),
    ],
)
def test_who_is_left(change: Callable[[tuple[Unmatched, ...]], tuple[Unmatched, ...]], expected: str) -> None:
    assert GOOD.unmatched is not None
    (text,) = said(replace(GOOD, unmatched=change(GOOD.unmatched)))
    assert text.startswith(expected)


@pytest.mark.parametrize("name", [field.name for field in fields(Plan) if field.name != "trips"])
def test_what_is_not_written_is_not_compared(name: str) -> None:
    empty: Any = () if name == "unknown_members" else None
    assert said(replace(GOOD, **{name: empty})) == []


@pytest.mark.parametrize(
    "name", [f.name for f in fields(Trip) if f.name not in {"driver", "event", "stops", "no_return"}]
)
def test_what_a_trip_leaves_out_is_not_compared(name: str) -> None:
    assert said(trips(lambda trip: replace(trip, **{name: None}))) == []  # type: ignore[arg-type]  # all may be None


def test_a_plan_by_hand() -> None:
    assert said(a_plan(a_trip("d1", "e1", "r2", "r1"))) == []
    assert said(a_plan(Trip("d1", "e1", (Stop("r9"),)))) == [
        'unknown: trips[0].stops[0].rider: "r9" is no rider'
    ]
    assert said(replace(a_plan(), bound=-7.0))[0].startswith("bound: $: is -7.0, below the score")
