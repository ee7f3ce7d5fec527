"""All cars as arrays: what they are allowed, and how far each is from an event."""

from dataclasses import dataclass

import numpy as np

from carpool.solver.candidates import NEVER, SLACK, Mask, stamp
from carpool.solver.data import Data
from carpool.solver.times import Floats


@dataclass(frozen=True, slots=True)
class Distances:
    """The direct drive of every car to one event and back (0 for who drives out only), and whether it may go there.

    `allowed`: the event is, and there is a way. `willing`: and by the triangle inequality the drive is not too long.
    """

    out: Floats
    back: Floats
    allowed: Mask
    willing: Mask


class Fleet:
    """Arrays over all cars, in the order of `data.cars`."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.cars = list(data.cars.values())
        self.person = np.array([car.person for car in self.cars], dtype=np.intp)
        self.party = np.array([car.party for car in self.cars], dtype=np.intp)
        self.seats = np.array([car.seats for car in self.cars], dtype=np.intp)
        self.max_travel = np.array([car.max_travel for car in self.cars])
        self.max_detour = np.array([car.max_detour for car in self.cars])
        self.way_back = np.array([car.way_back for car in self.cars], dtype=bool)
        self.ready = np.array([stamp(car.ready_at, -NEVER) for car in self.cars])
        self.home = np.array([stamp(car.home_by, NEVER) for car in self.cars])
        self.manner = np.array([data.manners[car.person] for car in self.cars], dtype=np.intp)
        self._errands()
        self.homes = data.times.many(self.person.tolist())

    def distances(self, event: int) -> Distances:
        """How far every car is from this event, and which may go there, to within `NEAR`."""
        goal = self.data.goals[event]
        out = self.homes.reaching(goal.place)
        back = np.where(self.way_back, self.homes.reached_from(goal.place), 0.0)
        allowed = self._allowed[event, self._errand] & np.isfinite(out) & np.isfinite(back)
        if not self.data.times.triangle:
            return Distances(out, back, allowed, allowed)
        return Distances(out, back, allowed, allowed & (np.maximum(out, back) <= self.max_travel + SLACK))

    def _errands(self) -> None:
        """Which events are allowed by each of the lists that cars have, and which car has which list."""
        lists = list(dict.fromkeys(car.events for car in self.cars))
        number = {events: n for n, events in enumerate(lists)}
        self._errand = np.array([number[car.events] for car in self.cars], dtype=np.intp)
        self._allowed = np.zeros((len(self.data.goals), len(lists)), dtype=bool)
        for n, events in enumerate(lists):
            self._allowed[list(events), n] = True
