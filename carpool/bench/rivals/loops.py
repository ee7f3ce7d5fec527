"""The rivals' loops over everybody: who goes where, who takes whom, in which order people are asked; compiled."""

import math

import numpy as np

from carpool.bench.rivals.arrays import Floats, Ints, Scene
from carpool.bench.rivals.compiled import compiled
from carpool.bench.rivals.ground import leg, minutes_to, most_halts
from carpool.bench.rivals.rules import alone, best_insertion, suits, within_reach
from carpool.bench.rivals.state import (
    IDLE,
    NOBODY,
    State,
    board,
    can_drive,
    empty,
    room_value,
    set_out,
    stay,
    value,
)


@compiled
def cars_by_event(state: State, events: int) -> tuple[Ints, Ints]:
    """The cars that go to event e: those from `first[e]` to `first[e + 1]` of the second array."""
    first = np.zeros(events + 1, dtype=np.int64)
    for car in range(len(state.event)):
        if state.event[car] != IDLE:
            first[state.event[car] + 1] += 1
    first = np.cumsum(first)
    cars, at = np.zeros(first[events], dtype=np.int64), first.copy()
    for car in range(len(state.event)):
        if state.event[car] != IDLE:
            cars[at[state.event[car]]] = car
            at[state.event[car]] += 1
    return first, cars


@compiled
def insert_all(scene: Scene, state: State, riders: Ints, order: Ints) -> int:
    """Each rider in turn into the car that gains most by it; how many got in."""
    route, best = np.zeros(state.stops.shape[1] + 1, np.int64), np.zeros(state.stops.shape[1] + 1, np.int64)
    first, cars = cars_by_event(state, len(scene.events.weight))
    inserted = 0
    for rider in riders:
        if state.car[rider] == NOBODY:
            car, _ = best_car(scene, state, rider, order, first, cars, route, best)
            if car != NOBODY:
                minutes = best_insertion(scene, state, car, rider, route, best)
                board(scene, state, car, rider, best, minutes)
                inserted += 1
    return inserted


@compiled
def best_car(
    scene: Scene, state: State, rider: int, order: Ints, first: Ints, cars: Ints, route: Ints, best: Ints
) -> tuple[int, float]:
    """The car that gains most by taking the rider and its minutes then, or NOBODY: events in `order`, cars by event."""
    found, most, least = NOBODY, 0.0, math.inf
    to_goal = np.zeros(scene.riders.first[rider + 1] - scene.riders.first[rider])
    for event in order:
        gain = room_value(scene, state, event, scene.riders.party[rider])
        if gain <= most or not scene.riders.allowed[rider, event]:
            continue
        if not minutes_to(scene, rider, event, to_goal):
            continue
        for car in cars[first[event] : first[event + 1]]:
            if within_reach(scene, state, car, rider, to_goal) and suits(scene, state, car, rider):
                minutes = best_insertion(scene, state, car, rider, route, best)
                net = gain - scene.minute * (minutes - state.minutes[car])
                if net > most:
                    found, most, least = car, net, minutes
    return found, least


@compiled
def insert_by_distance(scene: Scene, state: State, riders: Ints) -> None:
    """Each rider in turn into the car that starts nearest of those that can take the rider."""
    route, best = np.zeros(state.stops.shape[1] + 1, np.int64), np.zeros(state.stops.shape[1] + 1, np.int64)
    for rider in riders:
        found, shortest = NOBODY, math.inf
        for car in range(len(state.event)):
            event = state.event[car]
            if event == IDLE or not suits(scene, state, car, rider):
                continue
            away = math.inf
            for halt in range(scene.riders.first[rider], scene.riders.first[rider + 1]):
                away = min(away, leg(scene.ground, scene.cars.place[car], scene.halts.place[halt]))
            if away >= shortest or room_value(scene, state, event, scene.riders.party[rider]) == -math.inf:
                continue
            if best_insertion(scene, state, car, rider, route, best) < math.inf:
                found, shortest = car, away
        if found != NOBODY:
            board(scene, state, found, rider, best, best_insertion(scene, state, found, rider, route, best))


@compiled
def choose_nearest(scene: Scene, state: State, cars: Ints) -> None:
    """Each driver in turn to the nearest event that has room for the driver's own people."""
    for car in cars:
        found, shortest = IDLE, math.inf
        for event in range(len(scene.events.weight)):
            minutes = alone(scene, state, car, event)
            if minutes < shortest:
                found, shortest = event, minutes
        if found != IDLE:
            set_out(scene, state, car, found, shortest)


