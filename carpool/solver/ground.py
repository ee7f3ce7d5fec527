"""An instance as arrays for the inner loops: people in the order of a curve through the country, and who can go with whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from carpool.collector import at_rest
from carpool.geo.curve import along_the_curve
from carpool.solver.candidates import NEVER, stamp
from carpool.solver.column import Column, forced_column
from carpool.solver.data import Car, Data, Passenger, Pickup
from carpool.solver.enumeration import closure
from carpool.solver.kernels.ground import (
    Cars,
    Events,
    Floats,
    Ground,
    Ints,
    Pairs,
    Riders,
    Rows,
    Social,
)  # fmt: skip
from carpool.solver.land import make_land
from carpool.solver.limits import Limits


@dataclass(frozen=True)
class Field:
    """The ground with the names of things on it: which car, rider and row of it is who in `data`.

    `forced` are the trips that pins prescribe entirely: their people are on no list, their places at events are taken.
    """

    data: Data
    ground: Ground
    cars: tuple[Car, ...]
    riders: tuple[Passenger, ...]
    pickups: tuple[Pickup, ...]
    forced: tuple[Column, ...]

    @cached_property
    def car_of(self) -> dict[int, int]:
        """Person to car."""
        return {car.person: n for n, car in enumerate(self.cars)}

    @cached_property
    def row_of(self) -> dict[tuple[int, str | None], int]:
        """Person and name of the place (None: the own) to row."""
        return {(pickup.person, pickup.name): n for n, pickup in enumerate(self.pickups)}

    @cached_property
    def sizes(self) -> Ints:
        """The most candidates of a pair, stops of a trip, seats of a car, and pairs of a car: room that a search needs."""
        pairs, cars = self.ground.pairs, self.ground.cars
        candidates = int((pairs.end - pairs.start).max(initial=0))
        seats = int(cars.seats.max(initial=0))
        stops = max(min(seats, MOST_STOPS, candidates), int(cars.required.max(initial=0)))
        return np.array([candidates, stops, seats, int(np.diff(pairs.first).max(initial=0))])


T = TypeVar("T")

MOST_STOPS = 16
"""Trips with more stops are not looked for, though the bound counts them."""


@at_rest()
def make_ground(data: Data, limits: Limits) -> Field:
    """The ground without pairs: `carpool.solver.lists` finds these."""
    forced = tuple(forced_column(data, limits, driver) for driver, pin in data.pins.items() if pin.force)
    taken = {person for column in forced for person in column.members}
    order = _along_a_curve(data)
    cars = tuple(data.cars[p] for p in order if p in data.cars and p not in taken)
    riders = tuple(data.passengers[p] for p in order if p in data.passengers and p not in taken)
    pickups = tuple(pickup for rider in riders for pickup in rider.pickups)
    number = _Numbers(data, cars, riders)
    ground = Ground(
        make_land(data), number.make_cars(), number.make_riders(), number.make_rows(), _events(data, forced),
        _no_pairs(len(cars)), number.make_social(), 1.0 / data.instance.minutes_per_volunteer, data.times.triangle,
    )  # fmt: skip
    return Field(data, ground, cars, riders, pickups, forced)


def _along_a_curve(data: Data) -> list[int]:
    """All people along a Morton curve, so that neighbours in the country are mostly neighbours in memory."""
    people = np.arange(len(data.ids))
    places = data.instance.places[: len(people)]
    degrees = np.array([(place.lat, place.lon) for place in places]).reshape(-1, 2)
    low, high = degrees.min(axis=0, initial=90.0), degrees.max(axis=0, initial=-180.0)
    grid = ((degrees - low) / np.maximum(high - low, 1e-9) * 65535).astype(np.int64)
    order: list[int] = np.lexsort((people, along_the_curve(grid[:, 1], grid[:, 0]))).tolist()
    return order


def _events(data: Data, forced: Sequence[Column]) -> Events:
    """The events as they are for those who are in no forced trip: the places that these take are gone."""
    goals = data.goals
    gone = np.zeros(len(goals), np.int64)
    for column in forced:
        gone[column.event] += column.people
    return Events(
        _ints(goal.place for goal in goals),
        _floats(stamp(goal.arrives_at, 0.0) for goal in goals),
        _floats(stamp(goal.ends_at, 0.0) for goal in goals),
        _floats(goal.weight for goal in goals),
        np.maximum(0, _ints(goal.wanted for goal in goals) - gone),
        _ints(goal.capacity for goal in goals) - gone,
    )


def _no_pairs(cars: int) -> Pairs:
    none, nothing = np.zeros(0, np.int64), np.zeros(0)
    return Pairs(
        np.zeros(cars + 1, np.int64), none, none, nothing, nothing, nothing, nothing, none, none,
        np.zeros(0, np.int32),
    )  # fmt: skip


class _Numbers:
    """Cars, riders, and the kinds of wishes and offers among them, by number."""

    def __init__(self, data: Data, cars: Sequence[Car], riders: Sequence[Passenger]) -> None:
        self.data, self.cars, self.riders = data, cars, riders
        self.car_of = {car.person: n for n, car in enumerate(cars)}
        self.rider_of = {rider.person: n for n, rider in enumerate(riders)}
        self.units = {unit: n for n, unit in enumerate(dict.fromkeys(data.units.values()))}
        # A set for each list and not for each car: one of all events takes more room than everything else about a car.
        self.errand_of = {events: frozenset(events) for events in dict.fromkeys(car.events for car in cars)}
        self.errands = _kinds((*self.errand_of.values(), *(rider.events for rider in riders)))
        self.wishes = _kinds(tuple(sorted(rider.needs)) for rider in riders)
        self.offers = _kinds(tuple(sorted(car.offers.items())) for car in cars)
        self.everybody = sum(rider.party for rider in riders)

    def make_cars(self) -> Cars:
        data, cars = self.data, self.cars
        told = [data.told.get(car.person) for car in cars]
        drives = [
            t is not None and t.driver == car.person and t.event is not None
            for t, car in zip(told, cars, strict=True)
        ]
        pins = [data.pins.get(car.person) for car in cars]
        return Cars(
            place=_ints(car.person for car in cars),
            party=_ints(car.party for car in cars),
            seats=_ints(min(car.seats, self.everybody) for car in cars),
            max_travel=_floats(car.max_travel for car in cars),
            max_detour=_floats(car.max_detour for car in cars),
            way_back=_flags(car.way_back for car in cars),
            ready=_floats(stamp(car.ready_at, -NEVER) for car in cars),
            home=_floats(stamp(car.home_by, NEVER) for car in cars),
            rider=_ints(self.rider_of.get(car.person, -1) for car in cars),
            manner=_ints(data.manners[car.person] for car in cars),
            offer=_ints(self.offers[tuple(sorted(car.offers.items()))] for car in cars),
            errand=_ints(self.errands[self.errand_of[car.events]] for car in cars),
            unit=_ints(self._unit(car.person) for car in cars),
            required=_ints(len(closure(data, car.person)) for car in cars),
            pinned=_flags(pin is not None for pin in pins),
            closed=_flags(pin is not None and pin.full for pin in pins),
            told_event=_ints(
                t.event if t is not None and t.event is not None and d else -1
                for t, d in zip(told, drives, strict=True)
            ),
            told_bonus=_floats(data.instance.change_penalty * car.party for car in cars),
        )

    def make_riders(self) -> Riders:
        data, riders = self.data, self.riders
        told = [self._told(rider) for rider in riders]
        enemies = [self._enemies(rider.person) for rider in riders]
        return Riders(
            party=_ints(rider.party for rider in riders),
            first=_starts(len(rider.pickups) for rider in riders),
            car=_ints(self.car_of.get(rider.person, -1) for rider in riders),
            manner=_ints(data.manners[rider.person] for rider in riders),
            unit=_ints(self._unit(rider.person) for rider in riders),
            wish=_ints(self.wishes[tuple(sorted(rider.needs))] for rider in riders),
            errand=_ints(self.errands[rider.events] for rider in riders),
            pin=self._pinned_cars(),
            told_car=_ints(car for car, _ in told),
            told_event=_ints(event for _, event in told),
            told_bonus=_floats(data.instance.change_penalty * rider.party for rider in riders),
            apart_first=_starts(map(len, enemies)),
            apart=_ints(enemy for some in enemies for enemy in some),
        )

    def _pinned_cars(self) -> Ints:
        """The car of every rider whom a pin, or being of a unit with somebody pinned, holds to one; -1 for the others."""
        pin = np.full(len(self.riders), -1, np.int64)
        for driver in self.data.pins:
            if driver in self.car_of:
                for person in closure(self.data, driver):
                    if person in self.rider_of:
                        pin[self.rider_of[person]] = self.car_of[driver]
        return pin

    def make_rows(self) -> Rows:
        riders = self.riders
        pickups = [pickup for rider in riders for pickup in rider.pickups]
        who = np.repeat(np.arange(len(riders)), _ints(len(rider.pickups) for rider in riders))
        return Rows(
            rider=who,
            place=_ints(pickup.place for pickup in pickups),
            party=_ints(rider.party for rider in riders)[who],
            walk=_floats(pickup.walk for pickup in pickups),
            dwell=_floats(rider.dwell for rider in riders)[who],
            max_ride=_floats(rider.max_ride for rider in riders)[who],
            way_back=_flags(rider.way_back for rider in riders)[who],
            ready=_floats(stamp(rider.ready_at, -NEVER) for rider in riders)[who],
            home=_floats(stamp(rider.home_by, NEVER) for rider in riders)[who],
        )

    def make_social(self) -> Social:
        mixes = np.array(self.data.mixes, dtype=np.bool_).reshape(len(self.data.mixes), len(self.data.mixes))
        needs = {need: n for n, need in enumerate(sorted({need for wish in self.wishes for need in wish}))}
        offers = np.zeros((len(self.offers), len(needs)), np.int64)
        for offer, kind in self.offers.items():
            for need, count in offer:
                if need in needs:
                    offers[kind, needs[need]] = count
        wishes = [[needs[need] for need in wish] for wish in self.wishes]
        served = np.array(
            [[bool((offers[kind, wish] > 0).all()) for wish in wishes] for kind in range(len(offers))]
        )
        events = range(len(self.data.goals))
        return Social(
            mixes=mixes & mixes.T,
            allowed=np.array(
                [[e in errand for e in events] for errand in self.errands], dtype=np.bool_
            ).reshape(len(self.errands), len(events)),
            served=served.reshape(len(offers), len(wishes)).astype(np.bool_),
            unit_size=_ints(map(len, self.units)),
            needs_first=_starts(map(len, wishes)),
            needs=_ints(need for wish in wishes for need in wish),
            offers=offers,
        )

    def _unit(self, person: int) -> int:
        unit = self.data.units.get(person)
        return -1 if unit is None else self.units[unit]

    def _told(self, rider: Passenger) -> tuple[int, int]:
        """The car and event that this rider was told, -1 and -1 if they are gone or there was nothing."""
        told = self.data.told.get(rider.person)
        if told is None or told.driver is None or told.event is None or told.driver not in self.car_of:
            return -1, -1
        return (-1, -1) if told.driver == rider.person else (self.car_of[told.driver], told.event)

    def _enemies(self, person: int) -> Sequence[int]:
        if person not in self.data.apart:
            return ()
        others = sorted(self.data.apart[person])
        return [self.rider_of[other] for other in others if other in self.rider_of] + [
            -1 - self.car_of[other] for other in others if other in self.car_of
        ]


def _kinds(values: Iterable[T]) -> dict[T, int]:
    """A number for each different value, in the order in which they come."""
    return {value: n for n, value in enumerate(dict.fromkeys(values))}


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _floats(values: Iterable[float]) -> Floats:
    return np.fromiter(values, dtype=np.float64)


def _flags(values: Iterable[bool]) -> "np.typing.NDArray[np.bool_]":
    return np.fromiter(values, dtype=np.bool_)


def _starts(lengths: Iterable[int]) -> Ints:
    """Where each of neighbouring stretches of these lengths begins, and where the last ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(_ints(lengths))]).astype(np.int64)
