"""A plan while people are put into it: one column a car, the people at each event, and the score, kept up to date."""

from collections.abc import Iterable

from carpool.solver.column import Column, worth
from carpool.solver.data import Data


class Layout:
    """Trips by driver. `put` and `take` keep the rest true; neither judges whether a trip is allowed."""

    def __init__(self, data: Data, columns: Iterable[Column] = ()) -> None:
        self.data = data
        self.trips: dict[int, Column] = {}
        self.car_of: dict[int, int] = {}
        """Person → driver of the car they are in; a driver is in the own car."""
        self.people = [0] * len(data.goals)
        self.score = -data.told_total
        for column in columns:
            self.put(column)

    def put(self, column: Column) -> None:
        """Add a trip of somebody who drives nowhere yet, with people who are in no car."""
        self.score += self.gain(column)
        self.trips[column.driver] = column
        self.people[column.event] += column.people
        for person in column.members:
            self.car_of[person] = column.driver

    def take(self, driver: int) -> Column:
        """Take this driver's trip out of the plan."""
        column = self.trips.pop(driver)
        self.people[column.event] -= column.people
        for person in column.members:
            del self.car_of[person]
        self.score -= self.gain(column)
        return column

    def gain(self, column: Column) -> float:
        """What a trip that is not in the plan would add to the score; minus infinity beyond the event's capacity."""
        return self.value_of(column.event, column.people) + worth(self.data, column)

    def value_of(self, event: int, more: int) -> float:
        """What `more` people are worth at an event on top of those who come: a difference of V_e."""
        goal, people = self.data.goals[event], self.people[event]
        if people + more > goal.capacity:
            return float("-inf")
        return goal.value(people + more) - goal.value(people)

    def free(self, person: int) -> bool:
        """Whether this person is in no car."""
        return person not in self.car_of

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self.trips.values())
