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

    def ways(self, rows: Rows) -> list[Way]:
        """All of them for a person with these pick-ups, but those for which the plan's trip is certainly too long.

        By the triangle inequality no other way is feasible in the plan.
        """
        pairs, _ = self.field.pairs(rows)
        pairs = pairs.part(pairs.ceiling >= UNIT)
        ways = self._ways(rows, pairs)
        ways = ways.part(self.takes(ways))
        ways = ways.part(self._in_time(ways))
        drivers = self.field.fleet.person[ways.car].tolist()
        return list(dict.fromkeys(zip(drivers, ways.event.tolist(), strict=True)))

    def _ways(self, rows: Rows, pairs: Pairs) -> Ways:
        """These pairs of these pick-ups with all openings at their events that are not too far away."""
        opening, first = self._by_event
        starts, counts = first[pairs.event], first[pairs.event + 1] - first[pairs.event]
        pair = np.repeat(np.arange(len(pairs.row)), counts)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
        field, free = self.field, opening[starts[pair] + within]
        here, homes = field.spots[rows][:, None], field.fleet.person[self.cars]
        to = field.legs.minutes(homes, here)
        fro = to if field.symmetric else field.legs.minutes(here, homes)
        longest = field.longest_out[pairs.event[pair], self.cars[free]]
        near = np.flatnonzero(to[pairs.at[pair], free] + pairs.aside[pair] <= longest)
        pair, free = pair[near], free[near]
        at = pairs.at[pair]
        return field.ways(pairs, pair, self.cars[free], to[at, free], fro[at, free])

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
        field, trips = self.field, self.layout.trips
        routes = [trips.get(person) for person in field.fleet.person.tolist()]
        longest = max((len(trip.stops) for trip in routes if trip is not None), default=0) + 2
        nodes = np.zeros((len(routes), longest), dtype=np.intp)
        dwells = np.zeros(len(routes))
        for car in self.cars.tolist():
            if (trip := routes[car]) is not None:
                goal = int(field.goals[trip.event])
                places = [trip.driver, *(stop.place for stop in trip.stops)]
                nodes[car] = places + [goal] * (longest - len(places))
                dwells[car] = sum(stop.dwell for stop in trip.stops)
        return nodes, field.legs.minutes(nodes[:, :-1], nodes[:, 1:]), dwells

    def _goes_to(self, driver: int) -> int:
        if self.layout.free(driver):
            return NOWHERE
        trip = self.layout.trips.get(driver)
        return ELSEWHERE if trip is None else trip.event
