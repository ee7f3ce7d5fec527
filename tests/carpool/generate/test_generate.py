"""Made-up instances repeat, are valid at every size, use every rule, and look like a campaign."""

import subprocess
import sys
from dataclasses import fields
from hashlib import sha256
from typing import Any

import pytest

from carpool.check import violations
from carpool.errors import CarpoolError
from carpool.files import dumps, instance_from_json, instance_to_json
from carpool.generate import generate
from carpool.geo.constituency import constituencies, marginal, postcode_districts
from carpool.geo.place import Place, kilometres
from carpool.homeward import main_part
from carpool.instance import CanDrive, Driver, Event, Instance, PickupPlace, PinnedTrip, Rider
from carpool.pins import judge_pins, pin_faults
from carpool.plan import Plan


@pytest.mark.parametrize("people", [0, 1, 2, 3, 5, 8, 13, 30, 100])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_size_is_valid_and_its_pins_can_be_kept(people: int, seed: int) -> None:
    instance = generate(people, seed)
    assert len(instance.drivers) == people // 3 and len(instance.drivers) + len(instance.riders) == people
    assert instance_from_json(instance_to_json(instance)) == instance
    verdict = judge_pins(instance)
    assert verdict.faults == () and len(verdict.trips) == len(instance.pinned)
    assert violations(instance, Plan(trips=verdict.trips)) == []


def test_the_same_seed_gives_the_same_instance() -> None:
    assert generate(60, 7) == generate(60, 7)
    assert generate(60, 7) != generate(60, 8)
    with pytest.raises(CarpoolError):
        generate(-1)


KINDS = {"drivers": Driver, "riders": Rider, "events": Event}
# What no made-up instance has: matrices. And a default that nobody needs to change on one day.
NOT_USED = {
    "matrix",
    "pairs",
    "dwell_minutes",
    "arrive_before_minutes",
    "minutes_per_volunteer",
    "change_penalty",
}


def used(things: Any, kind: type) -> set[str]:
    """The members that somebody has otherwise than by default."""
    return {
        field.name
        for field in fields(kind)
        for thing in things
        if getattr(thing, field.name) not in (field.default, (), {}, None)
    }


@pytest.mark.parametrize("people", [30, 300])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_member_is_used_by_somebody(people: int, seed: int) -> None:
    instance = generate(people, seed)
    assert used([instance], Instance) == {field.name for field in fields(Instance)} - NOT_USED
    riders = instance.riders
    assert used(riders, Rider) == {field.name for field in fields(Rider)} - {"at"}
    assert used(instance.drivers, Driver) >= {field.name for field in fields(Driver)} - {
        "events",
        "island",
        "at",
    }
    assert used(instance.events, Event) >= {field.name for field in fields(Event)} - {"island", "capacity"}
    assert used([rider.can_drive for rider in riders if rider.can_drive], CanDrive) >= {"seats", "home_by"}
    assert used([place for rider in riders for place in rider.places], PickupPlace) == {
        "id",
        "lat",
        "lon",
        "walk_minutes",
    }
    assert used(instance.pinned, PinnedTrip) == {field.name for field in fields(PinnedTrip)}
    told = {person for trip in instance.published for person in (trip.driver, *trip.riders)}
    assert told - instance.index.keys() and told & instance.index.keys()


def test_a_small_instance_is_a_town_and_its_surroundings() -> None:
    instance = generate(30, 1)
    event = instance.events[0]
    at_home = [rider for rider in instance.riders if rider.island is None]
    far = [kilometres(Place(event.lat, event.lon), Place(rider.lat, rider.lon)) for rider in at_home]
    assert max(far) < 60


