"""The tables. What must be true of every row whatever the code does is a constraint here, not a rule elsewhere.

Personal data sits in `Person` and in the free text of an offer or a request; everything else refers to opaque ids.
"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


def now() -> datetime:
    """The moment, aware. The one clock of the rows."""
    return datetime.now(UTC)


def moment(**options: Any) -> Any:
    """A column with a moment in time, stored with its zone."""
    return Field(sa_type=DateTime(timezone=True), **options)


def document(**options: Any) -> Any:
    """A column with a JSON document."""
    return Field(sa_type=JSONB, **options)


def one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Campaign(SQLModel, table=True):
    """What a coordinator runs: a polling day, a by-election. `rules` holds what the campaign changed of the formulas."""

    __tablename__ = "campaign"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    organiser: str
    contact_email: str
    imprint: str = ""
    open: bool = True
    minutes_per_volunteer: float = 1000.0
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


class Event(SQLModel, table=True):
    """Something to come to. `weight` None: from the majority, by the campaign's formula."""

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
    state: str = "open"
    created_at: datetime = moment(default_factory=now, nullable=False)


class Person(SQLModel, table=True):
    """One volunteer in one campaign, as they gave themselves. The phone number is kept as typed beside its standard form."""

    __tablename__ = "person"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    name: str
    email: str
    phone_typed: str = ""
    phone: str | None = None
    confirmed_at: datetime | None = moment(default=None)
    consent_version: str
    consent_at: datetime = moment(nullable=False)
    created_at: datetime = moment(default_factory=now, nullable=False)


class SignUp(SQLModel):
    """What an offer and a request have in common. `event_ids` None: any event of the day."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    reference: str = Field(unique=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    day: date = Field(index=True)
    postcode: str
    precision: str
    lat: float
    lon: float
    island: str | None = None
    party: int = 1
    ready_at: datetime | None = moment(default=None)
    home_by: datetime | None = moment(default=None)
    max_travel_minutes: float = 120.0
    way_back: bool = True
    event_ids: list[str] | None = document(default=None)
    traits: list[str] = document(default_factory=list, nullable=False)
    company: list[str] = document(default_factory=list, nullable=False)
    state: str = "active"
    idempotency_key: str = Field(unique=True)
    body_hash: str
    created_at: datetime = moment(default_factory=now, nullable=False)


class Offer(SignUp, table=True):
    """A driver's offer. `offers` counts the riders with each need that the car can take."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("seats >= 0 AND party >= 1", name="counts"),
        one_of("state", "active", "cancelled", "replaced"),
    )
    seats: int
    max_detour_minutes: float = 20.0
    offers: dict[str, int] = document(default_factory=dict, nullable=False)
    car: str = ""
    plate: str = ""


class Request(SignUp, table=True):
    """A rider's request. `pickup` says in words where the driver finds them."""

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint("party >= 1", name="counts"),
        one_of("state", "active", "cancelled", "replaced"),
    )
    needs: list[str] = document(default_factory=list, nullable=False)
    pickup: str = ""


