"""What publishing a run would do, counted by the database from rows: a plan's beside those of the lifts that stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.store.queries.publishing.compared import COMPARED, KINDS, OTHER, SIDE, execute
from api.store.tables import Run

# All that the page shows, in one statement: what everybody is told is worked out once.
SHOWN = """
wanted AS (
  SELECT n.*, row_number() OVER (
    ORDER BY array_position(CAST(:kinds AS text[]), n.kind), coalesce(n.after_at, n.before_at), n.sign_up_id) AS number
  FROM news n {named}
  WHERE (:kind = '' OR n.kind = :kind)
    AND (CAST(:event AS uuid) IS NULL OR coalesce(n.after_event_id, n.before_event_id) = :event)),
page AS (
  SELECT * FROM wanted ORDER BY number LIMIT :most OFFSET :first),
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
  (SELECT jsonb_agg(to_jsonb(page) ORDER BY number) FROM page),
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


@dataclass(frozen=True)
class Wanted:
    """Which part of those who are told somebody looks at. `search`: the beginning of a name or of a postcode.

    `event_id`: who is told of this event; whoever changes from one to another is told of the other.
    """

    kind: str = ""
    event_id: UUID | None = None
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


def effect(db: Session, run: Run, without: Iterable[UUID], wanted: Wanted) -> Effect:
    """What publishing would do. `without`: who is in the plan, and would be left out of it because they no longer fit."""
    values: dict[str, Any] = {
        "kinds": list(KINDS),
        "kind": wanted.kind,
        "event": wanted.event_id,
        "first": wanted.first,
        "most": wanted.most,
    }
    if wanted.search:
        values["search"] = wanted.search
    statement = COMPARED + SHOWN.format(named=NAMED if wanted.search else "")
    lifts, told, total, page, events = tuple(execute(db, run, without, statement, values).one())
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
