"""What is written is read again as it was, and the samples of the format are read as they stand."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool.check import violations
from carpool.errors import InvalidPlan
from carpool.files import (
    dumps,
    instance_from_json,
    instance_to_json,
    plan_from_json,
    plan_to_json,
    read_instance,
    read_plan,
    write_instance,
    write_plan,
)
from carpool.instance import CanDrive, Instance
from carpool.plan import Drop, Plan, Stop, Trip, Unmatched
from tests.carpool.build import a_driver, a_plan, a_rider, a_trip, an_event, an_instance, at
from tests.carpool.strategies import instances

DATA = Path(__file__).parents[2] / "data"


@settings(deadline=None, max_examples=60)
@given(instances())
def test_instances(instance: Instance) -> None:
    assert instance_from_json(json.loads(dumps(instance_to_json(instance)))) == instance


texts = st.text(st.characters(), min_size=1, max_size=5)
moments = st.timedeltas(timedelta(0), timedelta(days=300 * 365)).map(at("09:00").replace(year=1900).__add__)
numbers = st.floats(allow_nan=False, allow_infinity=False)


stops = st.builds(Stop, texts, st.none() | texts, st.none() | moments, st.none() | numbers)
drops = st.builds(Drop, texts, st.none() | moments)
trips = st.builds(
    Trip,
    texts,
    texts,
    st.lists(stops, max_size=2).map(tuple),
    st.none() | moments,
    st.none() | moments,
    st.none() | numbers,
    st.none() | numbers,
    st.none() | st.lists(drops, max_size=2).map(tuple),
    st.none() | moments,
)
unmatched = st.builds(Unmatched, texts, *[st.none() | st.text(st.characters(), max_size=5)] * 3)
plans = st.builds(
    Plan,
    st.lists(trips, max_size=2).map(tuple),
    st.none() | st.lists(unmatched, max_size=2).map(tuple),
    st.none() | numbers,
    st.none() | st.integers(),
    *[st.none() | numbers] * 3,
    st.none() | texts,
    st.none() | numbers,
    st.none() | st.integers(),
    st.none() | texts,
)


@settings(deadline=None, max_examples=60)
@given(plans)
def test_plans(plan: Plan) -> None:
    assert plan_from_json(json.loads(dumps(plan_to_json(plan)))) == plan


def test_files(tmp_path: Path) -> None:
    instance, plan = an_instance(a_driver("ä\x07"), a_rider()), a_plan(a_trip("ä\x07", "e"))
    write_instance(instance, tmp_path / "instance.json")
    write_plan(plan, tmp_path / "plan.json")
    assert read_instance(tmp_path / "instance.json") == instance
    assert read_plan(str(tmp_path / "plan.json")) == plan
    assert "ä" in (tmp_path / "instance.json").read_text(encoding="utf-8")


def test_a_lone_surrogate_in_a_trait_survives(tmp_path: Path) -> None:
    instance = an_instance(a_driver(traits=("\udc80", "ä")))
    write_instance(instance, tmp_path / "instance.json")
    assert read_instance(tmp_path / "instance.json") == instance


def test_times_of_a_time_zone_are_written_with_their_offset() -> None:
    london, amsterdam = ZoneInfo("Europe/London"), ZoneInfo("Europe/Amsterdam")
    # In 1901 Amsterdam was 18 minutes and a few seconds ahead, which the format cannot say.
    event = an_event(
        starts_at=datetime(1901, 5, 3, 10, tzinfo=amsterdam), ends_at=datetime(2029, 5, 3, 13, tzinfo=london)
    )
    document = instance_to_json(an_instance(events=(event,)))
    assert document["events"][0]["ends_at"] == "2029-05-03T13:00:00+01:00"
    assert document["events"][0]["starts_at"].endswith("+00:00")
    assert instance_from_json(document).events[0].starts_at == event.starts_at


def can_drive(**members: object) -> CanDrive:
    """What a rider with times, events and no way back offers as a driver, by what stands in the file."""
    rider = {"id": "r", "lat": 52, "lon": 0, "ready_at": "2029-05-03T08:00:00Z", "home_by": "2029-05-03T20:00:00Z",
             "events": ["e"], "way_back": False, "max_travel_minutes": 7, "can_drive": {"seats": 2, **members}}  # fmt: skip
    event = instance_to_json(an_instance())["events"][0]
    document = {"format": "carpool-instance/1", "events": [event], "drivers": [], "riders": [rider]}
    found = instance_from_json(document).riders[0].can_drive
    assert found is not None
    return found


def test_who_can_drive_does_so_as_the_rider_unless_something_else_is_said() -> None:
    assert can_drive() == CanDrive(2, at("09:00"), at("21:00"), ("e",), way_back=False)
    assert can_drive(ready_at=None, home_by=None, events=None) == CanDrive(2, way_back=False)
    assert can_drive(ready_at="2029-05-03T07:00:00Z", way_back=True).ready_at == at("08:00")
    assert can_drive(way_back=True).way_back


def test_the_sample_pair_is_true() -> None:
    instance, plan = read_instance(DATA / "sample-instance.json"), read_plan(DATA / "sample-plan.json")
    assert violations(instance, plan) == []
    assert plan_to_json(plan) == json.loads((DATA / "sample-plan.json").read_text())
    assert instance_to_json(instance) == json.loads((DATA / "sample-instance.json").read_text())


def test_the_example_of_the_format_is_read() -> None:
    instance = read_instance(DATA / "every-member.json")
    assert instance.riders[0].can_drive is None and instance.pinned[0].riders == ("r1",)
    assert instance.crossings == {"isle-of-wight": 75} and instance.matrix is None


MINIMAL = {"format": "carpool-plan/1", "trips": [{"driver": "d1", "event": "e", "stops": [{"rider": "r1"}]}]}


def test_a_plan_by_hand_needs_little() -> None:
    assert plan_from_json(MINIMAL) == a_plan(a_trip("d1", "e", "r1"))


def test_a_null_return_is_told_from_a_missing_one() -> None:
    trip = {"driver": "d", "event": "e", "stops": []}
    assert not plan_from_json(MINIMAL | {"trips": [trip]}).trips[0].no_return
    assert plan_from_json(MINIMAL | {"trips": [trip | {"home_at": None}]}).trips[0].no_return


def test_members_that_the_plan_does_not_know_are_kept_for_the_judge() -> None:
    plan = plan_from_json(MINIMAL | {"colour": 1, "unmatched": [{"id": "r", "why": ""}]})
    assert plan.unknown_members == ("colour", "unmatched[0].why")
    assert replace(plan, unknown_members=()) == plan


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"format": "carpool-instance/1"}, 'format: "carpool-instance/1": expected "carpool-plan/1"'),
        ({"trips": None}, "trips: null: expected a list"),
        ({"trips": [{"driver": "d", "event": "e"}]}, "trips[0].stops: missing: expected a list"),
        ({"trips": [{"event": "e", "stops": []}]}, "trips[0].driver: missing: expected a string"),
        ({"trips": [{"driver": "d", "event": "e", "stops": [{}]}]}, "trips[0].stops[0].rider: missing: expected a string"),
        ({"score": "3"}, 'score: "3": expected a number'),
        ({"score": None}, "score: null: expected a number"),
        ({"bound": float("inf")}, "bound: Infinity: expected a number"),
        ({"volunteers": 3.0}, "volunteers: 3.0: expected an integer"),
        ({"unmatched": [{}]}, "unmatched[0].id: missing: expected a string"),
    ],
)  # fmt: skip
def test_plans_that_cannot_be_read(change: dict[str, object], line: str) -> None:
    with pytest.raises(InvalidPlan) as refused:
        plan_from_json(MINIMAL | change)
    assert str(refused.value) == line
