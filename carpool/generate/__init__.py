"""Realistic instances from a seed: one polling day, volunteers where people live, events where the last result was close."""

from dataclasses import replace
from random import Random

from carpool.errors import CarpoolError
from carpool.generate.homeward import bring_to_events
from carpool.generate.land import Land, choose_circle, choose_land, choose_targets, nearby
from carpool.generate.people import (
    CERTAIN_DRIVERS,
    CERTAIN_RIDERS,
    make_driver,
    make_events,
    make_rider,
)
from carpool.generate.promises import bind
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.postcode import locate_postcode
from carpool.instance import Driver, Event, Instance, Rider


def generate(
    people: int, seed: int = 1, around: str | None = None, within: float | None = None, at_events: int = 0
) -> Instance:
    """An instance with so many drivers and riders, one to two, that uses every rule of the format and whose pins can be kept.

    Few people are a town and its surroundings, more a region, from some thousands on all of Great Britain; with
    `around`, a postcode district such as `IV2`, all live and go `within` so many km of it (None: what is usual for the
    number). `at_events` of them, if so many can be spared, are at an event already and need only the way home. The same
    arguments give the same instance. Raises `CarpoolError` for a number below 0, a district that is not built in, and a
    circle without a constituency.
    """
    if people < 0:
        raise CarpoolError("The number of people is 0 or more.", "people")
    land, random = _land(people, seed, around, within)
    targets = choose_targets(land, max(1, round(0.35 * people**0.5)), random)
    events = make_events(targets, people, random)
    drivers = _drivers(land, people // 3, events, random)
    riders = _riders(land, people - people // 3, events, random)
    instance = bind(_instance(events, drivers, riders), random)
    return bring_to_events(instance, at_events, random) if at_events else instance


def _land(people: int, seed: int, around: str | None, within: float | None) -> tuple[Land, Random]:
    """Where the instance is, and the chance that makes up the rest of it."""
    if around is None:
        if within is not None:
            raise CarpoolError("Kilometres within need a postcode district around which they are.", "within")
        random = Random(f"{people} {seed}")  # noqa: S311  # Chance that repeats is the point; no secret hangs on it.
        return choose_land(people, random), random
    if within is not None and not within > 0:
        raise CarpoolError("The kilometres within are more than 0.", "within")
    found = locate_postcode(around, district_alone=True, field="around")
    random = Random(f"{people} {seed} {found.district} {within}")  # noqa: S311  # As above.
    return choose_circle(people, found.place, within), random


def _drivers(land: Land, count: int, events: tuple[Event, ...], random: Random) -> tuple[Driver, ...]:
    certain = [*CERTAIN_DRIVERS[: count // 2], *[{}] * count][:count]
    found = [make_driver(land.home(random), events, random, **wishes) for wishes in certain]
    random.shuffle(found)
    return tuple(replace(driver, id=f"d{number}") for number, driver in enumerate(found, start=1))


def _riders(land: Land, count: int, events: tuple[Event, ...], random: Random) -> tuple[Rider, ...]:
    certain = [*CERTAIN_RIDERS[: count // 2], *[{}] * count][:count]
    homes = [land.home(random) for _ in certain]
    if count >= len(CERTAIN_RIDERS) and (island := land.island_home(random)) is not None:
        homes[-1] = nearby(island, 1.0, random)
    found = [make_rider(home, events, random, **wishes) for home, wishes in zip(homes, certain, strict=True)]
    random.shuffle(found)
    return tuple(replace(rider, id=f"r{number}") for number, rider in enumerate(found, start=1))


def _instance(events: tuple[Event, ...], drivers: tuple[Driver, ...], riders: tuple[Rider, ...]) -> Instance:
    """All of them, with the crossings of the islands that they are on."""
    places: list[Event | Driver | Rider] = [*events, *drivers, *riders]
    islands = sorted({place.island for place in places if place.island is not None})
    crossings = {island: CROSSING_MINUTES[island] for island in islands}
    return Instance(events=events, drivers=drivers, riders=riders, crossings=crossings)
