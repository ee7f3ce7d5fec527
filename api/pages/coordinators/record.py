"""The record of a campaign: who did what, when."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth import Staff, needs
from api.pages.filled import Filled
from api.pages.rendering import page
from api.services import campaigns, record
from api.services.record import HOSTS, Filter
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/record")

Short = Annotated[str, Query(max_length=100)]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]


@router.get("", dependencies=[needs(Right.RECORD)])
def show(
    request: Request,
    db: Database,
    coordinator: Staff,
    slug: str,
    who: Short = "",
    what: Short = "",
    day: Short = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """One page of it. What is no person or no day is taken as none, so that a mistyped address still shows something."""
    campaign = campaigns.find_for(db, slug, coordinator)
    wanted = Filter(who if who == HOSTS or _is_id(who) else "", what.replace("\0", ""), _day(day))
    values = {"who": wanted.who, "what": wanted.what, "day": wanted.day.isoformat() if wanted.day else ""}
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "record": record.page(db, campaign, wanted, number),
        "query": urlencode({name: value for name, value in values.items() if value}),
    }
    return page(request, "coordinators/record.html", form=Filled(values), **shown)


def _is_id(typed: str) -> bool:
    try:
        UUID(typed)
    except ValueError:
        return False
    return True


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
