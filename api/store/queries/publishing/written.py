"""What a publishing writes, in few statements however many people there are.

`work_out` comes first and notes in a table of this transaction alone whom each step is about, until it is to `forget`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, text

from api.store.queries.publishing.compared import CHANGED, COMPARED, GONE, NONE_YET, execute
from api.store.tables import Run

# One row for everybody who will have a lift or is told something. `position` is 0 for drivers, `stays`: the very lift that
# stands is what the plan says; `rides`: whoever asked for a lift, and is told to drive. A lift made anew for a driver keeps
# the word that was told: a rider for whom nothing changes gets no message.
WORK_OUT = """
fate AS MATERIALIZED (
  SELECT trip, match_word, stays, CASE WHEN stays THEN id ELSE gen_random_uuid() END AS lift_id
  FROM (
    SELECT c.trip, l.id, l.match_word, l.id IS NOT NULL AND l.event_id = c.event_id AND l.departs_at = c.at
      AND l.home_at IS NOT DISTINCT FROM c.back_at AND t.stops IS NOT DISTINCT FROM a.stops AS stays
    FROM car c LEFT JOIN aboard a ON a.trip = c.trip LEFT JOIN lifts l ON l.offer_id = c.sign_up_id
      LEFT JOIN told t ON t.lift_id = l.id) car_and_lift),
inside AS (
  SELECT trip, person_id, sign_up_id, 0 AS position, rides FROM car
  UNION ALL
  SELECT trip, person_id, sign_up_id, row_number() OVER (PARTITION BY trip ORDER BY position), false FROM seat)
SELECT person_id, n.kind, i.sign_up_id, i.position, i.rides, f.lift_id, f.match_word, f.stays
FROM inside i JOIN fate f ON f.trip = i.trip FULL JOIN news n USING (person_id)
"""
ENDED = """
SELECT l.id FROM lift l WHERE l.campaign_id = :campaign AND l.day = :day AND l.state = 'published'
  AND NOT EXISTS (SELECT FROM publication x WHERE x.lift_id = l.id)
"""
# By which channel: the rule of `api.services.truth.channel_to`; a test holds the two equal.
TELL = """
INSERT INTO message (
  id, key, campaign_id, person_id, channel, kind, subject_id, run_id, facts, state, attempts, unsure_tries, created_at)
SELECT gen_random_uuid(),
  CASE WHEN x.kind = :none_yet THEN x.kind ELSE x.kind || ':' || coalesce(x.lift_id, :run) END || ':' || x.person_id,
  :campaign, x.person_id,
  CASE WHEN p.reach = 'email' AND p.email_confirmed_at IS NULL AND p.phone_confirmed_at IS NOT NULL THEN 'text'
    WHEN p.reach = 'text' AND p.phone_confirmed_at IS NULL AND p.email_confirmed_at IS NOT NULL THEN 'email'
    ELSE p.reach END,
  x.kind, x.lift_id, :run, '{}', 'created', 0, 0, :at
FROM publication x JOIN person p ON p.id = x.person_id WHERE x.kind IS NOT NULL
ON CONFLICT (key) DO NOTHING
"""
LIFTS = """
INSERT INTO lift (
  id, run_id, campaign_id, day, offer_id, event_id, match_word, departs_at, arrives_at, drive_minutes, home_at, late_minutes,
  state, new_driver, created_at)
SELECT x.lift_id, :run, :campaign, :day, x.sign_up_id, p.event_id, coalesce(x.match_word, w.word), p.at,
  CAST(p.details->>'arrives_at' AS timestamptz), coalesce(CAST(p.details->>'drive_minutes' AS float), 0), p.back_at, 0,
  'published', false, :at
FROM (
    SELECT *, row_number() OVER (PARTITION BY match_word IS NULL) AS n FROM publication WHERE position = 0 AND NOT stays) x
  JOIN planned p ON p.run_id = :run AND p.sign_up_id = x.sign_up_id
  LEFT JOIN unnest(CAST(:words AS text[])) WITH ORDINALITY w(word, n) ON w.n = x.n
"""
STOPS = """
INSERT INTO lift_stop (
  id, lift_id, request_id, position, place_id, pick_up_at, ride_minutes, drop_at, late_minutes, state)
SELECT gen_random_uuid(), x.lift_id, x.sign_up_id, x.position - 1, p.details->>'place', p.at,
  coalesce(CAST(p.details->>'ride_minutes' AS float), 0), p.back_at, 0, 'published'
FROM publication x JOIN planned p ON p.run_id = :run AND p.sign_up_id = x.sign_up_id
WHERE x.position > 0 AND NOT x.stays
"""
SUMS = """
SELECT count(*) FILTER (WHERE position = 0), count(*) FILTER (WHERE kind IN (:changed, :gone)), count(kind),
  count(*) FILTER (WHERE position = 0 AND match_word IS NULL)
FROM publication
"""


@dataclass(frozen=True)
class Sums:
    """How many lifts will stand, people are told of a change, and messages there are; and lifts without a word yet."""

    lifts: int
    changed: int
    messages: int
    wordless: int


def work_out(db: Session, run: Run, without: Iterable[UUID]) -> None:
    """Note who gets which lift, and who is told what. `without`: who no longer fits into the plan."""
    execute(
        db,
        run,
        without,
        "CREATE TEMPORARY TABLE publication ON COMMIT DROP AS" + COMPARED + WORK_OUT,
        {},
    )
    db.connection().execute(text("ANALYZE publication"))


def sums(db: Session) -> Sums:
    return Sums(*db.connection().execute(text(SUMS), {"changed": CHANGED, "gone": GONE}).one())


def tell(db: Session, run: Run, at: datetime) -> None:
    """A message to everybody for whom something is new. One whose key is there already is written once."""
    _run(db, TELL, run, at=at, none_yet=NONE_YET)


def ended(db: Session, run: Run) -> list[UUID]:
    """The lifts that stand and are not what the plan says."""
    return list(db.connection().execute(text(ENDED), {"campaign": run.campaign_id, "day": run.day}).scalars())


def new_drivers(db: Session) -> list[UUID]:
    """Whoever asked for a lift, would drive, and is told to now, by the id of the request."""
    return list(db.connection().execute(text("SELECT sign_up_id FROM publication WHERE rides")).scalars())


def add_lifts(db: Session, run: Run, words: Sequence[str], at: datetime) -> None:
    """The lifts that are new, with a word for each that has none yet, and who sits in them."""
    _run(db, LIFTS, run, at=at, words=list(words), day=run.day)
    db.connection().execute(text(STOPS), {"run": run.id})


def forget(db: Session) -> None:
    """What was noted, so that a transaction may publish twice."""
    db.connection().execute(text("DROP TABLE publication"))


def _run(db: Session, statement: str, run: Run, **values: Any) -> None:
    db.connection().execute(text(statement), {"run": run.id, "campaign": run.campaign_id} | values)
