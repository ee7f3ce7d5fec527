"""Somebody's own part of a day, for those who look after some events or make calls."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.auth import Needs, Staff
from api.pages.coordinators.wording import MESSAGE_KINDS
from api.pages.rendering import page
from api.services import campaigns, parts
from api.services.rights import Access, Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}/part")

Theirs = Annotated[Access, Depends(Needs(Right.PART))]


@router.get("")
def show(request: Request, db: Database, coordinator: Staff, access: Theirs, day: date) -> HTMLResponse:
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(access.campaign),
        "day": day,
        "part": parts.part(db, access, day),
        "message_kinds": MESSAGE_KINDS,
    }
    return page(request, "coordinators/part.html", **shown)
