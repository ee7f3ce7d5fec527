"""Reports of who did not feel safe, and pairs that are kept apart."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, func, select, update

from api.store.tables import KeptApart, Person, Report


def open_reports(db: Session, campaign_id: UUID, day: date) -> list[tuple[Report, Person]]:
    """The day's reports, oldest first."""
    found = select(Report, Person).join(Person, col(Person.id) == col(Report.person_id))
    found = found.where(Report.campaign_id == campaign_id, Report.day == day)
    return [(row[0], row[1]) for row in db.exec(found.order_by(col(Report.created_at), col(Report.id))).all()]


def has_reported(db: Session, person_id: UUID) -> bool:
    return db.exec(select(Report.id).where(Report.person_id == person_id)).first() is not None


def open_report(db: Session, report_id: UUID) -> Report | None:
    """The report, while nobody has taken it on."""
    return db.exec(select(Report).where(Report.id == report_id, col(Report.taken_by).is_(None))).first()


def take(db: Session, campaign_id: UUID, report_id: UUID, coordinator_id: UUID) -> bool:
    """Whether nobody had taken it on until now."""
    taken = update(Report).where(col(Report.id) == report_id, col(Report.campaign_id) == campaign_id)
    return bool(db.exec(taken.where(col(Report.taken_by).is_(None)).values(taken_by=coordinator_id)).rowcount)


def keep_apart(db: Session, campaign_id: UUID, pairs: Iterable[tuple[bytes, bytes]], until: datetime) -> None:
    """Each pair in one order, so that it is there once; a later time takes the place of an earlier one."""
    for one, other in pairs:
        low, high = sorted((one, other))
        added = insert(KeptApart).values(campaign_id=campaign_id, one=low, other=high, expires_at=until)
        db.exec(
            added.on_conflict_do_update(
                index_elements=["campaign_id", "one", "other"], set_={"expires_at": until}
            )
        )


def latest_apart(db: Session, campaign_id: UUID) -> datetime | None:
    """When the pair that was made last ends; None if nobody is kept apart."""
    return db.exec(select(func.max(KeptApart.expires_at)).where(KeptApart.campaign_id == campaign_id)).one()


def kept_apart(db: Session, campaign_id: UUID, at: datetime) -> list[tuple[bytes, bytes]]:
    found = select(KeptApart.one, KeptApart.other).where(
        KeptApart.campaign_id == campaign_id, col(KeptApart.expires_at) > at
    )
    return [(row[0], row[1]) for row in db.exec(found).all()]


def drop_kept_apart(db: Session, at: datetime) -> int:
    return db.exec(delete(KeptApart).where(col(KeptApart.expires_at) < at)).rowcount
