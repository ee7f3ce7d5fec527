"""A large day as a repair looks at it first: who is where and in which car. No names, and few columns of many rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select, text

from api.store.tables import Offer, Person, Request

OFFERS = """
SELECT o.id, o.person_id, o.lat, o.lon, o.island, o.party, o.seats, o.max_detour_minutes, o.max_travel_minutes, o.way_back,
  o.event_ids, o.offers, o.traits, o.company
FROM offer o JOIN person p ON p.id = o.person_id
WHERE o.campaign_id = :campaign_id AND o.day = :day AND o.state = 'active' AND o.unheard_at IS NULL
  AND p.confirmed_at IS NOT NULL
ORDER BY o.created_at, o.id
"""
REQUESTS = """
SELECT q.id, q.person_id, q.lat, q.lon, q.island, q.party, q.max_travel_minutes, q.way_back, q.event_ids, q.needs, q.traits,
  q.company, q.can_drive
FROM request q JOIN person p ON p.id = q.person_id
WHERE q.campaign_id = :campaign_id AND q.day = :day AND q.state = 'active' AND p.confirmed_at IS NOT NULL
ORDER BY q.created_at, q.id
"""
CARS = """
SELECT l.offer_id, l.event_id, l.departs_at, o.party + coalesce(sum(q.party), 0) AS people,
  array_remove(array_agg(q.id ORDER BY s.position), NULL) AS riders
FROM lift l JOIN offer o ON o.id = l.offer_id
  LEFT JOIN lift_stop s ON s.lift_id = l.id AND s.state = 'published'
  LEFT JOIN request q ON q.id = s.request_id
WHERE l.campaign_id = :campaign_id AND l.day = :day AND l.state = 'published'
GROUP BY l.id, o.party ORDER BY l.departs_at, l.id
"""
FREED = """
SELECT l.offer_id FROM lift l
WHERE l.campaign_id = :campaign_id AND l.day = :day AND l.state = 'published' AND l.departs_at > :at
  AND EXISTS (SELECT FROM lift_stop s WHERE s.lift_id = l.id AND s.state = 'cancelled')
ORDER BY l.departs_at, l.id
"""
LEFT = """
SELECT DISTINCT q.id FROM request q JOIN lift_stop s ON s.request_id = q.id AND s.state = 'cancelled'
WHERE q.campaign_id = :campaign_id AND q.day = :day AND q.state = 'active'
  AND NOT EXISTS (SELECT FROM lift_stop t WHERE t.request_id = q.id AND t.state = 'published')
ORDER BY q.id
"""


def count(db: Session, campaign_id: UUID, day: date) -> int:
    """How many offers and requests of the day are active."""
    found = 0
    for table in (Offer, Request):
        rows = select(func.count(col(table.id))).join(Person, col(Person.id) == col(table.person_id))
        found += db.exec(
            rows.where(table.campaign_id == campaign_id, table.day == day, table.state == "active")
        ).one()
    return found


def offers(db: Session, campaign_id: UUID, day: date) -> Sequence[Any]:
    """As `sign_ups.confirmed` has them."""
    return _rows(db, OFFERS, campaign_id, day)


def requests(db: Session, campaign_id: UUID, day: date) -> Sequence[Any]:
    return _rows(db, REQUESTS, campaign_id, day)


def cars(db: Session, campaign_id: UUID, day: date) -> Sequence[Any]:
    """The lifts that stand: driver, event, when it leaves, the riders' requests, and how many people that are in all."""
    return _rows(db, CARS, campaign_id, day)


def freed(db: Session, campaign_id: UUID, day: date, at: datetime) -> list[UUID]:
    """The drivers of standing lifts that leave later and that somebody has left."""
    return [row[0] for row in _rows(db, FREED, campaign_id, day, at=at)]


def left(db: Session, campaign_id: UUID, day: date) -> list[UUID]:
    """Riders whose car is lost and who have no other, whatever they were told since."""
    return [row[0] for row in _rows(db, LEFT, campaign_id, day)]


def _rows(db: Session, statement: str, campaign_id: UUID, day: date, **more: Any) -> Sequence[Any]:
    values = {"campaign_id": campaign_id, "day": day} | more
    return db.connection().execute(text(statement), values).all()
