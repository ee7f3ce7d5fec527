"""The objective, written once: what trips are worth. It judges nothing; `carpool.check` says what is allowed.

score = Σ over events of weight · (min(n, wanted) + ½ · max(0, n − wanted)), n the people who come,
        − (Σ outward drive minutes + Σ walk minutes of the stops) / minutes_per_volunteer
        − change_penalty · people of `published` for whom something changed
        + for each person taken home who was at an event already, `home_worth`; those trips' drives are the ones home.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carpool.instance import Event, Instance
    from carpool.plan import Trip
    from carpool.schedule import Schedule


LARGEST_WORTH = 1e6
"""No more than the format allows any number."""


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """The score and what it is made of, from unrounded minutes."""

    volunteers: int
    weighted_volunteers: float
    minutes: float
    changed_people: int
    score: float


def score(instance: Instance, trips: Iterable[Trip]) -> float:
    """What the trips are worth; `-inf` if one of them has a leg without a way.

    Raises `KeyError` if a trip names somebody or something that the instance lacks.
    """
    from carpool.schedule import (
        schedule_of,
    )  # The front door loads this page, and loads nothing else until it is asked.

    return score_parts(instance, [schedule_of(instance, trip) for trip in trips]).score


def score_parts(instance: Instance, schedules: Sequence[Schedule]) -> ScoreParts:
    """The score of the trips with these schedules, in parts."""
    people = Counter[str]()
    for schedule in schedules:
        people[schedule.event.id] += schedule.people
    weighted = math.fsum(event_value(event, people[event.id]) for event in instance.events)
    minutes = math.fsum(schedule.paid_minutes for schedule in schedules)
    changed = changed_people(instance, schedules)
    home = [home_worth(instance) * s.people_home for s in schedules if s.only_back]
    total = math.fsum(
        (weighted, *home, -minutes / instance.minutes_per_volunteer, -instance.change_penalty * changed)
    )
    return ScoreParts(people.total(), weighted, minutes, changed, total)


def event_value(event: Event, people: int) -> float:
    """What `people` who come to the event are worth: the first `wanted` in full, the others half."""
    return event.weight * (min(people, event.wanted) + max(0, people - event.wanted) / 2)


def home_worth(instance: Instance) -> float:
    """What taking home one person who is at an event already is worth: equation (29) of docs/formulation.md.

    A hundred of the volunteers who count most, and all minutes that cars at events may drive, so that nobody is left
    there to save any.
    """
    drives = sum(driver.max_travel_minutes for driver in instance.drivers if driver.at is not None)
    walks = sum(
        max((place.walk_minutes for place in rider.places), default=0.0)
        for rider in instance.riders
        if rider.at is not None
    )
    most = max((event.weight for event in instance.events), default=0.0)
    return min(LARGEST_WORTH, 100 * most + (drives + walks) / instance.minutes_per_volunteer)


def changed_people(instance: Instance, schedules: Iterable[Schedule]) -> int:
    """How many people of `published` have something else than they were told; a party counts by its size.

    A driver has changed unless still driving to the event; a rider, unless still with that driver to it.
    Whoever is gone is passed over. Nobody keeps a driver or an event that is gone, for no trip can have one.
    """
    party = {driver.id: driver.party for driver in instance.drivers}
    party.update((rider.id, rider.party) for rider in instance.riders)
    for person in instance.at_events:
        del party[person]  # Who takes them home is not what they were told, whoever it is.
    drives: dict[str, str] = {}
    rides: dict[str, tuple[str, str]] = {}
    for schedule in schedules:
        driver, event = schedule.driver.id, schedule.event.id
        drives[driver] = event
        rides.update((pickup.rider.id, (driver, event)) for pickup in schedule.pickups)
    changed = 0
    for trip in instance.published:
        changed += party.get(trip.driver, 0) * (drives.get(trip.driver) != trip.event)
        told = (trip.driver, trip.event)
        changed += sum(party.get(rider, 0) for rider in trip.riders if rides.get(rider) != told)
    return changed
