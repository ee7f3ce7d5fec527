"""How letters write days, times and numbers, and how typed words are kept on one line."""

import unicodedata
from datetime import date, datetime

from babel.dates import format_date

LOCALE = "en_GB"
# Marks that turn the direction of what follows: a name could make the rest of a line read backwards.
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_BREAKING = {"Cc", "Zl", "Zp"}


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and marks of direction: it cannot leave its place."""
    kept = (" " if unicodedata.category(mark) in _BREAKING else mark for mark in text if mark not in _TURNING)
    return " ".join("".join(kept).split())


def long_day(day: date) -> str:
    """Thursday 3 May 2029."""
    return format_date(day, "EEEE d MMMM y", locale=LOCALE)


def short_day(day: date) -> str:
    """Thursday 3 May."""
    return format_date(day, "EEEE d MMMM", locale=LOCALE)


def text_day(day: date) -> str:
    """Thu 3 May."""
    return format_date(day, "EEE d MMM", locale=LOCALE)


def clock(at: datetime, day: date | None = None) -> str:
    """09:04, and the weekday with it if `at` is not on `day`."""
    hour = f"{at:%H:%M}"
    if day is None or at.date() == day:
        return hour
    return f"{hour} on {format_date(at, 'EEEE', locale=LOCALE)}"


def moment(at: datetime) -> str:
    """Thursday 3 May, 09:04."""
    return f"{short_day(at.date())}, {clock(at)}"


def people(number: int) -> str:
    """1 person, 2 people."""
    return "1 person" if number == 1 else f"{number} people"


def first_name(name: str) -> str:
    """What to call somebody: the first word of what they gave as their name."""
    words = one_line(name).split()
    return words[0] if words else "there"
