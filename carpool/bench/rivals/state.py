"""Who is in which car so far, and the small steps that change it; compiled."""

import math
from typing import NamedTuple, cast

import numpy as np

from carpool.bench.rivals.arrays import Flags, Floats, Ints, Scene
from carpool.bench.rivals.compiled import compiled, inlined
from carpool.bench.rivals.ground import leg

# Of one type with the numbers of cars and riders, else every function is compiled for these values once more.
NOBODY, DRIVES, IDLE = cast(int, np.int64(-1)), cast(int, np.int64(-2)), cast(int, np.int64(-1))


class State(NamedTuple):
    """Who is in which car so far. `stops` (cars, most stops) are halts, the first `stopping[c]` of a row in order.

    `event` is where a car goes or IDLE, `minutes` its drive and its riders' walks, `longest` the longest drive that its
    driver's limits leave, `closed` cars take nobody more;
    `car` is a rider's, NOBODY's or DRIVES; `people` are those who come to an event.
    """

    event: Ints
    stops: Ints
    stopping: Ints
    load: Ints
    minutes: Floats
    longest: Floats
    closed: Flags
    car: Ints
    people: Ints


@compiled
def board(scene: Scene, state: State, car: int, rider: int, halts: Ints, minutes: float) -> None:
    """Put the rider into the car, whose halts are then these."""
    state.stopping[car] += 1
    state.stops[car, : state.stopping[car]] = halts[: state.stopping[car]]
    state.load[car] += scene.riders.party[rider]
    state.people[state.event[car]] += scene.riders.party[rider]
    state.minutes[car] = minutes
    state.car[rider] = car


@inlined
def value(scene: Scene, event: int, people: float) -> float:
    """What so many people are worth at an event."""
    wanted = scene.events.wanted[event]
    return float(scene.events.weight[event] * (min(people, wanted) + 0.5 * max(0, people - wanted)))


@inlined
def room_value(scene: Scene, state: State, event: int, people: int) -> float:
    """What so many people more are worth at an event, minus infinity if they are too many."""
    before = state.people[event]
    if before + people > scene.events.capacity[event]:
        return -math.inf
    return value(scene, event, before + people) - value(scene, event, before)


@compiled
def can_drive(scene: Scene, state: State, car: int) -> bool:
    """Whether nobody else drives this car's driver, and it goes nowhere yet."""
    rider = scene.cars.rider[car]
    return bool(state.event[car] == IDLE and (rider == NOBODY or state.car[rider] == NOBODY))


@compiled
def set_out(scene: Scene, state: State, car: int, event: int, minutes: float) -> None:
    """Send the empty car to the event."""
    state.event[car], state.minutes[car] = event, minutes
    direct = leg(scene.ground, scene.cars.place[car], scene.events.place[event])
    state.longest[car] = min(scene.cars.max_travel[car], direct + scene.cars.max_detour[car])
    state.people[event] += scene.cars.party[car]
    if scene.cars.rider[car] != NOBODY:
        state.car[scene.cars.rider[car]] = DRIVES


@compiled
def stay(scene: Scene, state: State, car: int) -> None:
    """Take back the trip of a car without riders."""
    state.people[state.event[car]] -= scene.cars.party[car]
    state.event[car], state.minutes[car] = IDLE, 0.0
    if scene.cars.rider[car] != NOBODY:
        state.car[scene.cars.rider[car]] = NOBODY


@compiled
def empty(scene: Scene, state: State, car: int) -> None:
    """Let everybody out of the car."""
    for position in range(state.stopping[car]):
        state.car[scene.halts.rider[state.stops[car, position]]] = NOBODY
    state.people[state.event[car]] -= state.load[car]
    state.stopping[car], state.load[car] = 0, 0
