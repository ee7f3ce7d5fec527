"""Who agreed to hear of the next campaign: how many, and the list to write to them."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlmodel import Session

from api.auth import CONFIRMED, Staff, needs
from api.errors import Invalid
from api.pages.filled import Filled, Posted
from api.pages.rendering import as_file, page
from api.services import campaigns, next_one
from api.services.exchange import csv_files
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate", dependencies=[needs(Right.EXPORT)])
CSV = "text/csv; charset=utf-8"


@router.get("/{slug}/next-one")
def show(request: Request, db: Database, coordinator: Staff, slug: str) -> HTMLResponse:
    return _show(request, db, coordinator, slug, Filled())


@router.post("/{slug}/next-one", dependencies=[CONFIRMED])
def take_out(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    """The list as a CSV file."""
    campaign = campaigns.find_for(db, slug, coordinator)
    try:
        file = next_one.table(db, campaign, coordinator, agreed=form.get("agreed") == "true")
    except Invalid as error:
        return _show(request, db, coordinator, slug, Filled({}, error.errors), error.status)
    headers = as_file(f"{campaign.slug}-next-one.csv")
    return StreamingResponse(csv_files.parts(file), media_type=CSV, headers=headers)


def _show(
    request: Request, db: Session, coordinator: Staff, slug: str, form: Filled, status: int = 200
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign)}
    return page(
        request, "coordinators/next_one.html", status, form=form, people=next_one.count(db, campaign), **shown
    )
