"""Seeded crowds of volunteers around a town or several: as many as a test needs, with most rules in use."""

import random
from datetime import timedelta

from carpool.instance import CanDrive, Driver, Event, Instance, PickupPlace, Rider
from tests.carpool.build import at

SEATS = (1, 2, 3, 4)
TRAITS = ("woman", "student")


class _Crowd:
    def __init__(self, seed: int, towns: int, spread: float) -> None:
        self.random = random.Random(seed)
        self.spread = spread
        around = self.random.gauss
        self.towns = [(53.0 + around(0, 0.5), -1.5 + around(0, 0.5)) for _ in range(towns)]

    def place(self, spread: float | None = None) -> tuple[float, float]:
        lat, lon = self.random.choice(self.towns)
        spread = self.spread if spread is None else spread
        return lat + self.random.gauss(0, spread), lon + self.random.gauss(0, 1.6 * spread)

    def event(self, number: int, people: int) -> Event:
        lat, lon = self.place(2 * self.spread)
        starts_at = at(self.random.choice(["09:30", "13:00", "17:30"]))
        wanted = max(3, int(people * self.random.uniform(0.4, 1.2)))
        return Event(
            f"e{number}", lat, lon, starts_at, starts_at + timedelta(hours=3), wanted,
            capacity=wanted + wanted // 2, weight=self.random.choice([1.0, 1.25, 1.5, 2.0]),
        )  # fmt: skip

    def driver(self, number: int, seats: tuple[int, ...]) -> Driver:
        lat, lon = self.place()
        pick = self.random.choice
        return Driver(
            f"d{number}", lat, lon, seats=pick(seats), max_detour_minutes=pick([15.0, 20.0, 30.0]),
            max_travel_minutes=pick([45.0, 60.0, 90.0]), offers={"child_seat": pick([0, 1, 2])},
            traits=self.traits(), home_by=pick([None, None, at("18:00")]), way_back=self.random.random() < 0.95,
        )  # fmt: skip

    def rider(self, number: int) -> Rider:
        lat, lon = self.place()
        pick, chance = self.random.choice, self.random.random
        station = PickupPlace("station", lat + 0.01, lon, walk_minutes=8.0)
        return Rider(
            f"r{number}", lat, lon, party=pick([1] * 6 + [2]), max_travel_minutes=pick([45.0, 60.0, 90.0]),
            needs=("child_seat",) if chance() < 0.1 else (), places=(station,) if chance() < 0.3 else (),
            traits=self.traits(), company=("woman",) if chance() < 0.05 else (),
            ready_at=pick([None, None, None, at("09:00")]), way_back=chance() < 0.9,
            can_drive=CanDrive(seats=2) if chance() < 0.05 else None,
        )  # fmt: skip

    def traits(self) -> tuple[str, ...]:
        return tuple(trait for trait in TRAITS if self.random.random() < 0.5)


def a_crowd(
    drivers: int,
    riders: int,
    events: int,
    seed: int = 1,
    towns: int = 1,
    spread: float = 0.1,
    seats: tuple[int, ...] = SEATS,
) -> Instance:
    """So many people around `towns` towns, scattered by about `spread` degrees of latitude."""
    crowd = _Crowd(seed, towns, spread)
    people = (drivers + riders) // events
    return Instance(
        events=tuple(crowd.event(number, people) for number in range(events)),
        drivers=tuple(crowd.driver(number, seats) for number in range(drivers)),
        riders=tuple(crowd.rider(number) for number in range(riders)),
    )
