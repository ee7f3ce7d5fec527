"""The format `carpool-plan/1` as tables: which members each object has, and of which kind."""

from typing import Any

from carpool.collector import at_rest
from carpool.errors import InvalidPlan
from carpool.files.parse import is_too_deep, too_deep
from carpool.files.shapes import EnoughFaults, Reading, array, integer, nullable, number, record, text, time
from carpool.files.values import members_of
from carpool.plan import Drop, Plan, Stop, Trip, Unmatched

FORMAT = "carpool-plan/1"


def _trip_of(**members: Any) -> Trip:
    no_return = "home_at" in members and members["home_at"] is None
    return Trip(**members, no_return=no_return)


def _format(value: Any, path: str, reading: Reading) -> None:
    if value != FORMAT:
        reading.wrong(path, value, f'expected "{FORMAT}"')


_stop = record(Stop, {"rider": text, "place": nullable(text), "at": time, "ride_minutes": number})
_trip = record(
    _trip_of,
    {
        "driver": text,
        "event": text,
        "departs_at": time,
        "arrives_at": time,
        "drive_minutes": number,
        "detour_minutes": number,
        "stops": array(_stop),
        "back": array(record(Drop, {"rider": text, "at": time, "place": nullable(text)})),
        "home_at": nullable(time),
    },
    required=frozenset({"driver", "event", "stops"}),
)
_document = record(
    dict,
    {
        "format": _format,
        "trips": array(_trip),
        "unmatched": array(record(Unmatched, {"id": text, "reason": text, "text": text, "fix": text})),
        "score": number,
        "volunteers": integer,
        "weighted_volunteers": number,
        "bound": number,
        "gap": number,
        "status": text,
        "seconds": number,
        "seed": integer,
        "version": text,
    },
    required=frozenset({"format", "trips"}),
)


def plan_from_json(document: Any) -> Plan:
    """The plan that a JSON document describes. Members that the format does not know are kept for the judge.

    Raises `InvalidPlan` with every fault that makes it unreadable.
    """
    reading = Reading()
    try:
        members = _document(document, "$", reading)
    except EnoughFaults as enough:
        raise InvalidPlan([too_deep()] if is_too_deep(document) else enough.faults) from None
    if (reading.faults or reading.unknown) and is_too_deep(document):
        raise InvalidPlan([too_deep()])
    if reading.faults:
        raise InvalidPlan(reading.faults)
    del members["format"]
    return Plan(**members, unknown_members=tuple(reading.unknown))


@at_rest()
def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON values, without what it leaves out."""
    document = {"format": FORMAT, "trips": [_trip_json(trip) for trip in plan.trips]}
    return document | members_of(plan, without=frozenset({"trips"}))


def _trip_json(trip: Trip) -> dict[str, Any]:
    members = members_of(trip, always=frozenset({"stops"}))
    members["stops"] = [members_of(stop, always=frozenset({"place"})) for stop in trip.stops]
    if trip.no_return or (trip.home_at is None and trip.back == ()):
        members["home_at"] = None
    return {name: members[name] for name in _ORDER if name in members}


_ORDER = (
    "driver",
    "event",
    "departs_at",
    "arrives_at",
    "drive_minutes",
    "detour_minutes",
    "stops",
    "back",
    "home_at",
)
