"""What coordinators changed in a plan by hand, and what they decided for the day, which later runs keep to."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class Edit(SQLModel, table=True):
    """One change of a run's plan. Those not `undone` make up the plan, in the order of `position`.

    `before` and `after` hold the trips that it touched, as the plan's format writes them, who was left over, and the
    holds. `version`: the run's count of changes when this was last done, undone or done again. `who_all` names everybody
    it is about, so that of two who change the same car at once the second is told. The figures are differences.
    """

    __tablename__ = "edit"
    __table_args__ = (
        one_of("kind", "ride", "swap", "drive", "out", "pin", "apart"),
        UniqueConstraint("run_id", "position", name="one_edit_a_position"),
        CheckConstraint("NOT forced OR length(reason) > 0", name="forced_for_a_reason"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    run_id: UUID = Field(foreign_key="run.id", ondelete="CASCADE")
    position: int
    version: int
    kind: str
    coordinator_id: UUID = Field(foreign_key="coordinator.id")
    changed_by: UUID = Field(foreign_key="coordinator.id")
    who: UUID
    other: UUID | None = None
    event_id: UUID | None = None
    who_all: list[str] = document(nullable=False)
    before: dict[str, Any] = document(nullable=False)
    after: dict[str, Any] = document(nullable=False)
    score: float
    people: int
    cars: int
    riders: int
    left: int
    forced: bool = False
    reason: str | None = None
    undone: bool = False
    made_at: datetime = moment(default_factory=now, nullable=False)
    changed_at: datetime = moment(default_factory=now, nullable=False)


class Hold(SQLModel, table=True):
    """What every later run of the day keeps to: a trip that is pinned, two who ride apart, somebody who stays out."""

    __tablename__ = "hold"
    __table_args__ = (
        one_of("kind", "pin", "apart", "out"),
        CheckConstraint("(kind = 'pin') = (event_id IS NOT NULL)", name="pins_have_an_event"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", ondelete="CASCADE")
    day: date
    kind: str
    event_id: UUID | None = Field(default=None, foreign_key="event.id", ondelete="CASCADE")
    full: bool = False
    force: bool = False
    reason: str | None = None
    made_by: UUID = Field(foreign_key="coordinator.id")
    made_at: datetime = moment(default_factory=now, nullable=False)


class HoldPerson(SQLModel, table=True):
    """Somebody whom a hold is about; of a pin, 0 is the driver and the riders follow in the order of their stops.

    Nobody is in two pins, nor pinned and out. Campaign, day and kind stand here again for that to be a constraint.
    """

    __tablename__ = "hold_person"
    __table_args__ = (
        Index(
            "one_place_by_hand", "campaign_id", "day", "sign_up_id", unique=True, postgresql_where=text("kind <> 'apart'")
        ),
    )  # fmt: skip
    hold_id: UUID = Field(foreign_key="hold.id", primary_key=True, ondelete="CASCADE")
    sign_up_id: UUID = Field(primary_key=True)
    position: int
    campaign_id: UUID = Field(foreign_key="campaign.id", ondelete="CASCADE")
    day: date
    kind: str
