"""For the election agent: the imprint, and how far cars are driven for each constituency."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from api.auth import Staff, needs
from api.pages.filled import Filled, Posted, fields_of
from api.pages.rendering import as_file, page
from api.services import campaigns, spending
from api.services.campaign_forms import AgentForm
from api.services.plain import refusals
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate")
SEE_OTHER = 303
CSV = "text/csv; charset=utf-8"

PLAIN = {
    "imprint": "Use at most 300 characters for the imprint.",
    "mileage_pence": "Type a number of pence from 0 to 1,000, for example 45.",
}


@router.get("/{slug}/agent", dependencies=[needs(Right.SETTINGS)])
def show(
    request: Request, db: Database, coordinator: Staff, slug: str, first: str = "", last: str = ""
) -> HTMLResponse:
    return _show(request, db, coordinator, slug, None, first, last)


@router.post("/{slug}/agent", dependencies=[needs(Right.SETTINGS)])
def change(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = fields_of(AgentForm, form)
    try:
        spending.set_rules(db, campaign, coordinator, AgentForm.model_validate(typed))
    except ValidationError as error:
        return _show(request, db, coordinator, slug, Filled(typed, refusals(error, PLAIN)), status=422)
    return RedirectResponse(f"/coordinate/{slug}/agent", SEE_OTHER)


@router.get("/{slug}/agent/drives.csv", dependencies=[needs(Right.SETTINGS)])
def download(db: Database, coordinator: Staff, slug: str) -> Response:
    """The sums of each day. Nobody's data is in them, so that nobody has to answer for it."""
    campaign = campaigns.find_for(db, slug, coordinator)
    headers = as_file(f"{campaign.slug}-drives.csv")
    return Response(spending.table(db, campaign), media_type=CSV, headers=headers)


def _show(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    form: Filled | None,
    first: str = "",
    last: str = "",
    status: int = 200,
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    kept = spending.rules(campaign)
    values = {"imprint": kept.imprint, "mileage_pence": f"{kept.mileage_pence:g}"}
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "spending": spending.of(db, campaign, _day(first), _day(last)),
        "pence": kept.mileage_pence,
        "chosen": (_day(first), _day(last)),
    }
    return page(request, "coordinators/agent.html", status, form=form or Filled(values), **shown)


def _day(typed: str) -> date | None:
    """A day as a browser sends it; anything else does not limit what is shown."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
