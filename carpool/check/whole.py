"""The rules that only the whole plan can break: one trip a person, capacity, together, pinned, order of trips."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from carpool.check.rides import Ride, forced_stops
from carpool.check.violation import Rule, Violation
from carpool.instance import Instance, PinnedTrip
from carpool.plan import Plan
from carpool.show import show


def whole_violations(instance: Instance, plan: Plan, rides: Sequence[Ride]) -> list[Violation]:
    """What the trips break taken together."""
    return [
        *_one_trip(rides),
        *_capacity(instance, rides),
        *_together(instance, rides),
        *_pinned(instance, rides),
        *_order(instance, plan, rides),
    ]


def _one_trip(rides: Sequence[Ride]) -> Iterator[Violation]:
    # Twice in one car is said of that trip.
    trips = Counter(person for ride in rides for person in {person.id for person in ride.people})
    for person, count in trips.items():
        if count > 1:
            yield Violation(Rule.ONE_TRIP, person, f"is in {count} trips")


def _capacity(instance: Instance, rides: Sequence[Ride]) -> Iterator[Violation]:
    people = Counter[str]()
    for ride in rides:
        people[ride.trip.event] += ride.schedule.people
    for event in instance.events:
        if event.capacity is not None and people[event.id] > event.capacity:
            over = people[event.id] - event.capacity
            text = f"people coming: {people[event.id]}, capacity: {event.capacity}, {over} too many"
            yield Violation(Rule.CAPACITY, event.id, text)


def _together(instance: Instance, rides: Sequence[Ride]) -> Iterator[Violation]:
    car = {person.id: ride.number for ride in rides for person in ride.people}
    for number, group in enumerate(instance.together):
        cars = {car.get(person) for person in group}
        if len(cars) > 1:
            left = next((person for person in group if person not in car), None)
            why = f"{show(left)} is in none" if left is not None else "they are in several"
            yield Violation(Rule.TOGETHER, f"together[{number}]", f"all belong in one car, but {why}")


def _pinned(instance: Instance, rides: Sequence[Ride]) -> Iterator[Violation]:
    by_driver = {ride.trip.driver: ride for ride in rides}
    for pin in instance.pinned:
        ride = by_driver.get(pin.driver)
        if ride is None or ride.trip.event != pin.event:
            yield Violation(Rule.PINNED, pin.driver, f"does not drive to {show(pin.event)}, as pinned")
        else:
            yield from _pinned_riders(instance, pin, ride)


def _pinned_riders(instance: Instance, pin: PinnedTrip, ride: Ride) -> Iterator[Violation]:
    in_car = set(ride.trip.riders)
    for rider in pin.riders:
        if rider not in in_car:
            yield Violation(Rule.PINNED, rider, f"is not in the car of {show(pin.driver)}, as pinned")
    if pin.full or pin.force:
        for rider in sorted(in_car - set(pin.riders)):
            yield Violation(Rule.PINNED, rider, f"joins {show(pin.driver)}, whose pinned trip is full")
    if pin.force and in_car == set(pin.riders) and not ride.forced:
        order = ", ".join(show(rider) for rider, _ in forced_stops(instance, pin))
        text = f"does not stop for {order} in this order at their first places, as pinned with force"
        yield Violation(Rule.PINNED, pin.driver, text)


def _order(instance: Instance, plan: Plan, rides: Sequence[Ride]) -> Iterator[Violation]:
    """Trips are ordered by event, written departure and driver, those that only go home last.

    A plan that leaves departures out, or of those the times at home, has no order.
    """
    position = {event.id: number for number, event in enumerate(instance.events)}
    keys: list[tuple[int, bool, datetime, str]] = []
    for ride in rides:
        home = ride.schedule.only_back
        departs_at = ride.trip.home_at and ride.schedule.event.ends_at if home else ride.trip.departs_at
        if departs_at is not None:
            keys.append((position[ride.trip.event], home, departs_at, ride.trip.driver))
    if len(keys) < len(plan.trips):
        return
    for number, (before, after) in enumerate(pairwise(keys)):
        if after < before:
            text = f"comes after the trip of {show(before[3])}: the order is event, departure, driver"
            yield Violation(Rule.ORDER, f"trips[{number + 1}]", text)
