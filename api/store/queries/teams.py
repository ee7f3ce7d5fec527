"""Who runs a campaign in which role, and what belongs to which events."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col, delete, select

from api.store.tables import Coordinator, Lift, LiftStop, Membership, Message, Offer, Request


def membership(db: Session, campaign_id: UUID, coordinator_id: UUID) -> Membership | None:
    return db.get(Membership, (coordinator_id, campaign_id))


def members(db: Session, campaign_id: UUID) -> Sequence[tuple[Membership, Coordinator]]:
    """Everybody in the team, by name."""
    found = select(Membership, Coordinator).join(
        Coordinator, col(Coordinator.id) == col(Membership.coordinator_id)
    )
    found = found.where(Membership.campaign_id == campaign_id)
    return db.exec(found.order_by(func.lower(Coordinator.name), Coordinator.email)).all()


def lock(db: Session, campaign_id: UUID) -> None:
    """Until the end of the transaction nobody else changes the team, so that it keeps an owner whoever acts at once."""
    db.exec(select(Membership).where(Membership.campaign_id == campaign_id).with_for_update()).all()


def remove(db: Session, campaign_id: UUID, coordinator_id: UUID) -> None:
    own = (col(Membership.campaign_id) == campaign_id, col(Membership.coordinator_id) == coordinator_id)
    db.exec(delete(Membership).where(*own))


def event_of_lift(db: Session, campaign_id: UUID, lift_id: UUID | None) -> UUID | None:
    found = select(Lift.event_id).where(Lift.id == lift_id, Lift.campaign_id == campaign_id)
    return db.exec(found).first()


def person_of_message(db: Session, campaign_id: UUID, message_id: UUID | None) -> UUID | None:
    found = select(Message.person_id).where(Message.id == message_id, Message.campaign_id == campaign_id)
    return db.exec(found).first()


def person_of_request(db: Session, campaign_id: UUID, request_id: UUID | None) -> UUID | None:
    found = select(Request.person_id).where(Request.id == request_id, Request.campaign_id == campaign_id)
    return db.exec(found).first()


def people_of(db: Session, campaign_id: UUID, events: Collection[UUID]) -> set[UUID]:
    """The people of these events: who has a lift to one, and who has none and would come to no other."""
    to_them = select(Lift.id).where(
        Lift.campaign_id == campaign_id, Lift.state == "published", col(Lift.event_id).in_(events)
    )
    drive = select(Offer.person_id).join(Lift, col(Lift.offer_id) == col(Offer.id))
    ride = select(Request.person_id).join(LiftStop, col(LiftStop.request_id) == col(Request.id))
    found = set(db.exec(drive.where(col(Lift.id).in_(to_them))).all())
    found.update(db.exec(ride.where(LiftStop.state == "published", col(LiftStop.lift_id).in_(to_them))).all())
    return found | _would_come(db, campaign_id, events)


def _would_come(db: Session, campaign_id: UUID, events: Collection[UUID]) -> set[UUID]:
    driving = select(Lift.offer_id).where(Lift.state == "published")
    riding = select(LiftStop.request_id).where(LiftStop.state == "published")
    named = [str(event_id) for event_id in events]
    found: set[UUID] = set()
    for table, in_a_lift in ((Offer, driving), (Request, riding)):
        events_named = type_coerce(table.event_ids, JSONB)
        only = events_named.contained_by(named) & (events_named != [])
        own = (table.campaign_id == campaign_id, table.state == "active", col(table.id).not_in(in_a_lift))
        found.update(db.exec(select(table.person_id).where(*own, only)).all())
    return found


def may_log_in(db: Session, campaign_id: UUID, roles: Collection[str]) -> Sequence[Coordinator]:
    """Those in these roles who have not been disabled."""
    found = select(Coordinator).join(Membership).where(Membership.campaign_id == campaign_id)
    found = found.where(col(Membership.role).in_(roles), col(Coordinator.disabled_at).is_(None))
    return db.exec(found.order_by(Coordinator.email)).all()
