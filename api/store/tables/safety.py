"""Who did not feel safe, and who is not matched with whom again."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, now


class Report(SQLModel, table=True):
    """Somebody did not feel safe in their lift. What they `said` goes with them; `taken_by` looks after it."""

    __tablename__ = "report"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    day: date
    said: str = ""
    taken_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    created_at: datetime = moment(default_factory=now, nullable=False)


class KeptApart(SQLModel, table=True):
    """Two people who are in no car together again, by keyed hashes of their addresses: it outlives what is erased."""

    __tablename__ = "kept_apart"
    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")
    one: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    other: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    expires_at: datetime = moment(nullable=False)
