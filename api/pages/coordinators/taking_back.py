"""Taking a publishing back: what it would do, and the press."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.auth import CONFIRMED, needs
from api.errors import Conflict
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.rendering import page
from api.services import matching, taking_back
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}/runs/{run_id}/take-back")


@router.get("", dependencies=[needs(Right.PUBLISH)])
def ask(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    """What would happen, or why it is too late."""
    return _show(request, db, at, run_id)


@router.post("", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def take_back(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    try:
        taking_back.take_back(db, at.campaign, run_id, at.coordinator)
    except Conflict as error:
        return _show(request, db, at, run_id, error.message, error.status)
    return at.to("match")


def _show(
    request: Request, db: Database, at: Day, run_id: UUID, refusal: str = "", status: int = 200
) -> Response:
    run = matching.look_up(db, at.campaign, at.day, run_id)
    effect, too_late = taking_back.preview(db, at.campaign, run_id)
    shown = at.shown(run=run, effect=effect, too_late=refusal or too_late)
    return page(request, "coordinators/take_back.html", status, **shown)
