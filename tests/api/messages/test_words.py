"""How letters write days, times and numbers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from api.messages.words import clock, first_name, long_day, moment, one_line, people, short_day

LONDON = ZoneInfo("Europe/London")


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2029, 5, day, hour, minute, tzinfo=LONDON)


def test_times_are_those_of_the_pages() -> None:
    assert [clock(at(9, 4)), clock(at(0)), clock(at(18, 30))] == ["09:04", "00:00", "18:30"]


def test_another_day_is_named() -> None:
    assert clock(at(0, 20, day=4), date(2029, 5, 3)) == "00:20 on Friday"
    assert clock(at(23, 20), date(2029, 5, 3)) == "23:20"


def test_days_have_their_weekday() -> None:
    assert long_day(date(2029, 5, 3)) == "Thursday 3 May 2029"
    assert short_day(date(2029, 5, 3)) == "Thursday 3 May"
    assert moment(at(9, 4)) == "Thursday 3 May, 09:04"


def test_people() -> None:
    assert (people(1), people(4)) == ("1 person", "4 people")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ann\r\nBcc: eve", "Ann Bcc: eve"),
        ("a\u2028b\u2029c\x0bd\x85e\tf\x00g", "a b c d e f g"),
        ("\u202eevil\u2066x", "evilx"),
        ("  Siân  Ó Néill ", "Siân Ó Néill"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_one_line(typed: str, shown: str) -> None:
    assert one_line(typed) == shown


def test_first_names() -> None:
    assert [first_name(name) for name in ("Ann Other", "Bo", "\n", "")] == ["Ann", "Bo", "there", "there"]
