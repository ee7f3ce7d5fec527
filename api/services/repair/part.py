"""The part of a large day that a repair looks at: those who are looked for, and who may matter to them.

Looked for are first those who wait for an answer, then late sign-ups, cars that somebody has left, and whoever lost a car
before. All others keep their cars, and the room that they take at events is taken. docs/decisions/0024-repairs.md.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services.local import now
from api.services.repair import light
from api.services.repair.light import Light, people_of
from api.store.queries import messages, ways_home
from api.store.queries import parts as queries
from api.store.queries import repairs as repair_queries
from api.store.tables import Campaign

WHOLE_DAY = 1500
"""A day of so many people or fewer is looked at whole."""
LOOKED_AT, FOR_EACH = 1500, 4
"""Of a larger one about so many people are, and no fewer than so many for each who waits for an answer."""


@dataclass(frozen=True)
class Part:
    """The sign-ups that are looked at, and how many people come to each event in cars that are left alone."""

    people: frozenset[UUID]
    coming: Mapping[str, int]


def of_day(db: Session, campaign: Campaign, day: date, before: Collection[UUID] = ()) -> Part | None:
    """None where the day is looked at whole. Whoever is looked at already, `before`, stays in."""
    if queries.count(db, campaign.id, day) <= WHOLE_DAY:
        return None
    # The web service only answers proposals, and does without the arrays that this loads.
    from carpool.repair.around import around

    gone = repair_queries.out_of_reach(db, campaign.id, day, now())
    found = light.read(db, campaign, day, gone)
    waiting = _waiting(db, campaign, day, found, gone)
    others = [one for one in _others(db, campaign, day, found) if one not in waiting]
    most = max(LOOKED_AT, FOR_EACH * len(waiting))
    sought = [[str(one) for one in people] for people in (waiting, others)]
    near = around(found.instance, sought, most, found.bound)
    people = {UUID(one) for one in near} | waiting.keys() | set(before) | _at_events(db, campaign, day, found)
    return _with_whole_cars(people, found.cars)


def _with_whole_cars(people: set[UUID], cars: Collection[Any]) -> Part:
    """Nobody is in the part without all others of the car: it would seem to have a free seat."""
    whole, coming = set(people), Counter[str]()
    for car in cars:
        if people.isdisjoint(people_of(car)):
            coming[str(car.event_id)] += car.people
        else:
            whole |= set(people_of(car))
    return Part(frozenset(whole), coming)


def _waiting(
    db: Session, campaign: Campaign, day: date, found: Light, gone: Collection[UUID]
) -> dict[UUID, None]:
    """Whoever waits for an answer, in order."""
    lost = [request.id for request, _ in repair_queries.unanswered(db, campaign.id, day)]
    lost += [rider for car in found.cars if car.offer_id in gone for rider in car.riders]
    return dict.fromkeys(lost)


def _others(db: Session, campaign: Campaign, day: date, found: Light) -> dict[UUID, None]:
    """Late sign-ups, who were never told that there is no lift, then cars that somebody has left, then whoever lost a car."""
    told = messages.people_told(db, campaign.id, "no_lift")
    riding = {one for car in found.cars for one in people_of(car)}
    rows = (*found.offers, *found.requests)
    new = [row.id for row in rows if row.person_id not in told and row.id not in riding]
    freed = queries.freed(db, campaign.id, day, now())
    return dict.fromkeys((*new, *freed, *queries.left(db, campaign.id, day)))


def _at_events(db: Session, campaign: Campaign, day: date, found: Light) -> set[UUID]:
    """Everybody at an event where a car is lost: the way home is looked for among them."""
    lost = ways_home.lost(db, campaign.id, day, now())
    events = {lift.event_id for lift, _, _ in lost}
    there = {one for car in found.cars if car.event_id in events for one in people_of(car)}
    there |= {request.id for _, _, request in lost}
    taken = ways_home.of_day(db, campaign.id, day)
    return there | {request.id for way, request, _ in taken if way.event_id in events}
