"""What became of the messages of a day: figures first, then whom to ring, then all of them, filtered in the address."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.auth import needs
from api.pages.coordinators import wording
from api.pages.coordinators.lists import Listed, page_asked
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.coordinators.wording_of_messages import GROUPS, SAY, WHY
from api.pages.filled import Filled
from api.pages.rendering import page
from api.services import day_messages
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}/messages")


@router.get("", dependencies=[needs(Right.DAY)])
def show_messages(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    """What became of every message of the day, failures first."""
    return messages_page(request, db, at)


def messages_page(
    request: Request, db: Session, at: Day, form: Filled | None = None, status: int = 200
) -> HTMLResponse:
    """The page of the day's messages; with what went wrong in `form`."""
    chosen = day_messages.read(request.query_params)
    found = day_messages.listed(db, at.campaign, at.day, chosen, page_asked(request))
    shown = at.shown(
        posting=found,
        listed=Listed(f"{at.address}/messages", chosen, found.page, found.total, found.size),
        groups=GROUPS,
        why=WHY,
        say=SAY,
        message_kinds=wording.MESSAGE_KINDS,
        message_states=wording.MESSAGE_STATES,
    )
    return page(request, "coordinators/day_messages.html", status, form=form or Filled(), **shown)
