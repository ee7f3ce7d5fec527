"""The demonstration's outbox. Anywhere else there is nothing at this address."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth import Public
from api.errors import NotFound
from api.pages.rendering import page
from api.services import demo_outbox
from api.settings import Settings
from api.transaction import Database

router = APIRouter(prefix="/demo")


@router.get("/outbox")
def outbox(
    request: Request,
    db: Database,
    _: Public,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Every message that was sent, or would have been, newest first."""
    settings: Settings = request.app.state.settings
    if not settings.demo:
        raise NotFound
    letters, has_more = demo_outbox.shown(db, number)
    return page(request, "demo/outbox.html", letters=letters, number=number, has_more=has_more)
