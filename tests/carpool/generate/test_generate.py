"""Made-up instances repeat, are valid at every size, use every rule, and look like a campaign."""

from dataclasses import fields
from typing import Any

import pytest

from carpool.check import violations
from carpool.errors import CarpoolError
from carpool.files import instance_from_json, instance_to_json
from carpool.generate import generate
from carpool.geo.constituency import constituencies
from carpool.geo.place import Place, kilometres
from carpool.instance import CanDrive, Driver, Event, Instance, PickupPlace, PinnedTrip, Rider
from carpool.pins import judge_pins
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
NOT_USED = {"matrix", "dwell_minutes", "arrive_before_minutes", "minutes_per_volunteer", "change_penalty"}


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
    assert used(riders, Rider) == {field.name for field in fields(Rider)}
    assert used(instance.drivers, Driver) >= {field.name for field in fields(Driver)} - {"events", "island"}
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
