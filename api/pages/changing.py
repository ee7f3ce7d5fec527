"""Changing answers from the private page: the pages of the form, filled with what was said, saved by a button."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

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
from api.services.forms import Answers
from api.transaction import Database

router = APIRouter(prefix="/my/change")
BASE = "/my/change"
Meant = Callable[[Answers], changes.Meaning]


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
    return checked(request, db, at, partial(changes.meaning, db, person))


@router.post("/{what}/check")
def save(request: Request, db: Database, person: Me, at: Changing, form: Posted) -> Response:
    """Save the changes, once: a second press finds them saved."""
    keep = partial(changes.save, db, person, agreed=form.get("breaks") == "yes")
    return saved(request, db, at, partial(changes.meaning, db, person), keep)


@router.get("/{what}/{step}")
def show(request: Request, db: Database, _: Me, at: Changing, step: str) -> Response:
    """One page of the form."""
    return asking.show(request, db, at, step, change=True) if at.draft_id else go("/my")


@router.post("/{what}/{step}")
def answer(request: Request, db: Database, _: Me, at: Changing, step: str, form: Posted) -> Response:
    """Keep the answers of one page, and lead back to all of them."""
    return asking.answer(request, db, at, step, form, change=True) if at.draft_id else go("/my")


def checked(
    request: Request, db: Session, at: Journey, meant: Meant, errors: dict[str, str] | None = None, status: int = 200,
    **more: Any,
) -> Response:  # fmt: skip
    """All answers and what saving them means, which `meant` knows; without a change under way back to where they came from."""
    if at.draft_id is None:
        return go(at.out)
    if open_step := at.first_open():
        return go(at.address(open_step.slug, change=True))
    try:
        meaning = meant(at.about_the_journey())
    except Invalid as error:
        meaning, errors = changes.Meaning(), {**error.errors, **(errors or {})}
    return asking.check(request, db, at, errors, status, meaning=meaning, **more)


def saved(
    request: Request, db: Session, at: Journey, meant: Meant, keep: Callable[[Answers], None], **more: Any
) -> Response:
    """Let `keep` keep the answers, and lead back; or show them again with what is in the way."""
    if at.draft_id is None or at.first_open():
        return checked(request, db, at, meant, **more)
    try:
        keep(at.about_the_journey())
    except Invalid as error:
        return checked(request, db, at, meant, error.errors, error.status, **more)
    except Conflict as error:
        return checked(request, db, at, meant, {"": error.message}, error.status, **more)
    return go(at.out)
