"""What is left of somebody in rows that are about others as well, and goes when they are erased."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from api.store.traces import BLUR, BLURRED, FORGET_ANSWERS, FORGET_DRAFTS, UNNAME


def unname(db: Session, campaign_id: UUID, sign_up_ids: list[UUID], name: str) -> None:
    """Take somebody's first name out of the messages to those whom they travelled with."""
    values = {"campaign_id": campaign_id, "ids": sign_up_ids, "name": name}
    db.connection().execute(text(UNNAME), values)


def blur(db: Session, campaign_id: UUID, day: date, sign_up_ids: list[UUID]) -> None:
    """In what runs and repairs of a day were given, these are no nearer than some ten kilometres, and need nothing."""
    values = {"campaign_id": campaign_id, "day": day, "ids": [str(one) for one in sign_up_ids]}
    for parts in BLURRED:
        db.connection().execute(text(BLUR % parts), values)


def forget_answers(db: Session, lat: float, lon: float) -> None:
    """What a geocoder said about just this point, which may be somebody's door."""
    db.connection().execute(text(FORGET_ANSWERS), {"lat": lat, "lon": lon})


def forget_drafts(db: Session, campaign_id: UUID, email: str, phone: str | None) -> None:
    """Forms that were not sent, on whichever machine, with somebody's address or number in them."""
    number = (phone or "").removeprefix("+44")
    values = {"campaign_id": campaign_id, "email": email.lower(), "number": number}
    db.connection().execute(text(FORGET_DRAFTS), values)
