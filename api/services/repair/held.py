"""Keeping people where they are: what is pinned while lost lifts are looked for, and who is moved all the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from api.services.local import local
from api.store.queries.lifts import Standing
from carpool import Instance
from carpool.instance import PinnedTrip
from carpool.pins import pin_faults
from carpool.plan import Drop, Stop, Trip

RIDER_SHIFT = timedelta(minutes=5)
"""A rider who is picked up or home so much later or sooner has not been moved: traffic does more."""
DRIVER_SHIFT = timedelta(minutes=15)
"""The same for a driver, who offered seats and a detour for just this."""


def told_trip(standing: Standing) -> Trip:
    """A lift that stands, as the trip that people were told."""
    lift, _, riders = standing
    back = [(stop.drop_at, str(request.id)) for stop, request, _ in riders if stop.drop_at is not None]
    return Trip(
        driver=str(lift.offer_id),
        event=str(lift.event_id),
        stops=tuple(
            Stop(str(request.id), stop.place_id, local(stop.pick_up_at), stop.ride_minutes)
            for stop, request, _ in riders
        ),
        departs_at=local(lift.departs_at),
        arrives_at=local(lift.arrives_at),
        drive_minutes=lift.drive_minutes,
        back=tuple(Drop(rider, local(at)) for at, rider in sorted(back)) if lift.home_at else None,
        home_at=local(lift.home_at) if lift.home_at else None,
    )


def without(instance: Instance, gone: Iterable[str]) -> Instance:
    """The instance without these people."""
    away = set(gone)
    if not away:
        return instance
    return replace(
        instance,
        drivers=tuple(driver for driver in instance.drivers if driver.id not in away),
        riders=tuple(rider for rider in instance.riders if rider.id not in away),
        apart=tuple(group for group in instance.apart if away.isdisjoint(group)),
        together=tuple(_groups(instance.together, away)),
    )


def _groups(groups: Iterable[tuple[str, ...]], away: set[str]) -> Iterable[tuple[str, ...]]:
    for group in groups:
        left = tuple(person for person in group if person not in away)
        if len(left) > 1:
            yield left


def hold(instance: Instance) -> Instance:
    """Everybody stays in the car and at the event that they were told; others may join where seats are free.

    A trip that cannot be kept as it was told, after a change of answers say, is left to the search.
    """
    known = instance.driver_by_id.keys() | instance.rider_by_id.keys()
    pinned = {person for pin in instance.pinned for person in (pin.driver, *pin.riders)}
    pins = list(instance.pinned)
    for trip in instance.published:
        riders = tuple(rider for rider in trip.riders if rider in known)
        is_there = trip.driver in instance.driver_by_id and trip.event in instance.event_by_id
        if is_there and pinned.isdisjoint((trip.driver, *riders)):
            pins.append(PinnedTrip(trip.driver, trip.event, riders))
    held = replace(instance, pinned=tuple(pins))
    broken = {fault.path for fault in pin_faults(held)}
    kept = (pin for number, pin in enumerate(pins) if f"pinned[{number}]" not in broken)
    return replace(held, pinned=tuple(kept)) if broken else held


def settled(trips: Sequence[Trip], told: Mapping[str, Trip]) -> tuple[Trip, ...]:
    """The trips, each as it was told where the same people travel: nobody hears of a change for nothing."""
    return tuple(told[trip.driver] if _same(trip, told.get(trip.driver)) else trip for trip in trips)


def calm(trips: Sequence[Trip], told: Mapping[str, Trip]) -> tuple[Trip, ...]:
    """The trips with nobody moved: one that would move somebody goes as it was told, without those who would have joined it."""
    return tuple(told[trip.driver] if moved([trip], told) else trip for trip in trips)


def moved(trips: Sequence[Trip], told: Mapping[str, Trip]) -> set[str]:
    """Who of the told trips that these cars made gets another car, event, place or hour, or is not in the car any more."""
    found = set[str]()
    for trip in trips:
        before = told.get(trip.driver)
        if before is None or before == trip:
            continue
        if before.event != trip.event:
            found |= {trip.driver, *before.riders}
            continue
        if _shifted(trip.departs_at, before.departs_at, DRIVER_SHIFT) or _shifted(
            trip.home_at, before.home_at, DRIVER_SHIFT
        ):
            found.add(trip.driver)
        stops = {stop.rider: stop for stop in trip.stops}
        found |= {stop.rider for stop in before.stops if _is_moved(stop, stops.get(stop.rider), before, trip)}
    return found


def _is_moved(before: Stop, after: Stop | None, told: Trip, trip: Trip) -> bool:
    if after is None or after.place != before.place:
        return True
    home, was_home = _drop(trip, after.rider), _drop(told, after.rider)
    return _shifted(after.at, before.at, RIDER_SHIFT) or _shifted(home, was_home, RIDER_SHIFT)


def _drop(trip: Trip, rider: str) -> datetime | None:
    return next((drop.at for drop in trip.back or () if drop.rider == rider), None)


def _shifted(one: datetime | None, other: datetime | None, most: timedelta) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > most


def _same(trip: Trip, told: Trip | None) -> bool:
    return told is not None and told.event == trip.event and set(told.riders) == set(trip.riders)
