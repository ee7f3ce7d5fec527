"""The final plan as those see it who are not in it: room at the events, seats in the cars, and who is left."""

import math
import sys
from collections.abc import Sequence
from heapq import nlargest

from carpool.explain.layout import Layout
from carpool.instance import Instance
from carpool.plan import Trip
from carpool.solver.candidates import Scene, make_scene
from carpool.solver.data import Data, compile_data, without_pins
from carpool.solver.insertion import Inserter

NO_GAIN = 1e-9
"""What the score has to rise by to count as risen: the format's own measure of "optimal"."""


class Situation:
    """A plan, and what one more person in it would change. `open` is the instance without pins: cars as if empty."""

    def __init__(self, instance: Instance, trips: Sequence[Trip], scene: Scene | None) -> None:
        self.instance = instance
        self.scene = scene or make_scene(compile_data(instance))
        self.data = self.scene.data
        self.open: Data = without_pins(self.data) if instance.pinned else self.data
        self.layout = Layout(self.data, self.scene.limits, trips)
        self.inserter = Inserter(self.data, self.scene.limits)
        self._largest = nlargest(2, ((car.seats, driver) for driver, car in self.open.cars.items()))
        self.left = tuple(person for person in range(len(self.data.ids)) if self.layout.free(person))

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
        pin = self.data.pins.get(driver)
        if driver not in self.layout.event_of or (pin is not None and (pin.full or pin.force)):
            return 0
        return self.open.cars[driver].seats - self.layout.riding[driver]

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
        layout, goes_to = self.layout, self.layout.event_of.get(driver)
        if driver not in self.data.cars or (goes_to is None and not layout.free(driver)):
            return None
        pair = self.scene.limits.pair(driver, event) if goes_to is None or goes_to == event else None
        if pair is None:
            return None
        before = layout.column(driver)
        trip = before if before is not None else self.inserter.empty(pair)
        if trip is None or any(not layout.free(p) for p in trip.members if before is None):
            return None
        unit = sorted(self.inserter.unit(person) - set(trip.members))
        joined = self.inserter.with_people(pair, trip, unit) if all(map(layout.free, unit)) else None
        return None if joined is None or math.isinf(joined.minutes) else layout.rise(before, joined)
