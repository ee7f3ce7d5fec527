"""A plan in the making: it starts from what was pinned and published, and the rivals put people into it."""

from collections.abc import Iterable, Sequence
from random import Random

import numpy as np

from carpool.bench.rivals.arrays import Ints, Scene, halt_names, make_scene
from carpool.bench.rivals.rules import alone
from carpool.bench.rivals.state import IDLE, NOBODY, State, board, can_drive, set_out, stay
from carpool.bench.rivals.together import board_all, board_in_order, insert_group
from carpool.instance import Instance, PublishedTrip
from carpool.pins import judge_pins
from carpool.plan import Stop, Trip
from carpool.schedule import schedule_of

MOST_STOPS = 16


class Draft:
    """Who is in which car so far, beside the instance as arrays.

    Every rival starts from the same trips, as no product would break its own promises: those pinned, and of those
    published what is still possible. `free_cars` are the other drivers, `free_riders` the riders whom no group of
    `together` names.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.scene: Scene = make_scene(instance)
        self._halts = halt_names(instance)
        self._halt = {name: number for number, name in enumerate(self._halts)}
        self._riders = {rider.id: number for number, rider in enumerate(instance.riders)}
        self._cars = {driver: number for number, driver in enumerate(instance.driver_by_id)}
        self._events = {event.id: number for number, event in enumerate(instance.events)}
        self._groups = _joined(instance.together)
        self._grouped = {person for group in self._groups for person in group}
        self.state = self._nobody_goes()
        self._take_pins()
        for trip in instance.published:
            self._take_published(trip)
        self.heaviest_first: Ints = np.argsort(-self.scene.events.weight, kind="stable")

    @property
    def free_cars(self) -> Ints:
        """The drivers who go nowhere yet and are in no group of `together`."""
        drivers = range(len(self.instance.drivers))
        return self._loose([car for car in drivers if self.state.event[car] == IDLE], self._cars)

    @property
    def spare_cars(self) -> Ints:
        """The riders who could drive, have no lift so far and are in no group of `together`, as cars."""
        others = range(len(self.instance.drivers), len(self._cars))
        return self._loose([c for c in others if can_drive(self.scene, self.state, c)], self._cars)

    @property
    def free_riders(self) -> Ints:
        """The riders who have no lift so far and are in no group of `together`."""
        return self._loose(np.flatnonzero(self.state.car == NOBODY).tolist(), self._riders)

    def shuffled(self, numbers: Ints, seed: int) -> Ints:
        """The same numbers in an order that the seed decides."""
        order = numbers.tolist()
        Random(seed).shuffle(order)  # noqa: S311  # Chance that repeats is the point; no secret hangs on it.
        return np.array(order, dtype=np.int64)

    def insert_groups(self) -> None:
        """People who go together, into the one car that gains most by it, or with their own driver."""
        for group in self._groups:
            riders = self._numbers([person for person in group if person in self._riders])
            drivers = [self._cars[person] for person in group if person not in self._riders]
            if not (self.state.car[riders] == NOBODY).all():
                continue
            if drivers:
                self._with_own_driver(drivers, riders)
            else:
                insert_group(self.scene, self.state, riders, self.heaviest_first)

    def apart_pairs(self, riders: Ints, cars: Ints) -> list[tuple[int, int]]:
        """The positions in `riders` and in `cars` of a rider and a driver whom `apart` parts."""
        rider_at = {int(number): position for position, number in enumerate(riders)}
        car_at = {int(number): position for position, number in enumerate(cars)}
        return [
            (rider_at[self._riders[one]], car_at[self._cars[other]])
            for group in self.instance.apart
            for one in group
            for other in group
            if one != other and self._riders.get(one) in rider_at and self._cars.get(other) in car_at
        ]

    def trips(self) -> list[Trip]:
        """The trips so far."""
        drivers, events = list(self._cars), self.instance.events
        return [
            Trip(drivers[car], events[self.state.event[car]].id, tuple(self._stops(car)))
            for car in np.flatnonzero(self.state.event != IDLE).tolist()
        ]

    def add(self, trips: Iterable[Trip]) -> None:
        """Take these trips in, of which each keeps the rules, and none names anybody who is in a car already."""
        for trip in trips:
            car, event = self._cars[trip.driver], self._events[trip.event]
            set_out(self.scene, self.state, car, event, 0.0)
            self._seat(trip)

    def seat(self, car: int, halts: Sequence[int]) -> None:
        """Those at these halts into an empty car, in this order, but for those with whom it would break a rule."""
        board_in_order(self.scene, self.state, car, np.array(halts, dtype=np.int64))

    def _stops(self, car: int) -> list[Stop]:
        halts = self.state.stops[car, : self.state.stopping[car]]
        return [Stop(*self._halts[halt]) for halt in halts.tolist()]

    def _nobody_goes(self) -> State:
        cars, seats = len(self._cars), self.scene.cars.seats
        longest = max((len(pin.riders) for pin in self.instance.pinned), default=0)
        width = max(min(int(seats.max(initial=0)), MOST_STOPS), longest, 1) + 1
        return State(
            event=np.full(cars, IDLE, dtype=np.int64),
            stops=np.zeros((cars, width), dtype=np.int64),
            stopping=np.zeros(cars, dtype=np.int64),
            load=np.zeros(cars, dtype=np.int64),
            minutes=np.zeros(cars),
            longest=np.zeros(cars),
            closed=np.zeros(cars, dtype=np.bool_),
            car=np.full(len(self._riders), NOBODY, dtype=np.int64),
            people=np.zeros(len(self._events), dtype=np.int64),
        )

    def _take_pins(self) -> None:
        shut = {pin.driver for pin in self.instance.pinned if pin.full or pin.force}
        trips = judge_pins(self.instance).trips
        self.add(trips)
        for trip in trips:
            self.state.closed[self._cars[trip.driver]] = trip.driver in shut

    def _seat(self, trip: Trip) -> None:
        """The riders of the trip into its car, in the trip's order of stops."""
        car = self._cars[trip.driver]
        halts = [self._halt[stop.rider, stop.place] for stop in trip.stops]
        row = self._numbers_of(halts)
        for count, stop in enumerate(trip.stops, start=1):
            board(self.scene, self.state, car, self._riders[stop.rider], row[:count], 0.0)
        schedule = schedule_of(self.instance, trip)
        self.state.minutes[car] = schedule.drive_minutes + schedule.walk_minutes

    def _take_published(self, trip: PublishedTrip) -> None:
        """As much of a published trip as still can be: all of it if possible, else rider by rider."""
        car, event = self._cars.get(trip.driver), self._events.get(trip.event)
        if car is None or event is None:
            return
        minutes = alone(self.scene, self.state, car, event)
        if minutes < np.inf and trip.driver not in self._grouped:
            set_out(self.scene, self.state, car, event, minutes)
        if self.state.event[car] != event:
            return
        riders = self._numbers([rider for rider in trip.riders if self._may_ride(rider, trip)])
        if not board_all(self.scene, self.state, car, riders):
            for rider in riders:
                board_all(self.scene, self.state, car, np.array([rider]))

    def _may_ride(self, rider: str, trip: PublishedTrip) -> bool:
        """Whether the rider is still there, without a lift, and not in a group that this trip would part."""
        if rider not in self._riders or self.state.car[self._riders[rider]] != NOBODY:
            return False
        return rider not in self._grouped

    def _with_own_driver(self, drivers: Sequence[int], riders: Ints) -> None:
        """A group with a driver of its own, to the heaviest event that they can all go to; more drivers than one cannot."""
        car = drivers[0]
        for event in self.heaviest_first.tolist() if len(drivers) == 1 else []:
            minutes = alone(self.scene, self.state, car, event)
            if minutes < np.inf:
                set_out(self.scene, self.state, car, event, minutes)
                if board_all(self.scene, self.state, car, riders):
                    return
                stay(self.scene, self.state, car)

    def _loose(self, numbers: Sequence[int], names: dict[str, int]) -> Ints:
        """Those of these numbers whose people are in no group of `together`."""
        bound = {names[person] for person in self._grouped if person in names}
        return self._numbers_of([number for number in numbers if number not in bound])

    def _numbers(self, riders: Sequence[str]) -> Ints:
        return self._numbers_of([self._riders[rider] for rider in riders])

    def _numbers_of(self, numbers: Sequence[int]) -> Ints:
        return np.array(numbers, dtype=np.int64)


def _joined(groups: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """The groups, those that share somebody made one."""
    joined: list[dict[str, None]] = []
    for group in groups:
        one = dict.fromkeys(group)
        for other in [other for other in joined if other.keys() & one.keys()]:
            one = other | one
            joined.remove(other)
        joined.append(one)
    return [tuple(group) for group in joined]
