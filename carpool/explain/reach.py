"""Which cars could fetch somebody at all on their way, where only a lower bound of the minutes tells."""

import numpy as np

from carpool.explain.situation import Situation
from carpool.geo.pair_travel import PairTravel, Proportional
from carpool.schedule import TOLERANCE_MINUTES
from carpool.solver.times import Floats, Rows

SLACK = TOLERANCE_MINUTES + 1e-9


class Reach:
    """Cars and events of a situation whose minutes are those of single pairs: a full car may go where an empty may not."""

    def __init__(self, situation: Situation, travel: PairTravel) -> None:
        self._situation, self._low = situation, Proportional(travel)
        data = situation.open
        self._drivers = list(data.cars)
        self._homes = np.array(self._drivers, np.intp)
        self._goals = np.array([goal.place for goal in data.goals], np.intp)
        cars = [data.cars[driver] for driver in self._drivers]
        direct = travel.legs(self._homes[:, None], self._goals[None, :])
        longest = np.array([car.max_travel for car in cars])
        detour = np.array([car.max_detour for car in cars])
        allowed = np.zeros(direct.shape, np.bool_)
        for row, car in enumerate(cars):
            allowed[row, list(car.events)] = True
        limit = np.minimum(longest[:, None], direct + detour[:, None]) + SLACK
        self._limit: Floats = np.where(allowed & np.isfinite(direct), limit, -np.inf)
        self._longest = self._limit.max(axis=1, initial=-np.inf)

    def ways(self, person: int) -> list[tuple[int, int]]:
        """Every car and event that the person might come along to, or drive to."""
        data = self._situation.open
        near = np.zeros(self._limit.shape, np.bool_)
        if person in data.passengers:
            pickups = data.passengers[person].pickups
            near = self._near(np.array([pickup.place for pickup in pickups], np.intp))
        found = [(self._drivers[row], event) for row, event in np.argwhere(near).tolist()]
        if person in data.cars:
            found += [(person, event) for event in data.cars[person].events]
        return found

    def _near(self, places: Rows) -> "np.typing.NDArray[np.bool_]":
        """Which cars (rows) may stop at one of these places on their way to which event (columns)."""
        to = self._low.legs(self._homes[:, None], places[None, :])
        rows = np.flatnonzero(to.min(axis=1, initial=np.inf) <= self._longest)
        onward = self._low.legs(places[:, None], self._goals[None, :])
        near = np.zeros(self._limit.shape, np.bool_)
        for number in range(len(places)):
            near[rows] |= to[rows, number, None] + onward[None, number, :] <= self._limit[rows]
        return near
