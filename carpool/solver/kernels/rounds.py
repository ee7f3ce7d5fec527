"""Rounds of the search: take out, send anew, keep or go back."""

import math
from typing import NamedTuple

import numpy as np

from carpool.solver.kernels.compiled import compiled
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts
from carpool.solver.kernels.pool import worth_of
from carpool.solver.kernels.scratch import NOTHING, Effort, Prices, Scratch
from carpool.solver.kernels.search import (
    MOST_CARS,
    Draft,
    Mood,
    Region,
    choose,
    free_price,
    place_price,
    put_in,
    send,
    take_out,
    value_of,
)  # fmt: skip


class Old(NamedTuple):
    """The trips that were taken out, to go back to; `rows` is room for the stops of one."""

    car: Ints
    pair: Ints
    stops: Ints
    row: Shorts
    worth: Floats
    rows: Ints


def new_old(width: int) -> Old:
    """Room for trips of so many stops."""
    n, ints = MOST_CARS, np.int64
    row = np.zeros((n, width), np.int32)
    return Old(
        np.zeros(n, ints), np.zeros(n, ints), np.zeros(n, ints), row, np.zeros(n), np.zeros(width, ints)
    )


@compiled
def price_all(
    ground: Ground, draft: Draft, region: Region, prices: Prices, rho: Floats, mood: Mood, local: Prices
) -> None:
    """Set the prices of this plan in this mood: those in other cars are out of reach."""
    local.wheel[:] = 0.0
    for rider in range(len(rho)):
        free_price(ground, draft, region, rho, mood, rider, local)
    for event in range(len(local.mu)):
        reprice(ground, draft, region, prices, mood, event, local)


@compiled
def reprice(
    ground: Ground, draft: Draft, region: Region, prices: Prices, mood: Mood, event: int, local: Prices
) -> None:
    """Set the price of a place at this event anew."""
    room = region.room[event]
    local.mu[event] = place_price(ground.events, prices, event, draft.crowd[event], room, mood.blend)


@compiled
def change(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    rho: Floats,
    mood: Mood,
    car: int,
    local: Prices,
) -> None:
    """After the car's trip began or before it ends: the prices of its people and its event."""
    for stop in range(draft.stops[car]):
        free_price(ground, draft, region, rho, mood, ground.rows.rider[draft.row[car, stop]], local)
    if ground.cars.rider[car] >= 0:
        free_price(ground, draft, region, rho, mood, ground.cars.rider[car], local)
    reprice(ground, draft, region, prices, mood, ground.pairs.event[draft.pair[car]], local)


@compiled
def remove(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    rho: Floats,
    mood: Mood,
    car: int,
    local: Prices,
    riders: Ints,
) -> float:
    """Take the car's trip out; returns by how much the score changes."""
    pair = draft.pair[car]
    if pair < 0:
        return 0.0
    event, count = ground.pairs.event[pair], draft.stops[car]
    before = value_of(ground.events, event, draft.crowd[event]) + draft.worth[car]
    for stop in range(count):
        riders[stop] = ground.rows.rider[draft.row[car, stop]]
    take_out(ground, draft, car)
    for stop in range(count):
        free_price(ground, draft, region, rho, mood, riders[stop], local)
    if ground.cars.rider[car] >= 0:
        free_price(ground, draft, region, rho, mood, ground.cars.rider[car], local)
    reprice(ground, draft, region, prices, mood, event, local)
    return value_of(ground.events, event, draft.crowd[event]) - before


@compiled
def insert(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    rho: Floats,
    mood: Mood,
    car: int,
    pair: int,
    rows: Ints,
    count: int,
    local: Prices,
) -> float:
    """Let the car make this trip; returns by how much the score changes."""
    event = ground.pairs.event[pair]
    before = value_of(ground.events, event, draft.crowd[event])
    put_in(ground, draft, car, pair, rows, count, worth_of(ground, pair, rows, count))
    change(ground, draft, region, prices, rho, mood, car, local)
    return value_of(ground.events, event, draft.crowd[event]) - before + draft.worth[car]


@compiled
def search(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    rho: Floats,
    mood: Mood,
    effort: Effort,
    rounds: int,
    seed: int,
    neighbours: Ints,
    wanted: Shorts,
    s: Scratch,
    local: Prices,
    old: Old,
) -> float:
    """So many rounds in a region; returns by how much the score rose. `local` and `old` are room."""
    if len(region.cars) == 0:
        return 0.0
    np.random.seed(seed)
    price_all(ground, draft, region, prices, rho, mood, local)
    total = 0.0
    for number in range(rounds):
        heat = mood.hot * (mood.cold / mood.hot) ** (number / rounds)
        count = choose(ground, draft, region, neighbours, wanted, old.car)
        gain, kept = 0.0, True
        for index in range(count):
            car = old.car[index]
            old.pair[index], old.stops[index], old.worth[index] = (
                draft.pair[car],
                draft.stops[car],
                draft.worth[car],
            )
            for stop in range(draft.stops[car]):
                old.row[index, stop] = draft.row[car, stop]
            gain += remove(ground, draft, region, prices, rho, mood, car, local, old.rows)
        for index in range(count):
            rise = resend(
                ground, draft, region, prices, rho, mood, effort, old.car[index], local, s, old.rows
            )
            kept = kept and rise > NOTHING
            gain += rise
        if kept and gain >= heat * math.log(np.random.random() + 1e-300):
            total += gain
        else:
            go_back(ground, draft, region, prices, rho, mood, count, old, local)
    return total


@compiled
def fill(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    rho: Floats,
    mood: Mood,
    effort: Effort,
    s: Scratch,
    local: Prices,
    old: Old,
) -> float:
    """Send each of the region's cars that have no trip, one after the other; returns by how much the score rose."""
    price_all(ground, draft, region, prices, rho, mood, local)
    total = 0.0
    for car in region.cars:
        if draft.pair[car] < 0:
            rise = resend(ground, draft, region, prices, rho, mood, effort, car, local, s, old.rows)
            total += rise if rise > NOTHING else 0.0
    return total


@compiled
def resend(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    rho: Floats,
    mood: Mood,
    effort: Effort,
    car: int,
    local: Prices,
    s: Scratch,
    rows: Ints,
) -> float:
    """Give a car without a trip its best one; by how much the score rises, `NOTHING` if a pinned car finds none."""
    pair, count = send(ground, draft, region, local, car, effort, s, rows)
    if pair >= 0:
        return insert(ground, draft, region, prices, rho, mood, car, pair, rows, count, local)
    return NOTHING if ground.cars.pinned[car] else 0.0


@compiled
def go_back(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    rho: Floats,
    mood: Mood,
    count: int,
    old: Old,
    local: Prices,
) -> None:
    """Put the trips back that were there before."""
    for index in range(count):
        remove(ground, draft, region, prices, rho, mood, old.car[index], local, old.rows)
    for index in range(count):
        if old.pair[index] >= 0:
            for stop in range(old.stops[index]):
                old.rows[stop] = old.row[index, stop]
            put_in(
                ground, draft, old.car[index], old.pair[index], old.rows, old.stops[index], old.worth[index]
            )
            change(ground, draft, region, prices, rho, mood, old.car[index], local)
