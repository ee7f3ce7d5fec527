"""The two tables as files: every row understood, or told in a line with what would do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from carpool.errors import CarpoolError, Fault, InvalidInput
from carpool.geo.constituency import Constituency, constituencies
from carpool.show import escaped, shortened
from carpool.tables import (
    EVENTS,
    PEOPLE,
    EventRow,
    Field,
    Layout,
    PersonRow,
    Problem,
    Row,
    Table,
    TableRefused,
    Unclear,
    body,
    contacts,
    guess,
    read_table,
    understand_event,
    understand_person,
)
from carpool.tables.names import constituency_code, named
from carpool.tables.table import MOST_BYTES, Understood

NEEDED: dict[str, Sequence[tuple[str, ...]]] = {
    "people": (("name", "first_name", "last_name"), ("email", "phone"), ("postcode",), ("role", "needs_lift", "seats")),
    "events": (("title", "place_name"), ("postcode",), ("starts", "times"), ("ends", "times"), ("wanted",)),
}  # fmt: skip
"""What a table has to have a column of: one of each."""
SEVERAL_DAYS = "There are events on {count} days: {days}. Say which day by --day, for example --day {first}."
NO_EVENTS = "There is no event on {day}. There is something on: {days}."
TOGETHER = "is that of row {row} as well; two who come together are one row with 2 people"


class BadRows(InvalidInput):
    """Rows that cannot be used: nothing is made of the others unless somebody says so."""


@dataclass(frozen=True)
class Named:
    """A row that can be used. `code` is an event's constituency, None where the table does not say."""

    number: int
    event: EventRow
    code: Constituency | None = None


@dataclass(frozen=True)
class Somebody:
    """A row of somebody who can be matched. `events`: the row numbers of those they want, None for any."""

    number: int
    person: PersonRow
    events: tuple[int, ...] | None


@dataclass(frozen=True)
class DayTables:
    """What was read of one day. `elsewhere`: rows of people for other days. `faults`: what was left out, a line each."""

    day: date
    events: tuple[Named, ...]
    people: tuple[Somebody, ...]
    elsewhere: int = 0
    faults: tuple[Fault, ...] = field(default=())


@dataclass(frozen=True)
class _File:
    """A table with its columns found."""

    name: str
    table: Table
    layout: Layout
    fields: Sequence[Field]

    def rows(self) -> Iterator[Row]:
        return body(self.table, self.layout)

    def fault(self, row: Row, problem: Problem) -> Fault:
        """One line: where it is, what stands there, and what would do."""
        cell = row.cell(self.layout.index(problem.field)) if problem.field else ""
        title = next((one.title for one in self.fields if one.name == problem.field), "")
        where = f"{self.name} row {row.number}" + (f", {title}" if title else "")
        return Fault(where, f"“{shortened(escaped(cell))}”" if cell else "nothing", problem.words)


def read_day(people: Path, events: Path, wanted: date | None = None, *, good_rows: bool = False) -> DayTables:
    """Both tables, of one day. Raises `BadRows` for rows that cannot be used unless `good_rows`, `CarpoolError` for files."""
    event_file, people_file = _file(events, EVENTS, "events"), _file(people, PEOPLE, "people")
    all_events, faults = _events(event_file, wanted)
    if not all_events and faults:
        raise BadRows(faults)
    days = sorted({one.event.day for one in all_events})
    day = _chosen(days, wanted)
    of_day = tuple(one for one in all_events if one.event.day == day)
    found, elsewhere, wrong = _people(people_file, of_day, days, day)
    faults += wrong
    if faults and not good_rows:
        raise BadRows(faults)
    if not found:
        raise CarpoolError(f"{people_file.name}: there is nobody in it for {day}.", "people")
    return DayTables(day, of_day, tuple(found), elsewhere, tuple(faults))


def _file(path: Path, fields: Sequence[Field], what: str) -> _File:
    name = escaped(path.name)
    try:
        with path.open("rb") as file:
            table = read_table(file.read(MOST_BYTES + 1))
    except (OSError, ValueError) as why:
        reason = getattr(why, "strerror", None) or str(why)
        raise CarpoolError(f"{escaped(str(path))}: cannot be read: {reason}", "in") from None
    except TableRefused as refused:
        raise CarpoolError(f"{name}: {refused.message}", "in") from None
    layout = guess(table, fields)
    by_name = {one.name: one for one in fields}
    missing = [names for names in NEEDED[what] if all(layout.index(one) is None for one in names)]
    if missing:
        raise InvalidInput([_no_column(name, [by_name[one] for one in names]) for names in missing])
    return _File(name, table, layout, fields)


