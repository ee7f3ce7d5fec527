"""When a failed job is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.jobs import Job

from api.jobs.backoff import LONGEST_SECONDS, MOST_ATTEMPTS, BackOff, InHand, pause


def job(attempts: int) -> Job:
    return Job(
        id=1, queue="default", lock=None, queueing_lock=None, task_name="send_message", attempts=attempts
    )


def test_pauses_grow_and_then_stay() -> None:
    for attempts, most in [(0, 2), (1, 4), (5, 64), (8, 512), (9, LONGEST_SECONDS), (99, LONGEST_SECONDS)]:
        drawn = [pause(attempts) for _ in range(100)]
        assert 0.75 * most <= min(drawn) < max(drawn) <= most


def test_trying_goes_on_for_about_a_day() -> None:
    total = timedelta(seconds=sum(pause(attempts) for attempts in range(MOST_ATTEMPTS)))
    assert timedelta(hours=17) < total < timedelta(hours=25)


def test_only_what_may_pass_is_tried_again() -> None:
    back_off = BackOff([TimeoutError], most_attempts=3)
    decision = back_off.get_retry_decision(exception=TimeoutError(), job=job(1))
    assert decision is not None
    assert decision.retry_at is not None
    assert decision.retry_at > datetime.now(UTC)
    assert back_off.get_retry_decision(exception=ValueError(), job=job(0)) is None


def test_what_somebody_else_has_in_hand_is_tried_when_they_are_done_or_gone() -> None:
    back_off = BackOff([InHand])
    decision = back_off.get_retry_decision(exception=InHand(3600.0), job=job(0))
    assert decision is not None and decision.retry_at is not None
    assert decision.retry_at > datetime.now(UTC) + timedelta(minutes=59)


@pytest.mark.parametrize(("attempts", "last"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_last_try(attempts: int, last: bool) -> None:
    back_off = BackOff([TimeoutError], most_attempts=3)
    assert back_off.is_last(attempts) is last
    decision = back_off.get_retry_decision(exception=TimeoutError(), job=job(attempts))
    assert (decision is None) is last
