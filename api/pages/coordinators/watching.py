"""Watching a run by server-sent events: how far it is, about once a second, until it is over.

Between two looks nothing is held: no connection, no transaction, no thread. An answer ends after two minutes at the latest
and the browser asks again by itself, so that somebody who may no longer look soon no longer does.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from api.auth import needs
from api.pages.coordinators import showing
from api.pages.coordinators.rooms import OneDay
from api.pages.rendering import page
from api.services import matching
from api.services.days import CampaignDay
from api.services.rights import Right
from api.transaction import Database, looking

router = APIRouter(prefix="/coordinate/{slug}/{day}")
SECONDS_BETWEEN_LOOKS = 1.0
LONGEST_SECONDS = 120.0
HEADERS = {"X-Accel-Buffering": "no"}
"""A proxy before the service passes each event on at once."""


@router.get("/runs/{run_id}/events", dependencies=[needs(Right.DAY)])
def watch(request: Request, db: Database, at: OneDay, run_id: UUID) -> StreamingResponse:
    """The events `run`, with the part of the page that changes, and at the end `over`."""
    matching.look_up(db, at.campaign, at.day, run_id)
    whose = CampaignDay(at.campaign, at.coordinator, at.day)
    return StreamingResponse(_events(request, whose, run_id), media_type="text/event-stream", headers=HEADERS)


async def _events(request: Request, at: CampaignDay, run_id: UUID) -> AsyncIterator[str]:
    ends = time.monotonic() + LONGEST_SECONDS
    told = ""
    while time.monotonic() < ends:
        try:
            part, going = await run_in_threadpool(_look, request, at, run_id)
        except OperationalError:
            return  # The browser asks again, and hears then that the database is away.
        if part != told:
            told = part
            yield event("run", part)
        if not going:
            yield event("over")
            return
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _look(request: Request, at: CampaignDay, run_id: UUID) -> tuple[str, bool]:
    with looking(request) as db:
        run = matching.look_up(db, at.campaign, at.day, run_id)
    part = page(request, "coordinators/run_progress.html", **showing.about(run))
    return bytes(part.body).decode(), run.state in showing.GOING


def event(name: str, data: str = "") -> str:
    """One event as the wire has it."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n"
