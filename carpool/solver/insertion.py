"""Putting people into a car: the best place in the order of stops, and everybody who must come along."""

import math
from collections.abc import Iterable

from carpool.solver.column import Column, make_column, route_minutes
from carpool.solver.data import Car, Data, Passenger
from carpool.solver.enumeration import closure
from carpool.solver.limits import Halt, Limits, Pair


class Inserter:
    """Best insertion into the trips of one instance: equation (14)."""

    def __init__(self, data: Data, limits: Limits) -> None:
        self.data, self.limits = data, limits

    def empty(self, pair: Pair) -> Column | None:
        """The pair's trip with only those who must be in it, by a pin or `together`; None if it is not feasible.

        Without the triangle inequality a car may need a rider to be in time: its empty trip then has infinite minutes.
        """
        minutes = route_minutes(self.data, pair, ())
        if minutes is None and self.data.times.triangle:
            return None
        driver = pair.car.person
        trip = make_column(self.data, driver, pair.event, (), math.inf if minutes is None else minutes)
        return self.with_people(pair, trip, sorted(closure(self.data, driver)))

    def unit(self, person: int) -> frozenset[int]:
        """Everybody who shares a car with this person in any plan, the person included."""
        return self.data.units.get(person, frozenset((person,)))

    def with_people(self, pair: Pair, column: Column, people: Iterable[int]) -> Column | None:
        """The trip with these people too, each put where it costs the fewest minutes; None if somebody does not fit."""
        joined: Column | None = column
        for person in people:
            joined = self.with_person(pair, joined, person) if joined is not None else None
        return joined

    def with_person(self, pair: Pair, column: Column, person: int) -> Column | None:
        """The trip with one more rider, the order and places of the others kept; None if that is not feasible."""
        passenger = self.data.passengers.get(person)
        if passenger is None or not self.fits(pair.car, column, passenger, pair.event):
            return None
        best: tuple[float, list[Halt]] | None = None
        for halt in self.limits.halts(person, pair.event):
            for position in range(len(column.stops), -1, -1):
                stops = [*column.stops[:position], halt, *column.stops[position:]]
                minutes = route_minutes(self.data, pair, stops)
                if minutes is not None and (best is None or minutes < best[0]):
                    best = minutes, stops
        return None if best is None else make_column(self.data, column.driver, column.event, best[1], best[0])

    def fits(self, car: Car, column: Column, passenger: Passenger, event: int) -> bool:
        """Whether all but minutes and hours allows this rider to join the trip: rules 1, 2, 4 and 5."""
        if column.people - car.party + passenger.party > car.seats:
            return False
        if not self.data.may_ride(car, passenger, event):
            return False
        riders = column.riders
        if not all(self.data.get_on(rider, passenger.person) for rider in riders):
            return False
        others = [need for rider in riders for need in self.data.passengers[rider].needs]
        return all(others.count(need) < car.offers.get(need, 0) for need in passenger.needs)
