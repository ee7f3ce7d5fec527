"""The demonstration on the terminal: set up, matched by the real worker, and how to get in."""

import os
import time

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from api.commands.coordinators import random_password
from api.services import demo, login, matching, plans
from api.services.demo import Demo
from api.services.plan_views import PlanView
from api.services.views import RunView
from api.settings import Settings
from api.store.session import open_session

RUN_SECONDS = 10.0
# The worker may have to start, and the solver to load, before the run begins.
PATIENCE_SECONDS = 120.0
GOING = ("queued", "running")


def prepare() -> None:
    """Settings of the demonstration, for this process and its worker: an outbox to look into, and numbers that are nobody's."""
    os.environ["CARPOOL_DEMO"] = "true"
    os.environ.setdefault("CARPOOL_TEST_PHONE_NUMBERS", "true")


def show(settings: Settings, engine: Engine) -> None:
    """Set the demonstration up, or find it, match it unless that is done, and say how to log in."""
    console = Console(highlight=False, soft_wrap=True)
    password = random_password()
    found = _set_up(console, engine, password)
    run = _match(console, engine, found)
    if run.state in ("done", "published"):
        console.print(_summary(engine, found, run))
    elif run.error:
        console.print(f"There is no plan: {run.error}")
    else:
        console.print("The matching run is still going; its page shows how far it is.")
    day = f"{settings.public_url}/coordinate/{found.campaign.slug}/{found.day}"
    console.print(f"Log in at {settings.public_url}/login as {found.coordinator.email}")
    console.print(f"with this password, shown only now: {password}")
    console.print(f"The matched day is at {day}")
    console.print(f"All messages, mails and texts, are at {settings.public_url}/demo/outbox")
    _show_host(console, engine, found, settings.public_url)


def _set_up(console: Console, engine: Engine, password: str) -> Demo:
    """In one transaction: interrupted half-way, nothing of it is there."""
    with open_session(engine) as db:
        found = demo.find(db)
        if found is None:
            console.print(f"Inventing {demo.PEOPLE} volunteers at real places …")
            found = demo.create(db, password)
        else:
            console.print(
                "The demonstration is there already, and stays as it is. Its password is a new one."
            )
            login.set_password(db, found.coordinator, password)
        db.commit()
        return found


def _show_host(console: Console, engine: Engine, found: Demo, url: str) -> None:
    with open_session(engine) as db:
        page = demo.hosts_page(db, found)
        db.commit()
    if page is not None:
        console.print(f"The host of “{page.title}” gets in at {url}/h/{page.token}")
        console.print(f"and sees who comes from {page.opens_at:%A %d %B, %H:%M}, 12 hours before it begins.")


def _match(console: Console, engine: Engine, found: Demo) -> RunView:
    """The day's latest run, when it has ended; one is started if there was none, or none that succeeded."""
    with open_session(engine) as db:
        run = matching.latest(db, found.campaign, found.day)
        if run is None or run.state == "failed":
            console.print(f"Matching them, for {RUN_SECONDS:.0f} seconds …")
            run = matching.start(db, found.campaign, found.day, found.coordinator, seconds=RUN_SECONDS)
            db.commit()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while run.state in GOING and time.monotonic() < deadline:
        time.sleep(0.2)
        with open_session(engine) as db:
            run = matching.latest(db, found.campaign, found.day) or run
    return run


def _summary(engine: Engine, found: Demo, run: RunView) -> Table:
    with open_session(engine) as db:
        plan = plans.plan(db, found.campaign, run.id)
    table = Table("What", "How much", title=f"{found.campaign.name}, {found.day:%A %d %B %Y}")
    for what, how_much in _figures(run, plan):
        table.add_row(what, how_much)
    return table


def _figures(run: RunView, plan: PlanView) -> list[tuple[str, str]]:
    riders = sum(len(trip.stops) for trip in plan.trips)
    signed_up = len(plan.trips) + riders + len(plan.unmatched)
    return [
        ("People who signed up", str(signed_up)),
        ("Of them matched", f"{len(plan.trips) + riders} ({len(plan.trips)} drive, {riders} ride)"),
        ("Volunteers who get there, with their company", str(run.volunteers)),
        ("Lifts", str(sum(bool(trip.stops) for trip in plan.trips))),
        ("Score", f"{run.score:.3f}"),
        ("Proven bound", f"{run.bound:.3f}"),
        ("Gap", f"{run.gap:.1f} %"),
        ("Seconds", str(run.elapsed_seconds)),
    ]
