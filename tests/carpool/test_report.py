"""What a person reads while a plan is sought and when it is there."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from carpool.report import MOST_EVENTS, Reporter, print_summary
from carpool.solver.incumbent import Progress
from tests.carpool.build import a_driver, a_rider, a_trip, a_written_plan, an_event, an_instance


def test_a_log_has_a_line_for_each_phase() -> None:
    log = StringIO()
    reporter = Reporter(Console(file=log, width=100))
    with reporter.reporting():
        reporter.progress(Progress(0.04, 1234.5, None, None, "first plan"))
        reporter.progress(Progress(0.05, 1234.6, None, None, "first plan"))
        reporter.progress(Progress(1.5, 1234.6, 1240.0, 0.00435, "proof"))
    assert log.getvalue().splitlines() == [
        "   0.0 s  first plan: score 1,234.50 (no bound yet)",
        "   1.5 s  proof: score 1,234.60 (at most 1,240.00, gap 0.43%)",
    ]


def test_a_terminal_has_one_line_that_changes() -> None:
    screen = StringIO()
    reporter = Reporter(Console(file=screen, width=100, force_terminal=True))
    with reporter.reporting():
        reporter.progress(Progress(0.04, 1.0, None, None, "first plan"))
    assert "\x1b[?25h" in screen.getvalue()  # The cursor is back.


def test_the_summary() -> None:
    events = tuple(an_event(f"e{number:02}", wanted=number) for number in range(MOST_EVENTS + 3))
    instance = an_instance(a_driver("d", party=2), a_rider("r1", party=3), a_rider("r2"), events=events)
    plan = a_written_plan(instance, a_trip("d", "e05", "r1"))
    page = StringIO()
    print_summary(Console(file=page, width=100), instance, plan)
    lines = page.getvalue().splitlines()
    first = next(line for line in lines if "e05" in line)
    assert [cell.strip() for cell in first.split("│")[1:-1]] == ["e05", "1", "5", "5", ""]
    assert any("and 3 more" in line for line in lines)
    assert any("search ended" in line and "1" in line for line in lines)
    assert lines[-1].startswith("5 volunteers in 1 cars, score 4.9") and "(optimal)" in lines[-1]


def test_a_plan_in_which_everybody_has_a_trip_has_no_second_table() -> None:
    instance = an_instance(a_driver("d"))
    plan = replace(a_written_plan(instance, a_trip("d", "e")), status="stopped", gap=0.25)
    page = StringIO()
    print_summary(Console(file=page, width=100), instance, plan)
    assert "because" not in page.getvalue() and "(stopped, gap 25.00%)" in page.getvalue()
