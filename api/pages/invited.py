"""Whoever is invited to a team joins it: with a new account, or with the one they have. One page for both."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import Public
from api.edge import cookies
from api.entering import enter, keep, logged_in
from api.errors import CodeFirst, Conflict, Invalid
from api.limits import LINKS, limited
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import invitations, login
from api.services.invitations import LinkUnknown
from api.services.team import ROLE_WORDS
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303
HERE = "/invited"
WRONG = "You have an account with this address, and this is not its password."


@router.get("/i/{token}")
def follow_link(request: Request, _: Public, token: str) -> Response:
    """Takes the token out of the address. Nothing is changed by it: mail scanners load links."""
    response = RedirectResponse(HERE, SEE_OTHER)
    cookies.INVITATION.put(response, request, token)
    return response


@router.get(HERE)
def ask(request: Request, db: Database, _: Public) -> Response:
    return _ask(request, db, Filled())


@router.post(HERE, dependencies=[Depends(limited(LINKS))])
def join(request: Request, db: Database, _: Public, form: Posted) -> Response:
    """Logs them in, if they are not, and lets them into the team. Whose log-in has a second step comes back here after it."""
    token = cookies.INVITATION.read(request) or ""
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    try:
        invited = invitations.look(db, token)
        me = logged_in(request, db)
        if me is not None and me.email == invited.email:
            return _joined(request, invitations.accept(db, token, me))
        if not invitations.has_account(db, invited):
            invitations.new_account(db, invited, name, password)
        entered = enter(request, db, invited.email, password, "cookie")
        slug = "" if entered.code_to_come else invitations.accept(db, token, entered.coordinator)
    except LinkUnknown as error:
        return _gone(request, error)
    except (CodeFirst, login.WrongLogin) as error:
        said = error.message if isinstance(error, CodeFirst) else WRONG
        return _ask(request, db, Filled({"name": name}, {"password": said}), 422)
    except (Conflict, Invalid) as error:
        faults = error.errors if isinstance(error, Invalid) else {"": error.message}
        return _ask(request, db, Filled({"name": name}, faults), error.status)
    response = _joined(request, slug) if slug else RedirectResponse(f"/login/code?next={HERE}", SEE_OTHER)
    keep(response, request, db, entered)
    return response


def _joined(request: Request, slug: str) -> RedirectResponse:
    response = RedirectResponse(f"/coordinate/{slug}", SEE_OTHER)
    cookies.INVITATION.drop(response, request)
    return response


def _ask(request: Request, db: Session, form: Filled, status: int = 200) -> HTMLResponse:
    try:
        invited = invitations.look(db, cookies.INVITATION.read(request) or "")
    except LinkUnknown as error:
        return _gone(request, error)
    me = logged_in(request, db)
    same = me is not None and me.email == invited.email
    shown = {"invited": invited, "role": ROLE_WORDS[invited.role], "campaign": invited.campaign}
    return page(request, "login/invited.html", status, form=form, me=me if same else None, **shown)


def _gone(request: Request, error: LinkUnknown) -> HTMLResponse:
    status = error.status if cookies.INVITATION.read(request) else 200
    return page(request, "login/invited.html", status, invited=None)
