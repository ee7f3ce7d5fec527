"""What a move does is what the judge and the score of the whole day say, though only a corner of it was looked at."""

from dataclasses import replace

import pytest

from carpool.check import Rule, violations
from carpool.hands import Corner, Drive, Effect, Ride, Swap, TakeOut, effect, moved
from carpool.instance import Driver, Instance, PinnedTrip, PublishedTrip, Rider
from carpool.plan import Plan, Trip
from carpool.score import score
from tests.carpool.build import a_driver, a_matrix, a_rider, a_trip, an_event, an_instance, at

EVENTS = (an_event("e", wanted=3), an_event("f", lat=51.62, wanted=2, weight=2.0, starts_at=at("11:00")))
FAR = {"max_detour_minutes": 200.0}
DAY = an_instance(
    a_driver("d", seats=4, **FAR), a_driver("c", lat=51.78, **FAR), a_driver("x", party=2, **FAR), a_rider("r"),
    a_rider("s", lat=51.72), a_rider("t"), a_rider("u", party=2),
    events=EVENTS,
    published=(PublishedTrip("d", "e", ("r", "u")), PublishedTrip("x", "e")),
)  # fmt: skip
TRIPS = (a_trip("d", "e", "r", "s"), a_trip("c", "f", "t"), a_trip("x", "e", "u"))


def corner(
    *drivers: str, instance: Instance = DAY, trips: tuple[Trip, ...] = TRIPS, more: str = ""
) -> Corner:
    """The day's corner with the cars of these drivers, and the people `more`."""
    mine = tuple(trip for trip in trips if trip.driver in drivers)
    ids = {person for trip in mine for person in (trip.driver, *trip.riders)} | set(more)
    everybody: list[Driver | Rider] = [*instance.drivers, *instance.riders]
    party = {person.id: person.party for person in everybody}
    others: dict[str, int] = {}
    for trip in trips:
        if trip not in mine:
            others[trip.event] = others.get(trip.event, 0) + sum(
                party[p] for p in (trip.driver, *trip.riders)
            )
    small = replace(
        instance,
        drivers=tuple(one for one in instance.drivers if one.id in ids),
        riders=tuple(one for one in instance.riders if one.id in ids),
    )
    return Corner(small, mine, others)


def done(at_corner: Corner, move: object, forced: tuple[str, ...] = ()) -> Effect:
    return effect(at_corner, moved(at_corner, move, bool(forced)), forced)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("drivers", "move"),
    [
        (("d", "c"), Ride("r", "c")),
        (("d", "x"), Ride("u", "d")),
        (("d", "c"), Swap("d", "c")),
        (("d",), Drive("d", "f")),
        (("x",), Drive("x", "f")),
        (("d",), TakeOut("s")),
        (("x",), TakeOut("x")),
    ],
)
def test_the_score_changes_as_that_of_the_whole_day(drivers: tuple[str, ...], move: object) -> None:
    found = done(corner(*drivers), move)
    rest = tuple(trip for trip in TRIPS if trip.driver not in drivers)
    assert found.score == pytest.approx(score(DAY, (*rest, *found.after)) - score(DAY, TRIPS), abs=1e-9)
    assert not [v for v in violations(DAY, Plan(trips=found.after)) if v.rule is not Rule.ORDER]


def test_each_person_s_times_are_told_before_and_after() -> None:
    found = done(corner("d", "c"), Ride("r", "c"))
    changes = {change.person: change for change in found.changes}
    assert set(changes) == {"d", "c", "r"}, "nothing changes for those who are fetched later"
    rider = changes["r"]
    assert rider.before and rider.after
    assert (rider.before.driver, rider.before.event) == ("d", "e")
    assert (rider.after.driver, rider.after.event, rider.after.drives) == ("c", "f", False)
    assert changes["c"].after and changes["c"].before and changes["c"].after.at < changes["c"].before.at
    out = done(corner("d"), TakeOut("d"))
    assert {(change.person, change.after) for change in out.changes} == {
        ("d", None),
        ("r", None),
        ("s", None),
    }
    assert (out.people, out.promises) == (-3, 2)


