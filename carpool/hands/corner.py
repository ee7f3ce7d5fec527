"""The part of a day that a move touches."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from carpool.instance import Instance
from carpool.minutes_among import minutes_among
from carpool.plan import Trip


@dataclass(frozen=True, slots=True)
class Corner:
    """A few cars of a plan. `instance` has their people, and whoever else the move is about; its events are the day's.

    `trips` are the cars as they are now. `others`: how many people everybody else's trips bring to an event.
    """

    instance: Instance
    trips: tuple[Trip, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)

    def trip_of(self, person: str) -> Trip | None:
        """The car that somebody is in, None if there is none."""
        return next((trip for trip in self.trips if person in (trip.driver, *trip.riders)), None)

    def only(self, people: Collection[str]) -> "Corner":
        """The corner with the cars of these people alone; all other cars are among the others then."""
        mine = [trip for trip in self.trips if not {trip.driver, *trip.riders}.isdisjoint(people)]
        named = {person for trip in mine for person in (trip.driver, *trip.riders)} | set(people)
        for group in self.instance.together:
            named |= set(group) if named.intersection(group) else set()
        drivers = tuple(one for one in self.instance.drivers if one.id in named)
        riders = tuple(one for one in self.instance.riders if one.id in named)
        small = replace(
            self.instance,
            **minutes_among(self.instance, drivers, riders),
            drivers=drivers,
            riders=riders,
            apart=tuple(pair for pair in self.instance.apart if named.issuperset(pair)),
            together=tuple(group for group in self.instance.together if named.issuperset(group)),
        )
        rest = [trip for trip in self.trips if trip not in mine]
        return Corner(small, tuple(mine), self.people_at(rest))

    def people_at(self, trips: Sequence[Trip]) -> Counter[str]:
        """How many people come to each event when these are the corner's trips."""
        people = Counter[str](self.others)
        for trip in trips:
            people[trip.event] += self.instance.driver_by_id[trip.driver].party
            people[trip.event] += sum(self.instance.rider_by_id[rider].party for rider in trip.riders)
        return people
