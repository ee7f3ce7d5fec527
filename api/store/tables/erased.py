"""Who was erased: what keeps them erased when an older backup is restored."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, now


class Erased(SQLModel, table=True):
    """A row that is gone for good, by its random id and table: it says nothing of anybody. Triggers write it.

    Of a coordinator whose account was closed the row stays without name and address; `what` is "coordinator" then.
    """

    __tablename__ = "erased"
    what: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    at: datetime = moment(default_factory=now, nullable=False, index=True)
