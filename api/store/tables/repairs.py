"""Repairs of what is published, each begun by something that happened."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class Repair(SQLModel, table=True):
    """One search for lifts in the place of those that were lost. `cause` is what began it; others were gathered in.

    States: queued → running → published, or `waiting` for a coordinator's answer until `answer_by`, then published, refused or
    lapsed; `replaced` by a later one, `failed`. `instance` and `plan` are there while they may still be needed: the people
    as they were, and what is proposed. `effect` says by ids who would get which lift and who would be moved.
    """

    __tablename__ = "repair"
    __table_args__ = (
        one_of(
            "state", "queued", "running", "waiting", "published", "refused", "lapsed", "replaced", "failed"
        ),
        # What happens while one waits to begin is repaired by that one.
        Index(
            "one_repair_waits_to_begin", "campaign_id", "day", unique=True, postgresql_where=text("state = 'queued'")
        ),
        Index("repair_of_day", "campaign_id", "day", "state"),
    )  # fmt: skip
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", ondelete="CASCADE")
    day: date
    cause: str
    state: str = "queued"
    instance: dict[str, Any] | None = document(default=None)
    plan: dict[str, Any] | None = document(default=None)
    effect: dict[str, Any] | None = document(default=None)
    answer_by: datetime | None = moment(default=None)
    answered_by: UUID | None = Field(default=None, foreign_key="coordinator.id")
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    started_at: datetime | None = moment(default=None)
    finished_at: datetime | None = moment(default=None)
