"""Large-neighbourhood search guided by prices: a few related cars are taken out and sent anew, one after the other.

After Shaw (1998) and Pisinger and Ropke (2007); what a car may take is priced by the master's duals, so that a car does
not take a rider whom another needs more. Accepted by annealing on the true score.
"""

from typing import NamedTuple

import numpy as np

from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Events, Floats, Ground, Ints, Shorts
from carpool.solver.kernels.pool import room_in
from carpool.solver.kernels.pricing import best_trip, next_best, root_ceiling
from carpool.solver.kernels.scratch import EQUAL, NOTHING, Effort, Prices, Scratch

TAKEN = 1e4
"""The price of somebody who is in another car."""

MOST_CARS = 8


class Draft(NamedTuple):
    """A plan while it is searched. By car: the pair or -1, stops, their rows from the front, people, worth c_j.

    `owner` is the car that a rider is in (as rider or driver) or -1, `people` how many come to each event.
    """

    pair: Ints
    stops: Ints
    row: Shorts
    people: Ints
    worth: Floats
    owner: Ints
    crowd: Ints


class Region(NamedTuple):
    """What one thread may change: its cars, riders who are in no car, and how many people each event may have."""

    cars: Ints
    mine: Ints
    side: int
    rider_side: Ints
    room: Ints


class Mood(NamedTuple):
    """How a stretch of search values things: `thrift` scales rho; `blend` mixes mu with what a place is worth now."""

    thrift: float
    blend: float
    hot: float
    cold: float


@compiled
def value_of(events: Events, event: int, people: int) -> float:
    """V_e(n), equation (1)."""
    wanted = events.wanted[event]
    return events.weight[event] * (min(people, wanted) + 0.5 * max(0, people - wanted))


@compiled
def place_price(events: Events, prices: Prices, event: int, people: int, room: int, blend: float) -> float:
    """What one more person at the event counts: the dual, mixed with the value of the next three places."""
    more = min(3, room - people)
    if more < 1:
        return 0.0
    now = (value_of(events, event, people + more) - value_of(events, event, people)) / more
    return blend * prices.mu[event] + (1.0 - blend) * now


@compiled
def send(
    ground: Ground,
    draft: Draft,
    region: Region,
    prices: Prices,
    car: int,
    effort: Effort,
    s: Scratch,
    rows: Ints,
) -> tuple[int, int]:
    """Find the trip of a car that is worth most at these prices: its pair, or -1, and how many of `rows` are its stops."""
    first, last = ground.pairs.first[car], ground.pairs.first[car + 1]
    best, chosen, stops = NOTHING if ground.cars.pinned[car] else 0.0, -1, 0
    tops = s.top
    for pair in range(first, last):
        event = ground.pairs.event[pair]
        seats = min(room_in(ground, pair), region.room[event] - draft.crowd[event] - ground.cars.party[car])
        tops[pair - first] = root_ceiling(ground, prices, pair, seats, s) if seats >= 0 else NOTHING
    while True:
        place = next_best(tops, last - first)
        if place < 0 or tops[place] <= best + EQUAL:
            return chosen, stops
        tops[place] = NOTHING
        pair = first + place
        event = ground.pairs.event[pair]
        seats = min(room_in(ground, pair), region.room[event] - draft.crowd[event] - ground.cars.party[car])
        value, count, _, _ = best_trip(ground, prices, pair, seats, best, effort, s)
        if count >= 0 and value > best:
            best, chosen, stops = value, pair, count
            for stop in range(count):
                rows[stop] = s.best[stop]


@compiled
def take_out(ground: Ground, draft: Draft, car: int) -> None:
    """Cancel the car's trip."""
    if draft.pair[car] < 0:
        return
    draft.crowd[ground.pairs.event[draft.pair[car]]] -= draft.people[car]
    for stop in range(draft.stops[car]):
        draft.owner[ground.rows.rider[draft.row[car, stop]]] = -1
    if ground.cars.rider[car] >= 0:
        draft.owner[ground.cars.rider[car]] = -1
    draft.pair[car], draft.stops[car], draft.people[car], draft.worth[car] = -1, 0, 0, 0.0


