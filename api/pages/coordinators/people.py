"""Everybody of one day as a table: searched, filtered, sorted and turned page by page, all of it in the address."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import needs
from api.pages.coordinators import wording
from api.pages.coordinators.rooms import OneDay
from api.pages.rendering import page
from api.services import campaigns, day_people
from api.services.my_page import NEEDS
from api.services.regions import regions
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")


@router.get("/people", dependencies=[needs(Right.DAY)])
def show(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    filters = day_people.read(request.query_params)
    shown = at.shown(
        filters=filters,
        people=day_people.listed(db, at.campaign, at.day, filters),
        events=campaigns.events(db, at.campaign, at.day),
        regions=regions(),
        roles=wording.ROLES,
        states=wording.STATES_OF_PEOPLE,
        columns=wording.COLUMNS_OF_PEOPLE,
        needs=NEEDS,
    )
    return page(request, "coordinators/people.html", **shown)
