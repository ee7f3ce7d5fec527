"""A breakdown while an event is on: its people, and the cars that are there with them, as people who only need the way home."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from carpool.check import trip_violations
from carpool.instance import Driver, Instance, PinnedTrip, Rider
from carpool.minutes_among import minutes_among
from carpool.plan import Drop, Stop, Trip
from carpool.repair.settled import settled_driver, settled_rider

NO_LIMIT = 1e6
"""Minutes in the car that a way home may take for who has lost the own one, the most that the format knows."""


@dataclass(frozen=True, slots=True)
class SentHome:
    """The instance with everybody at the events of a breakdown as people who are `at` it, and the trips that this ends."""

    instance: Instance
    over: tuple[Trip, ...]


def send_home(instance: Instance, told: Iterable[Trip], now: datetime, broken: Collection[str]) -> SentHome:
    """Whoever came in a car that is broken, or gone with its driver, to an event that is on at `now`, needs another way home.

    The cars that brought others there can take them: their own passengers stay in them. Who lost the car is brought home at any
    hour and however long it takes, since nothing is worse than to be left; needs, company and `apart` hold. Whoever asked
    for no way back has arrived, and is out of the instance. An event without such a car is left alone.
    """
    there = [trip for trip in told if _is_there(instance, trip, now)]
    lost = [t for t in there if t.driver in broken or t.driver not in instance.driver_by_id]
    events = {trip.event for trip in lost}
    over = tuple(trip for trip in there if trip.event in events)
    if not over:
        return SentHome(instance, ())
    return SentHome(_People(instance, over, lost).instance(), over)


def _is_there(instance: Instance, trip: Trip, now: datetime) -> bool:
    event = instance.event_by_id.get(trip.event)
    return event is not None and trip.arrives_at is not None and trip.arrives_at <= now < event.ends_at


class _People:
    """Who is at these events, in which car or without one."""

    def __init__(self, instance: Instance, over: Iterable[Trip], lost: Iterable[Trip]) -> None:
        self.whole = instance
        self.lost = tuple(lost)
        self.kept = tuple(trip for trip in over if trip not in self.lost)
        self.place = {stop.rider: stop.place for trip in self.kept for stop in trip.stops}
        self.at = {person: trip.event for trip in over for person in (trip.driver, *trip.riders)}
        self.stranded = {person for trip in self.lost for person in (trip.driver, *trip.riders)}

    def instance(self) -> Instance:
        """The instance, the pins of those who still have a car included."""
        drivers = [*(one for one in self.whole.drivers if one.id not in self.at), *self._cars()]
        riders = [*(one for one in self.whole.riders if one.id not in self.at), *self._passengers()]
        pinned = [pin for pin in self.whole.pinned if self.at.keys().isdisjoint((pin.driver, *pin.riders))]
        home = replace(
            self.whole, drivers=tuple(drivers), riders=tuple(riders), pinned=tuple(pinned),
            **minutes_among(self.whole, drivers, riders),
            together=_known(self._together(), drivers, riders), apart=_known(self.whole.apart, drivers, riders),
        )  # fmt: skip
        for trip in self.kept:
            home = self._with_pin(home, trip)
        return home

    def _cars(self) -> Iterator[Driver]:
        for trip in self.kept:
            driver = self.whole.driver_by_id[trip.driver]
            if driver.way_back:
                yield replace(driver, at=trip.event)

    def _passengers(self) -> Iterator[Rider]:
        for rider in self.whole.riders:
            if (
                rider.id in self.at
                and rider.way_back
                and (rider.id in self.place or rider.id in self.stranded)
            ):
                there = replace(rider, at=self.at[rider.id], can_drive=None)
                yield _in_no_hurry(there) if rider.id in self.stranded else there
        for driver in self.whole.drivers:
            if driver.id in self.stranded and driver.way_back:
                yield _on_foot(driver, self.at[driver.id])

    def _together(self) -> Iterator[tuple[str, ...]]:
        """Friends who all lost their cars at one event stay together; others who are at one are out of their groups."""
        for group in self.whole.together:
            left = tuple(person for person in group if person not in self.at)
            if self.stranded.issuperset(group) and len({self.at[person] for person in group}) == 1:
                yield group
            elif len(left) > 1:
                yield left

    def _with_pin(self, home: Instance, trip: Trip) -> Instance:
        """Own passengers stay; where their car could not take them by its own rules any more, it takes nobody else."""
        if trip.driver not in home.driver_by_id:
            return home
        riders = tuple(
            r for r in trip.riders if r in home.rider_by_id and home.rider_by_id[r].at == trip.event
        )
        drops = tuple(Drop(rider, place=self.place[rider]) for rider in reversed(riders))
        pin = PinnedTrip(trip.driver, trip.event, riders)
        known = all((drop.rider, drop.place) in home.place_index for drop in drops)
        if known and not trip_violations(home, Trip(trip.driver, trip.event, back=drops)):
            return replace(home, pinned=(*home.pinned, pin))
        return self._forced(home, replace(pin, force=True))

    def _forced(self, home: Instance, pin: PinnedTrip) -> Instance:
        inside = {pin.driver, *pin.riders}
        car = home.driver_by_id[pin.driver]
        trip = Trip(pin.driver, pin.event, tuple(Stop(rider) for rider in pin.riders))
        riders = tuple(
            settled_rider(rider, self.place[rider.id], car) if rider.id in pin.riders else rider
            for rider in home.riders
        )
        drivers = tuple(settled_driver(home, d, trip) if d.id == pin.driver else d for d in home.drivers)
        apart = (tuple(person for person in group if person not in inside) for group in home.apart)
        return replace(
            home, drivers=drivers, riders=riders, apart=tuple(group for group in apart if len(group) > 1),
            **minutes_among(home, drivers, riders), pinned=(*home.pinned, pin),
        )  # fmt: skip


def _in_no_hurry(rider: Rider) -> Rider:
    """Somebody whose car is lost is better home late than not at all."""
    return replace(rider, home_by=None, max_travel_minutes=NO_LIMIT)


def _on_foot(driver: Driver, event: str) -> Rider:
    """A driver whose car has broken down, as somebody who needs a seat."""
    return Rider(
        driver.id, driver.lat, driver.lon, party=driver.party, max_travel_minutes=NO_LIMIT, traits=driver.traits,
        company=driver.company, island=driver.island, at=event,
    )  # fmt: skip


def _known(
    groups: Iterable[tuple[str, ...]], drivers: Iterable[Driver], riders: Iterable[Rider]
) -> tuple[tuple[str, ...], ...]:
    people = {driver.id for driver in drivers} | {rider.id for rider in riders}
    left = (tuple(person for person in group if person in people) for group in groups)
    return tuple(group for group in left if len(group) > 1)
