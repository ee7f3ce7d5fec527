"""People, what they sent in, and their keys. Personal data is in `Person` and in the free text of an offer or a request."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import CHANNELS, document, moment, now, one_of


class Person(SQLModel, table=True):
    """One volunteer in one campaign, as they gave themselves. The phone number is kept as typed beside its standard form.

    `reach` is how they want to be written to, `call` where they are rung instead. Each address is proven by itself:
    `confirmed_at` is when the first was. `email` is empty where somebody gave none.

    Who signed up for several days at once is a person of each, of one `series`. `signed_up_by` is the coordinator to whom
    somebody without e-mail agreed on the phone, and who vouches for the number; or who brought in a table with them in it.
    Then `vouched_by` is who vouches that they agreed, and `basis` how they did: form, phone, wrote or told.
    """

    __tablename__ = "person"
    __table_args__ = (
        one_of("reach", *CHANNELS, "call"),
        CheckConstraint(
            "(reach <> 'email' OR email <> '') AND (reach = 'email' OR phone IS NOT NULL)", name="reachable"
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    name: str
    email: str
    phone_typed: str = ""
    phone: str | None = None
    reach: str = "email"
    confirmed_at: datetime | None = moment(default=None)
    email_confirmed_at: datetime | None = moment(default=None)
    phone_confirmed_at: datetime | None = moment(default=None)
    language: str = "en"
    consent_version: str
    consent_at: datetime = moment(nullable=False)
    series: UUID | None = Field(default=None, index=True)
    signed_up_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    vouched_by: str = ""
    basis: str = ""
    created_at: datetime = moment(default_factory=now, nullable=False)


class SignUp(SQLModel):
    """What an offer and a request have in common. `event_ids` None: any event of the day.

    `most_days`: left out of further days once so many have a lift. `answers` is the form without name and contact, for
    whoever wants to change something. `changed_at`: when they were last changed; a trigger of the database notes it.
    """

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
    most_days: int | None = None
    answers: dict[str, Any] = document(default_factory=dict, nullable=False)
    state: str = "active"
    idempotency_key: str = Field(unique=True)
    body_hash: str
    created_at: datetime = moment(default_factory=now, nullable=False)
    changed_at: datetime | None = moment(default=None)


class Offer(SignUp, table=True):
    """A driver's offer. `offers` counts the riders with each need that the car can take.

    `unheard_at`: when their lift was called off because they had not said that they come; None once they have.
    """

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
    unheard_at: datetime | None = moment(default=None)


class Request(SignUp, table=True):
    """A rider's request. `places` are where a car may stop for them, each as it was when it was chosen.

    `home_pickup`: their own door will do as well; `pickup` says in words where that is. `can_drive` is what somebody offers
    who may be sent as a driver instead; once they are, an offer of the same id stands for them, and this is `driving`.
    `may_ask`: somebody may ask them to.
    """

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint("party >= 1", name="counts"),
        one_of("state", "active", "cancelled", "replaced", "driving"),
    )
    needs: list[str] = document(default_factory=list, nullable=False)
    pickup: str = ""
    places: list[dict[str, Any]] = document(default_factory=list, nullable=False)
    home_pickup: bool = True
    dwell_minutes: float | None = None
    can_drive: dict[str, Any] | None = document(default=None)
    may_ask: bool = False


class PrivateLink(SQLModel, table=True):
    """A key to one person's page: of the 128 random bits in the link only the SHA-256 is kept.

    Every message carries a link of its own. Whoever has it reads what comes by its `channel`, and proves no more than that.
    """

    __tablename__ = "private_link"
    __table_args__ = (one_of("channel", *CHANNELS),)
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    channel: str = "email"
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


class Draft(SQLModel, table=True):
    """Answers of a form that is not sent yet, found by a cookie. Its id becomes the key that makes sending twice harmless."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("token_hash", "campaign_id", name="one_draft_a_campaign"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False, index=True))
    campaign_id: UUID = Field(foreign_key="campaign.id", ondelete="CASCADE")
    answers: dict[str, Any] = document(default_factory=dict, nullable=False)
    updated_at: datetime = moment(default_factory=now, nullable=False)
