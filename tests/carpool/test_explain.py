"""Reasons: each by an instance made for it, and all of them against a slow oracle that asks only the judge."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given, settings

from carpool.check import Rule, trip_violations, violations
from carpool.explain import explain
from carpool.instance import CanDrive, Driver, Instance, PinnedTrip, Rider
from carpool.pins import pin_faults
from carpool.plan import Plan, Reason, Stop, Trip
from carpool.schedule import schedule_of
from carpool.score import score
from carpool.solver.enumeration import Budget
from carpool.solver.solve import solve
from tests.carpool.build import a_driver, a_matrix, a_rider, a_trip, an_event, an_instance, at
from tests.carpool.strategies import instances


def reasons(instance: Instance, *trips: Trip) -> dict[str, str]:
    return {left.id: left.reason for left in explain(instance, trips) if left.reason is not None}


def text_and_fix(reason: Reason) -> tuple[str, str]:
    """What the person of this reason's case is told."""
    instance, trips = CASES[reason]
    left = next(left for left in explain(instance, trips) if left.id == "r")
    assert left.text is not None
    assert left.fix is not None
    return left.text, left.fix


FAR: dict[str, Any] = {"lat": 53.8, "lon": -1.55}
CASES: dict[Reason, tuple[Instance, tuple[Trip, ...]]] = {
    Reason.NO_EVENT_ALLOWED: (an_instance(a_rider(), events=()), ()),
    Reason.NO_EVENT_IN_REACH: (an_instance(a_driver("d"), a_rider(**FAR)), (a_trip("d", "e"),)),
    Reason.PARTY_TOO_LARGE: (an_instance(a_driver(), a_rider(party=4)), (a_trip("d", "e"),)),
    Reason.NO_DRIVER_IN_REACH: (
        an_instance(a_driver(max_detour_minutes=1.0), a_rider()),
        (a_trip("d", "e"),),
    ),
    Reason.EVENT_FULL: (
        an_instance(a_driver(), a_rider(), events=(an_event(capacity=1),)),
        (a_trip("d", "e"),),
    ),
    Reason.NOT_HOME_IN_TIME: (an_instance(a_driver(), a_rider(home_by=at("13:20"))), (a_trip("d", "e"),)),
    Reason.NOT_READY_IN_TIME: (an_instance(a_driver(), a_rider(ready_at=at("09:30"))), (a_trip("d", "e"),)),
    Reason.NEEDS_NOT_OFFERED: (an_instance(a_driver(), a_rider(needs=("wheelchair",))), (a_trip("d", "e"),)),
    Reason.COMPANY_NOT_MET: (an_instance(a_driver(), a_rider(company=("woman",))), (a_trip("d", "e"),)),
    Reason.TOGETHER_NOT_MET: (
        an_instance(a_driver(seats=1), a_rider(), a_rider("other"), together=(("r", "other"),)),
        (a_trip("d", "e"),),
    ),
    Reason.KEPT_APART: (an_instance(a_driver(), a_rider(), apart=(("d", "r"),)), (a_trip("d", "e"),)),
    Reason.SEATS_TAKEN: (
        an_instance(a_driver(seats=1), a_rider(), a_rider("other")),
        (a_trip("d", "e", "other"),),
    ),
    Reason.NOT_WORTH_THE_DRIVE: (
        an_instance(a_driver(), a_rider(), minutes_per_volunteer=1.0),
        (a_trip("d", "e"),),
    ),
    Reason.SEARCH_ENDED: (an_instance(a_driver(), a_rider()), (a_trip("d", "e"),)),
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_case(reason: Reason) -> None:
    instance, trips = CASES[reason]
    assert reasons(instance, *trips)["r"] == reason
    assert all(text_and_fix(reason))


@pytest.mark.parametrize(
    ("changes", "event", "reason"),
    [
        (FAR, {}, Reason.NO_EVENT_IN_REACH),
        ({}, {"capacity": 0}, Reason.EVENT_FULL),
        ({"home_by": at("13:20")}, {}, Reason.NOT_HOME_IN_TIME),
        ({"ready_at": at("09:30")}, {}, Reason.NOT_READY_IN_TIME),
        ({}, {"weight": 0.01}, Reason.NOT_WORTH_THE_DRIVE),
        ({}, {}, Reason.SEARCH_ENDED),
    ],
)
def test_a_driver_s_reasons_look_at_the_driver_alone(
    changes: dict[str, Any], event: dict[str, Any], reason: Reason
) -> None:
    instance = an_instance(a_driver(**changes), a_rider(), events=(an_event(**event),))
    assert reasons(instance)["d"] == reason


def test_who_can_drive_is_not_left_for_want_of_a_driver() -> None:
    alone = an_instance(a_rider(party=9, can_drive=CanDrive(seats=0)))
    assert reasons(alone) == {"r": Reason.SEARCH_ENDED}


def test_nobody_drives_at_all() -> None:
    assert reasons(an_instance(a_rider(party=9))) == {"r": Reason.NO_DRIVER_IN_REACH}


def test_a_full_pin_takes_the_seats() -> None:
    pin = PinnedTrip("d", "e", full=True)
    instance = an_instance(a_driver(), a_rider(), pinned=(pin,))
    assert reasons(instance, a_trip("d", "e")) == {"r": Reason.SEATS_TAKEN}


def test_the_words_give_the_figures() -> None:
    assert text_and_fix(Reason.NO_EVENT_IN_REACH) == (
        "The nearest event is 230 minutes away by car; you asked for at most 120.",
        "An event nearer to you, or a journey of up to 230 minutes.",
    )
    too_many, _ = text_and_fix(Reason.PARTY_TOO_LARGE)
    assert too_many == "You are 4 people, and no car has more than 3 free seats."
    needs, offer = text_and_fix(Reason.NEEDS_NOT_OFFERED)
    assert "wheelchair" in needs
    assert "wheelchair" in offer
    assert text_and_fix(Reason.NOT_READY_IN_TIME)[1].startswith("Being ready 7 minutes earlier")
    assert text_and_fix(Reason.NOT_HOME_IN_TIME)[1].startswith("Being home 5 minutes later")
    assert "11 minutes longer" in text_and_fix(Reason.NO_DRIVER_IN_REACH)[1]


def test_the_fix_would_have_helped() -> None:
    instance, trips = CASES[Reason.NO_EVENT_IN_REACH]
    rider = replace(instance.riders[0], max_travel_minutes=230.0)
    assert reasons(replace(instance, riders=(rider,)), *trips) != {"r": Reason.NO_EVENT_IN_REACH}
    instance, trips = CASES[Reason.NO_DRIVER_IN_REACH]
    driver = replace(instance.drivers[0], max_detour_minutes=12.0)
    assert reasons(replace(instance, drivers=(driver,)), *trips) == {"r": Reason.SEARCH_ENDED}


def test_no_way_at_all_is_said() -> None:
    instance = an_instance(a_driver(), a_rider(), matrix=a_matrix(3, None, _0_2=10.0, _2_0=10.0))
    left = explain(instance, [a_trip("d", "e")])[0]
    assert left.reason == Reason.NO_EVENT_IN_REACH
    assert left.text == "There is no way by car from you to an event that you would come to."


@settings(max_examples=80, deadline=None)
@given(instances())
def test_reasons_are_what_the_judge_says(instance: Instance) -> None:
    if pin_faults(instance):
        return
    for budget in (Budget(), Budget(labels=0)):
        plan = solve(instance, seconds=None, rounds=0, budget=budget)
        assert plan.unmatched is not None
        for left in plan.unmatched:
            assert left.reason in Oracle(instance, plan).reasons(left.id)
            said = f"{left.text} {left.fix}"
            assert not any(re.search(rf"\b{other}\b", said) for other in set(instance.index) - {left.id})


ORDER = (
    (Reason.NOT_HOME_IN_TIME, Rule.HOME),
    (Reason.NOT_READY_IN_TIME, Rule.READY),
    (Reason.NEEDS_NOT_OFFERED, Rule.NEEDS),
    (Reason.COMPANY_NOT_MET, Rule.COMPANY),
)
GEOGRAPHY = {Rule.DETOUR, Rule.TRAVEL, Rule.NO_WAY, Rule.SEATS, Rule.WAY_BACK, Rule.EVENTS, Rule.PLACE}


class Oracle:
    """The reasons again, one trip after another, from what the judge says of each."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        bare = (Trip(t.driver, t.event, tuple(Stop(s.rider, s.place) for s in t.stops)) for t in plan.trips)
        self.instance, self.plan = instance, Plan(trips=tuple(bare))
        self.empty = replace(instance, pinned=(), apart=())
        self.people = dict.fromkeys(instance.event_by_id, 0)
        for trip in plan.trips:
            self.people[trip.event] += schedule_of(instance, trip).people

    def reasons(self, person: str) -> set[Reason]:
        """The reasons that may be given: one, or two where an insertion of several people is a matter of luck."""
        if not self.instance.events:
            return {Reason.NO_EVENT_ALLOWED}
        if not self._near(person):
            return {Reason.NO_EVENT_IN_REACH}
        if self._too_large(person):
            return {Reason.PARTY_TOO_LARGE}
        ways = [(trip, self._broken(trip)) for trip in self._ways(person)]
        ways = [(trip, broken) for trip, broken in ways if not broken & GEOGRAPHY]
        for reason, passes in self._tests(person):
            ways = [(trip, broken) for trip, broken in ways if passes(trip, broken)]
            if not ways:
                return {reason}
        if len(self._unit(person)) > 1:
            return {Reason.NOT_WORTH_THE_DRIVE, Reason.SEARCH_ENDED}
        # Without the triangle inequality somebody may fit in beside others who could not ride alone.
        best = max((self._rise(trip, person) for trip in self._cars(person)), default=-1.0)
        return {Reason.SEARCH_ENDED if best > 1e-9 else Reason.NOT_WORTH_THE_DRIVE}

    def _tests(self, person: str) -> Iterator[tuple[Reason, Any]]:
        party = sum(map(self._party, self._unit(person)))
        yield Reason.NO_DRIVER_IN_REACH, lambda trip, broken: True
        yield Reason.EVENT_FULL, lambda trip, broken: self._room(trip.event) >= party
        for reason, rule in ORDER:
            yield reason, lambda trip, broken, rule=rule: rule not in broken
        yield Reason.TOGETHER_NOT_MET, lambda trip, broken: self._takes_unit(trip, person)
        yield Reason.KEPT_APART, lambda trip, broken: not self._apart(trip.driver, person)
        yield (
            Reason.SEATS_TAKEN,
            lambda trip, broken: trip.driver == person or self._seats(trip.driver) >= party,
        )

    def _near(self, person: str) -> bool:
        """Whether somebody with any car, or the own one, could go to some event."""
        rider = self.instance.rider_by_id.get(person)
        if rider is not None and any(
            self._bearable(rider, place, event) for place, event in self._ends(rider)
        ):
            return True
        own = [Trip(person, event) for event in self.people] if person in self.instance.driver_by_id else []
        return any(not self._broken(trip) & GEOGRAPHY for trip in own)

    def _ends(self, rider: Rider) -> list[tuple[str | None, str]]:
        places = [*([None] if rider.home_pickup else []), *(place.id for place in rider.places)]
        return list(product(places, rider.events if rider.events is not None else self.people))

    def _bearable(self, rider: Rider, place: str | None, event: str) -> bool:
        here, there = self.instance.place_index[rider.id, place], self.instance.event_index[event]
        minutes = self.instance.travel.minutes
        back = minutes(there, here) if rider.way_back else 0.0
        return max(minutes(here, there), back) <= rider.max_travel_minutes + 0.001

    def _too_large(self, person: str) -> bool:
        if any(trip.driver == person and not self._broken(trip) & GEOGRAPHY for trip in self._ways(person)):
            return False
        seats = [driver.seats for name, driver in self.instance.driver_by_id.items() if name != person]
        return bool(seats) and max(seats) < self._party(person)

    def _ways(self, person: str) -> list[Trip]:
        """The person at the own wheel, and alone in other cars from places near enough to the event."""
        rider = self.instance.rider_by_id.get(person)
        trips = self._cars(person)
        return [
            t for t in trips if not t.stops or (rider and self._bearable(rider, t.stops[0].place, t.event))
        ]

    def _cars(self, person: str) -> list[Trip]:
        own = [Trip(person, event) for event in self.people] if person in self.instance.driver_by_id else []
        rider = self.instance.rider_by_id.get(person)
        if rider is None:
            return own
        others = [driver for driver in self.instance.driver_by_id if driver != person]
        ends = self._ends(rider)
        return own + [Trip(k, event, (Stop(person, place),)) for k in others for place, event in ends]

    def _broken(self, trip: Trip) -> set[Rule]:
        return {violation.rule for violation in trip_violations(self.empty, trip)}

    def _party(self, person: str) -> int:
        people: tuple[Driver | Rider, ...] = (*self.instance.drivers, *self.instance.riders)
        return next(one.party for one in people if one.id == person)

    def _room(self, event: str) -> float:
        capacity = self.instance.event_by_id[event].capacity
        return float("inf") if capacity is None else capacity - self.people[event]

    def _unit(self, person: str) -> set[str]:
        unit = {person}
        for _ in self.instance.together:
            unit |= {p for group in self.instance.together if unit & set(group) for p in group}
        return unit

    def _takes_unit(self, trip: Trip, person: str) -> bool:
        others = self._unit(person) - {trip.driver}
        if self._unit(person) == {person}:
            return True
        if not others <= self.instance.rider_by_id.keys():
            return False
        judged = replace(self.instance, pinned=())
        for order in permutations(sorted(others)):
            riders = [self.instance.rider_by_id[name] for name in order]
            for places in product(*[[None, *(p.id for p in rider.places)] for rider in riders]):
                stops = tuple(Stop(name, place) for name, place in zip(order, places, strict=True))
                if not trip_violations(judged, Trip(trip.driver, trip.event, stops)):
                    return True
        return False

    def _apart(self, driver: str, person: str) -> bool:
        return driver != person and any({driver, person} <= set(group) for group in self.instance.apart)

    def _has_seats(self, driver: str, person: str) -> bool:
        riders = sum(self._party(one) for one in self._unit(person) if one != driver)
        return driver == person or riders <= self._seats(driver)

    def _seats(self, driver: str) -> int:
        if any(driver in trip.riders for trip in self.plan.trips):
            return 0
        if any(pin.driver == driver and (pin.full or pin.force) for pin in self.instance.pinned):
            return 0
        taken = [
            self._party(rider) for trip in self.plan.trips if trip.driver == driver for rider in trip.riders
        ]
        return self.instance.driver_by_id[driver].seats - sum(taken)

    def _rise(self, way: Trip, person: str) -> float:
        """The most that the score rises by with this person in this car, the others' order and places kept."""
        before = next((trip for trip in self.plan.trips if trip.driver == way.driver), None)
        if before is not None and before.event != way.event:
            return -1.0
        stops = before.stops if before is not None else ()
        rest = [trip for trip in self.plan.trips if trip is not before]
        now, best = score(self.instance, self.plan.trips), -1.0
        for position in range(len(stops) + 1):
            after = Trip(way.driver, way.event, (*stops[:position], *way.stops, *stops[position:]))
            if not violations(self.instance, Plan(trips=(*rest, after))):
                best = max(best, score(self.instance, [*rest, after]) - now)
        return best