def _no_column(file: str, fields: Sequence[Field]) -> Fault:
    titles = " or ".join(f"“{one.title}”" for one in fields)
    headings = ", ".join(fields[0].called[:4])
    return Fault(
        file, "no such column", f"expected one that says {titles}, with a heading such as: {headings}"
    )


def _events(file: _File, day: date | None) -> tuple[list[Named], list[Fault]]:
    known = {one.code: one for one in constituencies()}
    found: list[Named] = []
    faults: list[Fault] = []
    for row in file.rows():
        understood = understand_event(row, file.layout, near=day, usual_day=day)
        problems, code = list(understood.problems), None
        if understood.value is not None and understood.value.constituency:
            try:
                code = known[constituency_code(understood.value.constituency, known)]
            except Unclear as unclear:
                problems.append(Problem("constituency", str(unclear)))
        faults += [file.fault(row, problem) for problem in problems]
        if understood.value is not None and not problems:
            found.append(Named(row.number, understood.value, code))
    return found, faults


def _chosen(days: Sequence[date], wanted: date | None) -> date:
    listed = ", ".join(map(str, days[:10])) + (" …" if len(days) > 10 else "")
    if wanted is not None and wanted not in days:
        raise CarpoolError(NO_EVENTS.format(day=wanted, days=listed or "no day at all"), "day")
    if wanted is None and len(days) > 1:
        raise CarpoolError(SEVERAL_DAYS.format(count=len(days), days=listed, first=days[0]), "day")
    if not days:
        raise CarpoolError("There is no event in the table of events.", "events")
    return wanted or days[0]


def _people(
    file: _File, events: Sequence[Named], days: Sequence[date], day: date
) -> tuple[list[Somebody], int, list[Fault]]:
    """Those of the day, how many rows are for another, and what is wrong. Whoever is there twice counts once."""
    found: list[Somebody] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    elsewhere = 0
    find = _finder(events)
    for row in file.rows():
        understood = understand_person(row, file.layout, days, day, day)
        person, problems = understood.value, list(understood.problems)
        if person is not None and person.day != day:
            elsewhere += person.day in days
            problems = [] if person.day in days else [_nothing_on(days)]
            person = None
        somebody = None
        if person is not None:
            somebody, more = _judged(row, Understood(row.number, person), seen, find)
            problems += more
        faults += [file.fault(row, problem) for problem in problems]
        if somebody is not None:
            found.append(somebody)
    return found, elsewhere, faults


def _nothing_on(days: Sequence[date]) -> Problem:
    return Problem(
        "day", f"There is no event on that day. There is something on: {', '.join(map(str, days))}."
    )


Finder = Callable[[str], list[int]]


def _finder(events: Sequence[Named]) -> Finder:
    """From a name as somebody wrote it to the row numbers of the events that have it."""
    among = [
        (one.number, (one.event.title, one.event.place_name, one.event.constituency, one.code.name if one.code else ""))
        for one in events
    ]  # fmt: skip
    return lambda written: named(written, among)


def _judged(
    row: Row, understood: Understood[PersonRow], seen: dict[str, int], find: Finder
) -> tuple[Somebody | None, list[Problem]]:
    person = understood.value
    if person is None:
        return None, list(understood.problems)
    problems: list[Problem] = []
    keys = {"email": person.email.casefold(), "phone": contacts.digits(person.phone)}
    for name, key in keys.items():
        if key and key in seen:
            problems.append(Problem(name, TOGETHER.format(row=seen[key])))
            break
    wanted: list[int] = []
    for name in person.events:
        numbers = find(name)
        if not numbers:
            problems.append(Problem("events", f"there is no event of this name on {person.day}"))
        wanted += numbers
    if problems:
        return None, problems
    seen.update({key: row.number for key in keys.values() if key})
    return Somebody(row.number, person, tuple(dict.fromkeys(wanted)) or None), []
