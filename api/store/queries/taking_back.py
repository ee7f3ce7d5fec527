"""What a publishing wrote, so that it can be taken back: noted when it is published, and undone in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, text

from api.store.tables import Run

NOTE = (
    "UPDATE lift SET replaced_by = :run WHERE id = ANY(CAST(:ended AS uuid[]))",
    "UPDATE lift SET new_driver = true WHERE run_id = :run AND offer_id = ANY(CAST(:drivers AS uuid[]))",
)
# Of a worker who takes a message, somebody who answers, and whoever takes back, one is first: they wait for one another here.
HOLD = (
    "SELECT FROM message WHERE run_id = :run FOR UPDATE",
    "SELECT FROM lift WHERE run_id = :run OR replaced_by = :run FOR UPDATE",
    "SELECT FROM lift_stop WHERE lift_id IN (SELECT id FROM lift WHERE run_id = :run) FOR UPDATE",
)
MINE = """
WITH mine AS (SELECT * FROM lift WHERE run_id = :run),
back AS (SELECT * FROM lift WHERE replaced_by = :run),
seat AS (SELECT s.* FROM lift_stop s JOIN mine ON mine.id = s.lift_id),
seat_back AS (SELECT s.* FROM lift_stop s JOIN back ON back.id = s.lift_id WHERE s.state = 'replaced'),
inside AS (
  SELECT offer_id AS id FROM mine UNION SELECT offer_id FROM back
  UNION SELECT request_id FROM seat UNION SELECT request_id FROM seat_back)
"""
STANDS = """
SELECT (SELECT count(*) FROM mine), (SELECT count(*) FROM back),
  (SELECT count(*) FROM message WHERE run_id = :run AND state IN ('created', 'stopped')),
  (SELECT count(*) FROM message WHERE run_id = :run AND state NOT IN ('created', 'stopped', 'dropped')),
  EXISTS (SELECT FROM mine WHERE accepted_at IS NOT NULL OR late_minutes > 0)
    OR EXISTS (SELECT FROM seat WHERE accepted_at IS NOT NULL OR late_minutes > 0),
  EXISTS (SELECT FROM mine WHERE state <> 'published') OR EXISTS (SELECT FROM seat WHERE state <> 'published')
    OR EXISTS (SELECT FROM offer o JOIN inside USING (id) WHERE o.state <> 'active' OR o.changed_at > :since)
    OR EXISTS (
      SELECT FROM request q JOIN inside USING (id)
      WHERE q.changed_at > :since OR q.state <> 'active' AND NOT (q.state = 'driving' AND EXISTS (
        SELECT FROM offer o WHERE o.id = q.id AND o.state = 'active')))
    OR EXISTS (SELECT FROM event e JOIN back ON back.event_id = e.id WHERE e.state <> 'open'),
  EXISTS (SELECT FROM run WHERE campaign_id = :campaign AND day = :day AND published_at > :since)
    OR EXISTS (SELECT FROM repair WHERE campaign_id = :campaign AND day = :day AND created_at > :since)
"""
# Whoever drives only because of the publishing has an offer with the id of their request.
NO_DRIVERS = """
UPDATE request SET state = 'active' WHERE id IN (SELECT offer_id FROM lift WHERE run_id = :run AND new_driver) RETURNING id
"""
UNDO = (
    "DELETE FROM message WHERE run_id = :run",
    "DELETE FROM lift WHERE run_id = :run",
    "DELETE FROM offer WHERE id = ANY(:no_drivers)",
    "UPDATE lift_stop s SET state = 'published' FROM lift l WHERE l.id = s.lift_id AND l.replaced_by = :run"
    " AND s.state = 'replaced'",
    "UPDATE lift SET state = 'published', replaced_by = NULL WHERE replaced_by = :run",
)


@dataclass(frozen=True)
class Standing:
    """What a publishing wrote and ended, and what has come of it since.

    `lifts` would go, `earlier` stand again, `unsent` messages never be sent. It cannot be taken back once messages have
    `left`, somebody has `answered`, something has `changed` for somebody in these lifts, or a plan or a repair came `later`.
    """

    lifts: int
    earlier: int
    unsent: int
    left: int
    answered: bool
    changed: bool
    later: bool


def note(db: Session, run: Run, ended: Sequence[UUID], drivers: Sequence[UUID]) -> None:
    """Which lifts a publishing replaced, and who drives only because of it."""
    _all(db, NOTE, {"run": run.id, "ended": list(map(str, ended)), "drivers": list(map(str, drivers))})


def hold(db: Session, run: Run) -> None:
    """Let nobody take a message of the publishing or answer in one of its lifts before this transaction ends."""
    _all(db, HOLD, {"run": run.id})


def standing(db: Session, run: Run) -> Standing:
    values = {"run": run.id, "campaign": run.campaign_id, "day": run.day, "since": run.published_at}
    return Standing(*db.connection().execute(text(MINE + STANDS), values).one())


def undo(db: Session, run: Run) -> None:
    """Everything that the publishing wrote goes, and what it ended stands as it did."""
    no_drivers = list(db.connection().execute(text(NO_DRIVERS), {"run": run.id}).scalars())
    _all(db, UNDO, {"run": run.id, "no_drivers": no_drivers})
    db.expire_all()


def _all(db: Session, statements: Sequence[str], values: dict[str, Any]) -> None:
    for statement in statements:
        named = text(statement)
        db.connection().execute(named, {name: values[name] for name in named._bindparams})
