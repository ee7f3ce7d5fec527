"""What publishing a run would do, counted by the database from rows: a plan's beside those of the lifts that stand.

The same comparison as `api.services.publishing.compare` makes of everybody in memory; a test holds the two equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, text

GONE, CHANGED, NEW, NONE_YET = "lift_off", "changed", "matched", "no_lift"
KINDS = (GONE, CHANGED, NEW, NONE_YET)
"""The messages of a publishing, hardest first."""

# `after` and `before` have one row for each person with a lift: `facts` is what they are told of it. Of a driver `crew` are
# the riders and `stops` what is told of them; `place` is the rider's.
NEWS = """
WITH taking_part AS MATERIALIZED (
  SELECT o.id, o.person_id, o.party, true AS drives, false AS rides FROM offer o JOIN person p ON p.id = o.person_id
  WHERE p.campaign_id = :campaign AND o.day = :day AND o.state = 'active' AND o.unheard_at IS NULL
    AND p.confirmed_at IS NOT NULL
  UNION ALL
  SELECT q.id, q.person_id, q.party, coalesce(jsonb_typeof(q.can_drive), 'null') <> 'null', true
  FROM request q JOIN person p ON p.id = q.person_id
  WHERE p.campaign_id = :campaign AND q.day = :day AND q.state = 'active' AND p.confirmed_at IS NOT NULL),
