"""Turns at a server: few talk at once, and nobody waits for those whom it does not answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from api.jobs.backoff import InHand
from api.jobs.turns import Turns
from tests.patience import until

NEVER = 10_000.0


class Talk:
    """Somebody in a thread who has a turn until `done` is set."""

    def __init__(self, turns: Turns) -> None:
        self.has_turn, self.left, self.done = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._talk, args=(turns,))
        self._thread.start()

    def _talk(self, turns: Turns) -> None:
        try:
            with turns.turn():
                self.has_turn.set()
                self.done.wait()
        except InHand:
            self.left.set()

    def end(self) -> None:
        self.done.set()
        self._thread.join()


@contextmanager
def talking(turns: Turns, many: int) -> Iterator[list[Talk]]:
    talks = [Talk(turns) for _ in range(many)]
    try:
        yield talks
    finally:
        for one in talks:
            one.done.set()
        for one in talks:
            one.end()


def having(talks: list[Talk]) -> int:
    return sum(one.has_turn.is_set() for one in talks)


def test_so_many_have_a_turn_and_the_next_when_one_is_done() -> None:
    with talking(Turns(2, NEVER), 5) as talks:
        for expected in (2, 3, 4, 5):
            until(lambda: having(talks) == expected, f"turn {expected}")  # noqa: B023  called at once
            next(one for one in talks if one.has_turn.is_set() and not one.done.is_set()).end()


def test_who_waits_for_long_keeps_nobody_waiting() -> None:
    """None of them is ever done, and all have their turn."""
    with talking(Turns(2, 0.05), 7) as talks:
        until(lambda: having(talks) == 7, "everybody's turn")


def test_two_at_once_and_no_third_while_they_are_quick() -> None:
    turns = Turns(2, NEVER)
    with talking(turns, 2) as talks:
        until(lambda: having(talks) == 2, "both turns")
        third = Talk(turns)
        assert not third.has_turn.wait(0.3)
        talks[0].end()
        until(third.has_turn.is_set, "the third's turn")
        third.end()


def test_when_turns_have_ended_who_would_wait_leaves_it_to_others() -> None:
    turns = Turns(1, NEVER)
    with talking(turns, 1) as [first]:
        until(first.has_turn.is_set, "the turn")
        turns.end()
        with pytest.raises(InHand), turns.turn():
            raise AssertionError


def test_a_turn_that_fails_is_over() -> None:
    turns = Turns(1, NEVER)
    for _ in range(3):
        with pytest.raises(ValueError), turns.turn():
            raise ValueError
