"""What one more car with three free seats would add to the score, district by district: from the prices, and confirmed.

By duality the prices of a bound prove that nobody's car can add more than its best trip is worth at them; how much of
that a plan really gains is found by matching the people around it anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from carpool.certificate import Certificate
from carpool.check import violations
from carpool.errors import CarpoolError
from carpool.geo.constituency import postcode_districts
from carpool.geo.islands import CROSSING_MINUTES
from carpool.homeward import part
from carpool.instance import Driver, Instance
from carpool.plan import Plan

SEATS = 3
"""Free seats of the car. All else about its driver is as in an offer that says nothing more."""


@dataclass(frozen=True, slots=True)
class CarWorth:
    """One more car in a postcode district, what it is worth in units of the score, and where it would go.

    `predicted` is the worth of its best trip at the prices, `event` and `riders` (in the order of the way) are that
    trip's, None and nobody where no trip is worth its minutes. `confirmed` is the rise of the score that was reached,
    None if it was not looked for or not found in time.
    """

    district: str
    predicted: float
    confirmed: float | None = None
    event: str | None = None
    riders: tuple[str, ...] = ()


def one_more_car(
    instance: Instance,
    plan: Plan,
    certificate: Certificate,
    *,
    confirm: int = 10,
    seconds_each: float | None = 3.0,
    workers: int = 2,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[CarWorth, ...]:
    """Every district from which a car reaches an event, best first: those confirmed, then the others as predicted.

    The `confirm` districts with the best prediction are confirmed, each in at most `seconds_each` of wall time; None
    leaves no decision to the time. `stop` is asked now and then whether to confirm no more. Raises `CarpoolError` if the
    instance has only given minutes (districts are places on the map) or the plan breaks a rule.
    """
    _check(instance, plan)
    if (parts := part(instance)) is not None:
        instance, plan = parts.main, replace(plan, trips=parts.of_main(plan.trips))
    # Imported here because compiled code takes a second to load.
    from carpool.worth.confirm import confirmed_rise
    from carpool.worth.districts import price_cars
    from carpool.worth.neighbourhood import Neighbourhoods

    drivers = possible_drivers(instance)
    instance = with_crossings(instance)
    found = price_cars(instance, certificate, drivers, workers)
    around = Neighbourhoods(instance, plan)
    for number, worth in enumerate(found[: max(confirm, 0)]):
        if stop():
            break
        rise = confirmed_rise(around, drivers[worth.district], worth, seconds_each, stop)
        found[number] = replace(worth, confirmed=rise)
    return tuple(sorted(found, key=_rank))


def possible_drivers(instance: Instance) -> dict[str, Driver]:
    """District → a driver who lives at its middle, with an id that nobody of the instance has."""
    return {
        district: Driver(
            _unused(f"car from {district}", instance), place.lat, place.lon, SEATS, island=place.island
        )
        for district, place in postcode_districts().items()
    }


def with_crossings(instance: Instance) -> Instance:
    """The instance with our own estimates for the crossings that it does not name: cars may come from islands, too."""
    return replace(instance, crossings={**CROSSING_MINUTES, **instance.crossings})


def _check(instance: Instance, plan: Plan) -> None:
    if not instance.on_roads:
        given = "a matrix of minutes" if instance.matrix is not None else "no drives but those given"
        raise CarpoolError(f"An instance with {given} has no postcode districts.", "travel")
    if found := violations(instance, plan):
        raise CarpoolError(f"The plan breaks a rule of this instance: {found[0]}", "plan")


def _unused(name: str, instance: Instance) -> str:
    while name in instance.index:
        name += "'"
    return name


def _rank(worth: CarWorth) -> tuple[bool, float, float, str]:
    return worth.confirmed is None, -(worth.confirmed or 0.0), -worth.predicted, worth.district
