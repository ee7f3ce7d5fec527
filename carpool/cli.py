"""The commands of `carpool`. Each imports only what it needs, inside itself."""

import sys

from carpool import stopping

if sys.argv[1:2] == ["solve"]:
    stopping.take_note()  # At once: whoever stops a solve gets a plan, and what follows takes a while to load.

import gc
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from carpool.day.command import day
from carpool.errors import CarpoolError
from carpool.worth.command import worth
from carpool.writing import check_target, write_proof, write_result, write_text

if TYPE_CHECKING:
    from carpool.certificate import Certificate

_STARTED = time.monotonic()
USUAL_SECONDS = 60.0
BROKEN_RULES, BAD_INPUT = 1, 2

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Match volunteers with free places in cars and with the constituencies that need them.",
)

_Instance = Annotated[
    Path, typer.Argument(metavar="INSTANCE", help="A file of the format carpool-instance/1.")
]
_Around = Annotated[
    str | None,
    typer.Option(metavar="DISTRICT", help="Make up people around this postcode district, such as IV2."),
]
_Within = Annotated[
    float | None,
    typer.Option(metavar="KM", help="How far around; left out, what is usual for so many people."),
]


def main(arguments: list[str] | None = None) -> NoReturn:
    """The command `carpool`. What a person can mend is said in plain words, and the exit code is then 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # An id may hold what the terminal cannot show.
    try:
        app(arguments)
    except CarpoolError as error:
        typer.echo(error.message, err=True)
        sys.exit(BAD_INPUT)
    sys.exit(0)


@app.command()
def solve(
    instance: _Instance,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="Where the plan goes; left out, to the standard output."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0, help="Wall time of the whole command; left out, 60, or no limit with --rounds."),
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(min=0, help="Rounds of search. The same rounds and seed give the same plan.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Where chance starts.")] = 1,
    workers: Annotated[int, typer.Option(min=1, help="Threads that may work at once.")] = 2,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where prices that prove the bound go, for `verify`.")
    ] = None,
) -> None:
    """Find a plan as good as the time allows, and a bound on how much better any plan could be.

    Ctrl-C ends the search; the best plan so far is kept.
    """
    if seconds is not None and not math.isfinite(seconds):
        raise typer.BadParameter("expected a number", param_hint="--seconds")
    if seconds is None and rounds is None:
        seconds = USUAL_SECONDS
    check_target(out, instance)
    if certificate is not None:
        check_target(certificate, instance, *(() if out is None else (out,)))
    stopping.take_note()
    from carpool.files import read_instance
    from carpool.solving import solve_telling

    given = read_instance(instance)
    gc.freeze()  # What has been read stays to the end, and the collector need not look through it again and again.
    proofs: list[Certificate] = []
    plan = solve_telling(
        given, ends=None if seconds is None else _STARTED + seconds, rounds=rounds, seed=seed, workers=workers,
        certify=None if certificate is None else proofs.append,
    )  # fmt: skip
    write_result(plan, out)
    if certificate is not None and proofs:
        write_proof(proofs[0], certificate, instance)
    elif certificate is not None:
        typer.echo("There was no time for prices that prove a bound: no certificate was written.", err=True)


@app.command()
def check(
    instance: _Instance,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A file of the format carpool-plan/1.")],
) -> None:
    """Judge a plan: its score if it keeps every rule (exit 0), else a line for each broken one (exit 1)."""
    from carpool import score, violations
    from carpool.errors import InvalidInstance
    from carpool.files import read_instance, read_plan
    from carpool.pins import pin_faults

    given, judged = read_instance(instance), read_plan(plan)
    if faults := pin_faults(given):
        raise InvalidInstance(faults)
    if found := violations(given, judged):
        typer.echo("\n".join(map(str, found)))
        raise typer.Exit(BROKEN_RULES)
    typer.echo(repr(score(given, judged.trips)))


@app.command()
def verify(
    instance: _Instance,
    certificate: Annotated[
        Path, typer.Argument(metavar="CERTIFICATE", help="A file of the format carpool-certificate/1.")
    ],
) -> None:
    """Recompute a bound from its prices, believing no solver: the bound if they prove it (exit 0), else why not (exit 1)."""
    from carpool.certificate import file_sha256, read_certificate
    from carpool.errors import InvalidInstance
    from carpool.files import read_instance
    from carpool.pins import pin_faults
    from carpool.verify import verify as recompute

    given = read_instance(instance)
    claimed = read_certificate(certificate, given, file_sha256(instance))
    if faults := pin_faults(given):
        raise InvalidInstance(faults)
    verdict = recompute(given, claimed)
    if not verdict.holds:
        typer.echo("\n".join(verdict.objections()))
        raise typer.Exit(BROKEN_RULES)
    typer.echo(repr(verdict.bound))


@app.command()
def generate(
    people: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many drivers and riders.")],
    out: Annotated[
        Path | None, typer.Option(metavar="INSTANCE", help="Where it goes; left out, to the standard output.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another instance.")] = 1,
    around: _Around = None,
    within: _Within = None,
) -> None:
    """Make up a realistic instance: one day, at real constituencies, with every rule of the format."""
    check_target(out)
    from carpool.files import dumps, instance_to_json, write_instance
    from carpool.generate import generate as make_up

    instance = make_up(people, seed, around, within)
    if out is None:
        write_text(dumps(instance_to_json(instance)))
    else:
        write_instance(instance, out)


@app.command()
def nearest(
    postcode: Annotated[str, typer.Argument(metavar="POSTCODE", help="Such as “LS6 2AB”, or LS6 alone.")],
    limit: Annotated[int, typer.Option(min=1, help="How many constituencies at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the key constituencies in reach, those first where a volunteer counts most."""
    from carpool.geo.nearest import nearest_rows

    rows = nearest_rows(postcode, limit)
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
    else:
        typer.echo("\n".join(_nearest_lines(rows)))


