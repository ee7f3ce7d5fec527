"""Hypothesis strategies for small instances that use every rule of the format, on roads or on matrices of any shape."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from hypothesis import strategies as st

from carpool.instance import (
    CanDrive,
    Driver,
    Event,
    Instance,
    Matrix,
    PickupPlace,
    PinnedTrip,
    PublishedTrip,
    Rider,
)
from carpool.pairs import ROADS, Pairs
from tests.carpool.build import at

ISLANDS = {"wight": 30.0, "arran": 45.5}
NEEDS = ("child_seat", "wheelchair")
TRAITS = ("woman", "student")

T = TypeVar("T")


def rarely(usual: T, strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """Mostly the usual value: if everything were limited at once, nobody would ever ride."""
    return st.sampled_from([False] * 9 + [True]).flatmap(lambda now: strategy if now else st.just(usual))


def up_to(most: int) -> st.SearchStrategy[int]:
    """A count from 0 to `most`, seldom 0."""
    return st.sampled_from([*range(1, most + 1), *range(1, most + 1), 0])


# A few round numbers rather than any float: limits are then often met exactly, and failures are easy to read.
few_minutes = st.sampled_from([0.0, 2.0, 7.5, 15.0, 20.0, 30.0, 45.0, 60.0])
limits = rarely(120.0, st.sampled_from([0.0, 15.0, 25.0, 40.0, 60.0]))
degrees = st.tuples(st.integers(0, 20), st.integers(0, 30)).map(lambda p: (51.4 + p[0] / 100, p[1] / 100))
islands = rarely(None, st.sampled_from(["wight", "arran"]))
legs = st.sampled_from([0.0, 3.0, 5.0, 5.0, 8.0, 10.0, 10.0, 12.5, 20.0, 40.0] * 2 + [None])
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@st.composite
def instances(
    draw: st.DrawFn, *, drivers: int = 3, riders: int = 4, events: int = 2, pinned: bool = True
) -> Instance:
    """Up to so many drivers, riders and events. Its pins may be such that no plan keeps them; `pinned` False: no pins."""
    all_events = tuple(draw(an_event(f"e{i}")) for i in range(draw(up_to(events))))
    names = tuple(event.id for event in all_events)
    all_drivers = tuple(draw(a_driver(f"d{i}", names)) for i in range(draw(up_to(drivers))))
    all_riders = tuple(draw(a_rider(f"r{i}", names)) for i in range(draw(up_to(riders))))
    size = len(all_drivers) + len(all_riders) + len(all_events) + sum(len(r.places) for r in all_riders)
    together, apart = draw(groups([d.id for d in all_drivers], [r.id for r in all_riders]))
    instance = Instance(
        events=all_events,
        drivers=all_drivers,
        riders=all_riders,
        **draw(st.just({}) | given_minutes(size)),
        dwell_minutes=draw(st.sampled_from([0.0, 2.0, 5.0])),
        arrive_before_minutes=draw(st.sampled_from([0.0, 10.0, 12.5])),
        minutes_per_volunteer=draw(rarely(1000.0, st.sampled_from([10.0, 100.0]))),
        change_penalty=draw(st.sampled_from([0.0, 0.5, 3.0])),
        crossings=ISLANDS,
        apart=apart,
        together=together,
    )
    instance = replace(instance, published=draw(published_trips(instance)))
    return replace(instance, pinned=draw(pins(instance))) if pinned and all_events else instance


def matrices(size: int) -> st.SearchStrategy[Matrix]:
    """Minutes between `size` places: neither symmetric nor obeying the triangle inequality, some of them no way."""
    return st.lists(st.tuples(*[legs] * size), min_size=size, max_size=size).map(tuple)


def given_minutes(size: int) -> st.SearchStrategy[dict[str, Any]]:
    """All minutes between `size` places, or those of some drives and the road model or nothing for the others."""
    drive = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(
        lambda ends: ends[0] != ends[1]
    )
    drives = st.dictionaries(drive, legs, max_size=3 * size) if size > 1 else st.just({})
    pairs = st.tuples(drives, st.sampled_from([ROADS, None])).map(
        lambda known: Pairs.of([(a, b, minutes) for (a, b), minutes in known[0].items()], known[1])
    )
    return st.fixed_dictionaries({"matrix": matrices(size)}) | st.fixed_dictionaries({"pairs": pairs})


@st.composite
def an_event(draw: st.DrawFn, name: str) -> Event:
    lat, lon = draw(degrees)
    starts_at = at("10:00") + timedelta(minutes=draw(st.sampled_from([0, 0, 90, 300])))
    return Event(
        name,
        lat,
        lon,
        starts_at=starts_at.astimezone(draw(zones)),
        ends_at=(starts_at + timedelta(minutes=draw(st.sampled_from([30, 120])))).astimezone(draw(zones)),
        wanted=draw(st.integers(0, 9)),
        capacity=draw(rarely(None, st.integers(0, 8))),
        weight=draw(st.sampled_from([0.25, 1.0, 1.5])),
        island=draw(islands),
    )


def clocks(*choices: str) -> st.SearchStrategy[datetime | None]:
    return rarely(None, st.sampled_from([at(clock) for clock in choices]))


ready_times = clocks("08:00", "09:00", "09:20", "10:00")
home_times = clocks("10:45", "12:30", "13:00", "15:00", "18:00")


def some_of(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of the names, mostly none."""
    return rarely((), st.lists(st.sampled_from(names), min_size=1, unique=True).map(tuple))


