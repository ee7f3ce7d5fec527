"""What a coordinator brings in as a table, until it is taken; and who asked never to be brought in again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from api.store.tables.columns import document, moment, now, one_of


class TableImport(SQLModel, table=True):
    """One table on its way in. States: columns (to be confirmed) → checking → checked → taking → done.

    `columns` holds a field's name or null for each column; `heading` is the number of the row with the headings.
    `usual_day` and `usual_role` are those of rows that do not say. `wrong` rows cannot be taken; of the `good` ones
    `rough` are placed by their postcode district alone. `progress` counts rows while a worker is at it.
    """

    __tablename__ = "table_import"
    __table_args__ = (
        one_of("kind", "people", "events"),
        one_of("state", "columns", "checking", "checked", "taking", "done"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    started_by: UUID = Field(foreign_key="coordinator.id")
    kind: str
    state: str = "columns"
    heading: int | None = None
    day_order: str = "dmy"
    columns: list[str | None] = document(default_factory=list, nullable=False)
    usual_day: date | None = None
    usual_role: str = ""
    only_all: bool = False
    vouched_by: str = ""
    basis: str = ""
    total: int = 0
    good: int = 0
    wrong: int = 0
    rough: int = 0
    progress: int = 0
    error: str | None = None
    created_at: datetime = moment(default_factory=now, nullable=False)
    updated_at: datetime = moment(default_factory=now, nullable=False)


class ImportRow(SQLModel, table=True):
    """A row as it stands in the table. `problems` are pairs of a field and words; a row that is taken goes."""

    __tablename__ = "import_row"
    import_id: UUID = Field(foreign_key="table_import.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    cells: list[str] = document(default_factory=list, nullable=False)
    problems: list[Any] = document(default_factory=list, nullable=False)


class RemovedContact(SQLModel, table=True):
    """Somebody who was brought in and had themselves removed. `who` is a keyed hash of their address or number."""

    __tablename__ = "removed_contact"
    campaign_id: UUID = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")
    who: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    expires_at: datetime = moment(nullable=False)
