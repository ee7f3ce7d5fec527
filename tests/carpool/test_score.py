"""The score, term by term, on instances small enough to add up by hand."""

import math

import pytest

from carpool.instance import CanDrive, Event, Instance, PickupPlace, PublishedTrip
from carpool.plan import Trip
from carpool.schedule import schedule_of
from carpool.score import ScoreParts, changed_people, event_value, score, score_parts
from tests.carpool.build import a_driver, a_matrix, a_rider, a_trip, an_event, an_instance

STATION = PickupPlace("station", 51.7, -0.3, walk_minutes=8)


def parts(instance: Instance, *trips: Trip) -> ScoreParts:
    return score_parts(instance, [schedule_of(instance, trip) for trip in trips])


@pytest.mark.parametrize(("people", "value"), [(0, 0.0), (1, 1.5), (2, 3.0), (3, 3.75), (10, 9.0)])
def test_beyond_wanted_people_count_half(people: int, value: float) -> None:
    assert event_value(an_event(wanted=2, weight=1.5), people) == value


def test_parties_minutes_and_walks() -> None:
    events = (an_event("e1", wanted=3, weight=2.0), an_event("e2", wanted=0))
    instance = an_instance(
        a_driver("d1", party=2),
        a_driver("d2"),
        a_rider("r1", party=3, places=(STATION,)),
        events=events,
        matrix=a_matrix(6),
        minutes_per_volunteer=100.0,
    )
    found = parts(instance, a_trip("d1", "e1", ("r1", "station")), a_trip("d2", "e2"))
    assert (found.volunteers, found.weighted_volunteers) == (6, 2 * (3 + 1) + 0.5)
    assert found.minutes == (10 + 2 + 10) + 8 + 10
    assert found.score == pytest.approx(8.5 - 40 / 100)
    assert score(instance, [a_trip("d2", "e2")]) == pytest.approx(0.5 - 10 / 100)
    assert score(instance, []) == 0


def test_the_way_back_costs_nothing() -> None:
    instance = an_instance(a_driver(), matrix=a_matrix(2, _0_1=10.0, _1_0=90.0))
    assert parts(instance, a_trip("d", "e")).minutes == 10


def test_a_leg_without_a_way_is_worth_nothing_at_all() -> None:
    instance = an_instance(a_driver(), matrix=a_matrix(2, None))
    assert score(instance, [a_trip("d", "e")]) == -math.inf


E1, E2 = an_event("e1"), an_event("e2")


def published(*told: PublishedTrip, events: tuple[Event, ...] = (E1, E2)) -> Instance:
    return an_instance(
        a_driver("d1", party=2),
        a_driver("d2"),
        a_rider("r1", party=3),
        a_rider("r2", can_drive=CanDrive(seats=2)),
        events=events,
        published=told,
        change_penalty=2.0,
    )


TOLD = PublishedTrip("d1", "e1", ("r1", "r2"))


@pytest.mark.parametrize(
    ("trips", "changed"),
    [
        ([a_trip("d1", "e1", "r2", "r1")], 0),
        ([a_trip("d1", "e1", "r1"), a_trip("d2", "e1", "r2")], 1),  # another driver
        ([a_trip("d1", "e2", "r1", "r2")], 2 + 3 + 1),  # another event for all
        ([a_trip("d1", "e1", "r1"), a_trip("r2", "e1")], 1),  # drives instead
        ([a_trip("d1", "e1")], 3 + 1),  # the driver whose passengers change has not changed
        ([], 2 + 3 + 1),
    ],
)
def test_who_has_changed(trips: list[Trip], changed: int) -> None:
    instance = published(TOLD)
    assert changed_people(instance, [schedule_of(instance, trip) for trip in trips]) == changed


def test_a_published_driver_who_now_rides_has_changed() -> None:
    instance = published(PublishedTrip("r2", "e1", ("r1",)))
    trips = [a_trip("d1", "e1", "r1", "r2")]
    assert parts(instance, *trips).changed_people == 1 + 3
    assert score(published(), trips) - score(instance, trips) == pytest.approx(2.0 * 4)


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        (PublishedTrip("gone", "e1", ("r1",)), 3),  # whoever rode with somebody who is gone
        (PublishedTrip("d1", "gone", ("r1", "also-gone")), 2 + 3),
        (PublishedTrip("d2", "e2", ("gone",)), 1),  # d2 does not go at all
        (PublishedTrip("d1", "e1", ("d2",)), 1),  # d2 has a car now and was told to ride
        (PublishedTrip("r1", "e1"), 3),  # r1 has no car any more
    ],
)
def test_people_and_events_that_are_gone(told: PublishedTrip, changed: int) -> None:
    assert parts(published(told), a_trip("d1", "e1", "r1", "r2")).changed_people == changed
