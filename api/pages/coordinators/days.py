"""One day of a campaign: its figures, the matching run, its plan, publishing, and what became of the messages."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import Staff
from api.errors import Conflict, Invalid, NotFound
from api.pages.coordinators import wording
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import (
    arrivals,
    avoidances,
    calls,
    campaigns,
    deadlines,
    matching,
    outbox,
    plans,
    publishing,
    safety,
)
from api.services.counting import counts
from api.services.views import CampaignView, RunView
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")
SEE_OTHER = 303


@router.get("")
def show(request: Request, db: Database, coordinator: Staff, slug: str, day: date) -> HTMLResponse:
    return _show(request, db, coordinator, slug, day)


@router.get("/run")
def show_run(request: Request, db: Database, coordinator: Staff, slug: str, day: date) -> HTMLResponse:
    """The part of the page that a script asks for again and again; once the run is over, the whole page is due."""
    campaign = campaigns.find_for(db, slug, coordinator)
    run = matching.latest(db, campaign, day)
    if run is None:
        raise NotFound
    response = page(request, "coordinators/run.html", **_about_run(campaigns.view(campaign), day, run))
    if run.state not in ("queued", "running"):
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/match")
def match(request: Request, db: Database, coordinator: Staff, slug: str, day: date, form: Posted) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = str(form.get("seconds", ""))
    try:
        matching.start(db, campaign, day, coordinator, float(typed) if typed.isdecimal() else 0)
    except (Conflict, Invalid) as error:
        again = Filled({"seconds": typed}, {"match": error.message})
        return _show(request, db, coordinator, slug, day, again, error.status)
    return _to(slug, day)


@router.post("/runs/{run_id}/stop")
def stop(db: Database, coordinator: Staff, slug: str, day: date, run_id: UUID) -> Response:
    matching.ask_stop(db, campaigns.find_for(db, slug, coordinator), run_id, coordinator)
    return _to(slug, day)


@router.get("/runs/{run_id}/publish")
def ask_to_publish(
    request: Request, db: Database, coordinator: Staff, slug: str, day: date, run_id: UUID
) -> Response:
    """What publishing would do, before it is done."""
    campaign = campaigns.find_for(db, slug, coordinator)
    run = next((one for one in matching.runs(db, campaign, day) if one.id == run_id), None)
    if run is None:
        raise NotFound
    if run.state != "done":
        return _to(slug, day)
    shown = _about_run(campaigns.view(campaign), day, run) | {"coordinator": coordinator}
    return page(request, "coordinators/publish.html", plan=plans.plan(db, campaign, run_id), **shown)


@router.post("/runs/{run_id}/publish")
def publish(
    request: Request, db: Database, coordinator: Staff, slug: str, day: date, run_id: UUID
) -> Response:
    """Publishing happens once; whoever comes second is told who was first."""
    campaign = campaigns.find_for(db, slug, coordinator)
    try:
        publishing.publish(db, campaign, run_id, coordinator)
    except Conflict as error:
        told = Filled({}, {"match": error.message})
        return _show(request, db, coordinator, slug, day, told, error.status)
    return _to(slug, day)


@router.post("/reports/{report_id}")
def look_after(db: Database, coordinator: Staff, slug: str, day: date, report_id: UUID) -> Response:
    """Take on a report of somebody who did not feel safe."""
    safety.take(db, campaigns.find_for(db, slug, coordinator), report_id, coordinator)
    return _to(slug, day)


def _to(slug: str, day: date) -> RedirectResponse:
    return RedirectResponse(f"/coordinate/{slug}/{day}", SEE_OTHER)


def _about_run(campaign: CampaignView, day: date, run: RunView | None) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "day": day,
        "run": run,
        "result": wording.verdict(run) if run is not None else "",
    }


def _show(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    day: date,
    form: Filled | None = None,
    status: int = 200,
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    run = matching.latest(db, campaign, day)
    planned = run is not None and run.state in ("done", "published")
    shown = _about_run(campaigns.view(campaign), day, run) | {
        "coordinator": coordinator,
        "counts": counts(db, campaign, day),
        "plan": plans.plan(db, campaign, run.id) if run is not None and planned else None,
        "calls": calls.waiting(db, campaign, day),
        "may_ask": calls.may_ask(db, campaign, day),
        "arrivals": arrivals.of_day(db, campaign, day),
        "messages": outbox.messages(db, campaign, day),
        "reports": safety.reports(db, campaign, day, coordinator),
        "notes": avoidances.waiting(db, campaign, day),
        "unanswered": deadlines.unanswered(db, campaign, day),
        "run_seconds": wording.RUN_SECONDS,
        "message_kinds": wording.MESSAGE_KINDS,
        "message_states": wording.MESSAGE_STATES,
        "reasons": wording.REASONS,
    }
    return page(request, "coordinators/day.html", status, form=form or Filled(), **shown)
