"""What a campaign decides for itself: the formulas of need and travel, and whether people may sign up."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from api.auth import Staff, needs
from api.pages.filled import Filled, Posted, fields_of
from api.pages.rendering import page
from api.services import campaigns
from api.services.campaign_forms import RulesForm
from api.services.plain import refusals
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate")
SEE_OTHER = 303

_NUMBER = "Type a number above 0, up to {}."
PLAIN = {
    "weight_most": _NUMBER.format("1,000"),
    "weight_least": _NUMBER.format("1,000"),
    "majority_half": _NUMBER.format(100),
    "people_half": _NUMBER.format("10,000"),
    "minutes_half": _NUMBER.format("1,000"),
    "reach_minutes": _NUMBER.format("1,000"),
    "minutes_per_volunteer": _NUMBER.format("1,000,000"),
    "call_off_hours": "Type a number from 0 to 12.",
}


@router.get("/{slug}/rules", dependencies=[needs(Right.SETTINGS)])
def show(request: Request, db: Database, coordinator: Staff, slug: str) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    values = {name: f"{value:g}" for name, value in campaigns.rules(campaign).model_dump().items()}
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign)}
    return page(request, "coordinators/rules.html", form=Filled(values), **shown)


@router.post("/{slug}/rules", dependencies=[needs(Right.SETTINGS)])
def change(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = fields_of(RulesForm, form)
    try:
        campaigns.set_rules(db, campaign, coordinator, RulesForm.model_validate(typed))
    except ValidationError as error:
        shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign)}
        again = Filled(typed, refusals(error, PLAIN))
        return page(request, "coordinators/rules.html", 422, form=again, **shown)
    return RedirectResponse(f"/coordinate/{slug}", SEE_OTHER)


@router.post("/{slug}/open", dependencies=[needs(Right.SETTINGS)])
def set_open(db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    campaigns.set_open(db, campaign, coordinator, form.get("open") == "yes")
    return RedirectResponse(f"/coordinate/{slug}", SEE_OTHER)
