"""What somebody would like to be written to at, until it is proven to be theirs. All of it goes with the person."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import CHANNELS, moment, now, one_of


class NewContact(SQLModel, table=True):
    """A contact that somebody typed on their private page, and that counts once they type the code sent there.

    `old_channel` and `old_address` are those in force when it was typed: there it is told that somebody asked.
    `tries` counts the codes typed; `proven_at` ends it.
    """

    __tablename__ = "new_contact"
    __table_args__ = (
        one_of("reach", *CHANNELS),
        one_of("old_channel", *CHANNELS),
        CheckConstraint(
            "(reach <> 'email' OR email <> '') AND (reach = 'email' OR phone IS NOT NULL)", name="reachable"
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    reach: str
    email: str
    phone_typed: str = ""
    phone: str | None = None
    old_channel: str
    old_address: str
    tries: int = 0
    proven_at: datetime | None = moment(default=None)
    created_at: datetime = moment(default_factory=now, nullable=False)
    expires_at: datetime = moment(nullable=False)
