"""What was understood of a table, in words: the good rows as they would be taken, the others with what to mend."""

from collections.abc import Iterator
from datetime import time

from sqlmodel import Session

from api.services.exchange import csv_files
from api.services.exchange.bringing import FIELDS, layout_of
from api.services.exchange.people_rows import NEEDS, Brought
from api.services.exchange.views import GoodRow, WrongRow
from api.services.exchange.working import judged
from api.services.local import local
from api.services.my_page import NEEDS as NEEDS_IN_WORDS
from api.store.queries import imports as queries
from api.store.tables import Campaign, Event, ImportRow, TableImport
from carpool.tables import Layout, Row
from carpool.tables.fields import titles

SHOWN_GOOD, SHOWN_WRONG = 20, 100
REACH = {"email": "by e-mail", "text": "by text message", "call": "you ring them"}
ROLES = {
    "OfferAnswers": "drives",
    "RequestAnswers": "needs a lift",
    "EitherAnswers": "drives if needed, else needs a lift",
}
TITLES = {"": "The row"}


def good_rows(db: Session, campaign: Campaign, made: TableImport) -> list[GoodRow]:
    """The first of them."""
    found = judged(db, campaign, made, good_only=True, most=SHOWN_GOOD)
    return [_good(number, one) for number, one in found if not isinstance(one, tuple)]


def wrong_rows(db: Session, made: TableImport) -> list[WrongRow]:
    """The first of them, in order."""
    layout, titled = layout_of(made), titles(FIELDS[made.kind]) | TITLES
    rows = queries.rows(db, made.id, wrong=True, limit=SHOWN_WRONG)
    found = []
    for row in rows:
        as_read = Row(row.number, tuple(row.cells))
        problems = tuple(
            (titled.get(field, field), as_read.cell(layout.index(field))[:60], words)
            for field, words in row.problems
        )
        found.append(WrongRow(row.number, _name(as_read, layout), problems))
    return found


def left_out(db: Session, made: TableImport) -> bytes:
    """The rows that are left out, as a table that can be mended and brought in again; what is wrong stands in front."""
    layout, titled = layout_of(made), titles(FIELDS[made.kind]) | TITLES
    headings = _headings(db, made, layout)
    rows = queries.rows(db, made.id, wrong=True)
    return csv_files.written(
        ["Row", "What to mend", *headings],
        ([row.number, _mend(row, titled), *row.cells] for row in rows),
    )


def _mend(row: ImportRow, titled: dict[str, str]) -> str:
    return " ".join(f"{titled.get(field, field)}: {words}" for field, words in row.problems)


def _headings(db: Session, made: TableImport, layout: Layout) -> list[str]:
    """Those of the table, or ours where it has none."""
    titled = titles(FIELDS[made.kind])
    above = next((row.cells for row in queries.rows(db, made.id) if row.number == made.heading), [])
    return [
        (above[index] if index < len(above) else "") or titled.get(field or "", f"Column {index + 1}")
        for index, field in enumerate(layout.columns)
    ]


def _name(row: Row, layout: Layout) -> str:
    parts = [row.cell(layout.index(name)) for name in ("name", "first_name", "last_name", "title")]
    return " ".join(filter(None, parts))[:80]


def _good(number: int, found: Brought | Event) -> GoodRow:
    if isinstance(found, Event):
        return GoodRow(number, found.title, tuple(_about_event(found)))
    return GoodRow(number, found.name, tuple(_about_person(found)))


def _about_event(event: Event) -> Iterator[tuple[str, str]]:
    starts, ends = local(event.starts_at), local(event.ends_at)
    yield "When", f"{starts:%a} {starts.day} {starts:%b}, {starts:%H:%M} to {ends:%H:%M}"
    yield "Where", f"{event.place_name}, {event.postcode}"
    most = f", at most {event.capacity}" if event.capacity is not None else ""
    yield "People wanted", f"{event.wanted}{most}"


def _about_person(found: Brought) -> Iterator[tuple[str, str]]:
    answers = found.answers
    seats = getattr(answers, "seats", None)
    role = ROLES[type(answers).__name__]
    people = f"{answers.party} people" if answers.party > 1 else ""
    with_seats = f"{seats} free seat{'' if seats == 1 else 's'}" if seats is not None else ""
    yield "", ", ".join(filter(None, (role, with_seats, people)))
    yield "From", found.home.text
    day = f"{found.day:%a} {found.day.day} {found.day:%b}"
    yield "When", ", ".join((day, *_times(answers.ready_at, answers.home_by, answers.way_back)))
    needs = [str(NEEDS_IN_WORDS[need]) for need in NEEDS if getattr(answers, need, False)]
    if answers.women_only:
        needs.append("a car of women only")
    if needs:
        yield "Needs", ", ".join(needs)
    if found.event_ids:
        yield "Events", str(len(found.event_ids))
    yield "We write", REACH[found.reach]


def _times(ready_at: time | None, home_by: time | None, way_back: bool) -> Iterator[str]:
    if ready_at:
        yield f"from {ready_at:%H:%M}"
    if home_by:
        yield f"home by {home_by:%H:%M}"
    if not way_back:
        yield "there only"
