"""Whether a car can take somebody, in which order of stops, and at how many minutes; compiled."""

import math

from carpool.bench.rivals.arrays import Floats, Ints, Scene
from carpool.bench.rivals.compiled import compiled, inlined
from carpool.bench.rivals.ground import is_near, leg, trip_minutes
from carpool.bench.rivals.state import NOBODY, State, can_drive, room_value


@inlined
def suits(scene: Scene, state: State, car: int, rider: int) -> bool:
    """Whether nothing but minutes, hours and the event's room can keep the rider out of the car."""
    cars, riders = scene.cars, scene.riders
    if state.car[rider] != NOBODY or state.closed[car] or cars.rider[car] == rider:
        return False
    if state.load[car] + riders.party[rider] > cars.seats[car] or state.stopping[car] >= state.stops.shape[1]:
        return False
    if not riders.allowed[rider, state.event[car]] or (riders.way_back[rider] and not cars.way_back[car]):
        return False
    for need in range(riders.needs.shape[1]):
        if riders.needs[rider, need]:
            taken = 0
            for position in range(state.stopping[car]):
                taken += riders.needs[scene.halts.rider[state.stops[car, position]], need]
            if taken >= cars.offers[car, need]:
                return False
    return gets_on(scene, state, car, rider)


@compiled
def gets_on(scene: Scene, state: State, car: int, rider: int) -> bool:
    """Whether the rider gets on with everybody in the car, as far as company and `apart` go."""
    cars, riders = scene.cars, scene.riders
    traits, company, person = riders.traits[rider], riders.company[rider], riders.person[rider]
    if company & ~cars.traits[car] or cars.company[car] & ~traits:
        return False
    if are_apart(scene, person, cars.person[car]):
        return False
    for position in range(state.stopping[car]):
        other = scene.halts.rider[state.stops[car, position]]
        if company & ~riders.traits[other] or riders.company[other] & ~traits:
            return False
        if are_apart(scene, person, riders.person[other]):
            return False
    return True


@compiled
def are_apart(scene: Scene, one: int, other: int) -> bool:
    """Whether two people are in one group of `apart`."""
    apart = scene.apart
    for i in range(apart.first[one], apart.first[one + 1]):
        for j in range(apart.first[other], apart.first[other + 1]):
            if apart.group[i] == apart.group[j]:
                return True
    return False


@compiled
def best_insertion(scene: Scene, state: State, car: int, rider: int, route: Ints, best: Ints) -> float:
    """The car's fewest minutes with the rider, infinite if it cannot be; its halts are then in `best`. `route` is room."""
    count, least, drive = state.stopping[car], math.inf, state.minutes[car]
    for position in range(count):
        drive -= scene.halts.walk[state.stops[car, position]]
    for halt in range(scene.riders.first[rider], scene.riders.first[rider + 1]):
        for position in range(count + 1):
            longer = lengthening(scene, state, car, halt, position)
            minutes = state.minutes[car] + longer + scene.halts.walk[halt]
            # What a stop adds is known at once; all the limits are looked at only where it is worth it.
            if minutes >= least or drive + longer > state.longest[car] + 1e-6:
                continue
            with_stop(state, car, halt, position, route)
            minutes = trip_minutes(scene, car, state.event[car], route, count + 1)
            if minutes < least:
                least = minutes
                best[: count + 1] = route[: count + 1]
    return least


@inlined
def lengthening(scene: Scene, state: State, car: int, halt: int, position: int) -> float:
    """Minutes that the car's way out gets longer by this stop before the one that has this position now."""
    place = scene.halts.place[halt]
    before = scene.halts.place[state.stops[car, position - 1]] if position > 0 else scene.cars.place[car]
    after = scene.events.place[state.event[car]]
    if position < state.stopping[car]:
        after = scene.halts.place[state.stops[car, position]]
    detour = leg(scene.ground, before, place) + leg(scene.ground, place, after)
    direct = leg(scene.ground, before, after)
    return detour - direct + scene.riders.dwell[scene.halts.rider[halt]] if direct < math.inf else -math.inf


@inlined
def with_stop(state: State, car: int, halt: int, position: int, route: Ints) -> None:
    """Write the car's halts with one more at this position into `route`."""
    for i in range(position):
        route[i] = state.stops[car, i]
    route[position] = halt
    for i in range(position, state.stopping[car]):
        route[i + 1] = state.stops[car, i]


@inlined
def within_reach(scene: Scene, state: State, car: int, rider: int, to_goal: Floats) -> bool:
    """False if the rider is so far off the car's way that no order of stops can keep the driver's limits.

    `to_goal` are the minutes from the rider's halts to the car's event. A matrix may break the triangle inequality.
    """
    if scene.ground.matrix.shape[0] > 0:
        return True
    first, end = scene.riders.first[rider], scene.riders.first[rider + 1]
    left = state.longest[car] - scene.riders.dwell[rider]
    return is_near(scene.ground.points, scene.halts.place, scene.cars.place[car], first, end, left, to_goal)


@compiled
def alone(scene: Scene, state: State, car: int, event: int) -> float:
    """Minutes of the car without riders to an event with room, infinite if it cannot go there."""
    if not scene.cars.allowed[car, event] or not can_drive(scene, state, car):
        return math.inf
    if room_value(scene, state, event, scene.cars.party[car]) == -math.inf:
        return math.inf
    return trip_minutes(scene, car, event, state.stops[car], state.stopping[car])
