"""All cars as arrays: what they are allowed, and how far each is from an event."""

import math
from dataclasses import dataclass

import numpy as np

from carpool.solver.candidates import NEVER, SLACK, Mask, stamp
from carpool.solver.data import Data
from carpool.solver.times import Floats


@dataclass(frozen=True, slots=True)
class Distances:
    """The direct drive of every car to one event and back (0 for who drives out only), and whether it may go there.

    `allowed`: the event is, and there is a way. `willing`: and by the triangle inequality the drive is not too long.
    `in_time`: and nobody sets off or comes home at a wrong hour.
    """

    out: Floats
    back: Floats
    allowed: Mask
    willing: Mask
    in_time: Mask


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
        self.events = [frozenset(car.events) for car in self.cars]
        self.homes = data.times.many(self.person.tolist())

    def distances(self, event: int) -> Distances:
        """How far every car is from this event, and which may go there, to within `NEAR`."""
        goal = self.data.goals[event]
        out = self.homes.reaching(goal.place)
        back = np.where(self.way_back, self.homes.reached_from(goal.place), 0.0)
        allowed = np.array([event in events for events in self.events], dtype=bool)
        allowed &= np.isfinite(out) & np.isfinite(back)
        if not self.data.times.triangle:
            return Distances(out, back, allowed, allowed, allowed)
        willing = allowed & (np.maximum(out, back) <= self.max_travel + SLACK)
        ready = stamp(goal.arrives_at, 0.0) - self.ready
        home = np.where(self.way_back, self.home - stamp(goal.ends_at, 0.0), math.inf)
        in_time = willing & (out <= ready + SLACK) & (back <= home + SLACK)
        return Distances(out, back, allowed, willing, in_time)
