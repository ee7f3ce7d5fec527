"""The part of a day that a move touches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carpool.instance import Instance
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

    def people_at(self, trips: Sequence[Trip]) -> Counter[str]:
        """How many people come to each event when these are the corner's trips."""
        people = Counter[str](self.others)
        for trip in trips:
            people[trip.event] += self.instance.driver_by_id[trip.driver].party
            people[trip.event] += sum(self.instance.rider_by_id[rider].party for rider in trip.riders)
        return people
