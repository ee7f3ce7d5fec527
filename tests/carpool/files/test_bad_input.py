"""Every kind of bad input is refused with a line that says where, what and what was expected."""

from typing import Any

import pytest

from carpool.errors import InvalidInstance
from carpool.files import instance_from_json

EVENT = {
    "id": "e1",
    "lat": 51.6,
    "lon": -0.23,
    "starts_at": "2029-05-03T10:00:00+01:00",
    "ends_at": "2029-05-03T13:00:00+01:00",
    "wanted": 40,
}
DRIVER = {"id": "d1", "lat": 51.75, "lon": -0.34, "seats": 3}
RIDER = {"id": "r1", "lat": 51.7, "lon": -0.3}
PLACE = {"id": "s", "lat": 51.7, "lon": -0.3, "walk_minutes": 8}
RIDERS = [RIDER, {**RIDER, "id": "r2"}, {**RIDER, "id": "r3", "can_drive": {"seats": 1}}]


def document(**changes: Any) -> dict[str, Any]:
    base = {"format": "carpool-instance/1", "events": [EVENT], "drivers": [DRIVER], "riders": RIDERS}
    return {name: value for name, value in (base | changes).items() if value is not ...}


def event(**changes: Any) -> dict[str, Any]:
    return document(events=[_changed(EVENT, changes)])


def driver(**changes: Any) -> dict[str, Any]:
    return document(drivers=[_changed(DRIVER, changes)])


def rider(**changes: Any) -> dict[str, Any]:
    return document(riders=[_changed(RIDER, changes), *RIDERS[1:]])


def place(**changes: Any) -> dict[str, Any]:
    return rider(places=[_changed(PLACE, changes)])


