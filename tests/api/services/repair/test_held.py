"""What is held while lost lifts are looked for, and when somebody counts as moved."""

from dataclasses import replace
from datetime import timedelta

from api.services.repair import held
from carpool import solve
from carpool.instance import PublishedTrip
from carpool.plan import Trip
from tests.carpool.build import a_driver, a_rider, an_instance

TWO = an_instance(a_driver("d1", seats=2), a_driver("d2", lat=51.76), a_rider("r1"), a_rider("r2", lat=51.71))
MINUTE = timedelta(minutes=1)


def trips_of() -> tuple[Trip, ...]:
    return solve(TWO, seconds=None, rounds=20).trips


def later(trip: Trip, by: timedelta) -> Trip:
    stops = tuple(replace(stop, at=stop.at and stop.at + by) for stop in trip.stops)
    return replace(trip, departs_at=trip.departs_at and trip.departs_at + by, stops=stops)


def test_published_trips_are_pinned_and_others_may_join() -> None:
    told = (PublishedTrip("d1", "e", ("r1",)), PublishedTrip("gone", "e", ("r2",)))
    found = held.hold(replace(TWO, published=told))
    (pin,) = found.pinned
    assert (pin.driver, pin.riders, pin.full, pin.force) == ("d1", ("r1",), False, False)


def test_a_trip_that_cannot_be_kept_is_left_to_the_search() -> None:
    full = replace(TWO, drivers=(replace(TWO.drivers[0], seats=0), TWO.drivers[1]))
    told = (PublishedTrip("d1", "e", ("r1",)), PublishedTrip("d2", "e", ("r2",)))
    assert [pin.driver for pin in held.hold(replace(full, published=told)).pinned] == ["d2"]


def test_the_same_people_hear_of_no_other_times() -> None:
    (trip, *_) = trips_of()
    assert held.settled([later(trip, MINUTE * 30)], {trip.driver: trip}) == (trip,)


def test_a_few_minutes_move_nobody_and_more_do() -> None:
    trip = next(trip for trip in trips_of() if trip.riders)
    told = {trip.driver: trip}
    assert held.moved([later(trip, MINUTE * 5)], told) == set()
    assert held.moved([later(trip, MINUTE * 6)], told) == set(trip.riders)
    assert held.moved([later(trip, MINUTE * 16)], told) == {trip.driver, *trip.riders}


def test_another_event_or_no_place_in_the_car_is_a_move() -> None:
    trip = next(trip for trip in trips_of() if trip.riders)
    told = {trip.driver: trip}
    assert held.moved([replace(trip, event="f")], told) == {trip.driver, *trip.riders}
    assert held.moved([replace(trip, stops=())], told) == set(trip.riders)


def test_calm_is_the_plan_without_what_moves_somebody() -> None:
    trip = next(trip for trip in trips_of() if trip.riders)
    wild = later(trip, MINUTE * 30)
    assert held.calm([wild], {trip.driver: trip}) == (trip,)
    assert held.calm([wild], {}) == (wild,)


def test_who_is_out_of_reach_is_nowhere_in_the_instance() -> None:
    groups = replace(TWO, apart=(("r1", "d1"),), together=(("r1", "r2"),))
    left = held.without(groups, {"r1"})
    assert [rider.id for rider in left.riders] == ["r2"]
    assert (left.apart, left.together) == ((), ())
    assert held.without(groups, ()) is groups
