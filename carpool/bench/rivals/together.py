"""Several people into one car, all or none, or as many as fit; compiled."""

import math

import numpy as np

from carpool.bench.rivals.arrays import Ints, Scene
from carpool.bench.rivals.compiled import compiled
from carpool.bench.rivals.ground import minutes_to, most_halts, trip_minutes
from carpool.bench.rivals.loops import cars_by_event
from carpool.bench.rivals.rules import best_insertion, suits, with_stop, within_reach
from carpool.bench.rivals.state import NOBODY, State, board, room_value


@compiled
def board_all(scene: Scene, state: State, car: int, riders: Ints) -> bool:
    """Put all these riders into the car, or none of them if not all fit."""
    route, best = np.zeros(state.stops.shape[1] + 1, np.int64), np.zeros(state.stops.shape[1] + 1, np.int64)
    halts, count, load, minutes = (
        state.stops[car].copy(),
        state.stopping[car],
        state.load[car],
        state.minutes[car],
    )
    for rider in riders:
        fits = suits(scene, state, car, rider)
        fits = fits and room_value(scene, state, state.event[car], scene.riders.party[rider]) > -math.inf
        longer = best_insertion(scene, state, car, rider, route, best) if fits else math.inf
        if longer == math.inf:
            take_back(scene, state, car, riders, halts, count, load, minutes)
            return False
        board(scene, state, car, rider, best, longer)
    return True


@compiled
def board_in_order(scene: Scene, state: State, car: int, halts: Ints) -> int:
    """Put the riders of these halts into an empty car, in this order, but for those who break a rule; how many got in."""
    route = np.zeros(state.stops.shape[1] + 1, np.int64)
    for halt in halts:
        rider, count = scene.halts.rider[halt], state.stopping[car]
        if not suits(scene, state, car, rider):
            continue
        if room_value(scene, state, state.event[car], scene.riders.party[rider]) == -math.inf:
            continue
        with_stop(state, car, halt, count, route)
        minutes = trip_minutes(scene, car, state.event[car], route, count + 1)
        if minutes < math.inf:
            board(scene, state, car, rider, route, minutes)
    return int(state.stopping[car])


@compiled
def take_back(
    scene: Scene, state: State, car: int, riders: Ints, halts: Ints, count: int, load: int, minutes: float
) -> None:
    """Let those of these riders who are in the car out of it; it is then as it was before with these halts."""
    for rider in riders:
        if state.car[rider] == car:
            state.car[rider] = NOBODY
            state.people[state.event[car]] -= scene.riders.party[rider]
    state.stops[car], state.stopping[car], state.load[car], state.minutes[car] = halts, count, load, minutes


@compiled
def insert_group(scene: Scene, state: State, riders: Ints, order: Ints) -> bool:
    """All these riders into the one car that gains most by it; False if no car can take them."""
    party = 0
    for rider in riders:
        party += scene.riders.party[rider]
    first, cars = cars_by_event(state, len(scene.events.weight))
    found, most, to_goal = NOBODY, 0.0, np.zeros(most_halts(scene))
    for event in order:
        gain = room_value(scene, state, event, party)
        if gain <= most or not minutes_to(scene, riders[0], event, to_goal):
            continue
        for car in cars[first[event] : first[event + 1]]:
            if not within_reach(scene, state, car, riders[0], to_goal):
                continue
            halts, count, load = state.stops[car].copy(), state.stopping[car], state.load[car]
            before = state.minutes[car]
            if board_all(scene, state, car, riders):
                net = gain - scene.minute * (state.minutes[car] - before)
                if net > most:
                    found, most = car, net
                take_back(scene, state, car, riders, halts, count, load, before)
    return found != NOBODY and board_all(scene, state, found, riders)
