"""People and events in Rutland, where the real server of these tests has roads."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from carpool import Driver, Event, Instance, Rider
from carpool.geo.place import Place
from carpool.instance import PickupPlace

OAKHAM, UPPINGHAM, KETTON = Place(52.6702, -0.7308), Place(52.5887, -0.7230), Place(52.6273, -0.5530)
SOUTH_WEST, NORTH_EAST = (52.58, -0.78), (52.72, -0.52)
STARTS = datetime(2029, 5, 3, 10, tzinfo=UTC)


def somewhere(random: Random) -> tuple[float, float]:
    """A point in the county, to five digits as postcodes have them."""
    lat = random.uniform(SOUTH_WEST[0], NORTH_EAST[0])
    return round(lat, 5), round(random.uniform(SOUTH_WEST[1], NORTH_EAST[1]), 5)


def rutland_day(drivers: int = 6, riders: int = 12, seed: int = 1, **changes: Any) -> Instance:
    """Two events and so many people; every third rider can be picked up somewhere else as well."""
    random = Random(seed)
    events = tuple(
        Event(f"e{n}", place.lat, place.lon, STARTS, STARTS + timedelta(hours=3), wanted=20)
        for n, place in enumerate((OAKHAM, KETTON))
    )
    people: dict[str, Any] = {
        "drivers": tuple(Driver(f"d{n}", *somewhere(random), seats=3) for n in range(drivers)),
        "riders": tuple(
            Rider(
                f"r{n}",
                *somewhere(random),
                places=(PickupPlace("bus", *somewhere(random), walk_minutes=5),) if n % 3 == 0 else (),
            )
            for n in range(riders)
        ),
    }
    return Instance(**({"events": events, **people} | changes))
