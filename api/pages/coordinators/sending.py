"""When messages go out: stopping those of a publishing, and pausing all of a campaign's."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.auth import CONFIRMED, needs
from api.errors import Conflict
from api.pages.coordinators.messages import messages_page
from api.pages.coordinators.rooms import OneDay
from api.pages.filled import Filled
from api.services import sending
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}")
PAGE = "messages"


@router.post("/stop-messages", dependencies=[needs(Right.MATCH)])
def stop(request: Request, db: Database, at: OneDay) -> Response:
    try:
        sending.stop(db, at.campaign, at.day, at.coordinator)
    except Conflict as error:
        return messages_page(request, db, at, Filled({}, {PAGE: error.message}), error.status)
    return at.to(PAGE)


@router.post("/send-stopped", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def send_stopped(request: Request, db: Database, at: OneDay) -> Response:
    try:
        sending.send_stopped(db, at.campaign, at.day, at.coordinator)
    except Conflict as error:
        return messages_page(request, db, at, Filled({}, {PAGE: error.message}), error.status)
    return at.to(PAGE)


@router.post("/pause", dependencies=[needs(Right.MATCH)])
def pause(request: Request, db: Database, at: OneDay) -> Response:
    try:
        sending.pause(db, at.campaign, at.coordinator)
    except Conflict as error:
        return messages_page(request, db, at, Filled({}, {PAGE: error.message}), error.status)
    return at.to(PAGE)


@router.post("/resume", dependencies=[needs(Right.PUBLISH), CONFIRMED])
def resume(request: Request, db: Database, at: OneDay) -> Response:
    try:
        sending.resume(db, at.campaign, at.coordinator)
    except Conflict as error:
        return messages_page(request, db, at, Filled({}, {PAGE: error.message}), error.status)
    return at.to(PAGE)
