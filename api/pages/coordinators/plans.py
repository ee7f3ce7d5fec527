"""The plan of a run, a page at a time: its trips, who is left over, and how it differs from another."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import needs
from api.pages.coordinators import showing, wording
from api.pages.coordinators.chart import figure
from api.pages.coordinators.lists import Listed, id_asked, page_asked
from api.pages.coordinators.rooms import OneDay
from api.pages.rendering import page
from api.services import comparing, matching, reviewing
from api.services.reviewing import PAGE
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")


@router.get("/runs/{run_id}", dependencies=[needs(Right.DAY)])
def show(request: Request, db: Database, at: OneDay, run_id: UUID) -> HTMLResponse:
    """A run with its trips."""
    run = matching.look_up(db, at.campaign, at.day, run_id)
    event, search, number = id_asked(request, "event"), request.query_params.get("q", ""), page_asked(request)
    plan = reviewing.trips(db, at.campaign, run, event, search, number)
    chosen = {"event": str(event or ""), "q": search}
    listed = Listed(f"{at.address}/runs/{run.id}", chosen, number, plan.total, PAGE)
    shown = at.shown(plan=plan, listed=listed, **showing.about(run))
    return page(request, "coordinators/run_page.html", **shown)


@router.get("/runs/{run_id}/left", dependencies=[needs(Right.DAY)])
def show_left(request: Request, db: Database, at: OneDay, run_id: UUID) -> HTMLResponse:
    """Who is left over in a run, and why."""
    run = matching.look_up(db, at.campaign, at.day, run_id)
    chosen = {name: request.query_params.get(name, "") for name in ("reason", "q")}
    number = page_asked(request)
    left = reviewing.left(db, run, chosen["reason"], chosen["q"], number)
    listed = Listed(f"{at.address}/runs/{run.id}/left", chosen, number, left.total, PAGE)
    shown = at.shown(left=left, listed=listed, reasons=wording.REASONS, **showing.about(run))
    return page(request, "coordinators/run_left.html", **shown)


@router.get("/compare", dependencies=[needs(Right.DAY)])
def compare(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    """Two runs of the day side by side; without two that have plans, what to do to get there."""
    known = [run for run in matching.runs(db, at.campaign, at.day) if run.state in showing.WITH_PLAN]
    by_id = {run.id: run for run in known}
    one, other = (by_id.get(id_asked(request, name) or UUID(int=0)) for name in ("a", "b"))
    shown = at.shown(known=known, one=one, other=other, settings=showing.settings, figure=figure)
    if one is None or other is None or one == other:
        return page(request, "coordinators/compare_choose.html", **shown)
    kind, number = request.query_params.get("kind", ""), page_asked(request)
    found = comparing.compare(db, at.campaign, one, other, kind, number)
    chosen = {"a": str(one.id), "b": str(other.id), "kind": kind if kind in comparing.KINDS else ""}
    shown |= {
        "found": found,
        "listed": Listed(f"{at.address}/compare", chosen, number, found.total, PAGE),
        "kinds": wording.CHANGES,
        "kinds_of_one": wording.CHANGES_OF_ONE,
        "reasons": wording.REASONS,
    }
    return page(request, "coordinators/compare.html", **shown)
