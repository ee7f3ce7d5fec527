"""The trips of one car to one event, grown backwards from the event, one stop at a time.

Labels of a dynamic programme over (set of riders, front stop); see docs/formulation.md, section "Enumeration". A set of
riders is the bits of an int.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from carpool.solver.column import Column, make_column
from carpool.solver.data import Data, Passenger
from carpool.solver.limits import NEAR, Halt, Limits, Pair
from carpool.solver.stop import never

Chain = tuple[Halt, "Chain"] | None
"""The stops of a label from the front stop to the last one."""

Label = tuple[float, float, float, int, int, Chain]
"""Minutes from the arrival at the front stop to the event, minutes from the end to leaving the last drop, walks so far,
front stop's place, last drop's place (both the event's without stops), the stops."""


@dataclass(slots=True)
class Node:
    """A set of riders: whom it has to grow to (`together`, pins), whom it may grow by, and its labels, none dominated."""

    needed: int
    open: int
    labels: list[Label]


Sets = dict[int, Node]


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be enumerated: `labels` tried (a million are about two seconds) and `columns` found."""

    labels: int = 600_000
    columns: int = 20_000


USUAL_BUDGET = Budget()


class Meter:
    """What is left of a budget. `over` is asked now and then whether to give up for another reason."""

    def __init__(self, budget: Budget, over: Callable[[], bool] = never) -> None:
        self.labels, self.columns, self.over = budget.labels, budget.columns, over

    def spent(self, labels: int, columns: int) -> bool:
        """Take so much off; whether nothing is left."""
        self.labels -= labels
        self.columns -= columns
        return self.labels < 0 or self.columns < 0 or self.over()


class Growth:
    """The trips of one car to one event."""

    def __init__(
        self, data: Data, limits: Limits, pair: Pair, meter: Meter, people: set[int], required: set[int]
    ) -> None:
        self.data, self.limits, self.pair, self.meter = data, limits, pair, meter
        self.car, self.event = pair.car, pair.event
        self.riders = [data.passengers[person] for person in sorted(people)]
        self.bit = {rider.person: 1 << number for number, rider in enumerate(self.riders)}
        self.halts = [limits.halts(rider.person, pair.event) for rider in self.riders]
        self.quarrels = [
            self._bits(r for r in self.riders if not self._agree(r, rider)) for rider in self.riders
        ]
        self.unit = [self._unit_bits(rider.person) for rider in self.riders]
        self.required = self._bits(data.passengers[person] for person in required)
        self.tried = 0

    def columns(self) -> list[Column] | None:
        """All columns of the pair, None if the budget ran out."""
        start = self._admit(0, self.required)
        if start is None:
            return []
        place = self.pair.goal.place
        level: Sets = {0: Node(start, (1 << len(self.riders)) - 1, [(0.0, 0.0, 0.0, place, place, None)])}
        columns: list[Column] = []
        while level:
            found = list(self._closed(level))
            columns += found
            grown = None if self.meter.spent(0, len(found)) else self._grown(level)
            if grown is None:
                return None
            level = grown
        return columns

    def _grown(self, level: Sets) -> Sets | None:
        """The sets with one rider more, None if the budget ran out."""
        following: Sets = {}
        refused: set[int] = set()
        for riders, node in level.items():
            self.tried = 0
            for number in _numbers(node.open & ~riders):
                self._grow(riders, node, number, following, refused)
            if self.meter.spent(self.tried, 0):
                return None
        return self._thinned(level, {riders: node for riders, node in following.items() if node.labels})

    def _grow(self, riders: int, node: Node, number: int, following: Sets, refused: set[int]) -> None:
        """Try this rider in front of every label of the set."""
        bit = 1 << number
        self.tried += 1
        if self.quarrels[number] & node.needed or riders | bit in refused:
            return
        larger = following.get(riders | bit)
        if larger is None:
            needed = self._admit(node.needed, bit)
            if needed is None:
                refused.add(riders | bit)
                return
            larger = following[riders | bit] = Node(needed, -1, [])
        self._extend(node.labels, number, larger.labels)

    def _thinned(self, level: Sets, following: Sets) -> Sets:
        """Leave open for each set only those by whom all its subsets could grow.

        By the triangle inequality whoever fits into a car fits into it with fewer others; without it nothing is left out.
        """
        everybody = (1 << len(self.riders)) - 1
        for riders, node in level.items():
            alive = [bit for bit in _bits(node.open & ~riders) if riders | bit in following]
            grew = sum(alive) if self.data.times.triangle else everybody
            for bit in alive:
                following[riders | bit].open &= grew
        return following

    def _extend(self, labels: list[Label], number: int, into: list[Label]) -> None:
        """Put a stop for this rider before the front stop of every label."""
        for label in labels:
            for halt in self.halts[number]:
                self.tried += 1
                grown = self._before(label, halt)
                if grown is not None:
                    _keep_best(into, grown)

    def _before(self, label: Label, halt: Halt) -> Label | None:
        """The label with this stop in front, None if nothing feasible can come of it: equations (3), (6), (7) and (9)."""
        elapsed, returning, walks, front, last, chain = label
        leg, home, triangle, pair = self.data.times.leg, self.car.person, self.data.times.triangle, self.pair
        ride = elapsed + leg(halt.place, front)
        if not halt.picked_up_well(ride):
            return None
        elapsed = ride + halt.dwell
        # Without the triangle inequality a further stop may shorten the way home, so only what has been driven counts.
        if elapsed + (leg(home, halt.place) if triangle else 0.0) > pair.longest_out + NEAR:
            return None
        if halt.way_back:
            returning += leg(last, halt.place)
            if not halt.dropped_well(returning):
                return None
            returning, last = returning + halt.dwell, halt.place
            if returning + (leg(last, home) if triangle else 0.0) > pair.longest_back + NEAR:
                return None
        return elapsed, returning, walks + halt.walk, halt.place, last, (halt, chain)

    def _closed(self, level: Sets) -> Iterator[Column]:
        """The best feasible trip of each set that lacks nobody."""
        for riders, node in level.items():
            if riders != node.needed:
                continue
            best = min(
                filter(None, map(self._finished, node.labels)), key=lambda found: found[0], default=None
            )
            if best is not None:
                column = make_column(self.data, self.car.person, self.event, _in_order(best[1]), best[0])
                if column.people <= self.pair.goal.capacity:
                    yield column

    def _finished(self, label: Label) -> tuple[float, Chain] | None:
        """Minutes m_j and stops of the trip that starts with the label's front stop, None if it breaks a limit."""
        elapsed, returning, walks, front, last, chain = label
        leg, home = self.data.times.leg, self.car.person
        elapsed += leg(home, front)
        if not self.pair.leaves_well(elapsed):
            return None
        if self.car.way_back and not self.pair.returns_well(returning + leg(last, home)):
            return None
        return elapsed + walks, chain

    def _admit(self, needed: int, more: int) -> int | None:
        """The riders that must come if those of `needed` and `more` do; None if they do not fit in the car together."""
        wider = needed | more
        for number in _numbers(more & ~needed):
            wider |= self.unit[number]
        for number in _numbers(wider & ~needed):
            if self.quarrels[number] & wider:
                return None
        members = [self.riders[number] for number in _numbers(wider)]
        if sum(rider.party for rider in members) > self.car.seats:
            return None
        wishes = [need for rider in members for need in rider.needs]
        return (
            wider if all(wishes.count(need) <= self.car.offers.get(need, 0) for need in set(wishes)) else None
        )

    def _unit_bits(self, person: int) -> int:
        """This rider and those who must share the car, less the driver."""
        unit = self.data.units.get(person, frozenset()) - {self.car.person} | {person}
        return self._bits(self.data.passengers[p] for p in unit)

    def _bits(self, riders: Iterable[Passenger]) -> int:
        return sum(self.bit[rider.person] for rider in riders)

    def _agree(self, a: Passenger, b: Passenger) -> bool:
        return a is b or self.data.get_on(a.person, b.person)


def _keep_best(labels: list[Label], new: Label) -> None:
    """Add a label unless another with the same ends is no worse in every respect; drop those that it makes needless."""
    for index in range(len(labels) - 1, -1, -1):
        old = labels[index]
        if old[3] == new[3] and old[4] == new[4]:
            if old[0] <= new[0] and old[1] <= new[1] and old[0] + old[2] <= new[0] + new[2]:
                return
            if new[0] <= old[0] and new[1] <= old[1] and new[0] + new[2] <= old[0] + old[2]:
                del labels[index]
    labels.append(new)


def _in_order(chain: Chain) -> list[Halt]:
    stops: list[Halt] = []
    while chain is not None:
        stop, chain = chain
        stops.append(stop)
    return stops


def _bits(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest


def _numbers(bits: int) -> Iterator[int]:
    return (bit.bit_length() - 1 for bit in _bits(bits))
