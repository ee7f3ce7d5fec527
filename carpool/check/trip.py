"""The rules of one trip by itself: seats, needs, events, places, way back, minutes and hours, company, apart."""

from collections import Counter
from collections.abc import Iterator

from carpool.check.rides import Ride, forced_pins, resolve_trip
from carpool.check.violation import Rule, Violation, amount
from carpool.instance import Driver, Instance, Rider
from carpool.plan import Trip
from carpool.schedule import Excess, Limit, limit_excesses
from carpool.show import show


def trip_violations(instance: Instance, trip: Trip) -> list[Violation]:
    """What a trip breaks whatever else the plan holds. Pins, `together` and capacity need the whole plan."""
    ride = resolve_trip(instance, 0, trip, forced_pins(instance))
    return ride_violations(instance, ride) if isinstance(ride, Ride) else ride


def ride_violations(instance: Instance, ride: Ride) -> list[Violation]:
    """The same for a trip that is already looked up."""
    return [
        *_person_twice(ride),
        *_seats(ride),
        *_needs(ride),
        *_at(ride),
        *_events(instance, ride),
        *_places(ride),
        *_way_back(ride),
        *_limits(ride),
        *_company(ride),
        *_apart(instance, ride),
    ]


def _at(ride: Ride) -> Iterator[Violation]:
    """Cars and people at an event are for each other, and for nobody else."""
    start, event = ride.driver.at, ride.trip.event
    if start is not None and start != event:
        yield Violation(Rule.AT, ride.driver.id, f"is at {show(start)}, not at {show(event)}")
    if start is not None and ride.trip.stops:
        yield Violation(
            Rule.AT, ride.driver.id, "is at the event already, so there are no stops on a way out"
        )
    for rider in ride.riders:
        if start is not None and rider.at != start:
            yield Violation(Rule.AT, rider.id, f"is not at {show(start)}, where this car starts home")
        elif start is None and rider.at is not None:
            yield Violation(Rule.AT, rider.id, f"is at {show(rider.at)} already, and this car is not")


def _person_twice(ride: Ride) -> Iterator[Violation]:
    if len({person.id for person in ride.people}) == len(ride.people):
        return
    for person, count in Counter(person.id for person in ride.people).items():
        if count > 1:
            yield Violation(Rule.ONE_TRIP, person, f"stands {count} times in one car")


def _seats(ride: Ride) -> Iterator[Violation]:
    people = sum(rider.party for rider in ride.riders)
    if people > ride.driver.seats:
        seats = ride.driver.seats
        text = f"people riding: {people}, seats: {seats}, {people - seats} too many"
        yield Violation(Rule.SEATS, ride.driver.id, text)


def _needs(ride: Ride) -> Iterator[Violation]:
    wanted = Counter(need for rider in ride.riders for need in rider.needs)
    for need, count in wanted.items():
        offered = ride.driver.offers.get(need, 0)
        if count > offered:
            text = f"riders who need {show(need)}: {count}, the car can take: {offered}"
            yield Violation(Rule.NEEDS, ride.driver.id, text)


def _events(instance: Instance, ride: Ride) -> Iterator[Violation]:
    for person in ride.people:
        # Who is at an event already is asked by _at.
        if person.at is None and person.events is not None and ride.trip.event not in person.events:
            yield Violation(Rule.EVENTS, person.id, f"does not want to go to {show(ride.trip.event)}")


def _places(ride: Ride) -> Iterator[Violation]:
    for pickup in ride.schedule.pickups:
        if pickup.place is None and not pickup.rider.home_pickup:
            yield Violation(Rule.PLACE, pickup.rider.id, "is not to be picked up at the own place")


def _way_back(ride: Ride) -> Iterator[Violation]:
    for rider in ride.riders:
        if rider.way_back and not ride.driver.way_back:
            text = f"wants a way back, and {show(ride.driver.id)} drives out only"
            yield Violation(Rule.WAY_BACK, rider.id, text)


def _limits(ride: Ride) -> Iterator[Violation]:
    for excess in limit_excesses(ride.schedule):
        if excess.limit is Limit.NO_WAY or not ride.forced:
            yield Violation(Rule(excess.limit.value), excess.who, describe(excess, ride.driver.id))


def describe(excess: Excess, driver: str) -> str:
    """An exceeded limit in words. `driver` is who drives, as a drive is called a ride for everybody else."""
    way = "on the way back" if excess.back else "on the way out"
    if excess.limit is Limit.NO_WAY:
        return f"there is no way for the car {way}"
    words = {
        Limit.DETOUR: f"the detour {way} is too long",
        Limit.TRAVEL: f"the {'drive' if excess.who == driver else 'ride'} {way} is too long",
        Limit.READY: "starts before being ready",
        Limit.HOME: "is home too late",
    }
    return f"{words[excess.limit]} by {amount(excess.minutes)}"


def _company(ride: Ride) -> Iterator[Violation]:
    for person in ride.people:
        for trait in person.company:
            for other in ride.people:
                if other.id != person.id and trait not in other.traits:
                    text = f"rides only with {show(trait)}, which {show(other.id)} does not say"
                    yield Violation(Rule.COMPANY, person.id, text)


def _apart(instance: Instance, ride: Ride) -> Iterator[Violation]:
    first: dict[int, Driver | Rider] = {}
    for person in ride.people:
        for group in instance.apart_groups.get(person.id, ()):
            other = first.setdefault(group, person)
            if other.id != person.id:
                text = f"is in one car with {show(other.id)} in spite of apart[{group}]"
                yield Violation(Rule.APART, person.id, text)
