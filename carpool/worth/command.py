"""The command `carpool worth`: where one more car would help most, as a table or as JSON."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carpool.show import escaped, shortened
from carpool.worth.car import SEATS, CarWorth

EXPLANATION = (
    f"What a driver with {SEATS} free seats, living in the middle of a district, would add to the score: "
    "predicted from the prices, and confirmed, for the best, by matching the people around anew."
)


def worth(
    instance: Annotated[
        Path, typer.Argument(metavar="INSTANCE", help="A file of the format carpool-instance/1.")
    ],
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan for it.")],
    certificate: Annotated[
        Path, typer.Argument(metavar="CERTIFICATE", help="Its prices, as solve --certificate writes them.")
    ],
    confirm: Annotated[
        int, typer.Option(min=0, help="Districts to confirm, from the best prediction down.")
    ] = 10,
    seconds_each: Annotated[float, typer.Option(min=0, help="Wall time of each confirmation.")] = 3.0,
    limit: Annotated[int, typer.Option(min=1, help="Rows of the table. JSON has all districts.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Threads that may work at once.")] = 2,
) -> None:
    """Say what one more car with three free seats would be worth, by postcode district."""
    if not math.isfinite(seconds_each):
        raise typer.BadParameter("expected a number", param_hint="--seconds-each")
    from carpool import one_more_car
    from carpool.certificate import file_sha256, read_certificate
    from carpool.errors import InvalidInstance
    from carpool.files import read_instance, read_plan
    from carpool.pins import pin_faults

    given = read_instance(instance)
    if faults := pin_faults(given):
        raise InvalidInstance(faults)
    prices = read_certificate(certificate, given, file_sha256(instance))
    found = one_more_car(
        given, read_plan(plan), prices, confirm=confirm, seconds_each=seconds_each, workers=workers
    )
    typer.echo(json.dumps([asdict(one) for one in found], indent=1) if as_json else _table(found, limit))


def _table(found: Sequence[CarWorth], limit: int) -> str:
    """Plain text, a row a district, under one line that says what the numbers are."""
    if not found:
        return "No event is in reach of any postcode district."
    cells = [("district", "predicted", "confirmed", "event", "riders"), *map(_cells, found[:limit])]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = [
        f"{district:<{widths[0]}}  {predicted:>{widths[1]}}  {confirmed:>{widths[2]}}  {event:<{widths[3]}}  {riders}"
        for district, predicted, confirmed, event, riders in cells
    ]
    return "\n".join([EXPLANATION, *(row.rstrip() for row in rows)])


def _cells(one: CarWorth) -> tuple[str, str, str, str, str]:
    confirmed = "" if one.confirmed is None else f"{one.confirmed:.2f}"
    event = "stays at home" if one.event is None else _name(one.event)
    return one.district, f"{one.predicted:.2f}", confirmed, event, ", ".join(map(_name, one.riders))


def _name(text: str) -> str:
    return shortened(escaped(text), 30)
