"""Everybody of one campaign day in one list, filtered, sorted and cut into pages by the database. No contact data."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    and_,
    case,
    column,
    func,
    not_,
    or_,
    text,
)
from sqlalchemy import select as pick
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session


@dataclass(frozen=True)
class Wanted:
    """Whom to list. "" and None: whoever there is. `districts`: those of a region."""

    words: str = ""
    event: UUID | None = None
    districts: tuple[str, ...] | None = None
    role: str = ""
    needs: str = ""
    state: str = ""


# One row a sign-up, and what came of it. A document that is not there is NULL or JSON's null.
_EVERYBODY = """
SELECT o.id, p.id AS person_id, o.reference, p.reach = 'call' AS rang, 'driver' AS role,
  split_part(o.postcode, ' ', 1) AS district, o.party, o.seats, o.event_ids,
  '[]'::jsonb AS needs, p.name, p.confirmed_at IS NOT NULL AS confirmed, l.event_id, l.accepted_at IS NOT NULL AS accepted,
  o.ready_at, o.home_by
FROM offer o JOIN person p ON p.id = o.person_id
LEFT JOIN lift l ON l.offer_id = o.id AND l.state = 'published'
WHERE o.campaign_id = :campaign AND o.day = :day AND o.state = 'active'
UNION ALL
SELECT r.id, p.id, r.reference, p.reach = 'call',
  CASE WHEN COALESCE(jsonb_typeof(r.can_drive), 'null') = 'null' THEN 'rider' ELSE 'either' END,
  split_part(r.postcode, ' ', 1), r.party, 0, r.event_ids, r.needs, p.name, p.confirmed_at IS NOT NULL, l.event_id,
  s.accepted_at IS NOT NULL, r.ready_at, r.home_by
FROM request r JOIN person p ON p.id = r.person_id
LEFT JOIN lift_stop s ON s.request_id = r.id AND s.state = 'published' LEFT JOIN lift l ON l.id = s.lift_id
WHERE r.campaign_id = :campaign AND r.day = :day AND r.state = 'active'
"""
everybody = _x = (
    text(_EVERYBODY)
    .columns(
        column("id", Uuid), column("person_id", Uuid), column("reference", String), column("rang", Boolean),
        column("ready_at", DateTime(timezone=True)), column("home_by", DateTime(timezone=True)),
        column("role", String), column("district", String), column("party", Integer),
        column("seats", Integer), column("event_ids", JSONB), column("needs", JSONB), column("name", String),
        column("confirmed", Boolean), column("event_id", Uuid), column("accepted", Boolean),
    )
    .subquery("x")
    .c
)  # fmt: skip
has_lift = _x.event_id.is_not(None)
_any_event = func.coalesce(func.jsonb_typeof(_x.event_ids), "null") == "null"
_STATES: dict[str, ColumnElement[bool]] = {
    "unconfirmed": not_(_x.confirmed),
    "waiting": and_(_x.confirmed, not_(has_lift)),
    "matched": has_lift,
    "accepted": and_(has_lift, _x.accepted),
    "unanswered": and_(has_lift, not_(_x.accepted)),
    "rang": _x.rang,
}
STATES = tuple(_STATES)
_name = func.lower(_x.name)
_state = case((not_(_x.confirmed), 0), (not_(has_lift), 1), (not_(_x.accepted), 2), else_=3)
_SORTS: dict[str, ColumnElement[Any]] = {
    "name": _name,
    "role": _x.role,
    "district": _x.district,
    "people": _x.party,
    "seats": _x.seats,
    "state": _state,
}
SORTS = tuple(_SORTS)


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What holds of those wanted. An event's people have a lift there, or have none and would come there."""
    found = list[ColumnElement[bool]]()
    if wanted.words:
        found.append(
            or_(
                _x.name.icontains(wanted.words, autoescape=True),
                _x.district.istartswith(wanted.words, autoescape=True),
                _x.reference == wanted.words.upper(),
            )
        )
    if wanted.event is not None:
        would = and_(not_(has_lift), or_(_any_event, _x.event_ids.contains([str(wanted.event)])))
        found.append(or_(_x.event_id == wanted.event, would))
    if wanted.districts is not None:
        found.append(_x.district.in_(wanted.districts))
    if wanted.role:
        found.append(_x.role == wanted.role)
    if wanted.needs:
        none = func.jsonb_array_length(_x.needs) == 0
        found.append(none if wanted.needs == "none" else not_(none))
    if wanted.state:
        found.append(_STATES[wanted.state])
    return found


def _all(db: Session, campaign_id: UUID, day: date, statement: Select[Any]) -> list[Row[Any]]:
    return list(db.connection().execute(statement, {"campaign": campaign_id, "day": day}).all())


def page(
    db: Session, campaign_id: UUID, day: date, wanted: Wanted, sort: str, down: bool, limit: int, offset: int
) -> list[Row[Any]]:
    """One page of those wanted. `sort` is one of `SORTS`; who is equal in it comes by name."""
    first = _SORTS[sort].desc() if down else _SORTS[sort].asc()
    rows = pick(*_x).where(*conditions(wanted)).order_by(first, _name, _x.id)
    return _all(db, campaign_id, day, rows.limit(limit).offset(offset))


def count(db: Session, campaign_id: UUID, day: date, wanted: Wanted) -> int:
    """How many there are on all pages."""
    (row,) = _all(db, campaign_id, day, pick(func.count(_x.id)).where(*conditions(wanted)))
    return int(row[0])


def ways(db: Session, campaign_id: UUID, day: date, wanted: Wanted, most: int) -> list[Row[Any]]:
    """From which district how many people have a lift to which event: the `most` that most people take."""
    people = func.sum(_x.party).label("people")
    found = pick(_x.district, _x.event_id, people).where(has_lift, *conditions(wanted))
    grouped = found.group_by(_x.district, _x.event_id).order_by(people.desc(), _x.district)
    return _all(db, campaign_id, day, grouped.limit(most))