def _changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The object with changes; `...` takes a member away."""
    return {name: value for name, value in (base | changes).items() if value is not ...}


def pairs(*drives: Any, otherwise: str | None = None) -> dict[str, Any]:
    travel = {"model": "pairs", "minutes": list(drives), "otherwise": otherwise}
    return document(drivers=[], riders=[RIDER], travel=travel)


def matrix(*rows: Any) -> dict[str, Any]:
    return document(drivers=[], riders=[RIDER], travel={"model": "matrix", "minutes": list(rows)})


TIME = "expected a time such as 2029-05-03T10:00:00+01:00"
ROAD = (
    'expected {"model": "gb-road-1"}, {"model": "matrix", "minutes": …} or {"model": "pairs", "minutes": …}'
)

ONE_FAULT: list[tuple[Any, str]] = [
    # The document
    ([], "$: a list of 0: expected an object"),
    (None, "$: null: expected an object"),
    (document(format=...), 'format: missing: expected "carpool-instance/1"'),
    (document(format="carpool-instance/2"), 'format: "carpool-instance/2": expected "carpool-instance/1"'),
    (document(events=...), "events: missing: expected a list"),
    (document(drivers=None), "drivers: null: expected a list"),
    (document(riders={}), "riders: an object: expected a list"),
    (document(dwell_minute=3), "dwell_minute: unknown member: did you mean dwell_minutes?"),
    (document(**{"a b\x1b": 3}), '["a b\\u001b"]: unknown member: expected no such member'),
    (document(dwell_minutes=None), "dwell_minutes: null: expected a number"),
    (document(dwell_minutes="2"), 'dwell_minutes: "2": expected a number'),
    (document(dwell_minutes=True), "dwell_minutes: true: expected a number"),
    (document(dwell_minutes=-1), "dwell_minutes: -1: expected a number of at least 0 and at most 1e6"),
    (document(change_penalty=1e7), "change_penalty: 10000000: expected a number of at least 0 and at most 1e6"),
    (document(minutes_per_volunteer=0), "minutes_per_volunteer: 0: expected a number of more than 0 and at most 1e6"),
    (document(minutes_per_volunteer=1e-320),
     "minutes_per_volunteer: 1e-320: expected at least 1e-100, as no score can be computed with less"),
    (document(crossings=[]), "crossings: a list of 0: expected an object"),
    (document(crossings={"isle of wight": -1}), 'crossings["isle of wight"]: -1: expected minutes from 0 to 1e6'),
    (document(crossings={"arran": None}), "crossings.arran: null: expected a number"),
    (document(travel="gb-road-1"), f'travel: "gb-road-1": {ROAD}'),
    (document(travel={}), f"travel: an object: {ROAD}"),
    (document(travel={"model": "osrm"}), f'travel.model: "osrm": {ROAD}'),
    (document(travel={"model": "gb-road-1", "minutes": []}), "travel.minutes: unknown member: expected no such member"),
    # Events
    (document(events=[7]), "events[0]: 7: expected an object"),
    (event(id=...), "events[0].id: missing: expected a string"),
    (event(id=7), "events[0].id: 7: expected a string"),
    (event(id=""), 'events[0].id: "": expected an id of at least one character'),
    (event(id="\ud800"), 'events[0].id: "\\ud800": expected an id without lone surrogates'),
    (event(lat="51"), 'events[0].lat: "51": expected a number'),
    (event(lat=48.9), "events[0].lat: 48.9: expected 49 to 61.5 degrees; are lat and lon swapped?"),
    (event(lon=2.6), "events[0].lon: 2.6: expected -9 to 2.5 degrees; are lat and lon swapped?"),
    (event(wanted=3.0), "events[0].wanted: 3.0: expected an integer"),
    (event(wanted=True), "events[0].wanted: true: expected an integer"),
    (event(wanted=-1), "events[0].wanted: -1: expected a number of at least 0 and at most 1e6"),
    (event(capacity=1_000_001), "events[0].capacity: 1000001: expected a number of at least 0 and at most 1e6"),
    (event(weight=0), "events[0].weight: 0: expected a number of more than 0 and at most 1e6"),
    (event(weight=10**400), "events[0].weight: 1" + "0" * 58 + "…: expected a number"),
    (event(island="lundy"), 'events[0].island: "lundy": expected null or an island that crossings gives minutes for'),
    (event(ends_at=EVENT["starts_at"]), 'events[0].ends_at: "2029-05-03T10:00:00+01:00": expected a time after starts_at'),
    (event(ends_at=...), f"events[0].ends_at: missing: {TIME}"),
    (event(starts_at=None), f"events[0].starts_at: null: {TIME}"),
    (event(starts_at="2029-05-03T10:00:00"), f'events[0].starts_at: "2029-05-03T10:00:00": {TIME}'),
    (event(name="x" * 99), "events[0].name: unknown member: expected no such member"),
    (document(events=[EVENT, EVENT]), 'events[1].id: "e1": expected another id than events[0] has'),
    # Drivers
    (driver(seats=...), "drivers[0].seats: missing: expected an integer"),
    (driver(seat=3), "drivers[0].seat: unknown member: did you mean seats?"),
    (driver(seats="x\n" * 99), 'drivers[0].seats: "' + r"x\u000a" * 8 + r"x\…: expected an integer"),
    (driver(party=0), "drivers[0].party: 0: expected a number of at least 1 and at most 1e6"),
    (driver(way_back=1), "drivers[0].way_back: 1: expected true or false"),
    (driver(way_back=None), "drivers[0].way_back: null: expected true or false"),
    (driver(max_detour_minutes=-0.5), "drivers[0].max_detour_minutes: -0.5: expected a number of at least 0 and at most 1e6"),
    (driver(offers={"child seat": 1.0}), 'drivers[0].offers["child seat"]: 1.0: expected an integer'),
    (driver(offers={"ramp": -1}), "drivers[0].offers.ramp: -1: expected a count from 0 to 1e6"),
    (driver(events=[]), "drivers[0].events: an empty list: expected null for any event, or event ids"),
    (driver(events=["e2"]), 'drivers[0].events[0]: "e2": expected the id of an event'),
    (driver(events=["e1", "e1"]), 'drivers[0].events[1]: "e1": expected each string once'),
    (driver(traits=["a", "b", "a"]), 'drivers[0].traits[2]: "a": expected each string once'),
    (driver(company="woman"), 'drivers[0].company: "woman": expected a list'),
    (driver(ready_at="08:00"), f'drivers[0].ready_at: "08:00": {TIME}'),
    # Riders
    (rider(id="d1"), 'riders[0].id: "d1": expected another id than drivers[0] has'),
    (rider(id="r3"), 'riders[2].id: "r3": expected another id than riders[0] has'),
    (rider(seats=3), "riders[0].seats: unknown member: expected no such member"),
    (rider(dwell_minutes=-1), "riders[0].dwell_minutes: -1: expected a number of at least 0 and at most 1e6"),
    (rider(needs=["a", "a"]), 'riders[0].needs[1]: "a": expected each string once'),
    (rider(needs=[None]), "riders[0].needs[0]: null: expected a string"),
    (rider(home_pickup=False), "riders[0].places: an empty list: expected a place, as home_pickup is false"),
    (place(walk_minutes=...), "riders[0].places[0].walk_minutes: missing: expected a number"),
    (place(walk_minutes=-1), "riders[0].places[0].walk_minutes: -1: expected a number of at least 0 and at most 1e6"),
    (place(lat=-0.3), "riders[0].places[0].lat: -0.3: expected 49 to 61.5 degrees; are lat and lon swapped?"),
    (place(island=None), "riders[0].places[0].island: unknown member: expected no such member"),
    (rider(places=[PLACE, PLACE]), 'riders[0].places[1].id: "s": expected another id than riders[0].places[0] has'),
    (rider(can_drive={}), "riders[0].can_drive.seats: missing: expected an integer"),
    (rider(can_drive=True), "riders[0].can_drive: true: expected an object"),
    (rider(can_drive={"seats": 1, "party": 1}), "riders[0].can_drive.party: unknown member: expected no such member"),
    (rider(can_drive={"seats": 1, "way_back": None}), "riders[0].can_drive.way_back: null: expected true or false"),
    (rider(can_drive={"seats": 1, "events": ["e2"]}), 'riders[0].can_drive.events[0]: "e2": expected the id of an event'),
    (rider(events=["e2"], can_drive={"seats": 1}), 'riders[0].events[0]: "e2": expected the id of an event'),
    # Groups and trips
    (document(apart=[["r1"]]), "apart[0]: a list of 1: expected two ids or more"),
    (document(apart=[["r1", "r9"]]), 'apart[0][1]: "r9": expected the id of a driver or rider'),
    (document(together=[["r1", "r1"]]), 'together[0][1]: "r1": expected each string once'),
    (document(together=["r1", "r2"][:1]), 'together[0]: "r1": expected a list'),
    (document(together=[["d1", "r1", "d2"]], drivers=[DRIVER, {**DRIVER, "id": "d2"}]),
     'together[0]: "d1" and "d2": expected at most one of the drivers in a group'),
    (document(together=[["r1", "d1", "r2"]], apart=[["d1", "r3"], ["r3", "r2", "d1"]]),
     'together[0]: "d1" and "r2": expected no pair that apart[1] keeps apart'),
    (document(pinned=[{"event": "e1"}]), "pinned[0].driver: missing: expected a string"),
    (document(pinned=[{"driver": "r1", "event": "e1"}]), 'pinned[0].driver: "r1": expected the id of somebody who can drive'),
    (document(pinned=[{"driver": "d1", "event": "e2"}]), 'pinned[0].event: "e2": expected the id of an event'),
    (document(pinned=[{"driver": "r3", "event": "e1", "riders": ["d1"]}]),
     'pinned[0].riders[0]: "d1": expected the id of a rider'),
    (document(pinned=[{"driver": "d1", "event": "e1", "riders": ["r1", "r1"]}]),
     'pinned[0].riders[1]: "r1": expected nobody twice, but pinned[0].riders[0] is the same'),
    (document(pinned=[{"driver": "d1", "event": "e1"}, {"driver": "r3", "event": "e1", "riders": ["r1"]},
                      {"driver": "d1", "event": "e1"}]),
     'pinned[2].driver: "d1": expected nobody twice, but pinned[0].driver is the same'),
    (document(pinned=[{"driver": "r3", "event": "e1", "riders": ["r3"]}]),
     'pinned[0].riders[0]: "r3": expected nobody twice, but pinned[0].driver is the same'),
    (document(pinned=[{"driver": "d1", "event": "e1", "full": None}]), "pinned[0].full: null: expected true or false"),
    (document(published=[{"driver": "gone", "event": "e"}, {"driver": "x", "event": "e", "riders": ["gone"]}]),
     'published[1].riders[0]: "gone": expected nobody twice, but published[0].driver is the same'),
    (document(published=[{"driver": "d1"}]), "published[0].event: missing: expected a string"),
    (document(published=[{"driver": "d1", "event": "e1", "force": 0}]), "published[0].force: 0: expected true or false"),
    # Matrix: places are a rider and an event
    (matrix([0, 1]), "travel.minutes: a list of 1: expected 2 rows: drivers, riders, events, then riders' places"),
    (matrix([0, 1], [1]), "travel.minutes[1]: a list of 1: expected 2 columns, as many as rows"),
    (matrix([0, 1], 7), "travel.minutes[1]: 7: expected a list"),
    (matrix([0, -1], [1, 0]), "travel.minutes[0][1]: -1: expected minutes from 0 to 1e6, or null for no way"),
    (matrix([0, 1e7], [1.5, 0]), "travel.minutes[0][1]: 10000000: expected minutes from 0 to 1e6, or null for no way"),
    (matrix([0, 1.5], ["1", 0]), 'travel.minutes[1][0]: "1": expected a number'),
    (matrix([float("nan"), 1.5], [1.5, None]), "travel.minutes[0][0]: NaN: expected a number"),
    (document(travel={"model": "matrix"}), "travel.minutes: missing: expected a list"),
    (pairs([0, 2, 5.0]), "travel.minutes[0]: 2: expected places from 0 to 1"),
    (pairs([0, 1, 5.0], [-1, 0, 5]), "travel.minutes[1]: -1: expected places from 0 to 1"),
    (pairs([1, 1, 5]), "travel.minutes[0]: 1: expected two places: from a place to itself it is 0 minutes"),
    (pairs([0, 1, 5], [1, 0, 5], [0, 1, 6]),
     "travel.minutes[2]: 0 to 1: expected another drive than travel.minutes[0]"),
    (pairs([0, 1, -5]), "travel.minutes[0][2]: -5: expected minutes from 0 to 1e6, or null for no way"),
    (pairs([0, 1, "5"]), 'travel.minutes[0][2]: "5": expected a number'),
    (pairs([0, 1.0, 5]), "travel.minutes[0][1]: 1.0: expected an integer"),
    (pairs([0, 10**12, 5]), "travel.minutes[0][1]: 1000000000000: expected the number of a place"),
    (pairs([0, 1]), "travel.minutes[0]: a list of 2: "
     "expected a list of two places and the minutes from one to the other, or null for no way"),
    (pairs(otherwise="osrm"), 'travel.otherwise: "osrm": expected "gb-road-1" or null'),
    (document(travel={"model": "pairs", "minutes": []}), "travel.otherwise: missing: expected a string"),
    (document(travel={"model": "pairs", "otherwise": None}), "travel.minutes: missing: expected a list"),
    (document(travel={"model": "matrix", "minutes": []}, riders=[{**RIDER, "id": str(i)} for i in range(1999)]),
     "travel.minutes: 2001 places: expected at most 2000 places with a matrix"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "line"), ONE_FAULT, ids=[line for _, line in ONE_FAULT])
def test_one_fault(bad: Any, line: str) -> None:
    with pytest.raises(InvalidInstance) as refused:
        instance_from_json(bad)
    assert str(refused.value) == line


LEGAL: list[Any] = [
    document(),
    document(events=[], drivers=[], riders=[]),
    document(minutes_per_volunteer=1e-100),
    driver(ready_at="2029-05-03T12:00:00Z", home_by="2029-05-03T08:00:00Z"),
    driver(seats=0, max_detour_minutes=0),
    event(wanted=0, capacity=0, weight=0.001),
    event(wanted=9, capacity=2),
    rider(party=1_000_000),
    rider(needs=[""], traits=["\ud800"], events=None, dwell_minutes=None),
    document(published=[{"driver": "gone", "event": "gone", "riders": ["r1"], "full": True, "force": True}]),
    document(together=[["r1", "r2"], ["r2", "r3"]], apart=[["r1", "r3"]]),
    document(crossings={"lundy": 0}, drivers=[{**DRIVER, "island": "lundy"}]),
    matrix([None, 1], [None, None]),
    pairs([0, 1, None], [1, 0, 7]),
    {**pairs(), "riders": [{**RIDER, "lat": -33.9, "lon": 151.2, "island": "anywhere"}]},
    {**matrix([-7, 1e6], [0, None]), "riders": [{**RIDER, "lat": -33.9, "lon": 151.2, "island": "anywhere"}]},
]


@pytest.mark.parametrize("good", LEGAL)
def test_legal_though_unusual(good: Any) -> None:
    instance_from_json(good)


def test_all_faults_at_once_of_types_and_of_references() -> None:
    bad = driver(seats="three", events=["e9"]) | {"riders": [{"id": "r1", "lat": 51.7}]}
    with pytest.raises(InvalidInstance) as refused:
        instance_from_json(bad)
    assert str(refused.value).splitlines() == [
        'drivers[0].seats: "three": expected an integer',
        "riders[0].lon: missing: expected a number",
        'drivers[0].events[0]: "e9": expected the id of an event',
    ]


def test_what_stands_in_for_something_wrong_is_not_reported() -> None:
    bad = document(
        travel={"model": "matrix", "minutes": 7},
        drivers=[DRIVER, 7, {"seats": 2}],
        events=[{**EVENT, "starts_at": 1}],
    )
    with pytest.raises(InvalidInstance) as refused:
        instance_from_json(bad)
    assert [fault.path for fault in refused.value.faults] == [
        "events[0].starts_at",
        "drivers[1]",
        "drivers[2].id",
        "drivers[2].lat",
        "drivers[2].lon",
        "travel.minutes",
    ]


def test_at_most_twenty_lines() -> None:
    with pytest.raises(InvalidInstance) as refused:
        instance_from_json(document(drivers=[{**DRIVER, "id": str(i), "seats": -1} for i in range(23)]))
    lines = str(refused.value).splitlines()
    assert len(lines) == 21 and lines[19].startswith("drivers[19].seats: -1") and lines[20] == "and 3 more"
