"""Runs, and the lifts that were published from them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class Run(SQLModel, table=True):
    """One solve of a campaign's day: what went in, how far it is, what came out.

    `instance` and `plan` are megabytes where many people sign up: whoever lists runs reads `figures` in their place.
    `history` holds seconds, score and bound, as `carpool.solver` told them. `begun` counts the workers that were at it,
    `hands` the changes by hand. `stopped_by` is who keeps the messages of its publishing back,
    `taken_back_by` who took that back. `roads`: how many of its drives have road times, None where nobody asked for any.
    `left_out` are sign-ups that would have made the instance wrong by themselves.
    """

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
    minutes_per_volunteer: float = 1000.0
    change_penalty: float = 3.0
    stop_asked: bool = False
    started_by: UUID = Field(foreign_key="coordinator.id")
    published_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    instance: dict[str, Any] | None = document(default=None)
    instance_hash: str | None = None
    roads: dict[str, Any] | None = document(default=None)
    left_out: list[str] = document(default_factory=list, nullable=False)
    progress: dict[str, Any] | None = document(default=None)
    history: list[list[float | None]] = document(default_factory=list, nullable=False)
    plan: dict[str, Any] | None = document(default=None)
    figures: dict[str, Any] | None = document(default=None)
    score: float | None = None
    bound: float | None = None
    version: str | None = None
    begun: int = 0
    hands: int = 0
    noted_at: datetime | None = moment(default=None)
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    started_at: datetime | None = moment(default=None)
    finished_at: datetime | None = moment(default=None)
    published_at: datetime | None = moment(default=None)
    stopped_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    stopped_at: datetime | None = moment(default=None)
    taken_back_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    taken_back_at: datetime | None = moment(default=None)


class Lift(SQLModel, table=True):
    """A published trip, of a run or of a repair. An offer is in at most one lift that stands.

    `replaced_by`: the run whose publishing ended it. `new_driver`: whoever drives asked for a lift, and drives by it.
    """

    __tablename__ = "lift"
    __table_args__ = (
        one_of("state", "published", "cancelled", "replaced"),
        Index("one_lift_an_offer", "offer_id", unique=True, postgresql_where=text("state = 'published'")),
        Index("lift_of_day", "campaign_id", "day", "state", "departs_at"),
        CheckConstraint("num_nonnulls(run_id, repair_id) = 1", name="one_origin"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    run_id: UUID | None = Field(default=None, foreign_key="run.id", index=True, ondelete="CASCADE")
    repair_id: UUID | None = Field(default=None, foreign_key="repair.id", index=True, ondelete="CASCADE")
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    day: date
    offer_id: UUID = Field(foreign_key="offer.id", ondelete="CASCADE")
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE")
    match_word: str
    departs_at: datetime = moment(nullable=False)
    arrives_at: datetime = moment(nullable=False)
    drive_minutes: float
    home_at: datetime | None = moment(default=None)
    late_minutes: int = 0
    accepted_at: datetime | None = moment(default=None)
    state: str = "published"
    replaced_by: UUID | None = Field(default=None, foreign_key="run.id", index=True, ondelete="SET NULL")
    new_driver: bool = False
    created_at: datetime = moment(default_factory=now, nullable=False)


class LiftStop(SQLModel, table=True):
    """A rider's place in a lift. A request is in at most one stop that stands.

    `place_id` is that of one of the request's places, None for the rider's own door.
    """

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
    place_id: str | None = None
    pick_up_at: datetime = moment(nullable=False)
    ride_minutes: float
    drop_at: datetime | None = moment(default=None)
    late_minutes: int = 0
    accepted_at: datetime | None = moment(default=None)
    state: str = "published"
