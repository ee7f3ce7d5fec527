"""Which events each car can drive to, and who can ride along on each of these drives."""

import math
from typing import NamedTuple

from carpool.solver.kernels.chords import Reaches, squared_chord, step_of
from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Floats, Ground, Ints, Shorts, by_ratio, least, leg


class Sights(NamedTuple):
    """The rows from which an event can be reached, event by event from `start`, (events + 1,), with the least minutes to
    it and from it.

    `BLOCK` neighbouring rows of an event have a middle, a chord from there that none of them exceeds, and the least of
    their minutes to the event; an event's blocks begin at its `first`.
    """

    start: Ints
    row: Shorts
    out: Floats
    back: Floats
    first: Ints
    middle: Floats
    radius: Floats
    least: Floats


BLOCK = 32


@inlined
def longest_ride(ground: Ground, row: int, event: int, tolerance: float) -> float:
    """The longest ride from this row to the event that the rider's limits allow (equation 6)."""
    rows = ground.rows
    clock = ground.events.arrive[event] - rows.ready[row] - rows.walk[row] - rows.dwell[row]
    return min(rows.max_ride[row], clock) + tolerance


@inlined
def longest_drop(ground: Ground, row: int, event: int, tolerance: float) -> float:
    """The most minutes from the event's end to this drop (equation 9)."""
    rows = ground.rows
    if not rows.way_back[row]:
        return math.inf
    return min(rows.max_ride[row], rows.home[row] - ground.events.leave[event] - rows.walk[row]) + tolerance


@compiled
def see_event(ground: Ground, event: int, tolerance: float, seen: Shorts, out: Floats, back: Floats) -> int:
    """The rows that can be in a trip to this event, and their least minutes to it and from it. Returns how many."""
    count = 0
    land, rows, riders = ground.land, ground.rows, ground.riders
    for row in range(len(rows.rider)):
        if not ground.social.allowed[riders.errand[rows.rider[row]], event]:
            continue
        place = rows.place[row]
        ride = least(land, place, ground.events.place[event])
        if not ride <= longest_ride(ground, row, event, tolerance):
            continue
        drop = 0.0
        if rows.way_back[row]:
            drop = least(land, ground.events.place[event], place)
            if not drop <= longest_drop(ground, row, event, tolerance):
                continue
        seen[count], out[count], back[count] = row, ride, drop
        count += 1
    return count


@inlined
def is_too_far(ground: Ground, car: int, event: int, longest: float, reaches: Reaches) -> bool:
    """Whether the car certainly cannot be at the event in so many minutes, without reckoning how many it needs."""
    land, home, place = ground.land, ground.cars.place[car], ground.events.place[event]
    if land.matrix.shape[0] > 0:
        return False
    spare = by_ratio(land, longest) - land.between[land.island[home], land.island[place]]
    if not spare >= 0.0:
        return True
    return squared_chord(land.points, home, place) > reaches.beyond[step_of(spare, reaches.beyond)]


@compiled
def drives(
    ground: Ground, reaches: Reaches, low: int, high: int, tolerance: float, counts: Ints, found: Floats
) -> int:
    """The events that these cars may drive to, and how many each has; returns how many there are.

    Rows (event, out, back, longest out, longest back) of `found`, one car after the other.
    """
    land, cars, events, allowed = ground.land, ground.cars, ground.events, ground.social.allowed
    count = 0
    for car in range(low, high):
        before = count
        for event in range(len(events.place)):
            if not allowed[cars.errand[car], event]:
                continue
            ready, home = events.arrive[event] - cars.ready[car], cars.home[car] - events.leave[event]
            longest = min(cars.max_travel[car], ready) + tolerance
            if is_too_far(ground, car, event, longest, reaches):
                continue
            out = leg(land, cars.place[car], events.place[event])
            back = leg(land, events.place[event], cars.place[car]) if cars.way_back[car] else 0.0
            if not (out < math.inf and back < math.inf):
                continue
            longest_out = min(longest, out + cars.max_detour[car] + tolerance)
            longest_back = math.inf
            if cars.way_back[car]:
                longest_back = min(cars.max_travel[car], back + cars.max_detour[car], home) + tolerance
            shortest_out = least(land, cars.place[car], events.place[event])
            shortest_back = least(land, events.place[event], cars.place[car]) if cars.way_back[car] else 0.0
            if shortest_out <= longest_out and shortest_back <= longest_back:
                found[count, 0], found[count, 1], found[count, 2] = event, out, back
                found[count, 3], found[count, 4] = longest_out, longest_back
                count += 1
        counts[car] = count - before
    return count


@inlined
def admits(ground: Ground, car: int, row: int) -> bool:
    """Whether all but time allows this car to take the rider of this row."""
    cars, riders, social, rider = ground.cars, ground.riders, ground.social, ground.rows.rider[row]
    if riders.car[rider] == car or riders.party[rider] > cars.seats[car]:
        return False
    if ground.rows.way_back[row] and not cars.way_back[car]:
        return False
    if riders.pin[rider] != car and (riders.pin[rider] >= 0 or cars.closed[car]):
        return False
    if not social.served[cars.offer[car], riders.wish[rider]]:
        return False
    if not social.mixes[cars.manner[car], riders.manner[rider]]:
        return False
    met = False
    for other in riders.apart[riders.apart_first[rider] : riders.apart_first[rider + 1]]:
        met = met or other == -1 - car
    return not met


