"""People who are at an event already and need only the way home, some of whom have lost the car that brought them."""

from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from random import Random

from carpool.check import trip_violations
from carpool.geo.place import Place, kilometres
from carpool.instance import Driver, Event, Instance, PinnedTrip, Rider
from carpool.plan import Drop, Trip

TO_A_CAR = 4
"""Riders at an event for each car there, one of whom came in it."""


def bring_to_events(instance: Instance, people: int, random: Random) -> Instance:
    """The instance with so many of its people, or all who can be spared, at events near their homes.

    Spared are those whom no pin and no group names. Who came with whom is pinned; every pin can be kept.
    """
    bound = {person for pin in instance.pinned for person in (pin.driver, *pin.riders)}
    bound |= instance.together_groups.keys() | instance.apart_groups.keys()
    drivers = [driver for driver in instance.drivers if driver.id not in bound and driver.way_back]
    riders = [rider for rider in instance.riders if rider.id not in bound and rider.way_back]
    events = cycle(random.sample(instance.events, len(instance.events)))
    at: dict[str, str] = {}
    companions: dict[str, str] = {}
    while len(at) < people and drivers:
        event = next(events)
        driver = min(drivers, key=lambda one: _km(one, event))
        drivers.remove(driver)
        if not _could_stay(driver, event):
            continue
        near = sorted((one for one in riders if _could_stay(one, event)), key=lambda one: _km(one, event))
        some = near[: min(TO_A_CAR, people - len(at) - 1)]
        riders = [one for one in riders if one not in some]
        at |= dict.fromkeys((driver.id, *(rider.id for rider in some)), event.id)
        if some:
            companions[driver.id] = some[0].id
    there = replace(
        instance,
        drivers=tuple(replace(one, at=at.get(one.id)) for one in instance.drivers),
        riders=tuple(_rider(one, at.get(one.id)) for one in instance.riders),
    )
    pins = (PinnedTrip(driver, at[driver], (rider,)) for driver, rider in companions.items())
    return replace(there, pinned=(*there.pinned, *(pin for pin in pins if _can_be_kept(there, pin))))


def _could_stay(person: Driver | Rider, event: Event) -> bool:
    """Whether there is an hour for the way home after the event."""
    return person.home_by is None or person.home_by >= event.ends_at + timedelta(hours=1)


def _rider(rider: Rider, event: str | None) -> Rider:
    return rider if event is None else replace(rider, at=event, can_drive=None)


def _can_be_kept(instance: Instance, pin: PinnedTrip) -> bool:
    drops = []
    for name in pin.riders:
        rider = instance.rider_by_id[name]
        drops.append(Drop(name, place=None if rider.home_pickup else rider.places[0].id))
    return not trip_violations(instance, Trip(pin.driver, pin.event, back=tuple(drops)))


def _km(one: Driver | Rider, event: Event) -> float:
    return kilometres(Place(one.lat, one.lon), Place(event.lat, event.lon))
