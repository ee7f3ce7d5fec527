"""The curve of a run: within its frame, as stairs, readable whatever the numbers are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.coordinators.chart import Chart, Point, chart, figure, rows

VALUES = st.none() | st.floats(-1e6, 1e6)
HISTORIES = st.lists(st.tuples(st.floats(0, 3600), VALUES, VALUES), max_size=40)


def drawn(history: list[Point], until: float = 0.0) -> Chart:
    found = chart(history, until, 760, 300)
    assert found is not None
    return found


@given(HISTORIES, st.floats(0, 4000))
def test_every_history_can_be_drawn(history: list[Point], until: float) -> None:
    history = sorted(history, key=lambda point: point[0])
    one = chart(history, until, 320, 240)
    if one is None:
        assert len(history) < 2 or all(score is None and bound is None for _, score, bound in history)
        return
    assert 1 <= len(one.marks) <= 12 and 1 <= len(one.times) <= 6
    assert all(-0.2 * one.inner_height <= y <= 1.2 * one.inner_height for y, _ in one.marks)
    paths = [line.path for line in (one.plan, one.bound) if line is not None] + [one.between]
    assert all(re.fullmatch(r"[MHVLZ\d.,e+-]*", path) for path in paths)


def test_the_two_lines_close_in() -> None:
    one = drawn([(0.0, 0.0, 900.0), (1.0, 300.0, 360.0), (9.0, 340.0, 343.0)], 10.0)
    assert one.plan is not None and one.bound is not None
    assert 0 < one.bound.end[1] < one.plan.end[1] < one.inner_height
    assert one.plan.end[0] == one.bound.end[0] == one.inner_width
    assert one.plan.path.count("V") == 2
    assert one.between.startswith(one.bound.path) and one.between.endswith("Z")


def test_what_is_far_away_does_not_flatten_what_is_near() -> None:
    one = drawn([(0.0, 0.0, 1e6), (5.0, 99.0, 100.0)])
    assert one.plan is not None and one.bound is not None
    assert one.plan.end[1] - one.bound.end[1] > 0.1 * one.inner_height


def test_a_plan_that_meets_its_bound() -> None:
    one = drawn([(0.1, 3.0, 4.0), (0.2, 3.5, 3.5)])
    assert one.plan is not None and one.bound is not None and one.plan.end == one.bound.end
    assert one.times[0] == (0.0, "0 s")


def test_a_table_has_few_rows_with_both_ends() -> None:
    history = [(float(number), float(number), None) for number in range(200)]
    few = rows(history)
    assert len(few) == 8 and (few[0], few[-1]) == (history[0], history[-1])
    assert rows(history[:3]) == history[:3]


@pytest.mark.parametrize(
    ("value", "words"),
    [(11811.6, "11,812"), (343.21, "343"), (43.21, "43.2"), (3.5, "3.50"), (0.0, "0"), (-2.25, "-2.25")],
)
def test_figures_have_as_many_decimals_as_matter(value: float, words: str) -> None:
    assert figure(value) == words
