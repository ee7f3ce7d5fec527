"""Whether a trip still fits the people in it, by the judge of every plan: for whoever changes answers, and for publishing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from carpool import Driver, Event, Instance, Plan, Rider, violations
from carpool.check import Rule
from carpool.geo.islands import CROSSING_MINUTES
from carpool.hands import FORCEABLE
from carpool.plan import Trip

Known = Callable[[Instance], Instance]
"""Gives an instance the road times that are known."""


def broken(
    event: Event, driver: Driver, riders: Sequence[Rider], trip: Trip, known: Known = lambda alone: alone
) -> set[Rule]:
    """The rules that the trip breaks for these people. Times that are written in it count, others do not."""
    alone = Instance(
        events=(event,), drivers=(replace(driver, events=None),),
        riders=tuple(replace(rider, events=None, can_drive=None) for rider in riders), crossings=CROSSING_MINUTES,
    )  # fmt: skip
    rules = {violation.rule for violation in violations(known(alone), Plan(trips=(trip,)))}
    people: list[Driver | Rider] = [driver, *riders]
    chosen = all(one.events is None or event.id in one.events for one in people)
    return rules if chosen else rules | {Rule.EVENTS}


def still_fitting(
    instance: Instance, plan: Plan, now: Instance, known: Known = lambda alone: alone
) -> tuple[Trip, ...]:
    """The plan's trips without those who have changed their answers since, where they no longer fit, and without riders who
    are kept apart from somebody in the car since.

    `instance` is what was planned from, `now` what would be today, both without road times. Who is gone is left to the caller.
    """
    pairs = {frozenset(pair) for group in now.apart for pair in combinations(group, 2)}
    trips = (_without(trip, _kept_apart(trip, pairs)) for trip in plan.trips)
    return tuple(fit for trip in trips if (fit := _fit(instance, trip, now, known)) is not None)


def _kept_apart(trip: Trip, pairs: set[frozenset[str]]) -> set[str]:
    """The riders who must not be in one car with the driver or with a rider before them."""
    together, gone = [trip.driver], set[str]()
    for rider in trip.riders:
        if any(frozenset((rider, other)) in pairs for other in together):
            gone.add(rider)
        else:
            together.append(rider)
    return gone


def _fit(instance: Instance, trip: Trip, now: Instance, known: Known) -> Trip | None:
    """The trip with the riders that still fit; None if the driver does not."""
    # Who rode in this plan may have been told to drive by another one since.
    all_here = trip.driver in now.driver_by_id and set(trip.riders) <= now.rider_by_id.keys()
    if not all_here or trip.event not in now.event_by_id:
        return trip
    people = zip(_people(now, trip), _people(instance, trip), strict=True)
    changed = {one.id for one, before in people if one != before}
    event_changed = _when_and_where(instance, trip) != _when_and_where(now, trip)
    if not (changed or event_changed) or not _broken(instance, trip, now, changed, known):
        return trip
    unfit = {rider for rider in changed - {trip.driver} if _broken(instance, trip, now, {rider}, known)}
    return None if _broken(instance, trip, now, changed - unfit, known) else _without(trip, unfit)


def _when_and_where(instance: Instance, trip: Trip) -> tuple[object, ...]:
    event = instance.event_by_id[trip.event]
    return (event.starts_at, event.ends_at, event.lat, event.lon)


def _people(instance: Instance, trip: Trip) -> list[Driver | Rider]:
    return [instance.driver_by_id[trip.driver], *(instance.rider_by_id[rider] for rider in trip.riders)]


def _broken(instance: Instance, trip: Trip, now: Instance, changed: set[str], known: Known) -> set[Rule]:
    """What the trip breaks with those of `changed` as they are now and all others as they were planned."""
    driver = (now if trip.driver in changed else instance).driver_by_id[trip.driver]
    riders = [(now if rider in changed else instance).rider_by_id[rider] for rider in trip.riders]
    rules = broken(now.event_by_id[trip.event], driver, riders, trip, known)
    forced = any(pin.force and (pin.driver, pin.event) == (trip.driver, trip.event) for pin in now.pinned)
    return rules - FORCEABLE if forced else rules


def _without(trip: Trip, gone: set[str]) -> Trip:
    """Its times stay, as they do when a rider cancels."""
    stops = tuple(stop for stop in trip.stops if stop.rider not in gone)
    back = None if trip.back is None else tuple(drop for drop in trip.back if drop.rider not in gone)
    return replace(trip, stops=stops, back=back)
