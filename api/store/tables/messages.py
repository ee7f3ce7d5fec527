"""The outbox."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class Message(SQLModel, table=True):
    """One message to one person, host or coordinator. `key` makes it one.

    It is written when it is sent, so that no row holds a private link.

    States: created → sending → sent or failed; `dropped` when what it would say is no longer true.
    """

    __tablename__ = "message"
    __table_args__ = (
        one_of("state", "created", "sending", "sent", "failed", "dropped"),
        CheckConstraint("num_nonnulls(person_id, host_id, coordinator_id) = 1", name="one_reader"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True, ondelete="CASCADE")
    host_id: UUID | None = Field(default=None, foreign_key="host.id", index=True, ondelete="CASCADE")
    coordinator_id: UUID | None = Field(
        default=None, foreign_key="coordinator.id", index=True, ondelete="CASCADE"
    )
    kind: str
    subject_id: UUID | None = None
    facts: dict[str, Any] = document(default_factory=dict, nullable=False)
    state: str = "created"
    attempts: int = 0
    claimed_at: datetime | None = moment(default=None)
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    sent_at: datetime | None = moment(default=None)