@inlined
def in_reach(ground: Ground, pair: int, row: int, out: float, back: float, reaches: Reaches) -> bool:
    """Whether this pair's car can stop at the row on its drive; `out` and `back` are the least minutes beyond the row."""
    land, pairs = ground.land, ground.pairs
    home, place = ground.cars.place[pairs.car[pair]], ground.rows.place[row]
    spare_out = pairs.longest_out[pair] - out - ground.rows.dwell[row]
    spare_back = math.inf
    if ground.rows.way_back[row]:
        spare_back = pairs.longest_back[pair] - back - ground.rows.dwell[row]
    if land.matrix.shape[0] > 0:
        return least(land, home, place) <= spare_out and least(land, place, home) <= spare_back
    spare = by_ratio(land, min(spare_out, spare_back)) - land.between[land.island[home], land.island[place]]
    if not spare >= 0.0:
        return False
    square, step = squared_chord(land.points, home, place), step_of(spare, reaches.within)
    if square <= reaches.within[step]:
        return True
    if square > reaches.beyond[step]:
        return False
    return least(land, home, place) <= min(spare_out, spare_back)


@compiled
def list_all(
    ground: Ground, sights: Sights, reaches: Reaches, low: int, high: int, counts: Ints, found: Shorts
) -> int:
    """The rows of these pairs one after the other into `found`, and how many each has; returns how many there are."""
    total = 0
    for pair in range(low, high):
        counts[pair] = list_candidates(ground, sights, reaches, pair, found[total:])
        total += counts[pair]
    return total


@compiled
def survey(ground: Ground, sights: Sights, events: int) -> None:
    """Measure the blocks of every event."""
    points, place = ground.land.points, ground.rows.place
    for event in range(events):
        block = sights.first[event]
        for begin in range(sights.start[event], sights.start[event + 1], BLOCK):
            end = min(begin + BLOCK, sights.start[event + 1])
            sights.least[block] = math.inf
            for index in range(begin, end):
                sights.least[block] = min(sights.least[block], sights.out[index])
                for axis in range(3):
                    sights.middle[block, axis] += points[place[sights.row[index]], axis] / (end - begin)
            for index in range(begin, end):
                square = 0.0
                for axis in range(3):
                    square += (points[place[sights.row[index]], axis] - sights.middle[block, axis]) ** 2
                sights.radius[block] = max(sights.radius[block], math.sqrt(square) + 1e-12)
            block += 1


@inlined
def is_out_of_reach(ground: Ground, sights: Sights, reaches: Reaches, pair: int, block: int) -> bool:
    """Whether the car cannot stop at any row of a block on its drive. By the road model only."""
    spare = by_ratio(ground.land, ground.pairs.longest_out[pair] - sights.least[block])
    if not spare >= 0.0:
        return True
    points, home, square = ground.land.points, ground.cars.place[ground.pairs.car[pair]], 0.0
    for axis in range(3):
        square += (points[home, axis] - sights.middle[block, axis]) ** 2
    step = step_of(spare, reaches.beyond)
    away = math.sqrt(square) - sights.radius[block]
    return away > 0.0 and away * away > reaches.beyond[step]


@compiled
def list_candidates(ground: Ground, sights: Sights, reaches: Reaches, pair: int, found: Shorts) -> int:
    """The rows that may be in the trips of a pair, in order, into `found`; returns how many."""
    car, event = ground.pairs.car[pair], ground.pairs.event[pair]
    count, last = 0, sights.start[event + 1]
    if ground.cars.seats[car] == 0:
        return 0
    by_road = ground.land.matrix.shape[0] == 0
    block = sights.first[event]
    for begin in range(sights.start[event], last, BLOCK):
        block += 1
        if by_road and is_out_of_reach(ground, sights, reaches, pair, block - 1):
            continue
        for index in range(begin, min(begin + BLOCK, last)):
            row = sights.row[index]
            if not in_reach(ground, pair, row, sights.out[index], sights.back[index], reaches):
                continue
            if admits(ground, car, row):
                found[count] = row
                count += 1
    return count


@compiled
def whole_units(ground: Ground, low: int, high: int, present: Ints) -> None:
    """Drop the rows of riders whose unit cannot come along as a whole; moves the ends of the pairs' rows down.

    `present` is room for a number for each unit, all 0.
    """
    pairs, riders, cars, social = ground.pairs, ground.riders, ground.cars, ground.social
    for pair in range(low, high):
        car, last, end = pairs.car[pair], -1, pairs.end[pair]
        for index in range(pairs.start[pair], end):
            rider = ground.rows.rider[pairs.candidate[index]]
            if rider != last and riders.unit[rider] >= 0:
                present[riders.unit[rider]] += 1
            last = rider
        kept = pairs.start[pair]
        for index in range(pairs.start[pair], end):
            row = pairs.candidate[index]
            unit = riders.unit[ground.rows.rider[row]]
            own = 1 if unit >= 0 and cars.unit[car] == unit else 0
            if unit < 0 or present[unit] == social.unit_size[unit] - own:
                pairs.candidate[index], pairs.candidate[kept] = pairs.candidate[kept], row
                kept += 1
        for index in range(pairs.start[pair], end):
            unit = riders.unit[ground.rows.rider[pairs.candidate[index]]]
            if unit >= 0:
                present[unit] = 0
        pairs.end[pair] = kept