def allowed(events: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...] | None]:
    if not events:
        return st.none()
    return rarely(None, st.lists(st.sampled_from(events), min_size=1, unique=True).map(tuple))


def driver_members(events: tuple[str, ...]) -> dict[str, st.SearchStrategy[Any]]:
    """What a driver and a rider who can drive have in common."""
    return {
        "seats": up_to(5),
        "ready_at": ready_times,
        "home_by": home_times,
        "max_detour_minutes": rarely(60.0, st.sampled_from([0.0, 5.0, 15.0, 20.0, 30.0])),
        "max_travel_minutes": limits,
        "way_back": rarely(True, st.just(False)),
        "events": allowed(events),
        "offers": st.dictionaries(st.sampled_from(NEEDS), st.integers(0, 2)),
    }


@st.composite
def a_driver(draw: st.DrawFn, name: str, events: tuple[str, ...]) -> Driver:
    lat, lon = draw(degrees)
    return Driver(
        name,
        lat,
        lon,
        party=draw(st.integers(1, 2)),
        traits=draw(st.lists(st.sampled_from(TRAITS), unique=True).map(tuple)),
        company=draw(some_of(TRAITS)),
        island=draw(islands),
        **draw(st.fixed_dictionaries(driver_members(events))),
    )


@st.composite
def a_rider(draw: st.DrawFn, name: str, events: tuple[str, ...]) -> Rider:
    lat, lon = draw(degrees)
    places = tuple(draw(a_place(f"p{i}")) for i in range(draw(st.sampled_from([0, 0, 1, 2]))))
    return Rider(
        name,
        lat,
        lon,
        party=draw(st.sampled_from([1, 1, 2])),
        ready_at=draw(ready_times),
        home_by=draw(home_times),
        max_travel_minutes=draw(limits),
        way_back=draw(rarely(True, st.just(False))),
        events=draw(allowed(events)),
        needs=draw(some_of(NEEDS)),
        traits=draw(st.lists(st.sampled_from(TRAITS), unique=True).map(tuple)),
        company=draw(some_of(TRAITS)),
        places=places,
        home_pickup=not places or draw(st.booleans()),
        dwell_minutes=draw(st.none() | st.sampled_from([0.0, 4.0])),
        can_drive=draw(st.none() | st.builds(CanDrive, **driver_members(events))),
        island=draw(islands),
    )


@st.composite
def a_place(draw: st.DrawFn, name: str) -> PickupPlace:
    lat, lon = draw(degrees)
    return PickupPlace(name, lat, lon, walk_minutes=draw(few_minutes))


Groups = tuple[tuple[str, ...], ...]


@st.composite
def groups(draw: st.DrawFn, drivers: list[str], riders: list[str]) -> tuple[Groups, Groups]:
    """Groups that ride together and groups kept apart, without the two kinds that are an error."""
    people = [*drivers, *riders]
    if len(people) < 2:
        return (), ()
    group = st.lists(st.sampled_from(people), min_size=2, max_size=3, unique=True).map(tuple)
    some = rarely((), st.lists(group, min_size=1, max_size=2).map(tuple))
    together = [g for g in draw(some) if len(set(g) & set(drivers)) <= 1]
    apart = [g for g in draw(some) if all(len(set(g) & set(other)) < 2 for other in together)]
    return tuple(together), tuple(apart)


@st.composite
def pins(draw: st.DrawFn, instance: Instance) -> tuple[PinnedTrip, ...]:
    trips = draw(_trips(list(instance.driver_by_id), list(instance.rider_by_id), list(instance.event_by_id)))
    flags = st.sampled_from([False, False, True])
    return tuple(PinnedTrip(d, e, riders, full=draw(flags), force=draw(flags)) for d, e, riders in trips)


def published_trips(instance: Instance) -> st.SearchStrategy[tuple[PublishedTrip, ...]]:
    """What people were told, some of it about people and events that are gone."""
    people = [*instance.index, "gone-1", "gone-2"]
    trips = _trips(people, people, [*instance.event_by_id, "gone"])
    return trips.map(lambda found: tuple(PublishedTrip(*trip) for trip in found))


@st.composite
def _trips(
    draw: st.DrawFn, drivers: list[str], riders: list[str], events: list[str]
) -> list[tuple[str, str, tuple[str, ...]]]:
    """No trip, one or two, nobody in them twice."""
    trips: list[tuple[str, str, tuple[str, ...]]] = []
    used: set[str] = set()
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        free = [driver for driver in drivers if driver not in used]
        if not free:
            break
        driver = draw(st.sampled_from(free))
        left = [rider for rider in riders if rider not in used | {driver}]
        chosen = tuple(draw(st.lists(st.sampled_from(left), max_size=2, unique=True))) if left else ()
        trips.append((driver, draw(st.sampled_from(events)), chosen))
        used |= {driver, *chosen}
    return trips
