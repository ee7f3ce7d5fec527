"""Campaigns, what is on there, and the figures and places behind them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class Campaign(SQLModel, table=True):
    """What a coordinator runs: a polling day, a by-election. `rules` holds what the campaign changed of the formulas.

    `codes_required`: whoever is in the team logs in with a code of their app. `phone`: what hosts ring on the day.
    `call_off_hours`: so long before it leaves, a lift is called off whose driver has not said that they come; 0, never.
    `mileage_pence`: what a mile counts where drivers are paid back.
    `paused_by`: the coordinator who paused its messages, None while they go out.
    `repairs_alone`: a repair that moves nobody is published by itself; any other waits `repair_minutes` for an answer, and
    without one is published if `repairs_unanswered`, else dropped.
    """

    __tablename__ = "campaign"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    organiser: str
    contact_email: str
    imprint: str = ""
    phone: str = ""
    open: bool = True
    minutes_per_volunteer: float = 1000.0
    call_off_hours: float = 3.0
    mileage_pence: float = 45.0
    codes_required: bool = False
    repairs_alone: bool = True
    repair_minutes: int = 10
    repairs_unanswered: bool = False
    paused_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    paused_at: datetime | None = moment(default=None)
    rules: dict[str, Any] = document(default_factory=dict, nullable=False)
    created_at: datetime = moment(default_factory=now, nullable=False)


class KeyConstituency(SQLModel, table=True):
    """A constituency that a campaign wants people in."""

    __tablename__ = "key_constituency"
    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")
    code: str = Field(primary_key=True)


class ConstituencyResult(SQLModel, table=True):
    """A constituency's latest official result, over the built-in table. `source` names the file it came from."""

    __tablename__ = "constituency_result"
    code: str = Field(primary_key=True)
    name: str
    first_party: str
    second_party: str
    electorate: int
    valid_votes: int
    majority: int
    source: str
    imported_at: datetime = moment(default_factory=now, nullable=False)


class PostcodeUnit(SQLModel, table=True):
    """A unit postcode, without its space, and where it lies. Rounded to five decimals, about a metre."""

    __tablename__ = "postcode_unit"
    postcode: str = Field(primary_key=True)
    lat: float
    lon: float


class PublicPlace(SQLModel, table=True):
    """Where a car can stop for somebody: a station, a bus stop, a car park. `source` names the file it came from."""

    __tablename__ = "public_place"
    __table_args__ = (Index("public_place_by_point", "lat", "lon"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    source: str = Field(index=True)
    name: str
    kind: str
    lat: float
    lon: float


class Event(SQLModel, table=True):
    """Something to come to. `weight` None: from the majority, by the campaign's formula. `seated`: there is work to sit at."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("wanted >= 0 AND (capacity IS NULL OR capacity >= 0)", name="counts"),
        CheckConstraint("weight IS NULL OR weight > 0", name="weight_positive"),
        one_of("state", "open", "cancelled"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    constituency: str
    title: str
    kind: str
    place_name: str
    postcode: str
    lat: float
    lon: float
    island: str | None = None
    starts_at: datetime = moment(nullable=False)
    ends_at: datetime = moment(nullable=False)
    day: date = Field(index=True)
    wanted: int
    capacity: int | None = None
    weight: float | None = None
    step_free: bool = False
    toilet: bool = False
    seated: bool = False
    state: str = "open"
    created_at: datetime = moment(default_factory=now, nullable=False)
