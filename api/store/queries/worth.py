"""What one more car would be worth, and who near a place may be asked to drive."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select, text, update

from api.store.queries.sign_ups import may_be_asked_now
from api.store.tables import Message, Person, Request, Run, Worth

WITH_PLAN = ("done", "published")
# The equator's degree in kilometres; on these distances the earth is flat enough.
KM_PER_DEGREE = 111.2

_NEAR = """
SELECT place.district, count(r.id) FILTER (WHERE m.id IS NULL) AS free, count(m.id) AS asked
FROM unnest(CAST(:districts AS text[]), CAST(:lats AS float[]), CAST(:lons AS float[])) AS place(district, lat, lon)
JOIN request r ON r.campaign_id = :campaign AND r.day = :day AND r.state = 'active' AND r.may_ask
  AND abs(r.lat - place.lat) * :km <= :radius
  AND power((r.lat - place.lat) * :km, 2) + power((r.lon - place.lon) * :km * cos(radians(place.lat)), 2) <= power(:radius, 2)
JOIN person p ON p.id = r.person_id AND p.confirmed_at IS NOT NULL
LEFT JOIN message m ON m.person_id = p.id AND m.kind = :kind
WHERE NOT EXISTS (SELECT 1 FROM lift_stop s WHERE s.request_id = r.id AND s.state = 'published')
GROUP BY place.district
"""

Spot = tuple[str, float, float]
"""A district and its middle."""


def run_with_plan(db: Session, campaign_id: UUID, day: date) -> UUID | None:
    """The newest run of the day that has a plan."""
    runs = select(Run.id).where(Run.campaign_id == campaign_id, Run.day == day, col(Run.state).in_(WITH_PLAN))
    return db.exec(runs.order_by(col(Run.created_at).desc()).limit(1)).first()


def newest(db: Session, campaign_id: UUID, day: date) -> Worth | None:
    """The newest that was asked for of a day's runs."""
    found = select(Worth).join(Run, col(Run.id) == col(Worth.run_id))
    found = found.where(Run.campaign_id == campaign_id, Run.day == day)
    return db.exec(found.order_by(col(Run.created_at).desc()).limit(1)).first()


def ask(db: Session, run_id: UUID, who: UUID, at: datetime, lost: datetime) -> bool:
    """Whether it was not asked for yet, did not work, or was lost: asked for before then, without an answer."""
    values = Worth(run_id=run_id, asked_by=who, created_at=at).model_dump()
    added = insert(Worth).values(values)
    again = {"state": "queued", "asked_by": who, "error": None, "created_at": at, "finished_at": None}
    is_lost = and_(col(Worth.state) == "queued", col(Worth.created_at) < lost)
    added = added.on_conflict_do_update(
        index_elements=["run_id"],
        set_=again,
        where=or_(col(Worth.state) == "failed", is_lost),
    )
    return db.exec(added.returning(col(Worth.run_id))).first() is not None


def by_run(db: Session, run_id: UUID) -> Worth | None:
    return db.get(Worth, run_id, populate_existing=True)


def end(db: Session, run_id: UUID, **values: Any) -> bool:
    done = update(Worth).where(col(Worth.run_id) == run_id, col(Worth.state) == "queued").values(**values)
    return bool(db.exec(done).rowcount)


def runs_wait(db: Session) -> bool:
    """Whether a matching run waits for the solver."""
    return db.exec(select(Run.id).where(Run.state == "queued").limit(1)).first() is not None


def near(
    db: Session, campaign_id: UUID, day: date, spots: Sequence[Spot], km: float, kind: str
) -> dict[str, tuple[int, int]]:
    """District → how many near it may be asked and were not, and how many were. One pass for all districts."""
    values = {
        "districts": [spot[0] for spot in spots],
        "lats": [spot[1] for spot in spots],
        "lons": [spot[2] for spot in spots],
        "campaign": campaign_id,
        "day": day,
        "km": KM_PER_DEGREE,
        "radius": km,
        "kind": kind,
    }
    rows = db.connection().execute(text(_NEAR), values).all()
    return {row.district: (int(row.free), int(row.asked)) for row in rows}


def to_ask(db: Session, campaign_id: UUID, day: date, spot: Spot, km: float, kind: str) -> Sequence[Person]:
    """Those near the place who may be asked and were not, oldest sign-up first."""
    _, lat, lon = spot
    asked = select(Message.id).where(Message.person_id == Person.id, Message.kind == kind)
    found = select(Person).join(Request, col(Request.person_id) == col(Person.id))
    found = found.where(*may_be_asked_now(campaign_id, day), _within(lat, lon, km), ~asked.exists())
    return db.exec(found.order_by(col(Request.created_at), col(Request.id))).all()


def _within(lat: float, lon: float, km: float) -> ColumnElement[bool]:
    up = (col(Request.lat) - lat) * KM_PER_DEGREE
    along = (col(Request.lon) - lon) * KM_PER_DEGREE * func.cos(func.radians(lat))
    return func.power(up, 2) + func.power(along, 2) <= km**2
