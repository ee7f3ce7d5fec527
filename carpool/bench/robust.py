"""How a plan stands what a day brings: drives that take longer or shorter, and people who do not turn up."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray

from carpool.instance import Instance
from carpool.plan import Trip
from carpool.schedule import Schedule, schedule_of
from carpool.score import event_value

DRAWS = 200
SPREAD = 0.2
ABSENT = 0.1


def share_on_time(
    instance: Instance, trips: Sequence[Trip], seed: int, draws: int = DRAWS, spread: float = SPREAD
) -> float:
    """The mean share of trips that reach the event by its start when each leg takes up to ± `spread` of its minutes more.

    The car leaves home as planned and no stop before the time that the rider was told; `arrive_before_minutes` is what
    it may lose. 1 for a plan without trips.
    """
    if not trips:
        return 1.0
    legs = _legs([schedule_of(instance, trip) for trip in trips], instance)
    chance = np.random.default_rng(seed)
    shares = []
    for _ in range(draws):
        late = np.zeros(len(trips))
        for minutes in legs:
            late = np.maximum(late, 0.0) + minutes * chance.uniform(-spread, spread, len(trips))
        shares.append(np.mean(late <= instance.arrive_before_minutes))
    return float(np.mean(shares))


def _legs(schedules: Sequence[Schedule], instance: Instance) -> list[NDArray[np.float64]]:
    """The minutes of the first leg of each trip, of the second and so on; 0 where a trip has fewer."""
    found = [_minutes(schedule, instance) for schedule in schedules]
    longest = max(map(len, found))
    return [np.array([legs[i] if i < len(legs) else 0.0 for legs in found]) for i in range(longest)]


def _minutes(schedule: Schedule, instance: Instance) -> list[float]:
    """Minutes of each leg of a trip: home, stops in order, event."""
    places = [
        instance.index[schedule.driver.id],
        *(instance.place_index[pickup.rider.id, pickup.place] for pickup in schedule.pickups),
        instance.event_index[schedule.event.id],
    ]
    return [instance.travel.minutes(a, b) for a, b in pairwise(places)]


def value_left(
    instance: Instance, trips: Sequence[Trip], seed: int, draws: int = DRAWS, absent: float = ABSENT
) -> float:
    """The mean share of the people's value at the events that is left when each person stays away with chance `absent`.

    A person comes with the whole own party or not at all. Without the driver nobody of the trip comes. 1 for a plan
    without value.
    """
    planned = _value(instance, trips, frozenset())
    if planned == 0:
        return 1.0
    random = Random(seed)  # noqa: S311  # Chance that repeats is the point; no secret hangs on it.
    people = [person for trip in trips for person in (trip.driver, *trip.riders)]
    left = 0.0
    for _ in range(draws):
        away = frozenset(person for person in people if random.random() < absent)
        left += _value(instance, trips, away) / planned
    return left / draws


def _value(instance: Instance, trips: Sequence[Trip], away: frozenset[str]) -> float:
    """What the people who come are worth at their events."""
    coming = dict.fromkeys(instance.event_by_id, 0)
    for trip in trips:
        if trip.driver not in away:
            coming[trip.event] += instance.driver_by_id[trip.driver].party
            coming[trip.event] += sum(
                instance.rider_by_id[rider].party for rider in trip.riders if rider not in away
            )
    return sum(event_value(event, coming[event.id]) for event in instance.events)
