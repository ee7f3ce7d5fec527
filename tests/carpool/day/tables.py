"""Tables of a day as people keep them, and the command on them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

PEOPLE = """Name;Phone;Email;Postcode;Driver?;Times;Needs;Car;Pick up;Event
Dora Driver;07700 900123;dora@example.org;WF1 1AA;yes, 3;8am-6pm;;blue Ford Fiesta;;
Rafi Rider;07700 900456;rafi@example.org;WF2 8AA;no;after 8;;;by the library;Morning canvass
Rosa Read;;rosa@example.org;WF2 0QP;no;;oxygen tent, child seat;;;
Ezra Either;07700 900789;;LS1 4DY;either, 2;;;red Mini;;
Faye Faraway;;faye@example.org;TR18 2AB;no;;child seat;;;any
""".replace("oxygen tent, ", "")
EVENTS = """What,Where,Postcode,Constituency,Day,Starts,Ends,People wanted
Morning canvass,Market Square,LS6 2AB,Leeds North West,28/11/2026,10:00,13:00,20
Afternoon leaflets,Town Hall,BD1 1HY,Bradford East,28/11/2026,14:00,16:00,10
"""


def write(folder: Path, people: str | bytes = PEOPLE, events: str | bytes = EVENTS) -> tuple[Path, Path]:
    """Both tables as files in the folder."""
    paths = folder / "people.csv", folder / "events.csv"
    for path, content in zip(paths, (people, events), strict=True):
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return paths


def carpool(*arguments: object, **options: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "carpool", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def day(folder: Path, *more: object, people: str | bytes = PEOPLE, events: str | bytes = EVENTS) -> Any:
    """The command on these tables; its sheets go to `sheets` in the folder."""
    paths = write(folder, people, events)
    return carpool("day", *paths, "--out", folder / "sheets", "--rounds", "5", *more)
