"""Invitations to a campaign's team, and their keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select, update

from api.store.tables import Coordinator, Invitation, InvitationLink, Membership, Message


def put(db: Session, invitation: Invitation) -> Invitation:
    """Keep the invitation; one that waits for the same address in the same campaign becomes this one, and its links die."""
    row = invitation.model_dump()
    changed = {name: value for name, value in row.items() if name not in ("id", "campaign_id", "email")}
    kept = insert(Invitation).values(row).on_conflict_do_update(
        index_elements=["campaign_id", "email"], index_where=col(Invitation.used_at).is_(None), set_=changed
    )  # fmt: skip
    found = db.exec(kept.returning(col(Invitation.id))).one()[0]
    drop_links(db, found)
    return db.exec(
        select(Invitation).where(Invitation.id == found).execution_options(populate_existing=True)
    ).one()


def by_id(db: Session, invitation_id: UUID) -> Invitation | None:
    return db.get(Invitation, invitation_id)


def waiting(db: Session, campaign_id: UUID, at: datetime) -> Sequence[Invitation]:
    """Those that nobody has used and that have not run out, by address."""
    found = select(Invitation).where(Invitation.campaign_id == campaign_id, col(Invitation.used_at).is_(None))
    return db.exec(found.where(Invitation.expires_at > at).order_by(Invitation.email)).all()


def of_link(db: Session, token_hash: bytes, at: datetime) -> Invitation | None:
    """Whose link it is, while it is good."""
    found = select(Invitation).join(InvitationLink, col(InvitationLink.invitation_id) == col(Invitation.id))
    found = found.where(InvitationLink.token_hash == token_hash, InvitationLink.expires_at > at)
    return db.exec(found.where(col(Invitation.used_at).is_(None), Invitation.expires_at > at)).first()


def use(db: Session, invitation_id: UUID, at: datetime) -> bool:
    """Whether it was good until now: of two who use it at once, one does."""
    good = update(Invitation).where(col(Invitation.id) == invitation_id, col(Invitation.used_at).is_(None))
    done = db.exec(good.where(col(Invitation.expires_at) > at).values(used_at=at))
    drop_links(db, invitation_id)
    return bool(done.rowcount)


def withdraw(db: Session, invitation_id: UUID) -> bool:
    """Whether it waited until now."""
    gone = delete(Invitation).where(col(Invitation.id) == invitation_id, col(Invitation.used_at).is_(None))
    return bool(db.exec(gone).rowcount)


def add_link(db: Session, link: InvitationLink) -> None:
    db.add(link)
    db.flush()


def drop_links(db: Session, invitation_id: UUID) -> None:
    db.exec(delete(InvitationLink).where(col(InvitationLink.invitation_id) == invitation_id))


def put_member(db: Session, membership: Membership) -> None:
    """A new member; one who is there already stays what they are."""
    db.exec(insert(Membership).values(membership.model_dump()).on_conflict_do_nothing())


def is_member(db: Session, campaign_id: UUID, email: str) -> bool:
    found = select(Membership).join(Coordinator, col(Coordinator.id) == col(Membership.coordinator_id))
    return (
        db.exec(found.where(Membership.campaign_id == campaign_id, Coordinator.email == email)).first()
        is not None
    )


def latest_message(db: Session, invitation_id: UUID) -> Message | None:
    found = select(Message).where(Message.invitation_id == invitation_id)
    return db.exec(found.order_by(col(Message.created_at).desc()).limit(1)).first()
