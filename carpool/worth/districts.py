"""The best trip of one more car from every district, at given prices: what it is worth is the prediction."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

import numpy as np

from carpool.certificate import Certificate
from carpool.instance import Driver, Event, Instance, Rider
from carpool.minutes_among import minutes_among
from carpool.solver.data import compile_data
from carpool.solver.ground import Field, make_ground
from carpool.solver.kernels.pool import reduced_worths
from carpool.solver.kernels.scratch import Effort
from carpool.solver.limits import Limits
from carpool.solver.lists import with_pairs
from carpool.solver.pricing import Duals, Pricer, new_pool
from carpool.worth.car import CarWorth

SLOTS = 4
"""Trips kept for each car. The best alone is wanted."""

THOROUGH = Effort(nodes=20_000, most=0, slack=0.0)
"""All candidates. A car of three seats is seldom in need of so many nodes."""


def price_cars(
    instance: Instance, certificate: Certificate, drivers: Mapping[str, Driver], workers: int
) -> list[CarWorth]:
    """The worth of each district's driver from whose place some event is in reach, the best first.

    Cuts have no price here, so that a prediction may be too high, never too low.
    """
    data = compile_data(_other_cars(instance, drivers))
    field = with_pairs(make_ground(data, Limits(data)), workers)
    pricer = Pricer(field, new_pool(field, SLOTS), workers)
    duals = _duals(field, certificate).valid(field)
    pricer.price(duals, 0.0, THOROUGH)
    worths = np.full(pricer.pool.pair.shape, -np.inf)
    reduced_worths(field.ground, duals.prices(field), duals.rho, pricer.pool, worths)
    district_of = {driver.id: district for district, driver in drivers.items()}
    found = [
        _worth(field, pricer, worths, car, district_of[data.ids[field.cars[car].person]])
        for car in pricer.cars.tolist()
    ]
    return sorted(found, key=lambda worth: (-worth.predicted, worth.district))


def _worth(
    field: Field, pricer: Pricer, worths: "np.typing.NDArray[np.float64]", car: int, district: str
) -> CarWorth:
    slot, pool, data = int(np.argmax(worths[car])), pricer.pool, field.data
    if not worths[car, slot] > 0.0:
        return CarWorth(district, 0.0)
    event = data.instance.events[field.ground.pairs.event[pool.pair[car, slot]]]
    rows = pool.row[car, slot, : pool.stops[car, slot]].tolist()
    riders = tuple(data.ids[field.pickups[row].person] for row in rows)
    return CarWorth(district, float(worths[car, slot]), event=event.id, riders=riders)


def _duals(field: Field, certificate: Certificate) -> Duals:
    ids, events = field.data.ids, field.data.instance.events
    people = [certificate.people.get(ids[rider.person], 0.0) for rider in field.riders]
    places = [certificate.events.get(event.id, 0.0) for event in events]
    return Duals(np.array(people, dtype=np.float64), np.array(places, dtype=np.float64))


def _other_cars(instance: Instance, drivers: Mapping[str, Driver]) -> Instance:
    """The same events and riders with these drivers in place of all others.

    Out with them go their pins, with the riders and the places at events that these hold, and the riders who must come
    along with a driver. What people were last told is no matter: in a new car nobody keeps a promise.
    """
    pinned = {person for pin in instance.pinned for person in (pin.driver, *pin.riders)}
    gone = pinned | {driver.id for driver in instance.drivers}
    for _ in instance.together:  # A group can take the next along.
        joined = {person for group in instance.together if not gone.isdisjoint(group) for person in group}
        if joined <= gone:
            break
        gone |= joined
    riders = [replace(rider, can_drive=None) for rider in instance.riders if rider.id not in gone]
    left = {rider.id for rider in riders}
    apart = (tuple(person for person in group if person in left) for group in instance.apart)
    return replace(
        instance, **minutes_among(instance, drivers.values(), riders),
        drivers=tuple(drivers.values()), riders=tuple(riders), events=tuple(_free_events(instance)),
        apart=tuple(group for group in apart if len(group) > 1),
        together=tuple(group for group in instance.together if left.issuperset(group)), pinned=(), published=(),
    )  # fmt: skip


def _free_events(instance: Instance) -> Iterator[Event]:
    """The events with the capacity that pinned people leave."""
    party = parties(instance)
    for event in instance.events:
        pins = (pin for pin in instance.pinned if pin.event == event.id)
        people = sum(party[person] for pin in pins for person in (pin.driver, *pin.riders))
        yield event if event.capacity is None else replace(event, capacity=max(0, event.capacity - people))


def parties(instance: Instance) -> dict[str, int]:
    """Person → how many people come when that person comes."""
    people: Iterator[Driver | Rider] = chain(instance.drivers, instance.riders)
    return {person.id: person.party for person in people}
