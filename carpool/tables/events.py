"""A row of a table of events as we understand it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from carpool.tables import clocks, contacts, days, numbers
from carpool.tables.numbers import is_nothing
from carpool.tables.people import Cells
from carpool.tables.table import Layout, Row, Unclear, Understood

MOST_PEOPLE = 10_000
HOW_MANY = "Write how many people you want there, a whole number up to 10,000."
AT_MOST = "Write how many can come at most, a whole number up to 10,000, or leave it empty."


@dataclass(frozen=True)
class EventRow:
    """An event as a row tells of it. `constituency` is its name or code as it is written, "" to go by the postcode."""

    title: str
    kind: str
    place_name: str
    postcode: str
    constituency: str
    day: date
    starts: time
    ends: time
    wanted: int
    capacity: int | None = None
    step_free: bool = False
    toilet: bool = False
    seated: bool = False


def understand_event(
    row: Row,
    layout: Layout,
    known_days: Collection[date] = (),
    near: date | None = None,
    usual_day: date | None = None,
) -> Understood[EventRow]:
    """The row, or all that is wrong with it. `usual_day` is that of rows which name none."""
    cells = Cells(row, layout)
    starts, ends = _times(cells)
    title = cells.text("title")
    place = cells.text("place_name")
    value = EventRow(
        title=_needed(cells, "title", title or place, "Write what it is, such as Morning canvass."),
        kind=cells.text("kind")[:40],
        place_name=_needed(cells, "place_name", place or title, "Write where people meet."),
        postcode=cells.understood("postcode", _postcode, ""),
        constituency=cells.text("constituency"),
        day=_day(cells, layout, known_days, near, usual_day),
        starts=starts or time(),
        ends=ends or time(),
        wanted=cells.understood("wanted", lambda text: numbers.count(text, HOW_MANY, MOST_PEOPLE), 0),
        capacity=cells.understood("capacity", _capacity, None),
        step_free=cells.understood("step_free", _yes, False),
        toilet=cells.understood("toilet", _yes, False),
        seated=cells.understood("seated", _yes, False),
    )
    if cells.problems:
        return Understood(row.number, None, tuple(cells.problems))
    return Understood(row.number, value)


def _needed(cells: Cells, name: str, text: str, words: str) -> str:
    if not text or len(text) > 120:
        cells.wrong(name, words if not text else "Write at most 120 letters.")
    return text


def _postcode(text: str) -> str:
    if not text:
        raise Unclear("Write the postcode of the meeting point, for example LS6 2AB.")
    return contacts.postcode(text)


def _day(
    cells: Cells, layout: Layout, known: Collection[date], near: date | None, usual: date | None
) -> date:
    otherwise = usual or date.min
    if is_nothing(cells.text("day")):
        if usual is None:
            cells.wrong("day", days.WORDS)
        return otherwise
    return cells.understood("day", lambda text: days.day(text, known, near, layout.day_order), otherwise)


def _times(cells: Cells) -> tuple[time | None, time | None]:
    both = cells.understood("times", clocks.window, clocks.Window())
    first = cells.understood("starts", clocks.window, clocks.Window())
    starts = first.earliest or both.earliest
    ends = cells.understood("ends", lambda text: clocks.latest(text, starts), None)
    ends = ends or first.latest or both.latest
    if starts is None:
        cells.wrong("starts", "Write when it starts, such as 10:00.")
    if ends is None:
        cells.wrong("ends", "Write when it ends, such as 13:00.")
    elif starts is not None and ends <= starts:
        cells.wrong("ends", "The end has to be later than the start.")
    return starts, ends


def _capacity(text: str) -> int | None:
    return None if is_nothing(text) else numbers.count(text, AT_MOST, MOST_PEOPLE)


def _yes(text: str) -> bool:
    return numbers.yes_or_no(text, default=False)