@compiled
def put_in(ground: Ground, draft: Draft, car: int, pair: int, rows: Ints, count: int, worth: float) -> None:
    """Let the car, which has no trip, make this one with riders who are in no car."""
    people = ground.cars.party[car]
    for stop in range(count):
        rider = ground.rows.rider[rows[stop]]
        draft.row[car, stop] = rows[stop]
        draft.owner[rider] = car
        people += ground.riders.party[rider]
    if ground.cars.rider[car] >= 0:
        draft.owner[ground.cars.rider[car]] = car
    draft.pair[car], draft.stops[car], draft.people[car], draft.worth[car] = pair, count, people, worth
    draft.crowd[ground.pairs.event[pair]] += people


@compiled
def free_price(
    ground: Ground, draft: Draft, region: Region, rho: Floats, mood: Mood, rider: int, local: Prices
) -> None:
    """Set the price of a rider's rows: what the rider is worth elsewhere, or out of reach in another car or region."""
    taken = draft.owner[rider] >= 0 or region.rider_side[rider] != region.side
    price = TAKEN if taken else mood.thrift * rho[rider]
    for row in range(ground.riders.first[rider], ground.riders.first[rider + 1]):
        local.gain[row] = -price - ground.cost * (ground.rows.walk[row] + ground.rows.dwell[row])
    if ground.riders.car[rider] >= 0:
        local.wheel[ground.riders.car[rider]] = price


@compiled
def choose(
    ground: Ground, draft: Draft, region: Region, neighbours: Ints, wanted: Shorts, chosen: Ints
) -> int:
    """Draw a car and some related to it: those that have the riders of one of its best trips, neighbours, and cars whose riders
    it could take. `wanted` are the rows of such trips, (cars, trips, stops), -1 after the last."""
    chosen[0] = region.cars[np.random.randint(len(region.cars))]
    count = 1
    if np.random.random() < 0.5:
        count = choose_owners(ground, draft, region, wanted, chosen)
    first = 1 if count > 1 else 0  # Whoever has a trip in mind is sent first.
    want, tries = count, 0
    if count < MOST_CARS:
        want += 1 + np.random.randint(MOST_CARS - count)
    if first:
        want = min(want, count + 2)
    while count < want and tries < 30:
        tries += 1
        other = related(ground, draft, neighbours, chosen[np.random.randint(count)])
        if is_new(ground, region, chosen, count, other):
            chosen[count] = other
            count += 1
    for index in range(count - 1, first, -1):
        swap = first + np.random.randint(index + 1 - first)
        chosen[index], chosen[swap] = chosen[swap], chosen[index]
    return count


@compiled
def choose_owners(ground: Ground, draft: Draft, region: Region, wanted: Shorts, chosen: Ints) -> int:
    """Choose with the first car those that have riders of one of its wanted trips; returns how many are chosen then."""
    count, trip = 1, np.random.randint(wanted.shape[1])
    for stop in range(wanted.shape[2]):
        row = wanted[chosen[0], trip, stop]
        if row >= 0 and count < MOST_CARS:
            other = draft.owner[ground.rows.rider[row]]
            if is_new(ground, region, chosen, count, other):
                chosen[count] = other
                count += 1
    return count


@compiled
def related(ground: Ground, draft: Draft, neighbours: Ints, car: int) -> int:
    """A neighbour of the car, or one whose rider it could take; -1 if none was drawn."""
    pairs = ground.pairs
    if np.random.random() < 0.5:
        return neighbours[car, np.random.randint(neighbours.shape[1])]
    if pairs.first[car + 1] > pairs.first[car]:
        pair = pairs.first[car] + np.random.randint(pairs.first[car + 1] - pairs.first[car])
        size = pairs.end[pair] - pairs.start[pair]
        if size > 0:
            row = pairs.candidate[pairs.start[pair] + np.random.randint(size)]
            return draft.owner[ground.rows.rider[row]]
    return -1


@inlined
def is_new(ground: Ground, region: Region, chosen: Ints, count: int, other: int) -> bool:
    """Whether this is a car of the region that can go anywhere and is not chosen yet."""
    if other < 0 or region.mine[other] != region.side:
        return False
    if ground.pairs.first[other + 1] == ground.pairs.first[other]:
        return False
    for index in range(count):
        if chosen[index] == other:
            return False
    return True
