"""A published day to be repaired: who drives whom is plain from where they live."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from api.services import people
from api.services.local import now, today
from api.services.repair import part
from api.store.tables import Event, Lift, LiftStop, Message, Offer, Repair, Request
from tests.api import world


@pytest.fixture(params=["whole", "part"])
def in_part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Every day is looked at whole, or, as a large one is, in part: it must make no difference."""
    if request.param == "part":
        monkeypatch.setattr(part, "WHOLE_DAY", 0)
    return bool(request.param == "part")


def repairs_of(db: Session) -> list[Repair]:
    db.expire_all()
    return list(db.exec(select(Repair).order_by(col(Repair.created_at))).all())


def cancel(db: Session, sign_up: Offer | Request) -> None:
    people.cancel(db, world.person_of(db, sign_up))
    db.commit()


def driver_of(db: Session, request: Request) -> Any:
    """The offer whose car takes the rider, None without a lift."""
    db.expire_all()
    found = select(Lift.offer_id).join(LiftStop, col(LiftStop.lift_id) == col(Lift.id))
    found = found.where(LiftStop.request_id == request.id, LiftStop.state == "published")
    return db.exec(found).first()


def kinds(db: Session, sign_up: Offer | Request) -> list[str]:
    """What somebody was written, oldest first, the question for the address left out."""
    db.expire_all()
    found = select(Message).where(Message.person_id == sign_up.person_id, Message.kind != "confirm")
    return [message.kind for message in db.exec(found.order_by(col(Message.created_at))).all()]


def on_the_day(db: Session, leaves_in: timedelta) -> None:
    """Move the scene's day, with all that was told, so that its first car leaves so long from now. It may cross midnight."""
    lifts = db.exec(select(Lift)).all()
    by = now() + leaves_in - min(lift.departs_at for lift in lifts)
    for lift in lifts:
        lift.departs_at, lift.arrives_at, lift.day = lift.departs_at + by, lift.arrives_at + by, today()
        lift.home_at = lift.home_at + by if lift.home_at else None
    for stop in db.exec(select(LiftStop)).all():
        stop.pick_up_at += by
        stop.drop_at = stop.drop_at + by if stop.drop_at else None
    for event in db.exec(select(Event).where(Event.day == world.DAY)).all():
        event.starts_at, event.ends_at, event.day = event.starts_at + by, event.ends_at + by, today()
    for table in (Offer, Request):
        for sign_up in db.exec(select(table).where(table.day == world.DAY)).all():
            sign_up.day = today()
    db.commit()