@app.command()
def bench(
    instances: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[INSTANCE]...", help="Files to solve; without any, instances are made up."),
    ] = None,
    people: Annotated[
        str, typer.Option(metavar="N,N,…", help="How many people in the instances made up.")
    ] = "30,300,3000",
    seeds: Annotated[str, typer.Option(metavar="N,N,…", help="Figures are medians over these.")] = "1,2,3",
    seconds: Annotated[
        float, typer.Option(min=1, max=86_400, help="For each contestant and instance.")
    ] = 60.0,
    rivals: Annotated[
        str, typer.Option(metavar="NAME,…", help="With whom to compare; an empty word for nobody.")
    ] = "nearest,greedy,trips,ortools,vroom",
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where results.json and the pictures go.")
    ] = None,
    around: _Around = None,
    within: _Within = None,
    workers: Annotated[int, typer.Option(min=1, help="Threads that each may use.")] = 2,
) -> None:
    """Compare the engine with other ways of matching: a table, rows for the ledger, and with --out pictures.

    All solve the same instances, each in a process of its own; every plan is judged by the checker.
    """
    from carpool.bench.command import Wishes, names, numbers, run

    found = tuple(instances or ())
    asked = numbers(people, "people"), numbers(seeds, "seeds"), around, within
    run(Wishes(found, *asked, seconds, workers, names(rivals), out))


app.command()(worth)
app.command()(day)


def _nearest_lines(rows: list[dict[str, Any]]) -> list[str]:
    """A table with a row a constituency. Plain text, as a library for tables would take longer to load than to work."""
    if not rows:
        return ["No key constituency is in reach."]
    cells = [("", "minutes", "majority", "")]
    for number, row in enumerate(rows, start=1):
        majority = f"{row['majority']:,} ({row['majority_pct']:.1f} %)"
        name = f"{number}. {row['name']}, {row['region']}"
        cells.append(
            (name, f"{row['minutes']:.0f}", majority, f"{row['first_party']} before {row['second_party']}")
        )
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        f"{name:<{widths[0]}}  {minutes:>{widths[1]}}  {majority:>{widths[2]}}  {parties}".rstrip()
        for name, minutes, majority, parties in cells
    ]
