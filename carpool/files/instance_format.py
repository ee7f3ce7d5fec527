"""The format `carpool-instance/1` as tables: which members each object has, and of which kind."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from carpool.errors import Fault, InvalidInstance
from carpool.files.parse import is_too_deep, too_deep
from carpool.files.shapes import (
    EnoughFaults,
    Reading,
    StrictReading,
    array,
    boolean,
    integer,
    mapping,
    nullable,
    number,
    record,
    text,
    time,
)
from carpool.files.travel_format import travel, travel_json
from carpool.files.values import members_of
from carpool.instance import (
    CanDrive,
    Driver,
    Event,
    Instance,
    PickupPlace,
    PinnedTrip,
    PublishedTrip,
    Rider,
)

FORMAT = "carpool-instance/1"
_LISTS = ("events", "drivers", "riders")
# What a rider who can drive does not say about driving is as the rider says about riding.
_INHERITED = ("ready_at", "home_by", "events", "way_back")

_strings = array(text)
_place = {"id": text, "lat": number, "lon": number}
_person = {
    **_place,
    "island": nullable(text),
    "party": integer,
    "ready_at": nullable(time),
    "home_by": nullable(time),
    "max_travel_minutes": number,
    "way_back": boolean,
    "events": nullable(_strings),
    "traits": _strings,
    "company": _strings,
    "at": nullable(text),
}
_driving = {"seats": integer, "max_detour_minutes": number, "offers": mapping(integer)}
_event = record(
    Event,
    {
        **_place,
        "island": nullable(text),
        "starts_at": time,
        "ends_at": time,
        "wanted": integer,
        "capacity": nullable(integer),
        "weight": number,
    },
)


def _rider_of(**members: Any) -> Rider:
    if (driving := members.get("can_drive")) is not None:
        own = {name: members[name] for name in _INHERITED if name in members}
        members["can_drive"] = CanDrive(**(own | driving))
    return Rider(**members)


_driver = record(Driver, _person | _driving)
_can_drive = record(
    dict,
    _driving | {name: _person[name] for name in (*_INHERITED, "max_travel_minutes")},
    required=frozenset({"seats"}),
)
_rider = record(
    _rider_of,
    _person
    | {
        "needs": _strings,
        "places": array(record(PickupPlace, _place | {"walk_minutes": number})),
        "home_pickup": boolean,
        "dwell_minutes": nullable(number),
        "can_drive": nullable(_can_drive),
    },
    required=frozenset({"id", "lat", "lon"}),
)
_trip = {"driver": text, "event": text, "riders": _strings, "full": boolean, "force": boolean}


def _published_of(driver: str, event: str, riders: tuple[str, ...] = (), **_ignored: bool) -> PublishedTrip:
    """A published trip may be written as it was pinned, and its flags mean nothing."""
    return PublishedTrip(driver, event, riders)


def _format(value: Any, path: str, reading: Reading) -> None:
    if value != FORMAT:
        reading.wrong(path, value, f'expected "{FORMAT}"')


_document = record(
    dict,
    {
        "format": _format,
        "travel": travel,
        "dwell_minutes": number,
        "arrive_before_minutes": number,
        "minutes_per_volunteer": number,
        "change_penalty": number,
        "crossings": mapping(number),
        "events": array(_event),
        "drivers": array(_driver),
        "riders": array(_rider),
        "apart": array(_strings),
        "together": array(_strings),
        "pinned": array(record(PinnedTrip, _trip)),
        "published": array(record(_published_of, _trip, required=frozenset({"driver", "event"}))),
    },
    required=frozenset({"format", *_LISTS}),
)


def instance_from_json(document: Any) -> Instance:
    """The instance that a JSON document describes. Raises `InvalidInstance` with every fault that it has."""
    reading = StrictReading()
    try:
        members = _document(document, "$", reading)
    except EnoughFaults as enough:
        raise InvalidInstance([too_deep()] if is_too_deep(document) else enough.faults) from None
    if reading.faults and is_too_deep(document):
        raise InvalidInstance([too_deep()])
    del members["format"]
    members |= members.pop("travel", {})
    wrong = {fault.path for fault in reading.faults}
    if any(path.startswith("travel") for path in wrong):
        wrong.add("travel")  # Without the model nothing is known about its minutes.
    if not wrong.isdisjoint({"$", *_LISTS}):
        raise InvalidInstance(reading.faults)  # Nothing is known about who there is.
    try:
        instance = Instance(**members)
    except InvalidInstance as seen_together:
        raise InvalidInstance([*reading.faults, *_not_within(seen_together.faults, wrong)]) from None
    if reading.faults:
        raise InvalidInstance(reading.faults)
    return instance


def _not_within(faults: Iterable[Fault], wrong: set[str]) -> Iterator[Fault]:
    """The faults that do not only follow from what a reader has put in the place of something wrong."""
    for fault in faults:
        steps = re.findall(r"^[^.[]+|\.[^.[]+|\[[^]]*\]", fault.path)
        if wrong.isdisjoint(accumulate(steps)):
            yield fault


def instance_to_json(instance: Instance) -> dict[str, Any]:
    """The instance as JSON values, without the members that have their default."""
    document: dict[str, Any] = {"format": FORMAT}
    document |= travel_json(instance.matrix, instance.pairs)
    document |= members_of(
        instance, always=frozenset(_LISTS), without=frozenset({"matrix", "pairs", "riders"})
    )
    document["riders"] = [_rider_json(rider) for rider in instance.riders]
    return document


def _rider_json(rider: Rider) -> dict[str, Any]:
    members = members_of(rider)
    if rider.can_drive is not None:
        # Left out, these would be the rider's own again.
        members["can_drive"] = members_of(rider.can_drive, always=frozenset(_INHERITED))
    return members
