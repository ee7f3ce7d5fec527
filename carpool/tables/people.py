"""A row of a table of people as we understand it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar

from carpool.tables import clocks, contacts, days, numbers, roles, wishes
from carpool.tables.numbers import is_nothing
from carpool.tables.roles import Role
from carpool.tables.table import Layout, Problem, Row, Unclear, Understood

Value = TypeVar("Value")
USUAL_SEATS = 3
"""Of whoever drives and does not say how many seats are free: three fit in nearly every car."""
NO_CONTACT = "There is neither an e-mail address nor a phone number, so nobody could tell them of their lift."
NO_POSTCODE = "Write the postcode where they start, for example LS6 2AB."
NO_DAY = "Write the day, such as 27/11/2026, or choose one for the rows without."
_ANY_EVENT = re.compile(
    r"(?:any|all|every|no preference|don'?t mind|either|whichever|anywhere|wherever)\b.*", re.IGNORECASE
)


@dataclass(frozen=True)
class PersonRow:
    """Somebody as a row tells of them. Times are on the wall; `events` as they are written; `takes` counts by need."""

    name: str
    email: str
    phone: str
    postcode: str
    role: Role
    day: date
    seats: int = 0
    people: int = 1
    ready_at: time | None = None
    home_by: time | None = None
    way_back: bool = True
    events: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    takes: Mapping[str, int] = field(default_factory=dict)
    women_only: bool = False
    pickup: str = ""
    car: str = ""
    plate: str = ""
    max_detour_minutes: int | None = None


class Cells:
    """One row's cells by field; what cannot be understood is noted, so that all of a row is told at once."""

    def __init__(self, row: Row, layout: Layout) -> None:
        self._row, self._layout = row, layout
        self.problems: list[Problem] = []

    def text(self, name: str) -> str:
        """What stands there without a spreadsheet's marks; "" for no such column."""
        return self.understood(name, contacts.text, "", raw=True)

    def has(self, name: str) -> bool:
        return self._layout.index(name) is not None

    def understood(
        self, name: str, how: Callable[[str], Value], otherwise: Value, *, raw: bool = False
    ) -> Value:
        """What `how` makes of a cell; `otherwise`, and a problem noted, where it cannot."""
        cell = self._row.cell(self._layout.index(name))
        try:
            return how(cell if raw else contacts.text(cell))
        except Unclear as unclear:
            self.wrong(name, str(unclear))
            return otherwise

    def wrong(self, name: str, words: str) -> None:
        """Of each field the first problem counts."""
        if all(problem.field != name for problem in self.problems):
            self.problems.append(Problem(name, words))


def understand_person(
    row: Row,
    layout: Layout,
    known_days: Collection[date] = (),
    near: date | None = None,
    usual_day: date | None = None,
    usual_role: Role | None = None,
) -> Understood[PersonRow]:
    """The row, or all that is wrong with it. `usual_day` and `usual_role` are those of rows which name none."""
    cells = Cells(row, layout)
    email, phone = (
        cells.understood("email", contacts.email, ""),
        cells.understood("phone", contacts.phone, ""),
    )
    if not (email or phone or cells.problems):
        cells.wrong("", NO_CONTACT)
    role, seats = _role(cells, usual_role)
    ready_at, home_by = _times(cells)
    wanted = cells.understood("needs", wishes.needs, frozenset[str]())
    takes = cells.understood("takes", wishes.takes, dict[str, int]())
    if role == "driver" and wanted - {"women_only"}:
        words = "They drive, so this is not a lift's business. What their car can take belongs in a column of its own."
        cells.wrong("needs", words)
    value = PersonRow(
        name=_name(cells),
        email=email,
        phone=phone,
        postcode=cells.understood("postcode", _postcode, ""),
        role=role or "rider",
        day=_day(cells, layout, known_days, near, usual_day) or date.min,
        seats=seats,
        people=cells.understood("people", numbers.people, 1),
        ready_at=ready_at,
        home_by=home_by,
        way_back=cells.understood("way_back", _way_back, True),
        events=_events(cells.text("events")),
        needs=wanted - {"women_only"},
        takes=takes,
        women_only="women_only" in wanted or cells.understood("women_only", _no_unless_yes, False),
        pickup=_short(cells, "pickup", 200),
        car=_short(cells, "car", 60),
        plate=_short(cells, "plate", 20),
        max_detour_minutes=cells.understood("detour", _detour, None),
    )
    if cells.problems:
        return Understood(row.number, None, tuple(cells.problems))
    return Understood(row.number, value)