class Run(SQLModel, table=True):
    """One solve of a campaign's day: what went in, how far it is, what came out."""

    __tablename__ = "run"
    __table_args__ = (
        one_of("state", "queued", "running", "done", "failed", "published"),
        # Two runs of one day at a time would only take the machine from each other.
        Index(
            "one_run_at_a_time", "campaign_id", "day", unique=True, postgresql_where=text("state IN ('queued', 'running')")
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    day: date
    state: str = "queued"
    seconds: float = 60.0
    seed: int = 1
    stop_asked: bool = False
    started_by: UUID = Field(foreign_key="coordinator.id")
    published_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    instance: dict[str, Any] | None = document(default=None)
    instance_hash: str | None = None
    progress: dict[str, Any] | None = document(default=None)
    plan: dict[str, Any] | None = document(default=None)
    score: float | None = None
    bound: float | None = None
    version: str | None = None
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    started_at: datetime | None = moment(default=None)
    finished_at: datetime | None = moment(default=None)
    published_at: datetime | None = moment(default=None)


class Lift(SQLModel, table=True):
    """A published trip. An offer is in at most one lift that stands."""

    __tablename__ = "lift"
    __table_args__ = (
        one_of("state", "published", "cancelled", "replaced"),
        Index("one_lift_an_offer", "offer_id", unique=True, postgresql_where=text("state = 'published'")),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    run_id: UUID = Field(foreign_key="run.id", index=True, ondelete="CASCADE")
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    day: date
    offer_id: UUID = Field(foreign_key="offer.id", ondelete="CASCADE")
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE")
    match_word: str
    departs_at: datetime = moment(nullable=False)
    arrives_at: datetime = moment(nullable=False)
    drive_minutes: float
    home_at: datetime | None = moment(default=None)
    state: str = "published"
    created_at: datetime = moment(default_factory=now, nullable=False)


class LiftStop(SQLModel, table=True):
    """A rider's place in a lift. A request is in at most one stop that stands."""

    __tablename__ = "lift_stop"
    __table_args__ = (
        one_of("state", "published", "cancelled", "replaced"),
        UniqueConstraint("lift_id", "position", name="one_position_each"),
        Index("one_stop_a_request", "request_id", unique=True, postgresql_where=text("state = 'published'")),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    lift_id: UUID = Field(foreign_key="lift.id", index=True, ondelete="CASCADE")
    request_id: UUID = Field(foreign_key="request.id", ondelete="CASCADE")
    position: int
    pick_up_at: datetime = moment(nullable=False)
    ride_minutes: float
    drop_at: datetime | None = moment(default=None)
    state: str = "published"


class Message(SQLModel, table=True):
    """One message to one person. It is written when it is sent, so that no row holds a private link; `key` makes it one.

    States: created → sending → sent or failed; `dropped` when what it would say is no longer true.
    """

    __tablename__ = "message"
    __table_args__ = (one_of("state", "created", "sending", "sent", "failed", "dropped"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    kind: str
    subject_id: UUID | None = None
    facts: dict[str, Any] = document(default_factory=dict, nullable=False)
    state: str = "created"
    attempts: int = 0
    claimed_at: datetime | None = moment(default=None)
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    sent_at: datetime | None = moment(default=None)


class PrivateLink(SQLModel, table=True):
    """A key to one person's page: of the 128 random bits in the link only the SHA-256 is kept. A message carries a link of its own."""

    __tablename__ = "private_link"
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    created_at: datetime = moment(default_factory=now, nullable=False)
    expires_at: datetime = moment(nullable=False)
    revoked_at: datetime | None = moment(default=None)


class PrivateSession(SQLModel, table=True):
    """What a private link was exchanged for: the log-in session of a volunteer without an account."""

    __tablename__ = "private_session"
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    created_at: datetime = moment(default_factory=now, nullable=False)
    expires_at: datetime = moment(nullable=False)


class Coordinator(SQLModel, table=True):
    """Somebody who runs campaigns, with a password hashed by argon2id."""

    __tablename__ = "coordinator"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str
    disabled_at: datetime | None = moment(default=None)
    created_at: datetime = moment(default_factory=now, nullable=False)


class Membership(SQLModel, table=True):
    """Which coordinator may see and run which campaign."""

    __tablename__ = "membership"
    coordinator_id: UUID = Field(foreign_key="coordinator.id", primary_key=True, ondelete="CASCADE")
    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")


class LoginSession(SQLModel, table=True):
    """A coordinator's log-in session, kept here so that logging out ends it. `kind` is `cookie` or `bearer`."""

    __tablename__ = "login_session"
    __table_args__ = (one_of("kind", "cookie", "bearer"),)
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    coordinator_id: UUID = Field(foreign_key="coordinator.id", index=True, ondelete="CASCADE")
    kind: str = "cookie"
    created_at: datetime = moment(default_factory=now, nullable=False)
    expires_at: datetime = moment(nullable=False)


class Draft(SQLModel, table=True):
    """Answers of a form that is not sent yet, found by a cookie. Its id becomes the key that makes sending twice harmless."""

    __tablename__ = "draft"
    __table_args__ = (
        one_of("kind", "offer", "request"),
        UniqueConstraint("token_hash", "campaign_id", "kind"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False, index=True))
    campaign_id: UUID = Field(foreign_key="campaign.id", ondelete="CASCADE")
    kind: str
    answers: dict[str, Any] = document(default_factory=dict, nullable=False)
    updated_at: datetime = moment(default_factory=now, nullable=False)


class Attempt(SQLModel, table=True):
    """A try that counts against a limit (log-in, form, link), kept here so that limits hold across processes and restarts.

    `who` is a keyed hash of the address or contact, never the thing itself.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("attempt_by_who", "what", "who", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    what: str
    who: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = moment(default_factory=now, nullable=False)


class AuditEntry(SQLModel, table=True):
    """Who did what, when; no personal data, only ids."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment(default_factory=now, nullable=False)
    coordinator_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("coordinator.id")))
    campaign_id: UUID | None = None
    what: str
    subject_id: UUID | None = None
