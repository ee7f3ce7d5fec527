"""The sheets as HTML that prints by itself, and a folder that appears whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from carpool.day.building import Day
from carpool.day.clock import full_day
from carpool.day.sheets import event_sheets, left, totals
from carpool.errors import CarpoolError
from carpool.files import dumps, instance_to_json, plan_to_json
from carpool.plan import Plan
from carpool.show import escaped

NOT_EMPTY = "it is there already and holds something; name a new folder, or take away what is in it"


@dataclass(frozen=True)
class Words:
    """What the campaign says on every sheet: its imprint, and whom to ring if something is wrong."""

    imprint: str = ""
    contact: str = ""


def pages(day: Day, plan: Plan, words: Words, seed: int) -> dict[str, str]:
    """File name → content: an overview, three files an event, who is left, and the two files of the formats."""
    environment = Environment(
        loader=PackageLoader("carpool.day"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    events = event_sheets(day, plan, seed)
    cars, people = totals(events)
    shown = {"day": full_day(day.day), "words": words, "events": events, "left": left(day, plan)}
    shown |= {"cars": cars, "people": people, "plan": plan, "all": len(day.people), "tables": day.tables}
    shown |= {"doubtful": [(one.person.name, one.number, why) for one, why in day.doubtful]}

    def page(template: str, **more: object) -> str:
        return environment.get_template(template).render(**shown, **more)

    files = {"index.html": page("index.html"), "left.html": page("left.html")}
    for event in events:
        if event.drivers:
            files[f"{event.file}-drivers.html"] = page("drivers.html", event=event)
            files[f"{event.file}-tell.html"] = page("tell.html", event=event)
            files[f"{event.file}-arrivals.html"] = page("arrivals.html", event=event)
    files["instance.json"] = dumps(instance_to_json(day.instance))
    files["plan.json"] = dumps(plan_to_json(plan))
    return files


def check_folder(folder: Path) -> None:
    """Know before the work whether the folder can be made. Raises `CarpoolError`."""
    target = _target(folder)
    try:
        if target.exists() and not target.is_dir():
            raise _cannot(folder, "it is a file")
        if target.exists() and any(target.iterdir()):
            raise _cannot(folder, NOT_EMPTY)
        with tempfile.TemporaryDirectory(dir=target.parent):
            pass
    except (OSError, ValueError) as error:
        raise _cannot(folder, getattr(error, "strerror", None) or str(error)) from None


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """All files at once, under another name first: nobody finds half a day on paper. Raises `CarpoolError`."""
    target = _target(folder)
    made: Path | None = None
    try:
        made = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part"))
        for name, content in files.items():
            _write(made / name, content)
        made.chmod(0o700)  # Names, numbers and doors: for whoever made it, who may say otherwise.
        made.rename(target)
    except (OSError, ValueError) as error:
        raise _cannot(folder, getattr(error, "strerror", None) or str(error)) from None
    finally:
        if made is not None:
            with suppress(OSError):
                shutil.rmtree(made)


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _target(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError, ValueError):
        raise _cannot(folder, "it is a link to nowhere") from None


def _cannot(folder: Path, why: str) -> CarpoolError:
    return CarpoolError(f"{escaped(str(folder))}: cannot be made: {why}", "out")
