"""A run's plan beside the lifts that stand, person by person, worked out by the database from rows.

`api.services.publishing.compare` makes the same comparison in memory, of the few whom a repair is about; a test holds the
two equal.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult
from sqlmodel import Session, text

from api.store.tables import Run

GONE, CHANGED, NEW, NONE_YET = "lift_off", "changed", "matched", "no_lift"
KINDS = (GONE, CHANGED, NEW, NONE_YET)
"""The messages of a publishing, hardest first."""
SIDE = ("drives", "driver_id", "event_id", "at", "back_at", "place", "riders")
TYPES = ("boolean", "uuid", "uuid", "timestamptz", "timestamptz", "text", "bigint")
OTHER = ("time", "way_back", "place", "riders", "stops")

# `after` and `before` have one row for each person with a lift: `facts` is what they are told of it. Of a driver `crew` are
# the riders and `stops` what is told of them; `place` is the rider's.
_COMPARED = """
WITH taking_part AS MATERIALIZED (
  SELECT o.id, o.person_id, o.party, true AS drives, false AS rides FROM offer o JOIN person p ON p.id = o.person_id
  WHERE p.campaign_id = :campaign AND o.day = :day AND o.state = 'active' AND o.unheard_at IS NULL
    AND p.confirmed_at IS NOT NULL
  UNION ALL
  SELECT q.id, q.person_id, q.party, coalesce(jsonb_typeof(q.can_drive), 'null') <> 'null', true
  FROM request q JOIN person p ON p.id = q.person_id
  WHERE p.campaign_id = :campaign AND q.day = :day AND q.state = 'active' AND p.confirmed_at IS NOT NULL),
car AS MATERIALIZED (
  SELECT p.trip, p.sign_up_id, p.event_id, p.at, p.back_at, w.person_id, w.party, w.rides
  FROM planned p JOIN taking_part w ON w.id = p.sign_up_id AND w.drives
    JOIN event e ON e.id = p.event_id AND e.state = 'open' AND e.campaign_id = :campaign AND e.day = :day
  WHERE p.run_id = :run AND p.position = 0 AND p.sign_up_id <> ALL(CAST(:without AS uuid[]))),
seat AS MATERIALIZED (
  SELECT c.trip, c.sign_up_id AS driver_id, c.event_id, p.sign_up_id, p.position, p.details->>'place' AS place, p.at, p.back_at,
    w.person_id, w.party
  FROM planned p JOIN car c ON c.trip = p.trip JOIN taking_part w ON w.id = p.sign_up_id AND w.rides
  WHERE p.run_id = :run AND p.position > 0 AND p.sign_up_id <> ALL(CAST(:without AS uuid[]))),
aboard AS (
  SELECT trip, count(*) AS riders, bit_xor(uuid_hash_extended(sign_up_id, 0)) AS crew,
    array_agg(ROW(sign_up_id, place, at, back_at) ORDER BY position) AS stops
  FROM seat GROUP BY trip),
after AS (
  SELECT c.person_id, c.sign_up_id, c.party, true AS drives, c.sign_up_id AS driver_id, c.event_id, c.at, c.back_at,
    NULL AS place, a.riders, a.crew, a.stops
  FROM car c LEFT JOIN aboard a ON a.trip = c.trip
  UNION ALL
  SELECT person_id, sign_up_id, party, false, driver_id, event_id, at, back_at, place, NULL, NULL, NULL FROM seat),
lifts AS MATERIALIZED (
  SELECT l.id, l.offer_id, l.event_id, l.departs_at, l.home_at, l.match_word, o.person_id, o.party
  FROM lift l JOIN offer o ON o.id = l.offer_id
  WHERE l.campaign_id = :campaign AND l.day = :day AND l.state = 'published'),
stop AS MATERIALIZED (
  SELECT s.lift_id, l.offer_id, l.event_id, s.request_id, s.position, s.place_id::text AS place_id, s.pick_up_at, s.drop_at,
    q.person_id, q.party
  FROM lift_stop s JOIN lifts l ON l.id = s.lift_id JOIN request q ON q.id = s.request_id WHERE s.state = 'published'),
