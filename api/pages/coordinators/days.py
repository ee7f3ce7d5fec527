"""One day of a campaign at a glance: its figures, who needs somebody now, and how far the matching is."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.auth import needs
from api.pages.coordinators import curves, wording
from api.pages.coordinators.rooms import OneDay
from api.pages.rendering import page
from api.services import (
    arrivals,
    avoidances,
    callers,
    calls,
    campaigns,
    day_people,
    deadlines,
    glance,
    matching,
    safety,
)
from api.services.counting import counts
from api.services.day_sums import of_day
from api.services.regions import regions
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")


@router.get("", dependencies=[needs(Right.DAY)])
def show(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    campaign, day = at.campaign, at.day
    run, cares = matching.latest(db, campaign, day), request.state.access.may(Right.CARE)
    filters = day_people.read(request.query_params)
    sums = of_day(db, campaign, day)
    chosen = of_day(db, campaign, day, filters) if filters.set_ones else sums
    seen = glance.view(db, campaign, day, filters, chosen)
    shown = at.shown(
        glance=seen,
        curve=curves.curve(seen.hours),
        filters=filters,
        events=campaigns.events(db, campaign, day),
        regions=regions(),
        roles=wording.ROLES,
        counts=counts(db, campaign, day, sums),
        run=run,
        result=wording.verdict(run) if run is not None else "",
        calls=calls.due(db, campaign, day),
        callers=callers.of_day(db, campaign, day),
        arrivals=arrivals.of_day(db, campaign, day),
        reports=safety.reports(db, campaign, day, at.coordinator) if cares else [],
        notes=avoidances.waiting(db, campaign, day) if cares else [],
        unanswered=deadlines.unanswered(db, campaign, day),
        message_kinds=wording.MESSAGE_KINDS,
    )
    return page(request, "coordinators/day.html", **shown)


@router.get("/map.json", dependencies=[needs(Right.DAY)])
def show_map(request: Request, db: Database, at: OneDay) -> JSONResponse:
    """What the map of the day draws, under the filters of the address."""
    return JSONResponse(glance.on_map(db, at.campaign, at.day, day_people.read(request.query_params)))


@router.post("/reports/{report_id}", dependencies=[needs(Right.CARE)])
def look_after(db: Database, at: OneDay, report_id: UUID) -> Response:
    """Take on a report of somebody who did not feel safe."""
    safety.take(db, at.campaign, report_id, at.coordinator)
    return at.to()
