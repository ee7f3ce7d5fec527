"""Days as people write them. Which year is meant, and which Saturday, follows from the days that are known or from `near`."""

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from carpool.tables.table import DayOrder, Unclear

WORDS = "Write a day such as 27/11/2026 or Fri 27 Nov."
NO_YEAR = "Write the year too, such as 27/11/2026."
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)
"""What a spreadsheet counts from the year 2000 to 2099."""
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{2}|\d{4}))?(?: 00:00.*)?")
_PAST, _AHEAD = timedelta(days=31), timedelta(days=335)
"""A day without a year is at most this long over, or the next one of its date."""


def day(text: str, known: Collection[date] = (), near: date | None = None, order: DayOrder = "dmy") -> date:
    """The day that is meant. `known` are those on which there is something. Raises `Unclear`."""
    plain = " ".join(re.sub(r"[,]|\b(?:the|of|on)\b", " ", text.casefold()).split())
    weekday, rest = _weekday(plain)
    if not rest:
        if weekday is None:
            raise Unclear(WORDS)
        return _next(weekday, known, near)
    year, month, number = _parts(rest, order)
    found = _in_year(year, month, number) if year else _of_known(month, number, known, near)
    if weekday is not None and found.weekday() != weekday:
        raise Unclear(
            f"{found.day}/{found.month}/{found.year} is a {WEEKDAYS[found.weekday()]}. Write the right day."
        )
    return found


def order_of(cells: Iterable[str]) -> DayOrder:
    """American only where some date of the column can be nothing else, and none can be British alone."""
    pairs = [
        (int(found[1]), int(found[2]))
        for found in map(_NUMBERS.fullmatch, map(str.strip, cells))
        if found and found[3]
    ]
    american = any(second > 12 >= first for first, second in pairs)
    return "mdy" if american and not any(first > 12 >= second for first, second in pairs) else "dmy"


def _weekday(plain: str) -> tuple[int | None, str]:
    found = re.match(r"(?:this |next )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s*", plain)
    return (_WEEKDAYS.index(found[1]), plain[found.end() :].strip()) if found else (None, plain)


def _next(weekday: int, known: Collection[date], near: date | None) -> date:
    """A weekday alone: the one of the known days; where none is known, the next."""
    fitting = sorted(one for one in known if one.weekday() == weekday)
    if len(fitting) == 1:
        return fitting[0]
    if fitting or known:
        raise Unclear(
            f"There is {'more than one' if fitting else 'nothing on a'} {WEEKDAYS[weekday]}. {WORDS}"
        )
    if near is None:
        raise Unclear(WORDS)
    return near + timedelta(days=(weekday - near.weekday()) % 7)


def _parts(rest: str, order: DayOrder) -> tuple[int | None, int, int]:
    """Year if it is written, month, day."""
    if rest.isdigit() and int(rest) in _SERIALS:
        found = _SERIAL_START + timedelta(days=int(rest))
        return found.year, found.month, found.day
    if iso := _ISO.fullmatch(rest):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if numbers := _NUMBERS.fullmatch(rest):
        first, second = int(numbers[1]), int(numbers[2])
        if order == "mdy" and first <= 12:
            first, second = second, first
        return _year(numbers[3]), second, first
    return _written(rest)


def _written(rest: str) -> tuple[int | None, int, int]:
    """27th November 2026, Nov 27, 27-nov-26."""
    words = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", rest))
    months = [word for word in words if word[:3] in _MONTHS]
    numbers = [word for word in words if word.isdigit()]
    if len(months) != 1 or len(words) != len(months) + len(numbers) or not 1 <= len(numbers) <= 2:
        raise Unclear(WORDS)
    if len(numbers[0]) == 4:
        numbers.reverse()
    return _year(numbers[1] if len(numbers) == 2 else None), _MONTHS.index(months[0][:3]) + 1, int(numbers[0])


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)


def _in_year(year: int, month: int, number: int) -> date:
    if not 2000 <= year <= 2199:
        raise Unclear("The year looks wrong. " + WORDS)
    try:
        return date(year, month, number)
    except ValueError:
        raise Unclear("There is no such day. " + WORDS) from None


def _of_known(month: int, number: int, known: Collection[date], near: date | None) -> date:
    fitting = sorted(one for one in known if (one.month, one.day) == (month, number))
    if fitting:
        return fitting[0]
    start = near or min(known, default=None)
    if start is None:
        raise Unclear(NO_YEAR)
    years = (
        _in_year(year, month, min(number, 28) if month == 2 else number)
        for year in range(start.year - 1, start.year + 2)
    )
    found = next((one for one in years if start - _PAST <= one <= start + _AHEAD), None)
    if found is None:
        raise Unclear(NO_YEAR)
    return _in_year(found.year, month, number)
