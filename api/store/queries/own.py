"""What is held of one person beside what they sent in, for the person."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from api.store.tables import Arrival, Offer, Report, Request, Ringing, WayHome


def reports(db: Session, person_id: UUID) -> Sequence[Report]:
    """What they told of not feeling safe; what others told of them is the others'."""
    found = select(Report).where(Report.person_id == person_id)
    return db.exec(found.order_by(col(Report.created_at))).all()


def arrivals(db: Session, sign_up: Offer | Request) -> Sequence[Arrival]:
    """Whether they came."""
    own = Arrival.offer_id if isinstance(sign_up, Offer) else Arrival.request_id
    return db.exec(select(Arrival).where(own == sign_up.id).order_by(col(Arrival.changed_at))).all()


def ways_home(db: Session, sign_up: Offer | Request) -> Sequence[WayHome]:
    """Ways home that they had or gave after a car was lost."""
    own = WayHome.offer_id if isinstance(sign_up, Offer) else WayHome.request_id
    return db.exec(select(WayHome).where(own == sign_up.id).order_by(col(WayHome.created_at))).all()


def rung(db: Session, person_id: UUID) -> Sequence[Ringing]:
    """What came of ringing them; who did is the coordinator's."""
    return db.exec(select(Ringing).where(Ringing.person_id == person_id)).all()