def _name(cells: Cells) -> str:
    try:
        return contacts.name(cells.text("name"), cells.text("first_name"), cells.text("last_name"))
    except Unclear as unclear:
        cells.wrong("name", str(unclear))
        return ""


def _postcode(text: str) -> str:
    if not text:
        raise Unclear(NO_POSTCODE)
    return contacts.postcode(text)


def _role(cells: Cells, usual: Role | None) -> tuple[Role | None, int]:
    """What they do and with how many seats, out of up to three columns."""
    said = cells.understood("role", roles.driving, roles.Said())
    needs_lift = cells.understood("needs_lift", roles.needing, None)
    own = cells.understood("seats", lambda text: None if is_nothing(text) else numbers.seats(text), None)
    seats = own if own is not None else said.seats
    if any(problem.field in ("role", "needs_lift") for problem in cells.problems):
        return None, 0
    if usual and said.role is None and needs_lift is None and not seats:
        return usual, (USUAL_SEATS if seats is None else seats) if usual != "rider" else 0
    try:
        role = roles.together(said, needs_lift, seats)
    except Unclear as unclear:
        cells.wrong("role", str(unclear))
        return None, 0
    return role, (USUAL_SEATS if seats is None else seats) if role != "rider" else 0


def _times(cells: Cells) -> tuple[time | None, time | None]:
    """From when and until when; each column of its own counts more than one that says both."""
    both = cells.understood("times", clocks.window, clocks.Window())
    first = cells.understood("ready_at", clocks.window, clocks.Window())
    ready_at = first.earliest or both.earliest
    home_by = cells.understood("home_by", lambda text: clocks.latest(text, ready_at), None)
    home_by = home_by or first.latest or both.latest
    if ready_at and home_by and home_by <= ready_at:
        cells.wrong("home_by", clocks.BACKWARDS)
    return ready_at, home_by


def _day(
    cells: Cells, layout: Layout, known: Collection[date], near: date | None, usual: date | None
) -> date | None:
    if is_nothing(cells.text("day")):
        if usual is None:
            cells.wrong("day", NO_DAY)
        return usual
    return cells.understood("day", lambda text: days.day(text, known, near, layout.day_order), usual)


def _way_back(text: str) -> bool:
    plain = text.casefold()
    if "one way" in plain or "single" in plain or "there only" in plain or "out only" in plain:
        return False
    if any(word in plain for word in ("both", "return", "there and back", "and back")):
        return not plain.startswith("no")
    return numbers.yes_or_no(text, default=True)


def _no_unless_yes(text: str) -> bool:
    return numbers.yes_or_no(text, default=False)


def _detour(text: str) -> int | None:
    return None if is_nothing(text) else numbers.minutes(text)


def _events(text: str) -> tuple[str, ...]:
    """The names as they are written; none for any."""
    if is_nothing(text) or _ANY_EVENT.fullmatch(text):
        return ()
    return tuple(filter(None, (part.strip() for part in re.split(r"[;|\n]", text))))


def _short(cells: Cells, name: str, most: int) -> str:
    text = cells.text(name)
    if len(text) > most:
        cells.wrong(name, f"Write at most {most} letters.")
    return "" if is_nothing(text) else text[:most]
