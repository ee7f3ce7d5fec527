"""A table on its way in: read, its columns confirmed, and handed on to be checked and taken."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit
from api.services.colleagues import name_of
from api.services.exchange.knowledge import coming
from api.services.exchange.views import ColumnView, ImportView
from api.services.local import local
from api.store import queue as jobs
from api.store.queries import imports as queries
from api.store.tables import Campaign as Campaign
from api.store.tables import Coordinator, ImportRow
from api.store.tables import TableImport as TableImport
from carpool.tables import EVENTS, PEOPLE, Field, Layout, Row, Table, body, guess, read_pasted, read_table

AT_ONCE = 300
"""So many rows are done while their coordinator waits; more are a worker's."""
EXAMPLES = 3
FIELDS: Mapping[str, Sequence[Field]] = {"people": PEOPLE, "events": EVENTS}
NEEDED: Mapping[str, Sequence[tuple[tuple[str, ...], str]]] = {
    "people": (
        (("name", "first_name", "last_name"), "Say which column is the name."),
        (("email", "phone"), "Say which column is the e-mail address or the phone number."),
        (("postcode",), "Say which column is the postcode."),
    ),
    "events": (
        (("title", "place_name"), "Say which column tells what it is."),
        (("postcode",), "Say which column is the postcode."),
        (("constituency",), "Say which column is the constituency."),
        (("starts", "times"), "Say which column tells when it starts."),
        (("ends", "times"), "Say which column tells when it ends."),
        (("wanted",), "Say which column tells how many people you want."),
    ),
}  # fmt: skip
BASES = ("form", "phone", "wrote", "told")
"""How somebody agreed: filled in a form, said so on the phone, wrote, or said so in person."""
WHO = "Say who vouches that they agreed: a name that they know, with at most 80 letters."
NOT_NOW = "This table is being worked on, or was taken already. Look at its page again."
NO_IMPORT = "There is no such table any more. Tables that nobody takes are deleted after two days."


def start(
    db: Session, campaign: Campaign, coordinator: Coordinator, kind: str, content: bytes | str
) -> TableImport:
    """Read a file, or pasted cells, and guess its columns. Raises `TableRefused`, or `Invalid` for an unknown kind."""
    if kind not in FIELDS:
        raise Invalid({"kind": "Say whether it is a table of people or of events."})
    table = read_pasted(content) if isinstance(content, str) else read_table(content)
    layout = guess(table, FIELDS[kind])
    days = sorted(coming(db, campaign.id)) if kind == "people" else []
    made = TableImport(
        campaign_id=campaign.id,
        started_by=coordinator.id,
        kind=kind,
        heading=layout.heading,
        day_order=layout.day_order,
        columns=list(layout.columns),
        usual_day=days[0] if len(days) == 1 else None,
        total=sum(1 for _ in body(table, layout)),
    )
    queries.add(db, made, [(row.number, row.cells) for row in table.rows])
    audit.record(db, coordinator, "table brought in", campaign_id=campaign.id, subject_id=made.id)
    return made


def find(db: Session, campaign: Campaign, coordinator: Coordinator, import_id: UUID) -> TableImport:
    """The coordinator's own: what stands in a table is for whoever brought it. Raises `NotFound`."""
    made = queries.by_id(db, import_id)
    if made is None or made.campaign_id != campaign.id or made.started_by != coordinator.id:
        raise NotFound(NO_IMPORT)
    return made


def days(db: Session, campaign: Campaign) -> list[date]:
    """Those on which there is something to come to."""
    return sorted(coming(db, campaign.id))


def confirm_columns(
    db: Session,
    made: TableImport,
    columns: Sequence[str],
    *,
    heading: int | None,
    usual_day: date | None,
    usual_role: str,
) -> None:
    """Take the columns as confirmed, and have the rows checked. Raises `Invalid` or `Conflict`."""
    known = {field.name for field in FIELDS[made.kind]}
    chosen = [name if name in known else None for name in columns]
    chosen += [None] * (len(made.columns) - len(chosen))
    if errors := _faults(made, chosen, usual_role):
        raise Invalid(errors)
    values = {"columns": chosen[: len(made.columns)], "heading": heading, "usual_day": usual_day}
    if not queries.step(
        db, made.id, ("columns", "checked"), state="checking", usual_role=usual_role, progress=0, error=None, **values
    ):  # fmt: skip
        raise Conflict(NOT_NOW)


