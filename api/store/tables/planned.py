"""Where a run's plan puts everybody: what its JSON says, as rows that can be counted, searched and compared."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment


class Planned(SQLModel, table=True):
    """One sign-up in one run's plan. `trip` counts the plan's trips from 1; without one, `reason` says why.

    `position` is 0 for the driver and counts the stops for riders. `at`: when the driver sets off or the rider is picked
    up. `back_at`: when the driver is home or the rider gets out on the way back, None without one. `details` holds what
    is only shown: the rest of a trip, or the words for somebody who is left over.
    `by_hand`: put there by a coordinator; then the database counts the seats of the car, too.
    """

    __tablename__ = "planned"
    __table_args__ = (
        Index("ix_planned_trip", "run_id", "trip"),
        Index("ix_planned_event", "run_id", "event_id"),
    )
    run_id: UUID = Field(foreign_key="run.id", primary_key=True, ondelete="CASCADE")
    sign_up_id: UUID = Field(primary_key=True)
    trip: int | None = None
    position: int | None = None
    driver_id: UUID | None = None
    event_id: UUID | None = None
    at: datetime | None = moment(default=None)
    back_at: datetime | None = moment(default=None)
    reason: str | None = None
    details: dict[str, Any] | None = document(default=None)
    people: int
    by_hand: bool = False