@pytest.mark.parametrize(
    ("change", "move", "rule", "forceable"),
    [
        ({"max_detour_minutes": 2}, Ride("s", "d"), Rule.DETOUR, True),
        ({"ready_at": at("09:15")}, Ride("s", "d"), Rule.READY, True),
        ({"home_by": at("13:10")}, Ride("s", "d"), Rule.HOME, True),
        ({"max_travel_minutes": 1}, Ride("s", "d"), Rule.TRAVEL, True),
        ({"seats": 1}, Ride("s", "d"), Rule.SEATS, False),
        ({"company": ("woman",)}, Ride("s", "d"), Rule.COMPANY, False),
        ({"events": ("e",)}, Drive("d", "f"), Rule.EVENTS, False),
        ({"way_back": False}, Ride("s", "d"), Rule.WAY_BACK, False),
    ],
)
def test_a_broken_rule_is_named(change: dict[str, object], move: object, rule: Rule, forceable: bool) -> None:
    driver = replace(a_driver("d"), **change)  # type: ignore[arg-type]
    instance = an_instance(driver, a_rider("r", lat=51.74), a_rider("s", lat=51.69, lon=-0.2), events=EVENTS)
    place = Corner(instance, (a_trip("d", "e", "r"),))
    if rule in (Rule.WAY_BACK, Rule.TRAVEL, Rule.READY):
        place = Corner(instance, (a_trip("d", "e"),))
    found = done(place, move)
    assert rule in {violation.rule for violation in found.broken}
    assert found.forceable is forceable
    if forceable:
        assert done(place, move, ("d",)).broken == (), "a pin with force lifts it"


def test_force_lifts_what_the_judge_lets_it_lift() -> None:
    instance = an_instance(a_driver("d", max_detour_minutes=1), a_rider("r", lat=51.9))
    found = done(Corner(instance, (a_trip("d", "e"),)), Ride("r", "d"), ("d",))
    pinned = replace(instance, pinned=(PinnedTrip("d", "e", ("r",), force=True),))
    assert violations(pinned, Plan(trips=found.after)) == []
    assert violations(instance, Plan(trips=found.after)) != []


def test_no_way_is_never_forced() -> None:
    instance = an_instance(a_driver("d"), a_rider("r"), matrix=a_matrix(3, _0_1=None))
    found = done(Corner(instance, (a_trip("d", "e"),)), Ride("r", "d"), ("d",))
    assert {violation.rule for violation in found.broken} == {Rule.NO_WAY} and not found.forceable
    assert found.after[0].departs_at is None


@pytest.mark.parametrize(("capacity", "named"), [(5, True), (6, False)])
def test_a_full_event_counts_those_in_other_cars(capacity: int, named: bool) -> None:
    events = (replace(EVENTS[0], capacity=7), replace(EVENTS[1], capacity=capacity))
    instance = replace(DAY, events=events)
    found = done(corner("x", instance=instance), Drive("x", "f"))
    assert [violation.rule for violation in found.broken] == [Rule.CAPACITY] * named
    assert not done(
        corner("d", instance=replace(DAY, events=(replace(EVENTS[0], capacity=1), EVENTS[1]))), TakeOut("s")
    ).broken


def test_whoever_is_kept_apart_or_together_is_named() -> None:
    apart = replace(corner("d", "c").instance, apart=(("r", "t"),), together=(("r", "s"),))
    broken = done(Corner(apart, TRIPS[:2]), Ride("r", "c")).broken
    assert [violation.rule for violation in broken] == [Rule.APART, Rule.TOGETHER]


def test_two_cars_of_a_corner_say_what_the_whole_corner_says() -> None:
    whole = corner("d", "c", "x")
    two = whole.only(("r", "c"))
    assert {trip.driver for trip in two.trips} == {"d", "c"} and "u" not in two.instance.index
    assert done(two, Ride("r", "c")).score == pytest.approx(done(whole, Ride("r", "c")).score)
    assert done(two, Drive("d", "f")).people == done(whole, Drive("d", "f")).people
