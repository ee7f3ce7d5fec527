"""The certificate of a bound: the prices at which the engine found it, for `carpool verify` to recompute it from."""

import math
from collections.abc import Sequence

from carpool.certificate import Certificate
from carpool.solver.column import Column, worth
from carpool.solver.data import Goal
from carpool.solver.ground import Field
from carpool.solver.pricing import Duals, Priced
from carpool.solver.result import own_version


def certify(field: Field, duals: Duals, priced: Priced, goals: Sequence[Goal]) -> Certificate:
    """The certificate of `priced.bound`, which pricing found over all cars at these valid prices.

    `goals` are the events as whoever recomputes it sees them: where nobody limits an event, everybody has a place there,
    even those who were set aside.
    """
    data, mu = field.data, duals.mu.tolist()
    people = {
        data.ids[rider.person]: rho
        for rider, rho in zip(field.riders, duals.rho.tolist(), strict=True)
        if rho > 0
    }
    ceilings = zip(field.cars, priced.ceiling.tolist(), strict=True)
    drivers = {data.ids[car.person]: value for car, value in ceilings if value > 0 or car.person in data.pins}
    drivers |= {data.ids[column.driver]: _forced(field, mu, column) for column in field.forced}
    bound = math.fsum(
        (-data.told_total, *people.values(), *drivers.values(), *_places(goals, mu, field.forced))
    )
    return Certificate(
        bound=math.nextafter(bound, math.inf),
        people=people,
        events={event.id: price for event, price in zip(data.instance.events, mu, strict=True) if price > 0},
        drivers=drivers,
        version=own_version(),
    )


def _forced(field: Field, mu: Sequence[float], column: Column) -> float:
    """What a forced trip is worth at these prices; its people have none."""
    return worth(field.data, column) + mu[column.event] * column.people


def _places(goals: Sequence[Goal], mu: Sequence[float], forced: Sequence[Column]) -> list[float]:
    """max over n of V_e(n) − mu n for each event, n at least those of forced trips: equation (16)."""
    gone = [0] * len(mu)
    for column in forced:
        gone[column.event] += column.people
    values = []
    for goal, price, least in zip(goals, mu, gone, strict=True):
        tops = {least, max(least, min(goal.wanted, goal.capacity)), goal.capacity}
        values.append(max(goal.value(n) - price * n for n in tops))
    return values
