"""Who wants to travel with whom, and who never with whom. All of it goes with the person."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, now


class FriendWord(SQLModel, table=True):
    """A word that somebody gives to a friend, who types it on their own page. Only its keyed hash is kept; one a person."""

    __tablename__ = "friend_word"
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    word_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    expires_at: datetime = moment(nullable=False)


class Friend(SQLModel, table=True):
    """Somebody's place in a group that travels together or not at all. A group is no more than its number."""

    __tablename__ = "friend"
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    group_id: UUID = Field(index=True)
    joined_at: datetime = moment(default_factory=now, nullable=False)


class Avoidance(SQLModel, table=True):
    """What somebody told the coordinators about whom they must not travel with. `said` is emptied once it is looked after."""

    __tablename__ = "avoidance"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    day: date
    said: str
    created_at: datetime = moment(default_factory=now, nullable=False)
    closed_at: datetime | None = moment(default=None)
