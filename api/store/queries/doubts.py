"""Which cars of a plan may no longer fit the people in them, and all that is needed to judge just these."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, text

from api.store.tables import Run

# Cars with somebody who has changed their answers since, or of `ids`, or with two who are kept apart by hand.
CARS = """
WITH told AS (
  SELECT id FROM offer WHERE campaign_id = :campaign AND day = :day AND changed_at >= :since UNION ALL
  SELECT id FROM request WHERE campaign_id = :campaign AND day = :day AND changed_at >= :since),
apart AS (
  SELECT a.trip FROM hold_person x JOIN hold_person y ON y.hold_id = x.hold_id AND y.sign_up_id > x.sign_up_id
    JOIN planned a ON a.run_id = :run AND a.sign_up_id = x.sign_up_id
    JOIN planned b ON b.run_id = :run AND b.sign_up_id = y.sign_up_id AND b.trip = a.trip
  WHERE x.campaign_id = :campaign AND x.day = :day AND x.kind = 'apart')
SELECT DISTINCT driver_id FROM planned
WHERE run_id = :run AND trip IS NOT NULL AND (
  sign_up_id IN (SELECT id FROM told) OR sign_up_id = ANY(CAST(:ids AS uuid[])) OR trip IN (SELECT trip FROM apart))
"""

# Whom the changes by hand and the pins are about: they are judged again before a plan is published.
BY_HAND = """
SELECT CAST(jsonb_array_elements_text(who_all) AS uuid) FROM edit WHERE run_id = :run AND NOT undone
UNION SELECT sign_up_id FROM hold_person WHERE campaign_id = :campaign AND day = :day AND kind = 'pin'
"""

PROOFS = """
SELECT p.sign_up_id, w.email, w.phone, w.email_confirmed_at, w.phone_confirmed_at
FROM planned p LEFT JOIN offer o ON o.id = p.sign_up_id LEFT JOIN request q ON q.id = p.sign_up_id
  JOIN person w ON w.id = coalesce(o.person_id, q.person_id)
WHERE p.run_id = :run AND p.trip IS NOT NULL
  AND (CAST(:since AS timestamptz) IS NULL OR greatest(w.email_confirmed_at, w.phone_confirmed_at) >= :since)
"""

TRIPS = """
SELECT one FROM run, jsonb_array_elements(plan->'trips') one WHERE run.id = :run AND one->>'driver' = ANY(CAST(:ids AS text[]))
"""

# The instance that the run was solved from, with these people alone: without groups, pairs, pins, promises and road times,
# which number everybody.
INSTANCE = """
SELECT instance - '{drivers,riders,apart,together,pinned,published,travel}'::text[] || jsonb_build_object(
  'drivers', (
    SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements(instance->'drivers') one
    WHERE one->>'id' = ANY(CAST(:ids AS text[]))),
  'riders', (
    SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements(instance->'riders') one
    WHERE one->>'id' = ANY(CAST(:ids AS text[]))))
FROM run WHERE id = :run
"""

# Events with more people than places, of those who still come, in a car that does, and are not left out.
FULL = """
SELECT e.title, e.capacity, sum(coalesce(o.party, q.party)) AS people
FROM planned p JOIN event e ON e.id = p.event_id AND e.state = 'open' AND e.capacity IS NOT NULL
  LEFT JOIN offer o ON o.id = p.sign_up_id AND o.state = 'active'
  LEFT JOIN request q ON q.id = p.sign_up_id AND q.state = 'active'
  LEFT JOIN offer car ON car.id = p.driver_id AND car.state = 'active' AND car.unheard_at IS NULL
  LEFT JOIN request asked ON asked.id = p.driver_id AND asked.state = 'active'
WHERE p.run_id = :run AND p.trip IS NOT NULL AND p.sign_up_id <> ALL(CAST(:ids AS uuid[]))
  AND p.driver_id <> ALL(CAST(:ids AS uuid[])) AND (car.id IS NOT NULL OR asked.id IS NOT NULL)
GROUP BY e.id HAVING sum(coalesce(o.party, q.party)) > e.capacity ORDER BY e.starts_at, e.title
"""

MATES = """
WITH mine AS (
  SELECT person_id FROM offer WHERE id = ANY(CAST(:ids AS uuid[])) UNION
  SELECT person_id FROM request WHERE id = ANY(CAST(:ids AS uuid[]))),
theirs AS (
  SELECT DISTINCT f.person_id FROM friend f WHERE f.group_id IN (SELECT group_id FROM friend JOIN mine USING (person_id)))
SELECT id FROM offer JOIN theirs USING (person_id) UNION SELECT id FROM request JOIN theirs USING (person_id)
"""


@dataclass(frozen=True)
class Proofs:
    """The addresses of somebody in a plan, and whether they are proven to be theirs."""

    sign_up_id: UUID
    email: str
    phone: str | None
    email_confirmed_at: datetime | None
    phone_confirmed_at: datetime | None


def by_hand(db: Session, run: Run) -> set[UUID]:
    """Whom the changes by hand of this plan, and the pins of its day, are about."""
    return {row[0] for row in _rows(db, BY_HAND, run)}


def cars(db: Session, run: Run, since: datetime, ids: Collection[UUID]) -> list[UUID]:
    """The drivers of cars that have to be judged again: somebody in them changed since then, is one of `ids`, or kept apart."""
    return [row[0] for row in _rows(db, CARS, run, since=since, ids=_texts(ids))]


def proofs(db: Session, run: Run, since: datetime | None) -> list[Proofs]:
    """Of everybody in a car of the plan, or of those who proved something since a moment."""
    return [Proofs(*row) for row in _rows(db, PROOFS, run, since=since)]


def trips(db: Session, run: Run, drivers: Collection[UUID]) -> list[dict[str, Any]]:
    """These drivers' trips as the solver wrote them."""
    return [row[0] for row in _rows(db, TRIPS, run, ids=_texts(drivers))]


def instance(db: Session, run: Run, ids: Collection[str]) -> dict[str, Any]:
    """What the run was solved from, of these people alone."""
    (row,) = _rows(db, INSTANCE, run, ids=list(ids))
    found: dict[str, Any] = row[0]
    return found


def full(db: Session, run: Run, left_out: Collection[UUID]) -> list[tuple[str, int, int]]:
    """Title, places and people of each event to which the plan brings more people than it has room for."""
    return [(title, places, people) for title, places, people in _rows(db, FULL, run, ids=_texts(left_out))]


def mates(db: Session, run: Run, ids: Collection[UUID]) -> set[UUID]:
    """The sign-ups of all who travel together with somebody of these."""
    return {row[0] for row in _rows(db, MATES, run, ids=_texts(ids))}


def _texts(ids: Collection[UUID]) -> list[str]:
    return [str(one) for one in ids]


def _rows(db: Session, statement: str, run: Run, **values: Any) -> Sequence[Any]:
    own = {"run": run.id, "campaign": run.campaign_id, "day": run.day} | values
    named = text(statement)
    return db.connection().execute(named, {name: own[name] for name in named._bindparams}).all()
