"""Who rings whom."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, one_of

TOLD, NO_ANSWER, WRONG_NUMBER = "told", "no_answer", "wrong_number"


class Ringing(SQLModel, table=True):
    """The coordinator who rings somebody `since` then; nobody does if that is None. `result` is that of the last of `tries`."""

    __tablename__ = "ringing"
    __table_args__ = (one_of("result", TOLD, NO_ANSWER, WRONG_NUMBER),)
    person_id: UUID = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    coordinator_id: UUID = Field(foreign_key="coordinator.id")
    since: datetime | None = moment(default=None)
    result: str | None = None
    result_at: datetime | None = moment(default=None)
    tries: int = 0
