"""Who is invited to run a campaign."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of

ROLES = ("owner", "coordinator", "regional", "helper", "reader")


class Invitation(SQLModel, table=True):
    """Somebody is asked into a campaign's team, in a role. Once used it is only kept until it would have run out."""

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", *ROLES),
        Index(
            "one_open_invitation", "campaign_id", "email", unique=True, postgresql_where=text("used_at IS NULL")
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    email: str
    role: str
    regions: list[str] = document(default_factory=list, nullable=False)
    event_ids: list[str] = document(default_factory=list, nullable=False)
    invited_by: UUID = Field(foreign_key="coordinator.id")
    created_at: datetime = moment(default_factory=now, nullable=False)
    expires_at: datetime = moment(nullable=False)
    used_at: datetime | None = moment(default=None)


class InvitationLink(SQLModel, table=True):
    """The key of an invitation: of the 128 random bits in the link only the SHA-256 is kept."""

    __tablename__ = "invitation_link"
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    invitation_id: UUID = Field(foreign_key="invitation.id", index=True, ondelete="CASCADE")
    expires_at: datetime = moment(nullable=False)
