"""The list of all trips that are worth a look, against trying all trips that the judge lets pass."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from carpool.certificate import Certificate
from carpool.instance import Instance
from carpool.solver.ground import Field
from carpool.solver.listed import Trips, trips_above
from carpool.solver.pricing import Duals
from tests.carpool.brute_force import feasible_trips
from tests.carpool.solver.kernels.test_pricing import field_of, prices
from tests.carpool.strategies import instances
from tests.carpool.verify.worths import keeps_pins_and_groups, worth

NOISE = 1e-6
Known = dict[tuple[str, str, frozenset[str]], float]


def true_trips(field: Field, duals: Duals) -> Known:
    """Driver, event and riders of every trip, and what the best of those with the same is worth."""
    data, instance = field.data, field.data.instance
    people = {
        data.ids[rider.person]: rho for rider, rho in zip(field.riders, duals.rho.tolist(), strict=True)
    }
    events = {event.id: mu for event, mu in zip(instance.events, duals.mu.tolist(), strict=True)}
    certificate, known = Certificate(0.0, people, events), Known()
    for trip in feasible_trips(instance):
        if keeps_pins_and_groups(instance, trip):
            key = trip.driver, trip.event, frozenset(trip.riders)
            known[key] = max(known.get(key, -np.inf), worth(instance, certificate, trip))
    return known


def listed(field: Field, trips: Trips, duals: Duals) -> Known:
    """The same of a table, in which nobody is twice with the same car, event and riders."""
    data, known = field.data, Known()
    for trip, value in enumerate(trips.values(duals).tolist()):
        rows = trips.row[trip, : trips.stops[trip]]
        riders = frozenset(data.ids[field.pickups[row].person] for row in rows.tolist())
        driver = data.ids[field.cars[int(trips.car[trip])].person]
        key = driver, data.instance.events[int(trips.event[trip])].id, riders
        assert len(riders) == len(rows)
        assert key not in known
        known[key] = value
    return known


@settings(max_examples=60, deadline=None)
@given(instances(pinned=False), st.data())
def test_every_trip_above_the_floor_is_listed_and_none_that_breaks_a_rule(
    instance: Instance, data: st.DataObject
) -> None:
    field = field_of(instance)
    duals = data.draw(prices(field))
    floor = data.draw(st.sampled_from([-1.0, -0.2, 0.0, 0.5]))
    trips = trips_above(field, duals, np.full(len(field.cars), floor), 10_000)
    assert trips is not None
    found, true = listed(field, trips, duals), true_trips(field, duals)
    for key, value in found.items():
        assert value > floor
        assert abs(value - true[key]) <= NOISE
    missed = {key: value for key, value in true.items() if value > floor + NOISE and key not in found}
    assert missed == {}
