"""Contacts that somebody typed and has not proven yet, and the keys that went to the earlier ones."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from api.store.tables import NewContact, Person, PrivateLink, PrivateSession


def lock(db: Session, person: Person) -> None:
    """Of two who change a person's contact at once, the second waits and sees what the first did."""
    db.refresh(person, with_for_update={"key_share": True})


def add(db: Session, contact: NewContact) -> None:
    db.add(contact)
    db.flush()


def by_id(db: Session, contact_id: UUID | None) -> NewContact | None:
    return db.get(NewContact, contact_id, populate_existing=True) if contact_id else None


def waiting(db: Session, person_id: UUID, at: datetime) -> NewContact | None:
    """The contact that somebody has typed last, unless it is proven or has run out."""
    found = select(NewContact).where(NewContact.person_id == person_id, col(NewContact.proven_at).is_(None))
    found = found.where(col(NewContact.expires_at) > at).order_by(col(NewContact.created_at).desc())
    return db.exec(found.limit(1)).first()


def drop_waiting(db: Session, person_ids: Collection[UUID]) -> None:
    db.exec(
        delete(NewContact).where(
            col(NewContact.person_id).in_(person_ids), col(NewContact.proven_at).is_(None)
        )
    )


def count_try(db: Session, contact_id: UUID, most: int) -> bool:
    """Whether one more code may be tried."""
    tried = update(NewContact).where(col(NewContact.id) == contact_id, col(NewContact.tries) < most)
    return bool(db.exec(tried.values(tries=col(NewContact.tries) + 1)).rowcount)


def prove(db: Session, contact_id: UUID, at: datetime) -> bool:
    """Whether it was unproven until now."""
    proven = update(NewContact).where(col(NewContact.id) == contact_id, col(NewContact.proven_at).is_(None))
    return bool(db.exec(proven.values(proven_at=at)).rowcount)


def revoke_links(db: Session, person_ids: Collection[UUID], channels: Collection[str]) -> None:
    """Whatever went out by these channels opens nothing any more."""
    db.exec(
        delete(PrivateLink).where(
            col(PrivateLink.person_id).in_(person_ids), col(PrivateLink.channel).in_(channels)
        )
    )


def forget_others(db: Session, person_ids: Collection[UUID], kept: bytes) -> None:
    """All browsers but the one that holds the cookie of this hash have to open a new link."""
    theirs = col(PrivateSession.person_id).in_(person_ids)
    db.exec(delete(PrivateSession).where(theirs, col(PrivateSession.token_hash) != kept))
