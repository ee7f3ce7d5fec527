"""Words that friends give each other, and the groups that come of them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from api.store.tables import Friend, FriendWord, Person


def put_word(db: Session, person_id: UUID, word_hash: bytes, expires_at: datetime) -> None:
    """Somebody's word; a newer one takes the place of the older."""
    values = {"word_hash": word_hash, "expires_at": expires_at}
    added = insert(FriendWord).values(person_id=person_id, **values)
    db.exec(added.on_conflict_do_update(index_elements=["person_id"], set_=values))


def of_word(db: Session, word_hash: bytes, at: datetime) -> Person | None:
    """Whose word it is, None if it is nobody's or has run out."""
    found = select(Person).join(FriendWord, col(FriendWord.person_id) == col(Person.id))
    return db.exec(
        found.where(FriendWord.word_hash == word_hash, col(FriendWord.expires_at) > at)
    ).one_or_none()


def group_of(db: Session, person_id: UUID) -> UUID | None:
    return db.exec(select(Friend.group_id).where(Friend.person_id == person_id)).one_or_none()


def members(db: Session, group_id: UUID) -> list[Person]:
    """Who is in the group, whoever came first first."""
    found = select(Person).join(Friend, col(Friend.person_id) == col(Person.id))
    found = found.where(Friend.group_id == group_id)
    return list(db.exec(found.order_by(col(Friend.joined_at), col(Person.id))).all())


def put(db: Session, person_ids: Iterable[UUID], group_id: UUID, at: datetime) -> None:
    """Put people into a group; who is in it already stays as they are."""
    for person_id in person_ids:
        added = insert(Friend).values(person_id=person_id, group_id=group_id, joined_at=at)
        db.exec(
            added.on_conflict_do_update(
                index_elements=["person_id"],
                set_={"group_id": group_id},
                where=col(Friend.group_id) != group_id,
            )
        )


def leave(db: Session, person_id: UUID) -> None:
    """Out of the group, and the word that was given opens nothing any more."""
    db.exec(delete(Friend).where(col(Friend.person_id) == person_id))
    db.exec(delete(FriendWord).where(col(FriendWord.person_id) == person_id))


def groups(db: Session, campaign_id: UUID) -> dict[UUID, UUID]:
    """Person → group, of a whole campaign."""
    found = select(Friend.person_id, Friend.group_id).join(Person, col(Person.id) == col(Friend.person_id))
    rows = db.exec(found.where(Person.campaign_id == campaign_id)).all()
    return {row[0]: row[1] for row in rows}
