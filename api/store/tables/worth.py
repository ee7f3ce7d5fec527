"""What one more car would be worth, district by district, as the worker found it for a plan. Nobody's data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class Worth(SQLModel, table=True):
    """For one run's plan, asked for by a coordinator. `cars`: districts, best first, as `api.services.worth` writes them."""

    __tablename__ = "worth"
    __table_args__ = (one_of("state", "queued", "done", "failed"),)
    run_id: UUID = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    asked_by: UUID = Field(foreign_key="coordinator.id")
    state: str = "queued"
    cars: list[dict[str, Any]] = document(default_factory=list, nullable=False)
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    finished_at: datetime | None = moment(default=None)
