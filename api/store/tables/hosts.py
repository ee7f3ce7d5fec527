"""Hosts of events, their keys, and who has come."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, now, one_of


class Host(SQLModel, table=True):
    """Somebody who runs one event. Whoever runs two is two hosts, so that a key opens one event and nothing else."""

    __tablename__ = "host"
    __table_args__ = (
        Index(
            "one_host_an_address", "event_id", "email", unique=True, postgresql_where=text("revoked_at IS NULL")
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    event_id: UUID = Field(foreign_key="event.id", index=True, ondelete="CASCADE")
    name: str
    email: str
    created_at: datetime = moment(default_factory=now, nullable=False)
    revoked_at: datetime | None = moment(default=None)


class HostLink(SQLModel, table=True):
    """A key to one event: of the 128 random bits in the link only the SHA-256 is kept."""

    __tablename__ = "host_link"
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    host_id: UUID = Field(foreign_key="host.id", index=True, ondelete="CASCADE")
    expires_at: datetime = moment(nullable=False)


class HostSession(SQLModel, table=True):
    """What a host's link was exchanged for."""

    __tablename__ = "host_session"
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    host_id: UUID = Field(foreign_key="host.id", index=True, ondelete="CASCADE")
    expires_at: datetime = moment(nullable=False)


class Arrival(SQLModel, table=True):
    """Whether a driver or a rider has come to an event; without a row they are expected. It outlives their lift.

    `lost_car`: their lift ended and they did not end it; `on_the_way`: it did so when they may have set out already.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        one_of("state", "expected", "arrived", "no_show"),
        CheckConstraint("num_nonnulls(offer_id, request_id) = 1", name="one_sign_up"),
        UniqueConstraint("event_id", "offer_id", name="one_arrival_an_offer"),
        UniqueConstraint("event_id", "request_id", name="one_arrival_a_request"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE")
    offer_id: UUID | None = Field(default=None, foreign_key="offer.id", index=True, ondelete="CASCADE")
    request_id: UUID | None = Field(default=None, foreign_key="request.id", index=True, ondelete="CASCADE")
    state: str = "expected"
    lost_car: bool = False
    on_the_way: bool = False
    ticked_by: UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("host.id", ondelete="SET NULL"), nullable=True)
    )
    changed_at: datetime = moment(default_factory=now, nullable=False)
