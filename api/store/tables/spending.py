"""How far cars were driven for each constituency: what an election agent may have to account for. Nobody's data."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, now


class Driven(SQLModel, table=True):
    """Cars and kilometres of one day to one constituency, summed up once the day is over: lifts themselves are deleted."""

    __tablename__ = "driven"
    __table_args__ = (CheckConstraint("cars >= 0 AND kilometres >= 0", name="counts"),)
    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")
    day: date = Field(primary_key=True)
    constituency: str = Field(primary_key=True)
    cars: int
    kilometres: float
    summed_at: datetime = moment(default_factory=now, nullable=False)