@compiled
def choose_by_weight(scene: Scene, state: State, cars: Ints, expected: Floats) -> None:
    """Each driver in turn to the event where the driver's people and the `expected` riders are worth most.

    Who was expected before counts as coming, so that drivers spread over the events.
    """
    coming = state.people.astype(np.float64)
    for car in cars:
        found, most, least = IDLE, 0.0, math.inf
        for event in range(len(scene.events.weight)):
            more = min(scene.cars.party[car] + expected[car], scene.events.capacity[event] - coming[event])
            gain = value(scene, event, coming[event] + more) - value(scene, event, coming[event])
            if gain > most:
                minutes = alone(scene, state, car, event)
                if gain - scene.minute * minutes > most:
                    found, most, least = event, gain - scene.minute * minutes, minutes
        if found != IDLE:
            set_out(scene, state, car, found, least)
            coming[found] += scene.cars.party[car] + expected[car]


@compiled
def alone_table(scene: Scene, state: State, cars: Ints) -> Floats:
    """`alone` of these cars to each event, (cars, events)."""
    table = np.full((len(cars), len(scene.events.weight)), math.inf)
    for row in range(len(cars)):
        for event in range(table.shape[1]):
            table[row, event] = alone(scene, state, cars[row], event)
    return table


@compiled
def choose_again(scene: Scene, state: State, cars: Ints, riders: Ints, order: Ints) -> int:
    """Each car without riders to the event where it gains most with those of the riders it can take; how many changed."""
    changed = 0
    for car in cars:
        before = state.event[car]
        if state.stopping[car] > 0 or (before == IDLE and not can_drive(scene, state, car)):
            continue
        if before != IDLE:
            stay(scene, state, car)
        found, most = IDLE, 0.0
        for event in order:
            minutes = alone(scene, state, car, event)
            limit = room_value(scene, state, event, scene.cars.party[car])
            if minutes == math.inf or limit + scene.events.weight[event] * scene.cars.seats[car] <= most:
                continue
            set_out(scene, state, car, event, minutes)
            gain = limit - scene.minute * minutes + fill(scene, state, car, riders)
            if gain > most:
                found, most = event, gain
            empty(scene, state, car)
            stay(scene, state, car)
        if found != IDLE:
            set_out(scene, state, car, found, alone(scene, state, car, found))
            fill(scene, state, car, riders)
        changed += state.stopping[car] > 0 or state.event[car] != before
    return changed


@compiled
def fill(scene: Scene, state: State, car: int, riders: Ints) -> float:
    """Take those of the riders into the car, one after the other, by whom most is gained; what is gained together."""
    route, best = np.zeros(state.stops.shape[1] + 1, np.int64), np.zeros(state.stops.shape[1] + 1, np.int64)
    event, total, able = state.event[car], 0.0, candidates(scene, state, car, riders)
    while True:
        found, most = NOBODY, 0.0
        for rider in able:
            gain = room_value(scene, state, event, scene.riders.party[rider])
            if gain > most and suits(scene, state, car, rider):
                minutes = best_insertion(scene, state, car, rider, route, best)
                net = gain - scene.minute * (minutes - state.minutes[car])
                if net > most:
                    found, most = rider, net
        if found == NOBODY:
            return total
        board(scene, state, car, found, best, best_insertion(scene, state, car, found, route, best))
        total += most


@compiled
def candidates(scene: Scene, state: State, car: int, riders: Ints) -> Ints:
    """Those of the riders whom the car could take if nobody else were in it, as far as a quick look tells."""
    able, count, to_goal = np.zeros_like(riders), 0, np.zeros(most_halts(scene))
    for rider in riders:
        near = minutes_to(scene, rider, state.event[car], to_goal)
        if near and within_reach(scene, state, car, rider, to_goal) and suits(scene, state, car, rider):
            able[count] = rider
            count += 1
    return able[:count]


@compiled
def send_home(scene: Scene, state: State, cars: Ints) -> None:
    """Take back the trips of those of the cars that have no riders."""
    for car in cars:
        if state.event[car] != IDLE and state.stopping[car] == 0:
            stay(scene, state, car)