def test_proportions_of_a_region() -> None:
    instance = generate(3000, 1)
    assert 0.7 < sum(event.wanted for event in instance.events) / 3000 < 0.9
    seats = sum(driver.seats for driver in instance.drivers)
    assert 1.5 < seats / len(instance.riders) < 2.1
    marginals = {c.name for c in constituencies() if c.majority_pct < 15}
    assert len({event.id[:-5] for event in instance.events}) == 19 <= len(marginals)
    assert {event.starts_at.hour for event in instance.events} == {9, 13, 17}


def kilometres_from(centre: Place, instance: Instance) -> list[float]:
    return [kilometres(centre, place) for place in instance.places]


@pytest.mark.parametrize(
    ("district", "km", "people"), [("SW1A", 20.0, 300), ("SW1A", 110.0, 600), ("IV2", 110.0, 300)]
)
def test_around_a_district_everybody_is_near(district: str, km: float, people: int) -> None:
    centre = postcode_districts()[district]
    instance = generate(people, 4, around=district, within=km)
    assert len(instance.drivers) + len(instance.riders) == people and instance.events
    # A home is drawn about 1.5 km from the middle of its district, an event half a kilometre from its constituency's.
    assert max(kilometres_from(centre, instance)) < km + 10
    verdict = judge_pins(instance)
    assert verdict.faults == () and violations(instance, Plan(trips=verdict.trips)) == []
    assert instance == generate(people, 4, around=district.lower(), within=km)
    assert instance != generate(people, 5, around=district, within=km)


def test_a_circle_without_a_marginal_constituency_has_events_all_the_same() -> None:
    assert not [
        c for c in marginal(constituencies(), 15) if kilometres(postcode_districts()["L4"], c.place) < 6
    ]
    assert generate(60, 1, around="L4", within=6).events


@pytest.mark.parametrize(
    ("around", "within", "words"),
    [
        (None, 20.0, "need a postcode district"),
        ("XX9", 20.0, "We do not know the postcode district XX9"),
        ("London", 20.0, "not a UK postcode"),
        ("IV2", 0.0, "more than 0"),
        ("IV2", float("nan"), "more than 0"),
        ("BT1", 5.0, "No constituency of Great Britain lies within 5 km"),
    ],
)
def test_circles_that_are_none(around: str | None, within: float, words: str) -> None:
    with pytest.raises(CarpoolError, match=words):
        generate(30, 1, around=around, within=within)


# What seeds gave before `around` came: whoever compares figures over time needs the same instances.
@pytest.mark.parametrize(
    ("people", "seed", "digest"),
    [(30, 1, "d5311dc1c2698893"), (300, 2, "2ad022fef7b6cd8b"), (3000, 3, "853d31927653eb66")],
)
def test_seeds_keep_their_instances(people: int, seed: int, digest: str) -> None:
    text = dumps(instance_to_json(generate(people, seed)))
    assert sha256(text.encode()).hexdigest()[:16] == digest


def test_the_command_takes_a_circle() -> None:
    options = ["--people", "20", "--seed", "3", "--around", "IV2", "--within", "90"]
    command = [sys.executable, "-m", "carpool", "generate", *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stdout == dumps(instance_to_json(generate(20, 3, "IV2", 90.0))) and run.returncode == 0
    run = subprocess.run([*command, "--around", "nowhere"], capture_output=True, text=True, check=False)
    assert run.returncode == 2 and "not a UK postcode" in run.stderr


@pytest.mark.parametrize("people", [0, 3, 30, 300])
def test_some_may_be_at_events_and_only_need_the_way_home(people: int) -> None:
    instance = generate(people, 2, at_events=20)
    assert len(instance.at_events) <= 20
    assert people < 300 or len(instance.at_events) == 20
    assert pin_faults(instance) == []
    assert instance_from_json(instance_to_json(instance)) == instance
    others = [driver for driver in instance.drivers if driver.at is None]
    assert [driver.id for driver in main_part(instance).drivers] == [driver.id for driver in others]
    if people == 300:
        assert any(instance.driver_by_id[pin.driver].at for pin in instance.pinned)
        assert main_part(instance) != generate(300, 2)
