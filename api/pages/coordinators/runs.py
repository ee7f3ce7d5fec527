"""Matching runs of a day: starting one, watching and stopping it, its plan, and publishing."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from api.auth import CONFIRMED, needs
from api.errors import Conflict, Invalid, NotFound
from api.pages.coordinators import wording
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import matching, plans, publishing, sending
from api.services.counting import counts
from api.services.rights import Right
from api.services.views import RunView
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")
GOING = ("queued", "running")


@router.get("/match", dependencies=[needs(Right.DAY)])
def show(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    return _show(request, db, at)


@router.get("/run", dependencies=[needs(Right.DAY)])
def show_run(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    """The part of the page that a script asks for again and again; once the run is over, the whole page is due."""
    run = matching.latest(db, at.campaign, at.day)
    if run is None:
        raise NotFound
    response = page(request, "coordinators/run.html", **_about(at, run))
    if run.state not in GOING:
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/match", dependencies=[needs(Right.MATCH)])
def match(request: Request, db: Database, at: OneDay, form: Posted) -> Response:
    typed = str(form.get("seconds", ""))
    try:
        matching.start(db, at.campaign, at.day, at.coordinator, float(typed) if typed.isdecimal() else 0)
    except (Conflict, Invalid) as error:
        again = Filled({"seconds": typed}, {"match": error.message})
        return _show(request, db, at, again, error.status)
    return at.to("match")


@router.post("/runs/{run_id}/stop", dependencies=[needs(Right.MATCH)])
def stop(db: Database, at: OneDay, run_id: UUID) -> Response:
    matching.ask_stop(db, at.campaign, run_id, at.coordinator)
    return at.to("match")


@router.get("/runs/{run_id}/publish", dependencies=[needs(Right.PUBLISH)])
def ask_to_publish(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    """What publishing would do, before it is done."""
    run = next((one for one in matching.runs(db, at.campaign, at.day) if one.id == run_id), None)
    if run is None:
        raise NotFound
    if run.state != "done":
        return at.to("match")
    plan = plans.plan(db, at.campaign, run_id)
    wait = sending.wait_minutes()
    return page(request, "coordinators/publish.html", plan=plan, wait_minutes=wait, **_about(at, run))


@router.post("/runs/{run_id}/publish", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def publish(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    """Publishing happens once; whoever comes second is told who was first."""
    try:
        publishing.publish(db, at.campaign, run_id, at.coordinator)
    except Conflict as error:
        return _show(request, db, at, Filled({}, {"match": error.message}), error.status)
    return at.to("match")


def _about(at: Day, run: RunView | None) -> dict[str, Any]:
    return at.shown(run=run, result=wording.verdict(run) if run is not None else "")


def _show(
    request: Request, db: Session, at: Day, form: Filled | None = None, status: int = 200
) -> HTMLResponse:
    run = matching.latest(db, at.campaign, at.day)
    planned = run is not None and run.state in ("done", "published")
    shown = _about(at, run) | {
        "counts": counts(db, at.campaign, at.day),
        "plan": plans.plan(db, at.campaign, run.id) if run is not None and planned else None,
        "run_seconds": wording.RUN_SECONDS,
        "reasons": wording.REASONS,
    }
    return page(request, "coordinators/match.html", status, form=form or Filled(), **shown)
