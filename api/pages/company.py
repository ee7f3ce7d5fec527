"""Whom somebody travels with: a word for a friend, and in private whom never."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import Me
from api.errors import Conflict, Invalid
from api.limits import FRIENDS, NOTES, limited
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import avoidances, friends, people
from api.transaction import Database

router = APIRouter(prefix="/my")
SEE_OTHER = 303


@router.get("/friends")
def show_friends(request: Request, db: Database, person: Me) -> HTMLResponse:
    return _friends(request, db, person)


@router.post("/friends/word", dependencies=[Depends(limited(FRIENDS))])
def make_word(request: Request, db: Database, person: Me) -> Response:
    """The word is on this one page and nowhere else: we keep no more than a hash of it."""
    try:
        return _friends(request, db, person, made=friends.make_word(db, person))
    except Conflict:
        return RedirectResponse("/my", SEE_OTHER)


@router.post("/friends/join", dependencies=[Depends(limited(FRIENDS))])
def join(request: Request, db: Database, person: Me, form: Posted) -> Response:
    typed = str(form.get("word", ""))
    try:
        friends.join(db, person, typed)
    except Invalid as error:
        again = Filled({"word": typed[:40]}, error.errors)
        return _friends(request, db, person, error.status, again)
    except Conflict:
        return RedirectResponse("/my", SEE_OTHER)
    return RedirectResponse("/my/friends", SEE_OTHER)


@router.post("/friends/leave")
def leave(db: Database, person: Me) -> Response:
    friends.leave(db, person)
    return RedirectResponse("/my/friends", SEE_OTHER)


@router.get("/never-with")
def ask_never_with(request: Request, db: Database, person: Me) -> HTMLResponse:
    return _never_with(request, db, person)


@router.post("/never-with", dependencies=[Depends(limited(NOTES))])
def never_with(request: Request, db: Database, person: Me, form: Posted) -> Response:
    typed = str(form.get("said", ""))
    try:
        avoidances.write(db, person, typed)
    except Invalid as error:
        return _never_with(request, db, person, error.status, Filled({"said": typed}, error.errors))
    return RedirectResponse("/my/never-with/noted", SEE_OTHER)


@router.get("/never-with/noted")
def noted(request: Request, db: Database, person: Me) -> HTMLResponse:
    """The same for everybody, whatever they wrote."""
    mine = people.page(db, person)
    return page(request, "lifts/noted.html", me=mine, campaign=mine.campaign)


def _friends(
    request: Request,
    db: Session,
    person: Me,
    status: int = 200,
    form: Filled | None = None,
    made: str = "",
) -> HTMLResponse:
    mine = people.page(db, person)
    shown: dict[str, Any] = {"me": mine, "campaign": mine.campaign, "friends": friends.of(db, person)}
    return page(request, "lifts/friends.html", status, form=form or Filled(), made=made, **shown)


def _never_with(
    request: Request, db: Session, person: Me, status: int = 200, form: Filled | None = None
) -> HTMLResponse:
    mine = people.page(db, person)
    return page(
        request, "lifts/never_with.html", status, me=mine, campaign=mine.campaign, form=form or Filled()
    )
