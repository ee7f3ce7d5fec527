"""A day that goes on: what an instance becomes at some moment after a plan was published.

Nothing of this is a rule of its own. It is said with those that the format has: trips that have left are pinned with
force, and whoever has not left is ready no earlier than notice allows. So checker, solver and proof need to know no clock.
docs/formulation.md, section "A moment of the day".
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from carpool.errors import CarpoolError
from carpool.instance import Driver, Event, Instance, PinnedTrip, PublishedTrip, Rider
from carpool.minutes_among import minutes_among
from carpool.plan import Trip
from carpool.repair.notice import Notice
from carpool.repair.room import with_less_room
from carpool.repair.settled import is_on_the_road, settled_driver, settled_rider
from carpool.repair.stranded import send_home

__all__ = ["NOTICE_MINUTES", "repair_instance", "with_less_room"]

NOTICE_MINUTES = 30.0
"""How long before they have to leave people must hear of it, unless they were told that time or an earlier one."""


def repair_instance(
    instance: Instance,
    told: Iterable[Trip],
    now: datetime,
    notice_minutes: float = NOTICE_MINUTES,
    broken: Collection[str] = (),
) -> Instance:
    """The instance to solve at the moment `now`, when people were last told the trips `told`, with their times.

    `instance` has the people of now: who cancelled is gone, who signed up late is in. In every plan of the result

    - a trip of `told` that has left stands as it was told, less those who are gone, and nobody joins it;
    - nobody's departure or pick-up is earlier than told unless `notice_minutes` lie between now and their leaving home, and
      for whoever was told none these minutes lie there in any case. Whoever has to leave sooner keeps the place, too;
    - everybody else is matched as ever, and what they were told counts as `published`.

    `broken` are drivers whose car has broken down where they are, at an event that is on; elsewhere a driver without a car is
    simply out of `instance`. The people of such a car, and of one whose driver is gone, are `at` the event and need the way
    home, and so are the cars that can take them: `carpool.repair.stranded` says how.

    A pin with force in `instance` lifts the hours of its people, these as well: it is a coordinator's word.
    Raises `CarpoolError` if a trip has no times or `now` no offset.
    """
    if now.utcoffset() is None:
        raise CarpoolError(
            "The moment of a repair needs an offset, such as 2029-05-03T09:30:00+01:00.", "now"
        )
    trips = tuple(told)
    if any(trip.departs_at is None or any(stop.at is None for stop in trip.stops) for trip in trips):
        raise CarpoolError("A repair needs the times that people were told, of every trip and stop.", "told")
    sent = send_home(instance, trips, now, broken)
    instance = sent.instance
    left = (trip for trip in trips if trip not in sent.over)
    gone = [_without_the_gone(instance, trip) for trip in left if is_on_the_road(instance, trip, now)]
    notice = Notice(now, timedelta(minutes=notice_minutes), trips)
    return _at_the_moment(instance, gone, trips, notice)


def _without_the_gone(instance: Instance, trip: Trip) -> Trip:
    """The trip with those of its riders who still are in the instance."""
    stops = tuple(stop for stop in trip.stops if stop.rider in instance.rider_by_id)
    return replace(trip, stops=stops, back=None)


def _at_the_moment(instance: Instance, gone: list[Trip], told: Iterable[Trip], notice: Notice) -> Instance:
    car_of = {rider: trip for trip in gone for rider in trip.riders}
    at_the_wheel = {trip.driver: trip for trip in gone}
    away = car_of.keys() | at_the_wheel.keys()
    drivers = (_driver(instance, driver, at_the_wheel, notice) for driver in instance.drivers)
    riders = tuple(_rider(instance, rider, car_of, at_the_wheel, notice) for rider in instance.riders)
    pins = (pin for pin in instance.pinned if away.isdisjoint((pin.driver, *pin.riders)))
    return replace(
        instance,
        drivers=tuple(drivers),
        riders=riders,
        events=tuple(_with_room(instance, gone)),
        **minutes_among(instance, instance.drivers, riders),
        apart=tuple(_among_others(instance.apart, away)),
        together=tuple(_among_others(instance.together, away)),
        pinned=(*(PinnedTrip(trip.driver, trip.event, trip.riders, force=True) for trip in gone), *pins),
        published=tuple(PublishedTrip(trip.driver, trip.event, trip.riders) for trip in told),
    )


def _driver(instance: Instance, driver: Driver, away: Mapping[str, Trip], notice: Notice) -> Driver:
    if driver.id in away:
        return settled_driver(instance, driver, away[driver.id])
    if driver.at is not None:
        return driver
    return replace(driver, ready_at=notice.departure(driver.id, driver.ready_at))


def _rider(
    instance: Instance, rider: Rider, cars: Mapping[str, Trip], away: Mapping[str, Trip], notice: Notice
) -> Rider:
    if (trip := cars.get(rider.id)) is not None:
        place = next(stop.place for stop in trip.stops if stop.rider == rider.id)
        return settled_rider(rider, place, instance.driver_by_id[trip.driver])
    if rider.at is not None:
        return rider
    own = rider.as_driver()
    if own is None or rider.can_drive is None:
        return notice.pick_up(rider)
    if rider.id in away:
        settled = settled_driver(instance, own, away[rider.id])
        can_drive = replace(rider.can_drive, seats=settled.seats, events=None, way_back=own.way_back)
        return replace(rider, can_drive=can_drive, company=())
    can_drive = replace(rider.can_drive, ready_at=notice.departure(rider.id, own.ready_at))
    return notice.pick_up(replace(rider, can_drive=can_drive))


def _with_room(instance: Instance, gone: Iterable[Trip]) -> Iterator[Event]:
    """The events, each with room for those who are on their way."""
    party = {driver.id: driver.party for driver in instance.drivers}
    party |= {rider.id: rider.party for rider in instance.riders}
    people = Counter[str]()
    for trip in gone:
        people[trip.event] += sum(party[person] for person in (trip.driver, *trip.riders))
    for event in instance.events:
        full = event.capacity is not None and event.capacity < people[event.id]
        yield replace(event, capacity=people[event.id]) if full else event


def _among_others(groups: Iterable[tuple[str, ...]], away: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The groups without those on the road, of whom nothing is left to decide."""
    for group in groups:
        left = tuple(person for person in group if person not in away)
        if len(left) > 1:
            yield left