def ask_to_take(
    db: Session,
    made: TableImport,
    *,
    only_all: bool,
    vouched_by: str = "",
    basis: str = "",
    agreed: bool = False,
) -> None:
    """Have the good rows taken, or with `only_all` all of them or none. Raises `Invalid` or `Conflict`."""
    if made.kind == "people" and (errors := _unvouched(vouched_by, basis, agreed)):
        raise Invalid(errors)
    if only_all and made.wrong:
        raise Invalid({"only_all": "Not all rows can be taken. Mend the table first, or take the good rows."})
    if not made.good:
        raise Conflict("There is no row that can be taken.")
    values = {"only_all": only_all, "vouched_by": vouched_by, "basis": basis, "progress": 0, "error": None}
    if not queries.step(db, made.id, ("checked",), state="taking", **values):
        raise Conflict(NOT_NOW)


def _unvouched(vouched_by: str, basis: str, agreed: bool) -> dict[str, str]:
    """What is missing before anybody may be added who did not sign up themselves, by field."""
    errors = {}
    if not vouched_by or len(vouched_by) > 80:
        errors["vouched_by"] = WHO
    if basis not in BASES:
        errors["basis"] = "Say how they agreed. We tell each of them."
    if not agreed:
        errors["agreed"] = "Tick the box if they agreed. Without it nobody may be added."
    return errors


def hand_on(db: Session, made: TableImport) -> bool:
    """Whether a worker does it, as there are many rows; else it is for the caller to do at once."""
    if made.total <= AT_ONCE:
        return False
    jobs.defer(db, "carry_out_import", import_id=str(made.id))
    return True


def back_to_columns(db: Session, made: TableImport) -> None:
    queries.step(db, made.id, ("checked",), state="columns", error=None)


def discard(db: Session, made: TableImport) -> None:
    """Throw the table away. What was taken from it stays."""
    if made.state in ("checking", "taking"):
        raise Conflict(NOT_NOW)
    queries.drop(db, made.id)


def layout_of(made: TableImport) -> Layout:
    return Layout(tuple(made.columns), made.heading, "mdy" if made.day_order == "mdy" else "dmy")


def rows_of(rows: Sequence[ImportRow], layout: Layout) -> list[Row]:
    """The rows with data."""
    table = Table(tuple(Row(row.number, tuple(row.cells)) for row in rows))
    return list(body(table, layout))


def view(db: Session, made: TableImport, coordinator: Coordinator) -> ImportView:
    """What the coordinator may see of it: the contents only of their own."""
    mine = made.started_by == coordinator.id
    return ImportView(
        id=made.id,
        kind=made.kind,
        state=made.state,
        total=made.total,
        good=made.good,
        wrong=made.wrong,
        rough=made.rough,
        progress=made.progress,
        error=made.error,
        heading=made.heading,
        usual_day=made.usual_day,
        usual_role=made.usual_role,
        only_all=made.only_all,
        started_by=name_of(db, made.started_by, ""),
        mine=mine,
        created_at=local(made.created_at),
        columns=_columns(db, made) if mine and made.state == "columns" else (),
    )


def all_of(db: Session, campaign: Campaign, coordinator: Coordinator) -> list[ImportView]:
    """The campaign's, newest first."""
    found = queries.of_campaign(db, campaign.id)
    return [view(db, made, coordinator) for made in found]


def _columns(db: Session, made: TableImport) -> tuple[ColumnView, ...]:
    rows = queries.rows(db, made.id, limit=(made.heading or 0) + 20)
    cells = [(row.number, row.cells) for row in rows]
    above = next((found for number, found in cells if number == made.heading), [])
    below = [found for number, found in cells if made.heading is None or number > made.heading]
    return tuple(
        ColumnView(
            index=index,
            heading=above[index] if index < len(above) else "",
            examples=tuple(row[index] for row in below if index < len(row) and row[index])[:EXAMPLES],
            field=field,
        )
        for index, field in enumerate(made.columns)
    )


def _faults(made: TableImport, chosen: Sequence[str | None], usual_role: str) -> dict[str, str]:
    """By field: a field of two columns, and one that no column is."""
    titles = {field.name: field.title for field in FIELDS[made.kind]}
    faults = {}
    for index, name in enumerate(chosen):
        if name is not None and name in chosen[:index]:
            faults[f"column-{index}"] = (
                f"Two columns are “{titles[name]}”. Choose something else for one of them."
            )
    for names, words in NEEDED[made.kind]:
        if not set(names) & set(chosen):
            faults.setdefault("column-0", words)
    drives = {"role", "needs_lift", "seats"} & set(chosen)
    if made.kind == "people" and not drives and usual_role not in ("driver", "rider", "either"):
        faults["usual_role"] = "No column tells who drives. Say what the people in this table are."
    return faults
