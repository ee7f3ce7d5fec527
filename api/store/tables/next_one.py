"""Who agreed to hear of the next campaign: a consent of its own, which outlives the data of the day."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import CHANNELS, moment, now, one_of


class NextOne(SQLModel, table=True):
    """First name and one proven address of somebody, until `expires_at`. It hangs on no person: they are deleted before."""

    __tablename__ = "next_one"
    __table_args__ = (
        one_of("channel", *CHANNELS),
        CheckConstraint("address <> ''", name="reachable"),
        UniqueConstraint("campaign_id", "address", name="once_an_address"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", ondelete="CASCADE")
    name: str
    channel: str
    address: str
    language: str = "en"
    consent_version: str
    consent_at: datetime = moment(default_factory=now, nullable=False)
    expires_at: datetime = moment(nullable=False, index=True)
