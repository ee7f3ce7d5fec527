"""When messages go out: stopping those of a publishing, and pausing all of a campaign's."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.auth import CONFIRMED, needs
from api.pages.coordinators.messages import pressed
from api.pages.coordinators.rooms import OneDay
from api.services import sending
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")


@router.post("/stop-messages", dependencies=[needs(Right.MATCH)])
def stop(request: Request, db: Database, at: OneDay) -> Response:
    return pressed(request, db, at, lambda: sending.stop(db, at.campaign, at.day, at.coordinator))


@router.post("/send-stopped", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def send_stopped(request: Request, db: Database, at: OneDay) -> Response:
    return pressed(request, db, at, lambda: sending.send_stopped(db, at.campaign, at.day, at.coordinator))


@router.post("/pause", dependencies=[needs(Right.MATCH)])
def pause(request: Request, db: Database, at: OneDay) -> Response:
    return pressed(request, db, at, lambda: sending.pause(db, at.campaign, at.coordinator))


@router.post("/resume", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def resume(request: Request, db: Database, at: OneDay) -> Response:
    return pressed(request, db, at, lambda: sending.resume(db, at.campaign, at.coordinator))
