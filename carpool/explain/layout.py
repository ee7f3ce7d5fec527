"""The trips of a finished plan by number: who is in which car, and what one more person would change."""

from collections.abc import Iterable

from carpool.plan import Trip
from carpool.solver.column import Column, make_column, worth
from carpool.solver.data import Data, Pickup
from carpool.solver.limits import Limits


class Layout:
    """`event_of` and `pickups_of` are keyed by driver, `car_of` leads from everybody in a car to its driver.

    `people` are how many come to each event, `riding` how many are in a car beside its driver's party. A trip is weighed
    only when somebody is tried in it, as most never are.
    """

    def __init__(self, data: Data, limits: Limits, trips: Iterable[Trip]) -> None:
        self.data, self._limits = data, limits
        self.event_of: dict[int, int] = {}
        self.pickups_of: dict[int, tuple[Pickup, ...]] = {}
        self.riding: dict[int, int] = {}
        self.car_of: dict[int, int] = {}
        self.people = [0] * len(data.goals)
        self._columns: dict[int, Column] = {}
        for trip in trips:
            self._put(trip)

    def free(self, person: int) -> bool:
        """Whether this person is in no car."""
        return person not in self.car_of

    def column(self, driver: int) -> Column | None:
        """This driver's trip as the solver weighs it, whatever limits it keeps; None for who makes none."""
        if driver not in self._columns and driver in self.event_of:
            self._columns[driver] = self._weigh(driver)
        return self._columns.get(driver)

    def rise(self, before: Column | None, after: Column) -> float:
        """What the score rises by with the second trip in the place of the first; minus infinity beyond the capacity."""
        if before is None:
            return self._gain(after, 0)
        return self._gain(after, before.people) - self._gain(before, before.people)

    def value_of(self, event: int, more: int, fewer: int = 0) -> float:
        """What `more` people are worth at an event on top of those who come, `fewer` of whom are left out.

        A difference of V_e.
        """
        goal, people = self.data.goals[event], self.people[event] - fewer
        if people + more > goal.capacity:
            return float("-inf")
        return goal.value(people + more) - goal.value(people)

    def _put(self, trip: Trip) -> None:
        data, number = self.data, self.data.instance.index
        driver, event = number[trip.driver], data.event_number[trip.event]
        riders = [(data.passengers[number[stop.rider]], stop.place) for stop in trip.stops]
        self.event_of[driver] = event
        self.pickups_of[driver] = tuple(
            next(pickup for pickup in rider.pickups if pickup.name == place) for rider, place in riders
        )
        self.riding[driver] = sum(rider.party for rider, _ in riders)
        self.people[event] += data.party(driver) + self.riding[driver]
        self.car_of[driver] = driver
        self.car_of.update((rider.person, driver) for rider, _ in riders)

    def _weigh(self, driver: int) -> Column:
        event, leg = self.event_of[driver], self.data.times.leg
        stops = []
        for pickup in self.pickups_of[driver]:
            halts = self._limits.halts(pickup.person, event)
            stops.append(next(halt for halt in halts if halt.pickup.name == pickup.name))
        minutes, walks, front = 0.0, 0.0, self.data.goals[event].place
        for halt in reversed(stops):
            minutes, front = minutes + leg(halt.place, front) + halt.dwell, halt.place
            walks += halt.walk
        return make_column(self.data, driver, event, stops, minutes + leg(driver, front) + walks)

    def _gain(self, column: Column, fewer: int) -> float:
        return self.value_of(column.event, column.people, fewer) + worth(self.data, column)
