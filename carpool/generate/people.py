"""Made-up drivers, riders and events, their wishes in the proportions that a campaign's forms bring in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, TypeVar

from carpool.generate.land import nearby
from carpool.geo.constituency import Constituency
from carpool.geo.nearest import default_weight
from carpool.geo.place import Place
from carpool.instance import CanDrive, Driver, Event, PickupPlace, Rider

T = TypeVar("T")
SLOTS = (("0930", 9.5, 3.0), ("1330", 13.5, 3.0), ("1730", 17.5, 2.5))
"""Times of day at which something is on: name, start and length in hours."""


def clock(hours: float) -> datetime:
    """The one day of every made-up instance, so many hours after midnight."""
    return datetime(2029, 5, 3, tzinfo=timezone(timedelta(hours=1))) + timedelta(hours=hours)


def draw(random: Random, weights: dict[T, float]) -> T:
    """One of the keys, by weight."""
    return random.choices(list(weights), list(weights.values()))[0]


def make_events(targets: Sequence[Constituency], people: int, random: Random) -> tuple[Event, ...]:
    """One to three events at each place. Together they want four fifths of all people, some far more than others."""
    events = []
    for target in targets:
        for name, start, hours in sorted(random.sample(SLOTS, draw(random, {1: 0.2, 2: 0.4, 3: 0.4}))):
            place = nearby(target.place, 0.5, random)
            event = Event(
                id=f"{slug(target.name)}-{name}",
                lat=place.lat,
                lon=place.lon,
                starts_at=clock(start),
                ends_at=clock(start + hours),
                wanted=0,
                weight=round(default_weight(target.majority_pct), 2),
                island=place.island,
            )
            events.append((event, random.lognormvariate(0, 0.5)))
    scale = 0.8 * people / sum((size for _, size in events), start=1e-9)
    return tuple(_with_numbers(event, max(2, round(size * scale)), random) for event, size in events)


def _with_numbers(event: Event, wanted: int, random: Random) -> Event:
    return replace(
        event, wanted=wanted, capacity=draw(random, {None: 0.3, wanted * 3 // 2: 0.6, wanted: 0.1})
    )


def slug(name: str) -> str:
    """A name as an id: small letters and digits joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


# What somebody has for certain, so that a small instance has every rule, too. The rest is drawn.
CERTAIN_DRIVERS: tuple[dict[str, Any], ...] = (
    {"offers": {"child_seat": 2, "wheelchair": 1}, "seats": 4},
    {"traits": ("woman", "no_smoking"), "company": ("woman",)},
    {"party": 2, "home_by": clock(22.0)},
    {"way_back": False},
    {"ready_at": clock(8.0)},
)
CERTAIN_RIDERS: tuple[dict[str, Any], ...] = (
    {"needs": ("child_seat",)},
    {"can_drive": CanDrive(seats=3, home_by=clock(21.0))},
    {"needs": ("wheelchair",), "dwell_minutes": 5.0},
    {"home_pickup": False},
    {"traits": ("woman", "no_smoking"), "company": ("woman",)},
    {"way_back": False},
    {"party": 2},
    {"ready_at": clock(8.5), "home_by": clock(21.0)},
)


def make_driver(home: Place, events: Sequence[Event], random: Random, **certain: Any) -> Driver:
    drawn = {**_person(home, events, random, _traits(random)), **_driving(random), **_hours(random)}
    return Driver(**(drawn | certain))


def make_rider(home: Place, events: Sequence[Event], random: Random, **certain: Any) -> Rider:
    needs = draw(random, {(): 0.92, ("child_seat",): 0.05, ("wheelchair",): 0.03})
    at_home = certain.get("home_pickup", random.random() < 0.94)
    drawn = {
        **_person(home, events, random, _traits(random)),
        **_hours(random),
        "max_travel_minutes": draw(random, {45.0: 0.25, 60.0: 0.4, 75.0: 0.2, 90.0: 0.15}),
        "way_back": random.random() < 0.9,
        "needs": needs,
        "places": _places(home, random) if not at_home or random.random() < 0.15 else (),
        "home_pickup": at_home,
        "dwell_minutes": 5.0 if "wheelchair" in needs else None,
        "can_drive": CanDrive(**(_driving(random) | _hours(random))) if random.random() < 0.08 else None,
    }
    return Rider(**(drawn | certain))


def _person(home: Place, events: Sequence[Event], random: Random, traits: tuple[str, ...]) -> dict[str, Any]:
    """What drivers and riders have in common. Whoever wants women's company is a woman, and so on."""
    company = tuple(trait for trait in traits if random.random() < 0.04)
    return {
        "id": "",
        "lat": home.lat,
        "lon": home.lon,
        "island": home.island,
        "party": draw(random, {1: 0.85, 2: 0.13, 3: 0.02}),
        "events": _chosen(events, random),
        "traits": traits,
        "company": company,
    }


def _driving(random: Random) -> dict[str, Any]:
    """What a driver says about the car and the drive."""
    shares = {"child_seat": 0.4, "wheelchair": 0.15}
    offers = {need: random.randint(1, 2) for need, share in shares.items() if random.random() < share}
    return {
        "seats": draw(random, {1: 0.06, 2: 0.16, 3: 0.36, 4: 0.34, 6: 0.06, 8: 0.02}),
        "max_detour_minutes": draw(random, {15.0: 0.3, 20.0: 0.3, 25.0: 0.2, 30.0: 0.2}),
        "max_travel_minutes": draw(random, {45.0: 0.2, 60.0: 0.35, 75.0: 0.3, 105.0: 0.15}),
        "way_back": random.random() < 0.95,
        "offers": offers,
    }


def _hours(random: Random) -> dict[str, Any]:
    """When somebody can leave and must be home; most are free all day."""
    ready = draw(random, {None: 0.6, 7.5: 0.1, 8.5: 0.1, 12.0: 0.1, 15.5: 0.1})
    home = draw(random, {None: 0.6, 14.0: 0.1, 18.0: 0.1, 21.0: 0.1, 22.0: 0.1})
    return {
        "ready_at": None if ready is None else clock(ready),
        "home_by": None if home is None else clock(home),
    }


def _chosen(events: Sequence[Event], random: Random) -> tuple[str, ...] | None:
    """Most go anywhere; some want certain events."""
    if not events or random.random() < 0.85:
        return None
    wanted = random.sample(events, min(len(events), random.randint(1, 4)))
    return tuple(event.id for event in wanted)


def _traits(random: Random) -> tuple[str, ...]:
    return tuple(t for t, share in {"woman": 0.5, "no_smoking": 0.8}.items() if random.random() < share)


def _places(home: Place, random: Random) -> tuple[PickupPlace, ...]:
    """A station and perhaps a car park, some minutes on foot."""
    names = ("station", "car-park")[: random.randint(1, 2)]
    spots = [nearby(home, 0.5, random) for _ in names]
    return tuple(
        PickupPlace(name, spot.lat, spot.lon, walk_minutes=float(random.randint(4, 15)))
        for name, spot in zip(names, spots, strict=True)
    )
