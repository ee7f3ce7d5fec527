"""Times as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.tables import Unclear, clocks
from carpool.tables.clocks import Window


def at(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("after 10", "10:00", ""),
        ("After 10am", "10:00", ""),
        ("any time after 2", "14:00", ""),
        ("10", "10:00", ""),
        ("10ish", "10:00", ""),
        ("about 9.30", "09:30", ""),
        ("9:30", "09:30", ""),
        ("0930", "09:30", ""),
        ("930", "09:30", ""),
        ("14:15:00", "14:15", ""),
        ("2pm", "14:00", ""),
        ("2 p.m.", "14:00", ""),
        ("2", "14:00", ""),
        ("7", "07:00", ""),
        ("12", "12:00", ""),
        ("noon", "12:00", ""),
        ("nine o'clock", "09:00", ""),
        ("half past nine", "09:30", ""),
        ("half nine", "09:30", ""),
        ("quarter to ten", "09:45", ""),
        ("9 onwards", "09:00", ""),
        ("10+", "10:00", ""),
        ("10 in the morning", "10:00", ""),
        ("2 in the afternoon", "14:00", ""),
        ("not before 9", "09:00", ""),
        ("until half past five", "", "17:30"),
        ("until 6", "", "18:00"),
        ("by 9", "", "21:00"),
        ("till 10.30pm", "", "22:30"),
        ("before 18:00", "", "18:00"),
        ("home by 6", "", "18:00"),
        ("6 at the latest", "", "18:00"),
        ("10am-4pm", "10:00", "16:00"),
        ("10-4", "10:00", "16:00"),
        ("10–4pm", "10:00", "16:00"),
        ("2-4pm", "14:00", "16:00"),
        ("7-9pm", "19:00", "21:00"),
        ("8-10am", "08:00", "10:00"),
        ("from 9 to 11", "09:00", "11:00"),
        ("between 10 and half past four", "10:00", "16:30"),
        ("10 until 4", "10:00", "16:00"),
        ("9:30 - 17:30", "09:30", "17:30"),
        ("09:00-13:00", "09:00", "13:00"),
        ("9am to noon", "09:00", "12:00"),
        ("2026-11-27 10:00", "10:00", ""),
        ("any time", "", ""),
        ("All day", "", ""),
        ("flexible", "", ""),
        ("-", "", ""),
        ("", "", ""),
        ("n/a", "", ""),
    ],
)
def test_what_people_write_is_what_they_mean(text: str, first: str, last: str) -> None:
    assert clocks.window(text) == Window(at(first), at(last))


@pytest.mark.parametrize(
    "text",
    [
        "sometime",
        "25:00",
        "10:75",
        "13pm",
        "depends on the kids",
        "16:00-10:00",
        "4pm-10am",
        "1 2 3",
        "half",
        "soon-ish",
    ],
)
def test_what_nobody_can_understand_is_asked_about(text: str) -> None:
    with pytest.raises(Unclear):
        clocks.window(text)


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [("4", "10:00", "16:00"), ("11", "09:00", "11:00"), ("9", "10:00", "21:00"), ("half past five", "", "17:30"),
     ("by 18:30", "", "18:30"), ("any time", "", ""), ("09:00", "", "09:00"), ("10-4", "", "16:00")],
)  # fmt: skip
def test_a_column_of_ends_has_ends(text: str, after: str, expected: str) -> None:
    assert clocks.latest(text, at(after)) == at(expected)


def test_a_start_among_ends_is_no_end() -> None:
    with pytest.raises(Unclear, match="until when"):
        clocks.latest("after 10")


@given(st.times())
def test_a_time_of_a_24_hour_clock_is_itself(moment: time) -> None:
    early = moment.hour < 10
    text = moment.strftime("%H:%M")
    if early or moment.hour > 12:
        assert clocks.window(text).earliest == moment.replace(second=0, microsecond=0)


@given(st.text(max_size=40))
def test_whatever_stands_there_is_understood_or_asked_about(text: str) -> None:
    try:
        found = clocks.window(text)
    except Unclear as unclear:
        assert text.strip() not in str(unclear) or len(text.strip()) < 12
    else:
        assert found.earliest is None or found.latest is None or found.earliest < found.latest
