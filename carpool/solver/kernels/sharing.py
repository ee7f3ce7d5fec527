"""Who can share a trip with whom, as far as two people alone can tell, and what companions can bring to it.

The ceilings of a search for trips (equations 21 to 22a of docs/formulation.md).
"""

from carpool.solver.kernels.chords import squared_chord, step_of
from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Ground, by_ratio
from carpool.solver.kernels.scratch import CACHED, MAY, MAY_NOT, UNKNOWN, Scratch


@inlined
def clear(index: int, s: Scratch) -> None:
    """Forget what was remembered of this candidate in another search, the first time that this one asks."""
    if s.seen[index] == 0:
        s.seen[index] = 1
        for other in range(s.total[0]):
            s.ways[index, other], s.shared[index, other] = -1.0, UNKNOWN


@inlined
def spare_between(ground: Ground, pair: int, first: int, then: int, s: Scratch) -> float:
    """The most minutes from one candidate to another that the limits allow when the car stops there in this order, out and,
    where both ride back, home; below 0 when they do not allow it at all."""
    pairs = ground.pairs
    ride = s.dwell[then] + s.beyond[then]
    spare = min(s.longest[first], pairs.longest_out[pair] - s.home[first] - s.dwell[first]) - ride
    if s.latest[first] >= 0.0 and s.latest[then] >= 0.0:
        back = min(s.latest[first], pairs.longest_back[pair] - s.dwell[first] - s.homeward[first])
        spare = min(spare, back - s.dropped[then] - s.dwell[then])
    return spare


@inlined
def compare(ground: Ground, pair: int, i: int, j: int, s: Scratch) -> bool:
    """Whether two candidates can be in one trip of the pair, as far as two alone can tell, to an eighth of a minute."""
    riders, land, a, b = ground.riders, ground.land, s.rider[i], s.rider[j]
    if a == b or not ground.social.mixes[riders.manner[a], riders.manner[b]]:
        return False
    spare = max(spare_between(ground, pair, i, j, s), spare_between(ground, pair, j, i, s))
    if land.matrix.shape[0] > 0:
        return min(land.low[s.place[i], s.place[j]], land.low[s.place[j], s.place[i]]) <= spare
    spare = by_ratio(land, spare) - land.between[land.island[s.place[i]], land.island[s.place[j]]]
    if not spare >= 0.0:
        return False
    return squared_chord(land.points, s.place[i], s.place[j]) <= s.chords[step_of(spare, s.chords)]


@inlined
def may_share(ground: Ground, pair: int, i: int, j: int, s: Scratch) -> bool:
    """The same, remembered."""
    if i >= CACHED or j >= CACHED:
        return compare(ground, pair, i, j, s)
    clear(i, s)
    if s.shared[i, j] == UNKNOWN:
        may = compare(ground, pair, i, j, s)
        s.shared[i, j] = MAY if may else MAY_NOT
        return may
    return s.shared[i, j] == MAY


@inlined
def may_precede(
    ground: Ground, pair: int, other: int, index: int, out: float, back: float, s: Scratch
) -> bool:
    """Whether the limits let a candidate be picked up at some time before another, to an eighth of a minute.

    `out` are the minutes from the arrival at the later stop to the event, `back` those from the event's end to leaving
    it on the way home, below 0 if nobody is dropped there.
    """
    riders, land, pairs = ground.riders, ground.land, ground.pairs
    if not ground.social.mixes[riders.manner[s.rider[index]], riders.manner[s.rider[other]]]:
        return False
    spare = min(s.longest[other], pairs.longest_out[pair] - s.home[other] - s.dwell[other]) - out
    returns = back >= 0.0 and s.latest[other] >= 0.0
    if returns:
        again = min(s.latest[other], pairs.longest_back[pair] - s.dwell[other] - s.homeward[other]) - back
        if land.matrix.shape[0] > 0:
            return (
                land.low[s.place[other], s.place[index]] <= spare
                and land.low[s.place[index], s.place[other]] <= again
            )
        spare = min(spare, again)
    if land.matrix.shape[0] > 0:
        return land.low[s.place[other], s.place[index]] <= spare
    spare = by_ratio(land, spare) - land.between[land.island[s.place[index]], land.island[s.place[other]]]
    if not spare >= 0.0:
        return False
    return squared_chord(land.points, s.place[index], s.place[other]) <= s.chords[step_of(spare, s.chords)]


@compiled
def rest(ground: Ground, pair: int, depth: int, child: int, seats: int, need: float, s: Scratch) -> bool:
    """`within[n]`: the most profit that n seats can bring by the node's other children who may come before this one, as if
    people could be divided. Returns whether it is more than `need` on all seats; if not, `within` is not filled."""
    index = s.list[depth, child]
    out, back = s.ride[depth, child] + s.dwell[index], -1.0
    if s.latest[index] >= 0.0:
        back = s.drop[depth, child] + s.dwell[index]
    room, taken, rider = seats - s.load[depth] - s.party[index], 0, s.rider[index]
    s.within[0] = 0.0
    for place in range(s.length[depth]):
        other = s.list[depth, place]
        if taken >= room or s.profit[other] <= 0.0:
            break
        each = s.profit[other] / s.party[other]
        if s.within[taken] + (room - taken) * each <= need:
            return False
        if s.rider[other] != rider and s.party[other] <= room:
            if may_precede(ground, pair, other, index, out, back, s):
                taken = seat(each, s.party[other], taken, room, s)
    while taken < room:
        s.within[taken + 1] = s.within[taken]
        taken += 1
    return s.within[room] > need


@inlined
def has_unit(ground: Ground, pair: int, index: int, s: Scratch) -> bool:
    """Whether everybody who must come along can share a car with this one, as far as two alone can tell."""
    unit = ground.riders.unit[s.rider[index]]
    if unit < 0:
        return True
    missing = ground.social.unit_size[unit] - 1 - (ground.cars.unit[ground.pairs.car[pair]] == unit)
    for place in range(s.length[0]):
        other = s.list[0, place]
        if missing > 0 and ground.riders.unit[s.rider[other]] == unit:
            missing -= may_share(ground, pair, index, other, s)
    return missing <= 0


@compiled
def can_fill(ground: Ground, pair: int, index: int, seats: int, need: float, s: Scratch) -> bool:
    """Whether the root's children who may share a car with this one, before or after, can bring more than `need`."""
    room, taken = seats - s.party[index], 0
    s.within[0] = 0.0
    for place in range(s.length[0]):
        if s.within[taken] > need:
            return True
        other = s.list[0, place]
        if taken >= room or s.profit[other] <= 0.0:
            break
        each = s.profit[other] / s.party[other]
        if s.within[taken] + (room - taken) * each <= need:
            return False
        if s.party[other] <= room and may_share(ground, pair, index, other, s):
            taken = seat(each, s.party[other], taken, room, s)
    return s.within[taken] > need


@inlined
def seat(each: float, party: int, taken: int, room: int, s: Scratch) -> int:
    """Give seats to some people, as many as there are, for so much profit each; returns how many are taken then."""
    for _ in range(min(party, room - taken)):
        s.within[taken + 1] = s.within[taken] + each
        taken += 1
    return taken
