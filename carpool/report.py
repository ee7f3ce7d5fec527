"""What `carpool solve` says on standard error: how far it is, and in the end a summary of the plan."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from carpool.instance import Instance
from carpool.plan import Plan
from carpool.show import escaped, shortened

if TYPE_CHECKING:
    from carpool.solver.incumbent import Progress

MOST_EVENTS = 20
SECONDS_BETWEEN_LINES = 5.0


class Reporter:
    """Tells how a solve goes on: on a terminal in one line that changes, elsewhere in a line now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._phase = ""
        self._next_line = 0.0

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """While the solver works. What it says goes to a changing line only within this."""
        if not self._console.is_terminal:
            yield
            return
        with self._console.status("Solving …") as self._status:
            yield

    def progress(self, progress: "Progress") -> None:
        """Say how far the solver is."""
        line = _progress_line(progress)
        if self._status is not None:
            self._status.update(line)
        elif progress.phase != self._phase or time.monotonic() >= self._next_line:
            self._console.print(line)
            self._phase, self._next_line = progress.phase, time.monotonic() + SECONDS_BETWEEN_LINES


def _progress_line(progress: "Progress") -> Text:
    bound = "no bound yet" if progress.bound is None else f"at most {progress.bound:,.2f}"
    gap = "" if progress.gap is None else f", gap {progress.gap:.2%}"
    return Text(f"{progress.seconds:6.1f} s  {progress.phase}: score {progress.score:,.2f} ({bound}{gap})")


def print_summary(console: Console, instance: Instance, plan: Plan) -> None:
    """The plan in two tables: where people go, and why others do not."""
    console.print(_event_table(instance, plan))
    if plan.unmatched:
        console.print(_reason_table(plan))
    console.print(Text(_totals(plan)))


def _event_table(instance: Instance, plan: Plan) -> Table:
    party = {person.id: person.party for person in instance.driver_by_id.values()}
    party |= {rider.id: rider.party for rider in instance.riders}
    cars, people = Counter[str](), Counter[str]()
    for trip in (trip for trip in plan.trips if trip.driver not in instance.at_events):
        cars[trip.event] += 1
        people[trip.event] += sum(party[person] for person in (trip.driver, *trip.riders))
    table = Table("event", title="Who goes where", title_justify="left")
    for name in ("cars", "people", "wanted", "at most"):
        table.add_column(name, justify="right")
    fullest = sorted(instance.events, key=lambda event: -people[event.id])
    for event in fullest[:MOST_EVENTS]:
        most = "" if event.capacity is None else str(event.capacity)
        numbers = (str(cars[event.id]), str(people[event.id]), str(event.wanted), most)
        table.add_row(Text(shortened(escaped(event.id))), *numbers)
    if len(fullest) > MOST_EVENTS:
        rest = fullest[MOST_EVENTS:]
        totals = (sum(cars[e.id] for e in rest), sum(people[e.id] for e in rest), sum(e.wanted for e in rest))
        table.add_row(f"and {len(rest)} more", *map(str, totals), "")
    return table


def _reason_table(plan: Plan) -> Table:
    reasons = Counter(entry.reason or "" for entry in plan.unmatched or ())
    table = Table("without a trip because of", title_justify="left")
    table.add_column("drivers and riders", justify="right")
    for reason, count in reasons.most_common():
        table.add_row(Text(reason.replace("_", " ")), str(count))
    return table


def _totals(plan: Plan) -> str:
    """The whole plan in one line, such as "3 volunteers in 2 cars, score 3.68 of at most 3.68 (optimal) in 0.1 s"."""
    score, bound = plan.score or 0.0, plan.bound or 0.0
    gap = "" if not plan.gap else f", gap {plan.gap:.2%}"
    return (
        f"{plan.volunteers or 0:,} volunteers in {len(plan.trips):,} cars, "
        f"score {score:,.2f} of at most {bound:,.2f} ({plan.status}{gap}) in {plan.seconds or 0:.1f} s"
    )
