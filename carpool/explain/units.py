"""The last tests of those who travel only together: whether a car takes all of them, is kept apart from nobody, has seats."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from carpool.explain.field import TOP, UNIT, Field
from carpool.explain.wheel import Wheel
from carpool.solver.candidates import Mask
from carpool.solver.limits import NEAR
from carpool.solver.times import Floats, Rows

if TYPE_CHECKING:
    from carpool.explain.seats import Seats

NEAREST = 64
"""Cars near one of them, which are looked at first."""

Ways = dict[int, Rows]
"""Of each rider the ways, a number for car and event, that pass all tests before these."""


class Units:
    """Groups of `together`, each with everybody who shares a car with one of them."""

    def __init__(self, field: Field, wheel: Wheel) -> None:
        self.field, self.wheel, self.situation = field, wheel, field.situation
        self.around = field.legs.neighbourhood(field.fleet.person)
        self.rows: dict[int, list[int]] = {}
        for row, person in enumerate(field.crowd.person.tolist()):
            if field.in_unit[row]:
                self.rows.setdefault(person, []).append(row)

    def settle(self, seats: "Seats") -> None:
        """Note how many tests each rider's best way passes, of those who have come so far."""
        number = {person: n for n, person in enumerate(seats.people.tolist())}
        open_units = dict.fromkeys(
            self.situation.company(person)
            for person in self.rows
            if seats.passed[number[person]] == UNIT and person not in seats.rising
        )
        for unit in open_units:
            riders = [p for p in unit if p in self.rows and seats.passed[number[p]] == UNIT]
            for near in self._cars(unit):
                cars = self._for_all(unit, near) if self.situation.open.times.triangle else near
                ways = {person: self._ways(person, cars) for person in sorted(unit & self.rows.keys())}
                for person in riders:
                    at = number[person]
                    passed = self._best(person, ways, int(seats.passed[at]))
                    seats.note(np.array([at]), np.array([passed]), np.array([np.inf]))
                if all(seats.passed[number[person]] == TOP for person in riders):
                    break

    def _cars(self, unit: frozenset[int]) -> Iterable[Rows]:
        """Cars near them with seats for some of them, and then all of these cars."""
        row = next(self.rows[person][0] for person in sorted(unit) if person in self.rows)
        yield self.around.around(self.field.spots[[row]], NEAREST)[0]
        yield np.arange(len(self.field.fleet.cars))

    def _for_all(self, unit: frozenset[int], cars: Rows) -> Rows:
        """Those of the cars in which everybody of the unit but who is at the wheel may sit, as far as no minutes go."""
        field, drivers = self.field, self.field.fleet.person[cars]
        good = self._riding(next(iter(unit)), drivers) <= field.fleet.seats[cars]
        for person in sorted(unit):
            at_the_wheel = drivers == person
            if person in self.rows:
                row = self.rows[person][0]
                good &= at_the_wheel | (field.seated(cars, np.array([row])) & field.pleases(cars, row))
            else:
                good &= at_the_wheel
        return cars[good]

    def _ways(self, person: int, cars: Rows) -> Rows:
        """The person's ways with these cars that pass all tests but the last three, sorted."""
        field, rows = self.field, np.array(self.rows[person])
        found: list[Rows] = []
        for row in rows:
            pairs, _ = field.pairs(np.array([row]))
            pairs = pairs.part(pairs.ceiling >= UNIT)
            near = cars[field.seated(cars, np.array([row])) & field.pleases(cars, row)]
            within = field.farthest(pairs)
            to = field.to_pickup(near, int(row), within)
            close = np.flatnonzero(to <= within)
            near, to = near[close], to[close]
            fro = to if field.symmetric else field.legs.minutes(field.spots[[row]], field.fleet.person[near])
            pair, at = np.nonzero(to + pairs.aside[:, None] <= field.longest_out[pairs.event[:, None], near])
            ways = field.ways(pairs, pair, near[at], to[at], fro[at])
            good = ways.passed == UNIT
            found.append(ways.event[good] * len(field.fleet.cars) + ways.car[good])
        return np.unique(np.concatenate(found))

    def _best(self, person: int, ways: Ways, passed: int) -> int:
        """How many tests the best of the person's ways passes, if more than so many."""
        field, cars = self.field, len(self.field.fleet.cars)
        own = ways[person]
        if self.situation.open.times.triangle:
            own = self._with_all(person, ways)
        event, car = np.divmod(own, cars)
        driver = field.fleet.person[car].tolist()
        apart = self.situation.open.apart.get(person, frozenset())
        seats = self._riding(person, field.fleet.person[car]) <= field.free_seats[car]
        most = [TOP - 2 if d in apart else TOP - 1 + int(free) for d, free in zip(driver, seats, strict=True)]
        order = sorted(range(len(own)), key=lambda way: -most[way])
        for way in order:
            if most[way] <= passed:
                break
            pair = self.wheel.limits.pair(driver[way], int(event[way]))
            if pair is not None and self.wheel.takes(pair, self.situation.company(person)):
                return most[way]
        return passed

    def _riding(self, person: int, drivers: Rows) -> Rows:
        """How many people ride if the person and all who come along go in these drivers' cars."""
        party, company = self.situation.open.party, self.situation.company(person)
        riding = np.full(len(drivers), sum(map(party, company)), dtype=np.intp)
        for other in company:
            riding[drivers == other] -= party(other)
        return riding

    def _with_all(self, person: int, ways: Ways) -> Rows:
        """The person's ways that are open to everybody else who must come, alone, and long enough for all of them."""
        field, company = self.field, self.situation.company(person)
        good = ways[person]
        for other in sorted(company - {person}):
            theirs = ways.get(other, np.empty(0, dtype=np.intp))
            at_the_wheel = field.fleet.person[good % len(field.fleet.cars)] == other
            good = good[at_the_wheel | np.isin(good, theirs)]
        car = good % len(field.fleet.cars)
        good = good[self._riding(person, field.fleet.person[car]) <= field.fleet.seats[car]]
        return good[self._long_enough(company, good)]

    def _long_enough(self, company: frozenset[int], ways: Rows) -> Mask:
        """Whether the drive may be long enough for any two of them: no order of more stops is shorter."""
        field = self.field
        event, car = np.divmod(ways, len(field.fleet.cars))
        driver, longest = field.fleet.person[car], field.longest_out[event, car] + NEAR
        good = np.ones(len(ways), dtype=bool)
        riders = sorted(company & self.rows.keys())
        dwells = {person: float(field.crowd.dwell[self.rows[person][0]]) for person in riders}
        waits = sum(dwells.values()) - np.array([dwells.get(person, 0.0) for person in driver.tolist()])
        for number, one in enumerate(riders):
            for other in riders[:number]:
                drive = self._shortest(driver, event, one, other) + waits
                good &= (drive <= longest) | (driver == one) | (driver == other)
        return good

    def _shortest(self, driver: Rows, event: Rows, one: int, other: int) -> Floats:
        """Minutes of the shortest drive past a pick-up of each of the two."""
        field, best = self.field, np.full(len(driver), np.inf)
        goal = field.goals[event]
        for a in self.rows[one]:
            for b in self.rows[other]:
                for x, y in ((field.spots[a], field.spots[b]), (field.spots[b], field.spots[a])):
                    leg = field.legs.minutes
                    between = leg(np.array([x]), np.array([y]))
                    best = np.minimum(best, leg(driver, np.array([x])) + between + leg(np.array([y]), goal))
        return best
