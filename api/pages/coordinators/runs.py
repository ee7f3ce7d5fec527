"""Matching runs of a day: starting one, watching and stopping it, its plan, and publishing."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from api.auth import CONFIRMED, needs
from api.errors import Conflict, Invalid
from api.pages.coordinators import ordering, showing, wording
from api.pages.coordinators.lists import Listed, id_asked, page_asked
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import foreseen, matching, publishing, sending
from api.services.counting import counts
from api.services.reviewing import PAGE
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")


@router.get("/match", dependencies=[needs(Right.DAY)])
def show(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    return _show(request, db, at)


@router.post("/match", dependencies=[needs(Right.MATCH)])
def match(request: Request, db: Database, at: OneDay, form: Posted) -> Response:
    try:
        matching.start(db, at.campaign, at.day, at.coordinator, **ordering.ordered(form))
    except Invalid as error:
        return _show(request, db, at, Filled(ordering.as_typed(form), error.errors), error.status)
    except Conflict as error:
        again = Filled(ordering.as_typed(form), {"match": error.message})
        return _show(request, db, at, again, error.status)
    return at.to("match")


@router.post("/runs/{run_id}/stop", dependencies=[needs(Right.MATCH)])
def stop(db: Database, at: OneDay, run_id: UUID) -> Response:
    matching.ask_stop(db, at.campaign, run_id, at.coordinator)
    return at.to("match")


@router.get("/runs/{run_id}/publish", dependencies=[needs(Right.PUBLISH)])
def ask_to_publish(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    """What publishing would do, before it is done, and for whom."""
    run = matching.look_up(db, at.campaign, at.day, run_id)
    if run.state != "done":
        return at.to("match")
    asked = {name: request.query_params.get(name, "") for name in ("kind", "q", "by")}
    kind, event_id = asked["kind"] if asked["kind"] in foreseen.KINDS else "", id_asked(request, "event")
    chosen = asked | {"kind": kind, "event": str(event_id or "")}
    number = page_asked(request)
    sought = foreseen.Sought(kind, event_id, asked["q"], number)
    try:
        found = foreseen.foresee(db, at.campaign, run, sought)
    except Conflict as error:
        return _show(request, db, at, Filled({}, {"match": error.message}), error.status)
    shown = at.shown(
        found=found,
        effect=found.figures,
        listed=Listed(f"{at.address}/runs/{run.id}/publish", chosen, number, found.total, PAGE),
        kinds=wording.NEWS,
        kinds_of_one=wording.NEWS_OF_ONE,
        others=wording.OTHER,
        wait_minutes=sending.wait_minutes(),
        **showing.about(run),
    )
    return page(request, "coordinators/publish.html", **shown)


@router.post("/runs/{run_id}/publish", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def publish(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    """Publishing happens once; whoever comes second is told who was first."""
    try:
        publishing.publish(db, at.campaign, run_id, at.coordinator)
    except Conflict as error:
        return _show(request, db, at, Filled({}, {"match": error.message}), error.status)
    return at.to("match")


def _show(
    request: Request, db: Session, at: Day, form: Filled | None = None, status: int = 200
) -> HTMLResponse:
    known = matching.runs(db, at.campaign, at.day)
    shown = at.shown(
        counts=counts(db, at.campaign, at.day),
        known=known,
        settings=showing.settings,
        worths=ordering.options(at.campaign.minutes_per_volunteer),
        usual_worth=f"{at.campaign.minutes_per_volunteer:g}",
        keeps=ordering.keeps(),
        run_seconds=wording.RUN_SECONDS,
        **showing.about(next(iter(known), None)),
    )
    return page(request, "coordinators/match.html", status, form=form or Filled(), **shown)
