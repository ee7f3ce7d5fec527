"""What can be wrong with an instance once its types are right: numbers out of range, and what only shows when
its members are seen together. One fault a mistake, with the path that the file format gives the member.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING

from carpool.errors import MOST_FAULTS, Fault
from carpool.faults.groups import group_faults, pinned_faults, published_faults, twice_faults
from carpool.faults.homeward import homeward_faults
from carpool.faults.minutes import minutes_faults
from carpool.faults.numbers import LARGEST, as_typed
from carpool.show import member, show

if TYPE_CHECKING:
    from carpool.instance import CanDrive, Driver, Instance, Rider

LEAST_MINUTES_PER_VOLUNTEER = 1e-100
"""Minutes are divided by them: with fewer still, a score or its square would be beyond all floats."""

GREAT_BRITAIN = {"lat": (49.0, 61.5), "lon": (-9.0, 2.5)}
GLOBE = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}

# Member → the smallest value allowed. Of those in POSITIVE, 0 is not allowed either.
_INSTANCE = {"dwell_minutes": 0, "arrive_before_minutes": 0, "minutes_per_volunteer": 0, "change_penalty": 0}
_EVENT = {"wanted": 0, "capacity": 0, "weight": 0}
_DRIVER = {"seats": 0, "party": 1, "max_detour_minutes": 0, "max_travel_minutes": 0}
_RIDER = {"party": 1, "max_travel_minutes": 0, "dwell_minutes": 0}
_CAN_DRIVE = {"seats": 0, "max_detour_minutes": 0, "max_travel_minutes": 0}
_PLACE = {"walk_minutes": 0}
_POSITIVE = {"minutes_per_volunteer", "weight"}


def instance_faults(instance: "Instance") -> list[Fault]:
    """The faults of the instance in the order of the checks, at most `MOST_FAULTS`; none in one that can be solved."""
    found = chain(
        _number_faults(instance, "$", _INSTANCE),
        _exchange_faults(instance),
        _crossing_faults(instance),
        minutes_faults(instance),
        _id_faults("events", [event.id for event in instance.events]),
        _event_faults(instance),
        _person_id_faults(instance),
        _place_faults(instance),
        _driver_faults(instance),
        _rider_faults(instance),
        group_faults(instance),
        pinned_faults(instance),
        published_faults(instance),
        homeward_faults(instance),
    )
    return list(islice(found, MOST_FAULTS))


def _number_faults(thing: object, path: str, smallest: dict[str, int]) -> Iterator[Fault]:
    for name, low in smallest.items():
        value = getattr(thing, name)
        if value is None or low < value <= LARGEST or (value == low and name not in _POSITIVE):
            continue
        least = "more than 0" if name in _POSITIVE else f"at least {low}"
        yield Fault(
            member(path, name), show(as_typed(value)), f"expected a number of {least} and at most 1e6"
        )


def _exchange_faults(instance: "Instance") -> Iterator[Fault]:
    minutes = instance.minutes_per_volunteer
    if 0 < minutes < LEAST_MINUTES_PER_VOLUNTEER:
        expected = f"expected at least {LEAST_MINUTES_PER_VOLUNTEER:g}, as no score can be computed with less"
        yield Fault("minutes_per_volunteer", show(minutes), expected)


def _crossing_faults(instance: "Instance") -> Iterator[Fault]:
    for island, minutes in instance.crossings.items():
        if not 0 <= minutes <= LARGEST:
            yield Fault(
                member("crossings", island), show(as_typed(minutes)), "expected minutes from 0 to 1e6"
            )


def _id_faults(path: str, ids: Iterable[str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, name in enumerate(ids):
        yield from _name_faults(f"{path}[{number}].id", name)
        if first.setdefault(name, number) != number:
            expected = f"expected another id than {path}[{first[name]}] has"
            yield Fault(f"{path}[{number}].id", show(name), expected)


def _name_faults(path: str, name: str) -> Iterator[Fault]:
    if not name:
        yield Fault(path, show(name), "expected an id of at least one character")
    elif not name.isascii() and any("\ud800" <= character <= "\udfff" for character in name):
        yield Fault(path, show(name), "expected an id without lone surrogates")


def _person_id_faults(instance: "Instance") -> Iterator[Fault]:
    yield from _id_faults("drivers", [driver.id for driver in instance.drivers])
    yield from _id_faults("riders", [rider.id for rider in instance.riders])
    drivers = {driver.id: number for number, driver in reversed(list(enumerate(instance.drivers)))}
    for number, rider in enumerate(instance.riders):
        if rider.id in drivers:
            expected = f"expected another id than drivers[{drivers[rider.id]}] has"
            yield Fault(f"riders[{number}].id", show(rider.id), expected)


def _place_faults(instance: "Instance") -> Iterator[Fault]:
    """Latitude, longitude and island of everything, in the bounds of the travel model."""
    road = instance.on_roads
    bounds = GREAT_BRITAIN if road else GLOBE
    for name in ("events", "drivers", "riders"):
        for number, thing in enumerate(getattr(instance, name)):
            yield from _degree_faults(thing, f"{name}[{number}]", bounds)
            if road and thing.island is not None and thing.island not in instance.crossings:
                expected = "expected null or an island that crossings gives minutes for"
                yield Fault(f"{name}[{number}].island", show(thing.island), expected)
    for number, rider in enumerate(instance.riders):
        for position, place in enumerate(rider.places):
            yield from _degree_faults(place, f"riders[{number}].places[{position}]", bounds)


def _degree_faults(thing: object, path: str, bounds: dict[str, tuple[float, float]]) -> Iterator[Fault]:
    for name, (low, high) in bounds.items():
        value = getattr(thing, name)
        if not low <= value <= high:
            expected = f"expected {low:g} to {high:g} degrees; are lat and lon swapped?"
            yield Fault(f"{path}.{name}", show(as_typed(value)), expected)


def _event_faults(instance: "Instance") -> Iterator[Fault]:
    for number, event in enumerate(instance.events):
        path = f"events[{number}]"
        yield from _number_faults(event, path, _EVENT)
        naive = [*_clock_faults(event, path, ("starts_at", "ends_at"))]
        yield from naive
        if not naive and event.ends_at <= event.starts_at:
            yield Fault(f"{path}.ends_at", show(event.ends_at.isoformat()), "expected a time after starts_at")


def _clock_faults(thing: object, path: str, names: Sequence[str]) -> Iterator[Fault]:
    for name in names:
        moment: datetime | None = getattr(thing, name)
        if moment is not None and moment.utcoffset() is None:
            yield Fault(f"{path}.{name}", show(moment.isoformat()), "expected a time with an offset")


def _driver_faults(instance: "Instance") -> Iterator[Fault]:
    events = {event.id for event in instance.events}
    for number, driver in enumerate(instance.drivers):
        path = f"drivers[{number}]"
        yield from _number_faults(driver, path, _DRIVER)
        yield from _person_faults(driver, path, events)
        yield from _offer_faults(driver, path)
        yield from _character_faults(driver, path)


def _rider_faults(instance: "Instance") -> Iterator[Fault]:
    events = {event.id for event in instance.events}
    for number, rider in enumerate(instance.riders):
        path = f"riders[{number}]"
        yield from _number_faults(rider, path, _RIDER)
        yield from _person_faults(rider, path, events)
        yield from _character_faults(rider, path)
        yield from twice_faults(f"{path}.needs", rider.needs)
        yield from _pickup_faults(rider, path)
        if rider.can_drive is not None:
            yield from _number_faults(rider.can_drive, f"{path}.can_drive", _CAN_DRIVE)
            if (
                rider.can_drive.events != rider.events
            ):  # Else they are the rider's own, and looked at already.
                yield from _event_list_faults(rider.can_drive.events, f"{path}.can_drive", events)
            yield from _clock_faults(rider.can_drive, f"{path}.can_drive", ("ready_at", "home_by"))
            yield from _offer_faults(rider.can_drive, f"{path}.can_drive")


def _person_faults(person: "Driver | Rider", path: str, events: Collection[str]) -> Iterator[Fault]:
    """What a driver and a rider have in common."""
    yield from _clock_faults(person, path, ("ready_at", "home_by"))
    yield from _event_list_faults(person.events, path, events)


def _event_list_faults(wanted: Sequence[str] | None, path: str, events: Collection[str]) -> Iterator[Fault]:
    if wanted is None:
        return
    if not wanted:
        yield Fault(f"{path}.events", "an empty list", "expected null for any event, or event ids")
    yield from twice_faults(f"{path}.events", wanted)
    for number, event in enumerate(wanted):
        if event not in events:
            yield Fault(f"{path}.events[{number}]", show(event), "expected the id of an event")


def _character_faults(person: "Driver | Rider", path: str) -> Iterator[Fault]:
    yield from twice_faults(f"{path}.traits", person.traits)
    yield from twice_faults(f"{path}.company", person.company)


def _offer_faults(driver: "Driver | CanDrive", path: str) -> Iterator[Fault]:
    for need, count in driver.offers.items():
        if not 0 <= count <= LARGEST:
            yield Fault(member(f"{path}.offers", need), show(count), "expected a count from 0 to 1e6")


def _pickup_faults(rider: "Rider", path: str) -> Iterator[Fault]:
    if not rider.home_pickup and not rider.places:
        yield Fault(f"{path}.places", "an empty list", "expected a place, as home_pickup is false")
    yield from _id_faults(f"{path}.places", [place.id for place in rider.places])
    for number, place in enumerate(rider.places):
        yield from _number_faults(place, f"{path}.places[{number}]", _PLACE)
