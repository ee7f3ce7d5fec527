"""What each message says, to look at before anybody gets one. The people in it are made up."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import Staff, needs
from api.pages.coordinators.wording import MESSAGE_KINDS, NOTICE_KINDS
from api.pages.rendering import page
from api.services import campaigns, previews
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/messages")

READERS = {
    "offer": "What a driver reads",
    "request": "What a rider reads",
    "host": "What a host reads",
    "coordinator": "What you read",
    "invitation": "What somebody reads who is invited",
}


@router.get("", dependencies=[needs(Right.LOOK)])
def all_of_them(request: Request, db: Database, coordinator: Staff, slug: str) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign)}
    return page(request, "coordinators/previews.html", kinds=MESSAGE_KINDS, notices=NOTICE_KINDS, **shown)


@router.get("/{kind}", dependencies=[needs(Right.LOOK)])
def one(request: Request, db: Database, coordinator: Staff, slug: str, kind: str) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign)}
    found = previews.previews(campaign, kind)
    title = {**MESSAGE_KINDS, **NOTICE_KINDS}[kind]
    return page(request, "coordinators/preview.html", previews=found, title=title, readers=READERS, **shown)