told AS (
  SELECT lift_id, count(*) AS riders, bit_xor(uuid_hash_extended(request_id, 0)) AS crew,
    array_agg(ROW(request_id, place_id, pick_up_at, drop_at) ORDER BY position) AS stops
  FROM stop GROUP BY lift_id),
before AS (
  SELECT l.person_id, l.offer_id AS sign_up_id, l.party, true AS drives, l.offer_id AS driver_id, l.event_id,
    l.departs_at AS at, l.home_at AS back_at, NULL AS place, t.riders, t.crew, t.stops
  FROM lifts l LEFT JOIN told t ON t.lift_id = l.id
  UNION ALL
  SELECT person_id, request_id, party, false, offer_id, event_id, pick_up_at, drop_at, place_id, NULL, NULL, NULL FROM stop),
both_ways AS (
  SELECT coalesce(a.person_id, b.person_id) AS person_id, coalesce(a.sign_up_id, b.sign_up_id) AS sign_up_id,
    coalesce(a.party, b.party) AS party,
    CASE WHEN b.person_id IS NULL THEN 'matched' WHEN a.person_id IS NULL THEN 'lift_off' ELSE 'changed' END AS kind,
    {sides},
    b.at IS DISTINCT FROM a.at AS other_time, b.back_at IS DISTINCT FROM a.back_at AS other_way_back,
    b.place IS DISTINCT FROM a.place AS other_place, b.crew IS DISTINCT FROM a.crew AS other_riders,
    b.stops IS DISTINCT FROM a.stops AS other_stops
  FROM after a FULL JOIN before b ON b.person_id = a.person_id
  WHERE a.person_id IS NULL OR b.person_id IS NULL
    OR (a.drives, a.driver_id, a.event_id) <> (b.drives, b.driver_id, b.event_id) OR a.at <> b.at
    OR a.back_at IS DISTINCT FROM b.back_at OR a.place IS DISTINCT FROM b.place OR a.stops IS DISTINCT FROM b.stops),
waiting AS (
  SELECT DISTINCT ON (w.person_id) w.person_id, w.id AS sign_up_id, w.party FROM taking_part w
  WHERE NOT EXISTS (SELECT FROM after a WHERE a.person_id = w.person_id)
    AND NOT EXISTS (SELECT FROM before b WHERE b.person_id = w.person_id)
    AND NOT EXISTS (
      SELECT FROM message m WHERE m.person_id = w.person_id AND m.campaign_id = :campaign AND m.kind = 'no_lift')),
news AS MATERIALIZED (
  SELECT * FROM both_ways
  UNION ALL
  SELECT person_id, sign_up_id, party, 'no_lift', {nothing}, false, false, false, false, false FROM waiting),
"""
COMPARED = _COMPARED.format(
    sides=", ".join(f"{side[0]}.{name} AS {side}_{name}" for side in ("before", "after") for name in SIDE),
    nothing=", ".join(f"NULL::{kind}" for _ in ("before", "after") for kind in TYPES),
)
"""The beginning of a statement: `after` and `before` are what people will be told and were told, `news` is who is told what."""

# A plan that has just been made is not among the statistics yet: the database takes it for empty, and loops in loops over it.
_HASHED = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off"
_AS_BEFORE = "SET LOCAL enable_nestloop = DEFAULT; SET LOCAL jit = DEFAULT"


def execute(
    db: Session, run: Run, without: Iterable[UUID], rest: str, values: dict[str, Any]
) -> CursorResult[Any]:
    """The comparison of a run, `rest` of its statement, and its values.

    `without`: who is in the plan, and would be left out of it because they no longer fit.
    """
    own = {
        "run": run.id,
        "campaign": run.campaign_id,
        "day": run.day,
        "without": [str(one) for one in without],
    }
    connection = db.connection()
    connection.execute(text(_HASHED))
    found = connection.execute(text(rest), own | values)
    connection.execute(text(_AS_BEFORE))
    return found
