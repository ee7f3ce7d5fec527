"""People who are at an event already and need only the way home, parted from everybody else.

Cars at an event and people there are for each other alone, so an instance with them is two: everybody else's, as if they
were not there, and theirs. A way home run backwards is a way out, so theirs is an ordinary instance, too: people are
fetched from their homes and taken to the event, hours and minutes mirrored in its end. Everything that holds for
instances holds for it, and scores and bounds add up. docs/formulation.md, section "Ways home".
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from carpool.instance import Driver, Event, Instance, PublishedTrip, Rider
from carpool.minutes_among import minutes_among
from carpool.plan import Stop, Trip
from carpool.schedule import dwell_minutes
from carpool.score import home_worth


@dataclass(frozen=True, slots=True)
class Parts:
    """An instance as two ordinary ones: `main` without the people at events, `home` with their ways home run backwards."""

    whole: Instance
    main: Instance
    home: Instance

    def as_backwards(self, trips: Iterable[Trip]) -> tuple[Trip, ...]:
        """Those of the trips that only go home, as trips of `home`."""
        return tuple(
            Trip(trip.driver, trip.event, tuple(Stop(d.rider, d.place) for d in reversed(trip.back or ())))
            for trip in trips
            if trip.driver in self.whole.at_events
        )

    def of_main(self, trips: Iterable[Trip]) -> tuple[Trip, ...]:
        """The other trips."""
        return tuple(trip for trip in trips if trip.driver not in self.whole.at_events)


def part(instance: Instance) -> Parts | None:
    """The instance as two ordinary ones; None if nobody is at an event."""
    if not instance.at_events:
        return None
    there = instance.at_events
    main = among(
        instance, [d for d in instance.drivers if d.at is None], [r for r in instance.riders if r.at is None]
    )
    published = (
        PublishedTrip(trip.driver, trip.event, tuple(rider for rider in trip.riders if rider not in there))
        for trip in instance.published
    )
    return Parts(instance, replace(main, published=tuple(published)), _backwards(instance))


def main_part(instance: Instance) -> Instance:
    """The instance without the people who are at an event already."""
    parts = part(instance)
    return instance if parts is None else parts.main


def _backwards(instance: Instance) -> Instance:
    goals = {event.id: event for event in instance.events}
    drivers = [_driver(driver, goals[driver.at]) for driver in instance.drivers if driver.at is not None]
    riders = [_rider(instance, rider, goals[rider.at]) for rider in instance.riders if rider.at is not None]
    home = among(instance, drivers, riders, backwards=True)
    worth, people = home_worth(instance), Counter[str]()
    for driver in instance.drivers:
        people[driver.at or ""] += driver.party
    for rider in instance.riders:
        people[rider.at or ""] += rider.party
    events = []
    for event in instance.events:
        ends_at = event.ends_at.astimezone(UTC)
        events.append(
            replace(
                event,
                starts_at=ends_at,
                ends_at=ends_at + timedelta(hours=1),
                weight=worth,
                wanted=people[event.id],
                capacity=people[event.id],
            )
        )
    return replace(home, events=tuple(events), arrive_before_minutes=0.0, published=())


def _driver(driver: Driver, event: Event) -> Driver:
    ready_at = _mirrored(driver.home_by, event, 0.0)
    return replace(driver, ready_at=ready_at, home_by=None, way_back=False, events=(event.id,), at=None)


def _rider(instance: Instance, rider: Rider, event: Event) -> Rider:
    # On the way out the car waits before it drives on, and on the way home after it has arrived.
    ready_at = _mirrored(rider.home_by, event, dwell_minutes(instance, rider))
    return replace(rider, ready_at=ready_at, home_by=None, way_back=False, events=(event.id,), at=None)


def _mirrored(home_by: datetime | None, event: Event, dwell: float) -> datetime | None:
    """As long before the event's end as `home_by` is after it, and the dwell earlier."""
    if home_by is None:
        return None
    ends_at = event.ends_at.astimezone(UTC)
    return ends_at - (home_by.astimezone(UTC) - ends_at) - timedelta(minutes=dwell)


def among(
    instance: Instance, drivers: Sequence[Driver], riders: Sequence[Rider], backwards: bool = False
) -> Instance:
    """The instance with these people alone, the matrix of minutes `backwards` if asked."""
    people = {driver.id for driver in drivers} | {rider.id for rider in riders}
    pinned = (pin for pin in instance.pinned if pin.driver in people)
    return replace(
        instance, drivers=tuple(drivers), riders=tuple(riders), pinned=tuple(pinned),
        apart=_groups(instance.apart, people), together=_groups(instance.together, people),
        **minutes_among(instance, drivers, riders, backwards),
    )  # fmt: skip


def _groups(groups: Iterable[tuple[str, ...]], people: Collection[str]) -> tuple[tuple[str, ...], ...]:
    among = (tuple(person for person in group if person in people) for group in groups)
    return tuple(group for group in among if len(group) > 1)
