"""Somebody rings who has no page of their own, and cannot come or has other answers: a coordinator does it for them."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from api.auth import Staff, needs
from api.errors import Conflict
from api.pages import asking, changing
from api.pages.asking import go
from api.pages.filled import Filled, Posted
from api.pages.journeys import CHECK, WAYS, Journey, Mode, What
from api.pages.rendering import page
from api.services import callers, campaigns, drafts, ringing
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/callers/{person_id}")


def journey(db: Database, coordinator: Staff, slug: str, person_id: UUID, what: What) -> Journey:
    """How far somebody is with the changes of whoever is on the phone."""
    campaign = campaigns.find_for(db, slug, coordinator)
    token = callers.draft_token(db, campaign, person_id)
    draft = drafts.load(db, token, campaign.id)
    base, answers = f"/coordinate/{slug}/callers/{person_id}", draft.answers if draft else {}
    known = str(draft.id) if draft else None
    view = campaigns.view(campaign)
    return Journey(view, WAYS[what], Mode.CHANGE, f"{base}/change", token, known, answers, back=base)


Changing = Annotated[Journey, Depends(journey)]


@router.get("", dependencies=[needs(Right.CALLS)])
def show(request: Request, db: Database, coordinator: Staff, slug: str, person_id: UUID) -> HTMLResponse:
    """What stands for them, and the two things that can be done, without where they live and how to reach them."""
    return _show(request, db, coordinator, slug, person_id)


@router.post("/cancel", dependencies=[needs(Right.CALLS)])
def cancel(request: Request, db: Database, coordinator: Staff, slug: str, person_id: UUID) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    try:
        day = callers.cancel(db, campaign, person_id, coordinator)
    except Conflict as error:
        told = Filled({}, {"": error.message})
        return _show(request, db, coordinator, slug, person_id, told, error.status)
    return go(f"/coordinate/{slug}/{day}#calls")


@router.post("/change", dependencies=[needs(Right.CALLS)])
def begin(request: Request, db: Database, coordinator: Staff, slug: str, person_id: UUID) -> Response:
    """Their answers as they are, each with a way to change it."""
    campaign = campaigns.find_for(db, slug, coordinator)
    try:
        way = callers.begin_change(db, campaign, person_id, coordinator)
    except Conflict as error:
        told = Filled({}, {"": error.message})
        return _show(request, db, coordinator, slug, person_id, told, error.status)
    return go(f"/coordinate/{slug}/callers/{person_id}/change/{way}/{CHECK}")


@router.get("/change/{what}/check", dependencies=[needs(Right.CALLS)])
def check(
    request: Request, db: Database, coordinator: Staff, slug: str, person_id: UUID, at: Changing
) -> Response:
    meant = partial(callers.meaning, db, campaigns.find_for(db, slug, coordinator), person_id)
    return changing.checked(request, db, at, meant, coordinator=coordinator)


@router.post("/change/{what}/check", dependencies=[needs(Right.CALLS)])
def save(
    request: Request, db: Database, coordinator: Staff, slug: str, person_id: UUID, at: Changing, form: Posted
) -> Response:
    """Save the changes, once."""
    campaign = campaigns.find_for(db, slug, coordinator)
    meant = partial(callers.meaning, db, campaign, person_id)
    agreed = form.get("breaks") == "yes"
    keep = partial(callers.save_change, db, campaign, person_id, coordinator, agreed=agreed)
    return changing.saved(request, db, at, meant, keep, coordinator=coordinator)


@router.get("/change/{what}/{step}", dependencies=[needs(Right.CALLS)])
def show_step(request: Request, db: Database, coordinator: Staff, at: Changing, step: str) -> Response:
    """One page of the form."""
    if not at.draft_id:
        return go(at.out)
    return asking.show(request, db, at, step, change=True, coordinator=coordinator)


@router.post("/change/{what}/{step}", dependencies=[needs(Right.CALLS)])
def answer(
    request: Request, db: Database, coordinator: Staff, at: Changing, step: str, form: Posted
) -> Response:
    """Keep the answers of one page, and lead back to all of them."""
    if not at.draft_id:
        return go(at.out)
    return asking.answer(request, db, at, step, form, change=True, coordinator=coordinator)


def _show(
    request: Request, db: Session, coordinator: Staff, slug: str, person_id: UUID,
    form: Filled | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    campaign = campaigns.find_for(db, slug, coordinator)
    shown = {
        "them": callers.page(db, campaign, person_id),
        "person_id": person_id,
        "coordinator": coordinator,
        "rung": ringing.known(db, [person_id]).get(person_id),
    }
    return page(
        request, "coordinators/caller.html", status,
        campaign=campaigns.view(campaign), form=form or Filled(), **shown,
    )  # fmt: skip
