"""All feasible trips of a small instance: for each driver, event and set of riders the one with the fewest minutes."""

from collections.abc import Iterable

from carpool.solver.candidates import Crowd, Scene
from carpool.solver.column import Column, forced_column, worth
from carpool.solver.data import Data
from carpool.solver.growth import USUAL_BUDGET, Growth, Meter
from carpool.solver.limits import Limits, Pair


def all_columns(scene: Scene, meter: Meter) -> list[Column] | None:
    """Every trip that a best plan may need, None if the budget does not last.

    Left out are trips that no plan is better for: those that even on an empty event would cost more than they bring,
    unless they are pinned (equation 11).
    """
    data = scene.data
    columns: list[Column] = []
    for driver in data.cars:
        pin = data.pins.get(driver)
        if pin is not None and pin.force:
            columns.append(forced_column(data, scene.limits, driver))
            continue
        for pair in scene.reach.pairs(driver):
            found = _columns_of(scene, pair, meter)
            if found is None:
                return None
            columns += found if pin is not None else (column for column in found if _may_pay(data, column))
    return columns


def exact_trip(data: Data, limits: Limits, pair: Pair, people: set[int]) -> Column | None:
    """The pair's cheapest trip with exactly these riders; None if there is none, or if its orders are too many to try."""
    riders = [data.passengers.get(person) for person in people]
    if not all(rider is not None and data.may_ride(pair.car, rider, pair.event) for rider in riders):
        return None
    columns = Growth(data, limits, pair, Meter(USUAL_BUDGET), people, people).columns()
    return columns[-1] if columns else None


def closure(data: Data, driver: int, riders: Iterable[int] = ()) -> set[int]:
    """These riders and all who must be in the car with them and the driver, by a pin or `together`; the driver not."""
    pin = data.pins.get(driver)
    bound = {driver, *riders, *(pin.riders if pin is not None else ())}
    return {member for person in bound for member in data.units.get(person, (person,))} - {driver}


def _columns_of(scene: Scene, pair: Pair, meter: Meter) -> list[Column] | None:
    people = _candidates(scene.data, scene.crowd, pair)
    required = closure(scene.data, pair.car.person)
    if meter.spent(len(people), 0):
        return None
    if not required <= people:
        return []
    return Growth(scene.data, scene.limits, pair, meter, people, required).columns()


def _may_pay(data: Data, column: Column) -> bool:
    return data.goals[column.event].weight * column.people + worth(data, column) > 0


def _candidates(data: Data, crowd: Crowd, pair: Pair) -> set[int]:
    """The riders who may be in this car on the way to this event, with everybody they must be together with.

    Only by the triangle inequality is somebody ruled out because the car could not carry them alone.
    """
    if data.times.triangle:
        able = set(crowd.candidates(pair))
    else:
        able = {p for p, rider in data.passengers.items() if data.may_ride(pair.car, rider, pair.event)}
    while lonely := {p for p in able if not data.units.get(p, frozenset()) - {pair.car.person} <= able}:
        able -= lonely
    return able
