"""Plans made without a solver: cars set off and people get in by chance, as long as the judge has nothing against it."""

from random import Random

from carpool.check import violations
from carpool.instance import Instance
from carpool.pins import judge_pins
from carpool.plan import Plan, Stop, Trip


def chance_trips(instance: Instance, seed: int, tries: int) -> tuple[Trip, ...] | None:
    """The trips of a feasible plan after so many tries to add somebody; None if its pins have no trips of their own."""
    trips = judge_pins(instance).trips
    if violations(instance, Plan(trips=trips)):
        return None
    chance = Random(seed)
    for _ in range(tries):
        more = _with_somebody(instance, trips, chance)
        if more is not None and not violations(instance, Plan(trips=more)):
            trips = more
    return trips


def _with_somebody(instance: Instance, trips: tuple[Trip, ...], chance: Random) -> tuple[Trip, ...] | None:
    """The trips with somebody more, and all who must come along, in a car of their own or in one of these."""
    travelling = {person for trip in trips for person in (trip.driver, *trip.riders)}
    left = [person for person in instance.index if person not in travelling]
    if not left or not instance.events:
        return None
    person = chance.choice(left)
    unit = everybody_with(instance, person)
    if person in instance.driver_by_id and chance.random() < 0.5:
        trip = Trip(person, chance.choice(instance.events).id)
        unit -= {person}
    elif trips:
        trip = chance.choice(trips)
    else:
        return None
    if not unit <= instance.rider_by_id.keys():
        return None
    stops = list(trip.stops)
    for rider in sorted(unit, key=lambda _: chance.random()):
        places = [None, *(place.id for place in instance.rider_by_id[rider].places)]
        stops.insert(chance.randint(0, len(stops)), Stop(rider, chance.choice(places)))
    return (*(other for other in trips if other is not trip), Trip(trip.driver, trip.event, tuple(stops)))


def everybody_with(instance: Instance, person: str) -> set[str]:
    """The person and all who must be in the same car, by however many groups of `together`."""
    unit = {person}
    for _ in instance.together:
        unit |= {other for group in instance.together if unit & set(group) for other in group}
    return unit
