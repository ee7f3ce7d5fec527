"""How letters write days, times and numbers, and how typed words are kept on one line."""

import unicodedata
from datetime import date, datetime

from babel.dates import format_date

from api.language import gettext as _
from api.language import locale, ngettext

# Marks that turn the direction of what follows: a name could make the rest of a line read backwards.
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_BREAKING = {"Cc", "Zl", "Zp"}


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and marks of direction: it cannot leave its place."""
    kept = (" " if unicodedata.category(mark) in _BREAKING else mark for mark in text if mark not in _TURNING)
    return " ".join("".join(kept).split())


def long_day(day: date) -> str:
    """Thursday 3 May 2029."""
    return format_date(day, "EEEE d MMMM y", locale=locale())


def short_day(day: date) -> str:
    """Thursday 3 May."""
    return format_date(day, "EEEE d MMMM", locale=locale())


def text_day(day: date) -> str:
    """Thu 3 May."""
    return format_date(day, "EEE d MMM", locale=locale())


def clock(at: datetime, day: date | None = None) -> str:
    """09:04, and the weekday with it if `at` is not on `day`."""
    hour = f"{at:%H:%M}"
    if day is None or at.date() == day:
        return hour
    return _("%(time)s on %(weekday)s") % {"time": hour, "weekday": format_date(at, "EEEE", locale=locale())}


def moment(at: datetime) -> str:
    """Thursday 3 May, 09:04."""
    return f"{short_day(at.date())}, {clock(at)}"


def people(number: int) -> str:
    """1 person, 2 people."""
    return ngettext("1 person", "%(num)s people", number) % {"num": number}


def minutes(number: int) -> str:
    """1 minute, 20 minutes."""
    return ngettext("%(num)d minute", "%(num)d minutes", number) % {"num": number}


def first_name(name: str) -> str:
    """What to call somebody: the first word of what they gave as their name."""
    words = one_line(name).split()
    return words[0] if words else _("there")
