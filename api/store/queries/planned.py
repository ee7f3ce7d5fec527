"""Where runs' plans put everybody: written from a plan's JSON, read a page at a time, compared run with run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, distinct, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, func, select, text

from api.store.queries.sign_ups import Found
from api.store.tables import Offer, Person, Planned, Request

# One statement, in the database: 30,000 people go neither out nor in.
KEEP = """
WITH found AS (SELECT id, plan, instance FROM run WHERE id = :run_id AND plan IS NOT NULL),
party AS (
  SELECT found.id AS run_id, (one->>'id')::uuid AS id, coalesce((one->>'party')::int, 1) AS people
  FROM found, jsonb_array_elements((instance->'drivers') || (instance->'riders')) one),
trip AS (
  SELECT found.id AS run_id, number::int, one
  FROM found, jsonb_array_elements(plan->'trips') WITH ORDINALITY x(one, number)),
part AS (
  SELECT run_id, (one->>'driver')::uuid AS sign_up_id, number AS trip, 0 AS position, (one->>'driver')::uuid AS driver_id,
    (one->>'event')::uuid AS event_id, (one->>'departs_at')::timestamptz AS at, (one->>'home_at')::timestamptz AS back_at,
    NULL AS reason, jsonb_build_object(
      'arrives_at', one->'arrives_at', 'drive_minutes', one->'drive_minutes', 'detour_minutes', one->'detour_minutes'
    ) AS details
  FROM trip
  UNION ALL
  SELECT run_id, (stop->>'rider')::uuid, number, place::int, (one->>'driver')::uuid, (one->>'event')::uuid,
    (stop->>'at')::timestamptz, (SELECT (off->>'at')::timestamptz
      FROM jsonb_array_elements(coalesce(one->'back', '[]'::jsonb)) off WHERE off->>'rider' = stop->>'rider' LIMIT 1),
    NULL, jsonb_build_object('place', stop->'place', 'ride_minutes', stop->'ride_minutes')
  FROM trip, jsonb_array_elements(one->'stops') WITH ORDINALITY y(stop, place)
  UNION ALL
  SELECT found.id, (one->>'id')::uuid, NULL, NULL, NULL, NULL, NULL, NULL, one->>'reason',
    jsonb_build_object('text', one->'text', 'fix', one->'fix')
  FROM found, jsonb_array_elements(coalesce(plan->'unmatched', '[]'::jsonb)) one)
INSERT INTO planned (run_id, sign_up_id, trip, position, driver_id, event_id, at, back_at, reason, details, people, by_hand)
SELECT part.*, coalesce(people, 1), false FROM part LEFT JOIN party ON party.run_id = part.run_id AND party.id = part.sign_up_id
"""


@dataclass(frozen=True)
class Wanted:
    """Which part of a plan somebody looks at. `search`: the beginning of a name or of a postcode."""

    event_id: UUID | None = None
    reason: str = ""
    search: str = ""
    first: int = 0
    most: int = 50


def keep(db: Session, run_id: UUID) -> None:
    """Write down where the run's plan puts everybody, in the place of what was there."""
    db.exec(delete(Planned).where(col(Planned.run_id) == run_id))
    db.connection().execute(text(KEEP), {"run_id": run_id})


def by_event(db: Session, run_id: UUID) -> list[tuple[UUID, int, int]]:
    """Of each event that somebody goes to: how many cars, how many people."""
    cars = func.count(distinct(col(Planned.trip)))
    found = select(Planned.event_id, cars, func.sum(Planned.people)).where(Planned.run_id == run_id)
    found = found.where(col(Planned.trip).is_not(None)).group_by(col(Planned.event_id))
    return [
        (event, number, int(people)) for event, number, people in db.exec(found).all() if event is not None
    ]


def by_reason(db: Session, run_id: UUID) -> list[tuple[str, int]]:
    """Of each reason why somebody is left over: how many; most first."""
    count = func.count()
    found = select(Planned.reason, count).where(Planned.run_id == run_id, col(Planned.trip).is_(None))
    found = found.group_by(col(Planned.reason)).order_by(count.desc(), col(Planned.reason))
    return [(reason or "", number) for reason, number in db.exec(found).all()]


