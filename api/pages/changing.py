"""Changing answers from the private page: the pages of the form, filled with what was said, saved by a button."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.auth import Me
from api.errors import Conflict, Invalid
from api.pages import asking
from api.pages.asking import go
from api.pages.filled import Posted
from api.pages.journeys import CHECK, WAYS, Journey, Mode, What
from api.services import changes, drafts, people
from api.transaction import Database

router = APIRouter(prefix="/my/change")
BASE = "/my/change"


def journey(db: Database, person: Me, what: What) -> Journey:
    """How far somebody is with their changes. The draft is theirs, whichever browser they use."""
    mine, token = people.page(db, person), changes.token(person)
    draft = drafts.load(db, token, person.campaign_id)
    answers = draft.answers if draft else {}
    return Journey(
        mine.campaign, WAYS[what], Mode.CHANGE, BASE, token, str(draft.id) if draft else None, answers
    )


Changing = Annotated[Journey, Depends(journey)]


@router.post("")
def begin(db: Database, person: Me) -> Response:
    """The answers as they are, each with a way to change it."""
    return go(f"{BASE}/{changes.begin(db, person)}/{CHECK}")


@router.get("/{what}/check")
def check(request: Request, db: Database, person: Me, at: Changing) -> Response:
    if at.draft_id is None:
        return go("/my")
    if open_step := at.first_open():
        return go(at.address(open_step.slug, change=True))
    return _check(request, db, person, at)


@router.post("/{what}/check")
def save(request: Request, db: Database, person: Me, at: Changing, form: Posted) -> Response:
    """Save the changes, once: a second press finds them saved."""
    if at.draft_id is None:
        return go("/my")
    if open_step := at.first_open():
        return go(at.address(open_step.slug, change=True))
    try:
        changes.save(db, person, at.about_the_journey(), agreed=form.get("breaks") == "yes")
    except Invalid as error:
        return _check(request, db, person, at, error.errors, error.status)
    except Conflict as error:
        return _check(request, db, person, at, {"": error.message}, error.status)
    return go("/my")


@router.get("/{what}/{step}")
def show(request: Request, db: Database, _: Me, at: Changing, step: str) -> Response:
    """One page of the form."""
    return asking.show(request, db, at, step, change=True) if at.draft_id else go("/my")


@router.post("/{what}/{step}")
def answer(request: Request, db: Database, _: Me, at: Changing, step: str, form: Posted) -> Response:
    """Keep the answers of one page, and lead back to all of them."""
    return asking.answer(request, db, at, step, form, change=True) if at.draft_id else go("/my")


def _check(
    request: Request, db: Session, person: Me, at: Journey, errors: dict[str, str] | None = None, status: int = 200
) -> Response:  # fmt: skip
    try:
        meaning = changes.meaning(db, person, at.about_the_journey())
    except Invalid as error:
        meaning, errors = changes.Meaning(), {**error.errors, **(errors or {})}
    return asking.check(request, db, at, errors, status, meaning=meaning)
