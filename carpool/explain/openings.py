"""Cars of the final plan into which somebody more could be put: those with a place, where they go or could go."""

from functools import cached_property

import numpy as np

from carpool.explain.field import TOP, UNIT, Field, Pairs, Ways
from carpool.explain.ladder import Way
from carpool.solver.candidates import Mask
from carpool.solver.limits import NEAR
from carpool.solver.times import Floats, Rows

NOWHERE, ELSEWHERE = -1, -2
"""Where a car goes that is in no trip, and one whose driver rides in another."""

BLOCK = 500_000
"""Pick-ups with openings looked at at once, some 100 MB."""


class Openings:
    """`cars` are the numbers of those with a free seat, whoever drives them."""

    def __init__(self, field: Field) -> None:
        self.field, self.layout = field, field.situation.layout
        self.goes_to = np.array([self._goes_to(p) for p in field.fleet.person.tolist()], dtype=np.intp)
        self.cars = np.flatnonzero((field.free_seats > 0) & (self.goes_to != ELSEWHERE))

    def takes(self, ways: Ways) -> Mask:
        """The ways that pass all tests, into cars with a place that go to the event or nowhere yet."""
        passes = ways.passed >= np.where(self.field.in_unit[ways.row], UNIT, TOP)
        goes = self.goes_to[ways.car]
        free: Mask = (goes == ways.event) | (goes == NOWHERE)
        free &= passes & (self.field.free_seats[ways.car] > 0)
        return free

    def ways(self, rows: Rows) -> dict[int, list[Way]]:
        """All of them for each person with some of these pick-ups, but those for which the plan's trip is certainly too long.

        By the triangle inequality no other way is feasible in the plan.
        """
        field, found = self.field, dict[int, dict[Way, None]]()
        size = max(1, BLOCK // (10 * len(field.goals)))
        for start in range(0, len(rows), size):
            pairs, _ = field.pairs(rows[start : start + size])
            pairs = pairs.part(pairs.ceiling >= UNIT)
            _, counts = self._openings_at(pairs.event)
            # The pairs in pieces, each with about as many openings as a block holds.
            piece = (np.cumsum(counts) - counts) // BLOCK
            for number in np.unique(piece).tolist():
                ways = self._ways(pairs.part(piece == number))
                ways = ways.part(self.takes(ways))
                ways = ways.part(self._in_time(ways))
                people, drivers = field.crowd.person[ways.row].tolist(), field.fleet.person[ways.car].tolist()
                for person, driver, event in zip(people, drivers, ways.event.tolist(), strict=True):
                    found.setdefault(person, {})[driver, event] = None
        return {person: list(ways) for person, ways in found.items()}

    def _ways(self, pairs: Pairs) -> Ways:
        """These pairs with all openings at their events that are not too far away."""
        field, (starts, counts) = self.field, self._openings_at(pairs.event)
        pair = np.repeat(np.arange(len(pairs.row)), counts)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
        car = self.cars[self._by_event[0][starts[pair] + within]]
        to = field.legs.minutes(field.fleet.person[car], field.spots[pairs.row[pair]])
        near = np.flatnonzero(to + pairs.aside[pair] <= field.longest_out[pairs.event[pair], car])
        pair, car, to = pair[near], car[near], to[near]
        fro = to
        if not field.symmetric:
            fro = field.legs.minutes(field.spots[pairs.row[pair]], field.fleet.person[car])
        return field.ways(pairs, pair, car, to, fro)

    def _openings_at(self, events: Rows) -> tuple[Rows, Rows]:
        """Where the openings of these events begin in the list of all, and how many they are."""
        first = self._by_event[1]
        return first[events], first[events + 1] - first[events]

    @cached_property
    def _by_event(self) -> tuple[Rows, Rows]:
        """The openings ordered by event, each by the car's place in `cars`; and where those of each event begin."""
        goes, field = self.goes_to[self.cars], self.field
        event, free = np.nonzero(
            ((goes[None, :] == np.arange(len(field.goals))[:, None]) | (goes[None, :] == NOWHERE))
            & field.willing[:, self.cars]
        )
        return free, np.searchsorted(event, np.arange(len(field.goals) + 1))

    def _in_time(self, ways: Ways) -> Mask:
        """Whether the drive out is short enough with one stop more, wherever it is put, beside those of the trip."""
        field, row = self.field, ways.row
        nodes, legs, dwells = self._routes
        here, around = field.spots[row][:, None], nodes[ways.car]
        to, fro = field.legs.minutes(around[:, :-1], here), field.legs.minutes(here, around[:, 1:])
        detour = (to + fro - legs[ways.car]).min(axis=1, initial=np.inf)
        drive = legs[ways.car].sum(axis=1) + dwells[ways.car] + detour + field.crowd.dwell[row]
        idle: Mask = self.goes_to[ways.car] == NOWHERE
        idle |= drive <= field.longest_out[ways.event, ways.car] + NEAR
        return idle

    @cached_property
    def _routes(self) -> tuple[Rows, Floats, Floats]:
        """Of every car with a place the way out: its places in order, the event as often as is needed to fill a row, the
        minutes between them, and all dwells together. A stop after the event never costs less than one before it.
        """
        field, layout, passengers = self.field, self.layout, self.field.situation.data.passengers
        longest = max(map(len, layout.pickups_of.values()), default=0) + 2
        nodes = np.zeros((len(field.fleet.person), longest), dtype=np.intp)
        dwells = np.zeros(len(nodes))
        drivers = field.fleet.person[self.cars].tolist()
        for car, driver in zip(self.cars.tolist(), drivers, strict=True):
            if (event := layout.event_of.get(driver)) is not None:
                pickups = layout.pickups_of[driver]
                places = [driver, *(pickup.place for pickup in pickups)]
                nodes[car] = places + [int(field.goals[event])] * (longest - len(places))
                dwells[car] = sum(passengers[pickup.person].dwell for pickup in pickups)
        return nodes, field.legs.minutes(nodes[:, :-1], nodes[:, 1:]), dwells

    def _goes_to(self, driver: int) -> int:
        if self.layout.free(driver):
            return NOWHERE
        return self.layout.event_of.get(driver, ELSEWHERE)
