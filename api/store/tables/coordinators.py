"""Coordinators, their rights and log-in sessions, what they did, and tries that count against a limit."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class Coordinator(SQLModel, table=True):
    """Somebody who runs campaigns, with a password hashed by argon2id. `may_create`: campaigns of their own, too.

    What their app's codes come from is made of `totp_salt` and a secret that is not here; `totp_next` waits to be
    confirmed, and `totp_step` is the half minute of the last code used, so that none works twice.
    """

    __tablename__ = "coordinator"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str
    may_create: bool = True
    totp_salt: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    totp_next: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    totp_step: int = Field(default=0, sa_type=BigInteger)
    disabled_at: datetime | None = moment(default=None)
    created_at: datetime = moment(default_factory=now, nullable=False)


class Membership(SQLModel, table=True):
    """Which coordinator may see and run which campaign, and as what.

    `regions` and `event_ids`: where a regional coordinator's events are, and single ones besides.
    """

    __tablename__ = "membership"
    __table_args__ = (one_of("role", "owner", "coordinator", "regional", "helper", "reader"),)
    coordinator_id: UUID = Field(foreign_key="coordinator.id", primary_key=True, ondelete="CASCADE")
    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")
    role: str = "coordinator"
    regions: list[str] = document(default_factory=list, nullable=False)
    event_ids: list[str] = document(default_factory=list, nullable=False)


class LoginSession(SQLModel, table=True):
    """A coordinator's log-in session, kept here so that logging out ends it.

    `kind` is `cookie`, `bearer`, or `code`: the password was right, and the code is still to come, so that it opens nothing.
    `confirmed_at`: when they last showed that it is they. `device`: what their browser says it is, in two words.
    """

    __tablename__ = "login_session"
    __table_args__ = (one_of("kind", "cookie", "bearer", "code"),)
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    coordinator_id: UUID = Field(foreign_key="coordinator.id", index=True, ondelete="CASCADE")
    kind: str = "cookie"
    device: str = ""
    created_at: datetime = moment(default_factory=now, nullable=False)
    confirmed_at: datetime = moment(default_factory=now, nullable=False)
    expires_at: datetime = moment(nullable=False)


class KnownDevice(SQLModel, table=True):
    """A browser on which a coordinator logged in lately: nobody else's wrong tries lock it out."""

    __tablename__ = "known_device"
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    coordinator_id: UUID = Field(
        foreign_key="coordinator.id", primary_key=True, index=True, ondelete="CASCADE"
    )
    expires_at: datetime = moment(nullable=False)


class RecoveryCode(SQLModel, table=True):
    """A code for the day when the app is lost, good once: of its 80 random bits only the SHA-256 is kept."""

    __tablename__ = "recovery_code"
    code_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    coordinator_id: UUID = Field(foreign_key="coordinator.id", index=True, ondelete="CASCADE")


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
    """Who did what, when; no personal data, only ids. It was a coordinator or, by `host_id`, a host, who may be gone since.

    `previous` is the hash of the entry before it. A trigger lets nobody change or delete one.
    """

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("what ~ '^[a-z_'' -]{1,80}$'", name="no_personal_data"),
        Index("audit_by_campaign", "campaign_id", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment(default_factory=now, nullable=False)
    coordinator_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("coordinator.id")))
    host_id: UUID | None = None
    campaign_id: UUID | None = None
    what: str
    subject_id: UUID | None = None
    previous: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
