"""The final plan as those see it who are not in it: room at the events, seats in the cars, and who is left."""

import math
import sys
from collections.abc import Sequence
from heapq import nlargest

from carpool.instance import Instance
from carpool.plan import Trip
from carpool.solver.candidates import Scene, make_scene
from carpool.solver.column import Column, make_column
from carpool.solver.data import Data, compile_data, without_pins
from carpool.solver.insertion import Inserter
from carpool.solver.layout import Layout

NO_GAIN = 1e-9
"""What the score has to rise by to count as risen: the format's own measure of "optimal"."""


class Situation:
    """A plan, and what one more person in it would change. `open` is the instance without pins: cars as if empty."""

    def __init__(self, instance: Instance, trips: Sequence[Trip], scene: Scene | None) -> None:
        self.instance = instance
        self.scene = scene or make_scene(compile_data(instance))
        self.data = self.scene.data
        self.open: Data = without_pins(self.data) if instance.pinned else self.data
        self.layout = Layout(self.data, map(self._column, trips))
        self.inserter = Inserter(self.data, self.scene.limits)
        self._largest = nlargest(2, ((car.seats, driver) for driver, car in self.open.cars.items()))
        self.left = tuple(person for person in range(len(self.data.ids)) if self.layout.free(person))

    def _column(self, trip: Trip) -> Column:
        """The trip as the solver weighs it, whatever limits it keeps."""
        number, leg = self.instance.index, self.data.times.leg
        driver, event = number[trip.driver], self.data.event_number[trip.event]
        stops = []
        for stop in trip.stops:
            halts = self.scene.limits.halts(number[stop.rider], event)
            stops.append(next(halt for halt in halts if halt.pickup.name == stop.place))
        minutes, walks, front = 0.0, 0.0, self.data.goals[event].place
        for halt in reversed(stops):
            minutes, front = minutes + leg(halt.place, front) + halt.dwell, halt.place
            walks += halt.walk
        return make_column(self.data, driver, event, stops, minutes + leg(driver, front) + walks)

    def room(self, event: int) -> int:
        """How many more people may come to this event."""
        return self.data.goals[event].capacity - self.layout.people[event]

    def company(self, person: int) -> frozenset[int]:
        """This person and all who come only with them."""
        return self.data.units.get(person, frozenset((person,)))

    def people(self, person: int, besides: int | None = None) -> int:
        """How many people come with this one, the person included, `besides` and their party left out."""
        return sum(self.open.party(p) for p in self.company(person) if p != besides)

    def free_seats(self, driver: int) -> int:
        """Seats of this driver's car that nobody takes: none if the driver rides elsewhere or the trip is pinned as full."""
        if self.layout.free(driver):
            return self.open.cars[driver].seats
        trip, pin = self.layout.trips.get(driver), self.data.pins.get(driver)
        if trip is None or (pin is not None and (pin.full or pin.force)):
            return 0
        car = self.open.cars[driver]
        return car.seats - (trip.people - car.party)

    def largest_car(self, person: int) -> int:
        """The most seats that anybody else has; where nobody else drives, no party is too large."""
        return next((seats for seats, driver in self._largest if driver != person), sys.maxsize)

    def best_insertion(self, person: int, ways: Sequence[tuple[int, int]]) -> float | None:
        """What the score rises by with this person in one of these drivers' cars to these events; None if that is not feasible.

        Everybody in the car keeps order and place; who must be together comes too. It stops at the first rise found.
        """
        best: float | None = None
        for driver, event in ways:
            rise = self._insertion(person, driver, event)
            if rise is not None and (best is None or rise > best):
                best = rise
                if best > NO_GAIN:
                    break
        return best

    def _insertion(self, person: int, driver: int, event: int) -> float | None:
        layout = self.layout
        if driver not in self.data.cars or (driver in layout.car_of and driver not in layout.trips):
            return None
        before = layout.trips.get(driver)
        pair = self.scene.limits.pair(driver, event) if before is None or before.event == event else None
        if pair is None:
            return None
        trip = before if before is not None else self.inserter.empty(pair)
        if trip is None or any(not layout.free(p) for p in trip.members if before is None):
            return None
        unit = sorted(self.inserter.unit(person) - set(trip.members))
        joined = self.inserter.with_people(pair, trip, unit) if all(map(layout.free, unit)) else None
        return None if joined is None or math.isinf(joined.minutes) else self._rise(before, joined)

    def _rise(self, before: Column | None, after: Column) -> float:
        if before is None:
            return self.layout.gain(after)
        self.layout.take(before.driver)
        rise = self.layout.gain(after) - self.layout.gain(before)
        self.layout.put(before)
        return rise
