"""The outbox, and what the demonstration keeps of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import CHANNELS, document, moment, now, one_of


class Message(SQLModel, table=True):
    """One message to one person, host, coordinator or invited person.

    It is written when it is sent, so that no row holds a private link. `key` makes it one.
    States: created → sending → sent or failed; `dropped` when what it would say is no longer true;
    `held` while a limit keeps a text back; `unsure` when it may have arrived, `unsure_tries` times over. To somebody
    without an address it is a `call`, which a coordinator makes.

    `run_id`: the publishing that it tells of. It waits until `send_after`, and is `stopped` when a coordinator says so.
    `told_by`, `told_how`: a coordinator told it by hand, in a call or a text of their own.
    """

    __tablename__ = "message"
    __table_args__ = (
        one_of(
            "state", "created", "stopped", "sending", "held", "sent", "unsure", "failed", "dropped", "call"
        ),
        one_of("channel", *CHANNELS, "call"),
        one_of("told_how", "call", "text"),
        CheckConstraint(
            "num_nonnulls(person_id, host_id, coordinator_id, invitation_id) = 1", name="one_reader"
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True, ondelete="CASCADE")
    host_id: UUID | None = Field(default=None, foreign_key="host.id", index=True, ondelete="CASCADE")
    coordinator_id: UUID | None = Field(
        default=None, foreign_key="coordinator.id", index=True, ondelete="CASCADE"
    )
    invitation_id: UUID | None = Field(
        default=None, foreign_key="invitation.id", index=True, ondelete="CASCADE"
    )
    channel: str = "email"
    kind: str
    subject_id: UUID | None = None
    run_id: UUID | None = Field(default=None, foreign_key="run.id", index=True, ondelete="SET NULL")
    send_after: datetime | None = moment(default=None)
    facts: dict[str, Any] = document(default_factory=dict, nullable=False)
    state: str = "created"
    attempts: int = 0
    unsure_tries: int = 0
    claimed_at: datetime | None = moment(default=None)
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    sent_at: datetime | None = moment(default=None)
    told_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    told_how: str | None = None


class DemoLetter(SQLModel, table=True):
    """What a message said, kept in the demonstration alone: elsewhere no row holds a private link."""

    __tablename__ = "demo_letter"
    __table_args__ = (one_of("channel", *CHANNELS),)
    id: int | None = Field(default=None, primary_key=True)
    message_id: UUID = Field(foreign_key="message.id", index=True, ondelete="CASCADE")
    channel: str
    to: str
    subject: str
    text: str
    at: datetime = moment(default_factory=now, nullable=False)