car AS MATERIALIZED (
  SELECT p.trip, p.sign_up_id, p.event_id, p.at, p.back_at, w.person_id, w.party
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
  SELECT l.id, l.offer_id, l.event_id, l.departs_at, l.home_at, o.person_id, o.party
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
SIDE = ("drives", "driver_id", "event_id", "at", "back_at", "place", "riders")
TYPES = ("boolean", "uuid", "uuid", "timestamptz", "timestamptz", "text", "bigint")
OTHER = ("time", "way_back", "place", "riders", "stops")

# All that the page shows, in one statement: what everybody is told is worked out once.
SHOWN = """
wanted AS (
  SELECT n.* FROM news n {named} WHERE (:kind = '' OR n.kind = :kind)),
page AS (
  SELECT * FROM wanted ORDER BY array_position(CAST(:kinds AS text[]), kind), sign_up_id LIMIT :most OFFSET :first),
there AS (
  SELECT event_id, 0 AS people_before, party AS people_after, 0 AS cars_before, drives::int AS cars_after FROM after
  UNION ALL SELECT event_id, party, 0, drives::int, 0 FROM before),
event_sums AS (
  SELECT event_id, sum(people_before) AS people_before, sum(people_after) AS people_after, sum(cars_before) AS cars_before,
    sum(cars_after) AS cars_after
  FROM there GROUP BY event_id),
event_kinds AS (
  SELECT coalesce(after_event_id, before_event_id) AS event_id, kind, count(*) AS told FROM news
  WHERE kind <> 'no_lift' GROUP BY 1, 2),
event_news AS (
  SELECT event_id, jsonb_object_agg(kind, told) AS told FROM event_kinds GROUP BY event_id)
SELECT
  (SELECT count(*) FROM car),
  (SELECT jsonb_object_agg(kind, told) FROM (SELECT kind, count(*) AS told FROM news GROUP BY kind) by_kind),
  (SELECT count(*) FROM wanted),
  (SELECT jsonb_agg(to_jsonb(page) ORDER BY array_position(CAST(:kinds AS text[]), kind), sign_up_id) FROM page),
  (SELECT jsonb_agg(to_jsonb(event_sums) || jsonb_build_object('told', told))
    FROM event_sums LEFT JOIN event_news USING (event_id))
"""
NAMED = """
JOIN (
  SELECT p.id FROM person p WHERE p.campaign_id = :campaign AND (starts_with(lower(p.name), lower(:search))
    OR EXISTS (SELECT FROM offer o WHERE o.person_id = p.id AND starts_with(lower(o.postcode), lower(:search)))
    OR EXISTS (SELECT FROM request q WHERE q.person_id = p.id AND starts_with(lower(q.postcode), lower(:search))))
) found ON found.id = n.person_id
"""

# A plan that has just been made is not among the statistics yet: the database takes it for empty, and loops in loops over it.
HASHED = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off"
AS_BEFORE = "SET LOCAL enable_nestloop = DEFAULT; SET LOCAL jit = DEFAULT"


@dataclass(frozen=True)
class Wanted:
    """Which part of those who are told somebody looks at. `search`: the beginning of a name or of a postcode."""

    kind: str = ""
    search: str = ""
    first: int = 0
    most: int = 50


@dataclass(frozen=True)
class Side:
    """The lift that somebody was told of, or will be. `riders` are those of a driver."""

    drives: bool
    driver_id: UUID
    event_id: UUID
    at: datetime
    back_at: datetime | None
    place: str | None
    riders: int


@dataclass(frozen=True)
class News:
    """What one person is told. `other`: what differs between two lifts, as words of `OTHER`."""

    sign_up_id: UUID
    party: int
    kind: str
    before: Side | None
    after: Side | None
    other: tuple[str, ...]


@dataclass(frozen=True)
class EventSums:
    """People and cars of an event before and after, and how many are told what about it."""

    event_id: UUID
    people: tuple[int, int]
    cars: tuple[int, int]
    told: dict[str, int]


@dataclass(frozen=True)
class Effect:
    """All of it. `page` is one of `total` who were asked for."""

    lifts: int
    told: dict[str, int]
    total: int
    page: tuple[News, ...]
    events: tuple[EventSums, ...]


def effect(
    db: Session, run_id: UUID, campaign_id: UUID, day: date, without: Iterable[UUID], wanted: Wanted
) -> Effect:
    """What publishing would do. `without`: who is in the plan, and would be left out of it because they no longer fit."""
    sides = ", ".join(f"{side[0]}.{name} AS {side}_{name}" for side in ("before", "after") for name in SIDE)
    nothing = ", ".join(f"NULL::{kind}" for _ in ("before", "after") for kind in TYPES)
    statement = NEWS.format(sides=sides, nothing=nothing) + SHOWN.format(named=NAMED if wanted.search else "")
    values: dict[str, Any] = {
        "run": run_id, "campaign": campaign_id, "day": day, "without": [str(one) for one in without], "kinds": list(KINDS),
        "kind": wanted.kind, "first": wanted.first, "most": wanted.most,
    }  # fmt: skip
    if wanted.search:
        values["search"] = wanted.search
    connection = db.connection()
    connection.execute(text(HASHED))
    lifts, told, total, page, events = connection.execute(text(statement), values).one()
    connection.execute(text(AS_BEFORE))
    return Effect(lifts, told or {}, total, tuple(map(_news, page or ())), tuple(map(_event, events or ())))


def _news(row: dict[str, Any]) -> News:
    return News(
        sign_up_id=UUID(row["sign_up_id"]),
        party=row["party"],
        kind=row["kind"],
        before=_side(row, "before"),
        after=_side(row, "after"),
        other=tuple(name for name in OTHER if row[f"other_{name}"]),
    )


def _side(row: dict[str, Any], side: str) -> Side | None:
    found = {name: row[f"{side}_{name}"] for name in SIDE}
    if found["event_id"] is None:
        return None
    back_at = found["back_at"]
    return Side(
        found["drives"], UUID(found["driver_id"]), UUID(found["event_id"]), datetime.fromisoformat(found["at"]),
        datetime.fromisoformat(back_at) if back_at else None, found["place"], found["riders"] or 0,
    )  # fmt: skip


def _event(row: dict[str, Any]) -> EventSums:
    return EventSums(
        event_id=UUID(row["event_id"]),
        people=(row["people_before"], row["people_after"]),
        cars=(row["cars_before"], row["cars_after"]),
        told=row["told"] or {},
    )
