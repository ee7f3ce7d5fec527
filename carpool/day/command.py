"""The command `carpool day`: two tables in, a folder of sheets out, and no server anywhere."""

import math
import time
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from carpool import stopping
from carpool.errors import MAX_FAULTS, CarpoolError


def day(
    people: Annotated[Path, typer.Argument(metavar="PEOPLE", help="A table of people: CSV or .xlsx.")],
    events: Annotated[Path, typer.Argument(metavar="EVENTS", help="A table of events: CSV or .xlsx.")],
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="A new folder for the sheets: it appears whole or not at all.")
    ],
    on: Annotated[
        str | None, typer.Option("--day", metavar="DAY", help="Which day, such as 2029-05-03, if there are several.")
    ] = None,
    good_rows: Annotated[
        bool, typer.Option("--good-rows", help="Go on without rows that cannot be used, and list them.")
    ] = False,
    imprint: Annotated[str, typer.Option(metavar="WORDS", help="What the law wants at the foot of a sheet.")] = "",
    contact: Annotated[str, typer.Option(metavar="WORDS", help="Whom to ring if something is wrong.")] = "",
    seconds: Annotated[
        float | None, typer.Option(min=0, help="To search for; left out, 60, or no limit with --rounds.")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(min=0, help="Rounds of search. The same rounds and seed give the same sheets.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Where chance starts.")] = 1,
    workers: Annotated[int, typer.Option(min=1, help="Threads that may work at once.")] = 2,
) -> None:  # fmt: skip
    """Make printable sheets of a day: a page for each driver, lists of arrivals, and who is left and why."""
    if seconds is not None and not math.isfinite(seconds):
        raise typer.BadParameter("expected a number", param_hint="--seconds")
    started = time.monotonic()
    from carpool.day.building import build
    from carpool.day.reading import read_day
    from carpool.day.writing import Words, check_folder, pages, write_folder
    from carpool.solving import solve_telling

    check_folder(out)
    tables = read_day(people, events, _day(on), good_rows=good_rows)
    for fault in tables.faults[:MAX_FAULTS]:
        typer.echo(f"left out: {fault}", err=True)
    if len(tables.faults) > MAX_FAULTS:
        typer.echo(f"and {len(tables.faults) - MAX_FAULTS} more", err=True)
    made = build(tables)
    stopping.take_note()
    if seconds is None and rounds is None:
        seconds = 60.0
    ends = None if seconds is None else started + seconds
    plan = solve_telling(made.instance, ends=ends, rounds=rounds, seed=seed, workers=workers, summary=False)
    write_folder(out, pages(made, plan, Words(imprint.strip(), contact.strip()), seed))
    left = len(plan.unmatched or ())
    cars, brought = _counted(len(plan.trips), "car"), _counted(plan.volunteers or 0, "person", "people")
    typer.echo(f"{cars}, {brought}; {_counted(left, 'row')} left. Open {out / 'index.html'}")


def _day(typed: str | None) -> date | None:
    """Raises `CarpoolError` for what is no day."""
    if typed is None:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise CarpoolError("Write the day as in 2029-05-03.", "day") from None


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