def trips(db: Session, run_id: UUID, wanted: Wanted) -> tuple[int, list[Planned]]:
    """How many trips there are, and everybody in those of one page, by trip and stop."""
    numbers = select(Planned.trip).where(
        Planned.run_id == run_id, col(Planned.trip).is_not(None), *_conditions(wanted)
    )
    numbers = numbers.distinct()
    total = db.exec(select(func.count()).select_from(numbers.subquery())).one()
    page = numbers.order_by(col(Planned.trip)).offset(wanted.first).limit(wanted.most)
    shown = select(Planned).where(Planned.run_id == run_id, col(Planned.trip).in_(page))
    return total, list(db.exec(shown.order_by(col(Planned.trip), col(Planned.position))).all())


def left(db: Session, run_id: UUID, wanted: Wanted) -> tuple[int, list[Planned]]:
    """How many are left over, and those of one page."""
    found = select(Planned).where(Planned.run_id == run_id, col(Planned.trip).is_(None), *_conditions(wanted))
    total = db.exec(select(func.count()).select_from(found.subquery())).one()
    page = (
        found.order_by(col(Planned.reason), col(Planned.sign_up_id)).offset(wanted.first).limit(wanted.most)
    )
    return total, list(db.exec(page).all())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.event_id is not None:
        conditions.append(col(Planned.event_id) == wanted.event_id)
    if wanted.reason:
        conditions.append(col(Planned.reason) == wanted.reason)
    if wanted.search:
        found = or_(
            *(col(Planned.sign_up_id).in_(_named(table, wanted.search)) for table in (Offer, Request))
        )
        conditions.append(found)
    return conditions


def _named(table: type[Offer] | type[Request], search: str) -> Any:
    """The sign-ups of people whose name, or whose postcode, begins like this."""
    named = select(table.id).join(Person, col(Person.id) == col(table.person_id))
    return named.where(
        or_(
            col(Person.name).istartswith(search, autoescape=True),
            col(table.postcode).istartswith(search, autoescape=True),
        )
    )


def people(db: Session, ids: Iterable[UUID]) -> dict[UUID, Found]:
    """The sign-ups of these ids with their people. Of two of one id, which changed sides, the active one."""
    wanted = list(ids)
    offers = select(Offer, Person).join(Person, col(Person.id) == col(Offer.person_id))
    requests = select(Request, Person).join(Person, col(Person.id) == col(Request.person_id))
    rows: list[Found] = [
        *db.exec(offers.where(col(Offer.id).in_(wanted))).all(),
        *db.exec(requests.where(col(Request.id).in_(wanted))).all(),
    ]
    found: dict[UUID, Found] = {}
    for sign_up, person in rows:
        if sign_up.id not in found or sign_up.state == "active":
            found[sign_up.id] = (sign_up, person)
    return found


LOSES, OTHER_EVENT, OTHER_CAR, GAINS = "loses", "event", "car", "gains"
Side = Planned | None


def changed(
    db: Session, one: UUID, other: UUID, kind: str = "", first: int = 0, most: int = 50
) -> tuple[dict[str, tuple[int, int]], list[tuple[str, Side, Side]]]:
    """Who has something else in the other run: of each kind how many sign-ups and people, and those of one page.

    Something else is another event or another driver, as in the format's `published`; a time is none.
    """
    before = aliased(Planned, select(Planned).where(Planned.run_id == one).subquery())
    after = aliased(Planned, select(Planned).where(Planned.run_id == other).subquery())
    what = case(
        (col(before.trip).is_(None), GAINS),
        (col(after.trip).is_(None), LOSES),
        (col(before.event_id) != col(after.event_id), OTHER_EVENT),
        else_=OTHER_CAR,
    ).label("what")
    differs = or_(
        col(before.driver_id).is_distinct_from(col(after.driver_id)),
        col(before.event_id).is_distinct_from(col(after.event_id)),
    )
    same = col(before.sign_up_id) == col(after.sign_up_id)
    found = select(what, before, after).join_from(before, after, same, full=True).where(differs)
    size = func.sum(func.coalesce(after.people, before.people))
    counted = select(what, func.count(), size).join_from(before, after, same, full=True).where(differs)
    counts = {name: (number, int(total)) for name, number, total in db.exec(counted.group_by(what)).all()}
    rank = case((what == LOSES, 0), (what == OTHER_EVENT, 1), (what == OTHER_CAR, 2), else_=3)
    page = found.where(what == kind) if kind else found
    page = page.order_by(rank, func.coalesce(before.sign_up_id, after.sign_up_id)).offset(first).limit(most)
    rows: Sequence[tuple[str, Side, Side]] = db.exec(page).all()
    return counts, list(rows)
