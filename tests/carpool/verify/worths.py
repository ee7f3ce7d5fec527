"""What every driver's best trip is worth at the prices of a certificate, by trying all trips that the judge lets pass. Slow."""

import math
from dataclasses import replace

from carpool.certificate import Certificate
from carpool.instance import Driver, Instance, Rider
from carpool.plan import Trip
from carpool.schedule import schedule_of
from tests.carpool.brute_force import feasible_trips


def with_true_values(instance: Instance, certificate: Certificate) -> Certificate:
    """The certificate with the least values that are high enough."""
    values = {driver: -math.inf if is_pinned(instance, driver) else 0.0 for driver in instance.driver_by_id}
    for trip in feasible_trips(instance):
        if keeps_pins_and_groups(instance, trip):
            values[trip.driver] = max(values[trip.driver], worth(instance, certificate, trip))
    return replace(certificate, drivers=values)


def worth(instance: Instance, certificate: Certificate, trip: Trip) -> float:
    """What a trip is worth at the prices, term by term as the bound's theorem has it."""
    schedule = schedule_of(instance, trip)
    told = {
        person: (lift.driver, lift.event)
        for lift in instance.published
        for person in (lift.driver, *lift.riders)
    }
    members = {trip.driver, *trip.riders}
    value = -(schedule.drive_minutes + schedule.walk_minutes) / instance.minutes_per_volunteer
    value += certificate.events.get(trip.event, 0.0) * schedule.people
    people: list[Driver | Rider] = [*instance.drivers, *instance.riders]
    for person in people:
        if person.id in members:
            value -= certificate.people.get(person.id, 0.0)
            if told.get(person.id) == (trip.driver, trip.event):
                value += instance.change_penalty * person.party
    for cut in certificate.cuts:
        value -= cut.price * (len(members.intersection(cut.people)) // 2)
    return value


def is_pinned(instance: Instance, driver: str) -> bool:
    return any(pin.driver == driver for pin in instance.pinned)


def keeps_pins_and_groups(instance: Instance, trip: Trip) -> bool:
    """Whether all pins are kept that concern this car, and everybody is with those who must come along."""
    members = {trip.driver, *trip.riders}
    for pin in instance.pinned:
        people = {pin.driver, *pin.riders}
        if pin.driver != trip.driver and not members.isdisjoint(people):
            return False
        if pin.driver == trip.driver and not (pin.event == trip.event and people <= members):
            return False
        if pin.driver == trip.driver and (pin.full or pin.force) and people != members:
            return False
    if not has_room(instance, trip):
        return False
    return all(members.issuperset(group) or members.isdisjoint(group) for group in instance.together)


def has_room(instance: Instance, trip: Trip) -> bool:
    """Whether the event has places for these people beside those whom other drivers' pins bring there in any case."""
    capacity = instance.event_by_id[trip.event].capacity
    party = {driver.id: driver.party for driver in instance.drivers}
    party.update((rider.id, rider.party) for rider in instance.riders)
    pins = [pin for pin in instance.pinned if pin.event == trip.event and pin.driver != trip.driver]
    brought = sum(party[person] for pin in pins for person in (pin.driver, *pin.riders))
    return capacity is None or brought + schedule_of(instance, trip).people <= capacity
