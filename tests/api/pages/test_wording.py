"""Dates, times, durations and verdicts in words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.pages import wording
from api.pages.coordinators.wording import REASONS, verdict
from api.services.hands.sides import BY_HAND
from api.services.views import RunView
from carpool.plan import Reason

RUN = RunView(
    id=uuid4(), day=date(2029, 5, 3), state="done", started_by="Priya", published_by=None,
    created_at=datetime(2029, 5, 1, tzinfo=UTC), finished_at=None, published_at=None, elapsed_seconds=3, seconds=60,
    phase="", score=100.0, bound=101.2, gap=1.19, status="feasible", volunteers=118, stop_asked=False, error=None,
)  # fmt: skip


def test_days_carry_their_weekday_and_times_are_local() -> None:
    at = datetime(2029, 5, 3, 23, 30, tzinfo=UTC)
    assert wording.full_day(at) == "Friday 4 May 2029"
    assert wording.full_day(date(2029, 5, 3)) == "Thursday 3 May 2029"
    assert wording.short_day(date(2029, 5, 3)) == "Thu 3 May"
    assert (wording.clock(at), wording.moment(at)) == ("00:30", "Friday 4 May 2029, 00:30")


def test_hours_name_the_day_of_the_end_only_where_it_is_another() -> None:
    start = datetime(2029, 5, 3, 9, tzinfo=UTC)
    assert wording.hours(start, datetime(2029, 5, 3, 12, tzinfo=UTC)) == "10:00 to 13:00"
    late = datetime(2029, 5, 4, 0, tzinfo=UTC)
    assert wording.hours(start, late) == "10:00 to Friday 4 May 2029, 01:00"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "1 minute"),
        (1.4, "1 minute"),
        (59.6, "1 hour"),
        (85, "1 hour 25 minutes"),
        (121, "2 hours 1 minute"),
    ],
)
def test_durations(minutes: float, said: str) -> None:
    assert wording.duration(minutes) == said


def test_travel_times_are_no_more_exact_than_we_know() -> None:
    assert [wording.about(minutes) for minutes in (7, 19, 22, 68)] == [
        "7 minutes", "19 minutes", "20 minutes", "1 hour 10 minutes",
    ]  # fmt: skip


def test_figures() -> None:
    assert (wording.people(1), wording.people(1250), wording.number(1234.4)) == (
        "1 person",
        "1,250 people",
        "1,234",
    )
    assert (wording.seconds(1), wording.seconds(45), wording.seconds(300)) == (
        "1 second",
        "45 seconds",
        "5 minutes",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "No plan can score more than 1.2 % better than this one."),
        ({"state": "running", "status": None}, "No plan can score more than 1.2 % better than the best plan so far."),
        ({"status": "optimal", "gap": 0.0, "bound": 100.0}, "Proven best possible: no plan can do better."),
        ({"bound": 100.001, "gap": 0.001}, "No plan can score more than 0.1 % better than this one."),
        ({"score": 0.0, "bound": 5.0, "gap": 100.0}, "How much better a plan could be is not known yet."),
        ({"score": 1.0, "bound": 9.0, "gap": 88.0}, "How much better a plan could be is not known yet."),
        ({"score": None}, ""),
        ({"bound": None, "gap": None}, ""),
    ],
)  # fmt: skip
def test_a_plan_is_never_praised_beyond_its_proof(changes: dict[str, Any], said: str) -> None:
    assert verdict(replace(RUN, **changes)) == said


def test_every_reason_of_the_format_has_its_words() -> None:
    assert set(REASONS) == {*Reason, BY_HAND}
