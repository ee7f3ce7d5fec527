"""What binds people to each other: friends, people kept apart, and trips that were published or pinned before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from random import Random

from carpool.check import LIMITS, Rule, trip_violations
from carpool.geo.place import Place, kilometres
from carpool.instance import Driver, Event, Instance, PinnedTrip, PublishedTrip, Rider
from carpool.plan import Stop, Trip
from carpool.schedule import schedule_of

_NEIGHBOURS = 15
_EVENTS = 10
_SAMPLE = 200


def bind(instance: Instance, random: Random) -> Instance:
    """The same instance with groups, published and pinned trips. Every pin can be kept."""
    people = len(instance.drivers) + len(instance.riders)
    together = tuple(_friends(instance, 1 + people // 150, random))
    apart = tuple(_strangers(instance, set(chain(*together)), 1 + people // 300, random))
    instance = replace(instance, together=together, apart=apart)
    trips = _Trips(instance, random)
    told = list(trips.some(1 + people // 100))
    pinned = [PinnedTrip(trip.driver, trip.event, trip.riders) for trip in trips.some(1 + people // 300)]
    pinned += [PinnedTrip(trip.driver, trip.event, trip.riders, full=True) for trip in trips.some(1)]
    pinned += [PinnedTrip(t.driver, t.event, t.riders, force=True) for t in trips.some(1, forced=True)]
    return replace(instance, pinned=tuple(pinned), published=tuple(_published(instance, told, pinned)))


def _friends(instance: Instance, count: int, random: Random) -> Iterator[tuple[str, str]]:
    """Pairs of riders who live near each other, nobody in two of them."""
    free = list(instance.riders)
    random.shuffle(free)
    while count > 0 and len(free) >= 2:
        one = free.pop()
        other = min(free[:_SAMPLE], key=lambda rider: _km(one, rider))
        free.remove(other)
        count -= 1
        yield one.id, other.id


def _strangers(
    instance: Instance, friends: set[str], count: int, random: Random
) -> Iterator[tuple[str, str]]:
    """Pairs of a driver and a rider who live near each other and must not meet; none of them with a friend."""
    riders = [rider for rider in instance.riders if rider.id not in friends]
    for driver in random.sample(instance.drivers, min(count, len(instance.drivers))):
        if riders:
            some = random.sample(riders, min(_SAMPLE, len(riders)))
            yield driver.id, min(some, key=lambda rider: _km(driver, rider)).id


def _published(
    instance: Instance, told: Sequence[Trip], pinned: Sequence[PinnedTrip]
) -> Iterator[PublishedTrip]:
    """What people were told: trips that still can be, one of the pins, and a trip whose driver and event are gone."""
    trips: list[Trip | PinnedTrip] = [*told, *pinned]
    for trip in trips[: len(told) + 1]:
        yield PublishedTrip(trip.driver, trip.event, trip.riders)
    busy = {person for trip in trips for person in (trip.driver, *trip.riders)}
    left = [rider.id for rider in instance.riders if rider.id not in busy]
    yield PublishedTrip("d-withdrawn", "called-off", tuple(left[:1]))


class _Trips:
    """Trips that keep the rules, found near the drivers' homes, nobody in two of them and no event over its capacity."""

    def __init__(self, instance: Instance, random: Random) -> None:
        self._instance, self._random = instance, random
        self._drivers = [driver for driver in instance.drivers if driver.id not in instance.together_groups]
        self._riders = [rider for rider in instance.riders if rider.id not in instance.together_groups]
        random.shuffle(self._drivers)
        self._busy: set[str] = set()
        self._people = Counter[str]()

    def some(self, count: int, forced: bool = False) -> Iterator[Trip]:
        """Up to `count` trips. A forced one has a rider more than the limits in minutes and hours would allow."""
        return islice(self._found(forced), count)

    def _found(self, forced: bool) -> Iterator[Trip]:
        while self._drivers:
            driver = self._drivers.pop()
            trip = self._with_riders(driver, forced)
            if trip is not None:
                self._busy |= set(trip.riders)
                self._people[trip.event] += schedule_of(self._instance, trip).people
                yield trip

    def _with_riders(self, driver: Driver, forced: bool) -> Trip | None:
        """A trip of the driver to the nearest event that is possible, with up to three neighbours; forced: one too many."""
        events = sorted(self._instance.events, key=lambda event: _km(driver, event))
        empty = (Trip(driver.id, event.id) for event in events[:_EVENTS])
        trip = next((trip for trip in empty if self._keeps_rules(trip)), None)
        if trip is None:
            return None
        for rider in self._neighbours(driver):
            longer = replace(trip, stops=(*trip.stops, Stop(rider.id, _first_place(rider))))
            if self._keeps_rules(longer):
                trip = longer
            elif forced and self._keeps_rules(longer, LIMITS - {Rule.NO_WAY}):
                return longer
            if len(trip.stops) == 3:
                break
        return trip

    def _neighbours(self, driver: Driver) -> list[Rider]:
        some = self._random.sample(self._riders, min(_SAMPLE, len(self._riders)))
        free = [rider for rider in some if rider.id not in self._busy]
        return sorted(free, key=lambda rider: _km(driver, rider))[:_NEIGHBOURS]

    def _keeps_rules(self, trip: Trip, except_for: Iterable[Rule] = ()) -> bool:
        event = self._instance.event_by_id[trip.event]
        people = self._people[trip.event] + schedule_of(self._instance, trip).people
        if event.capacity is not None and people > event.capacity:
            return False
        return all(violation.rule in except_for for violation in trip_violations(self._instance, trip))


def _first_place(rider: Rider) -> str | None:
    return None if rider.home_pickup else rider.places[0].id


def _km(one: Driver | Rider, other: Driver | Rider | Event) -> float:
    return kilometres(Place(one.lat, one.lon), Place(other.lat, other.lon))
