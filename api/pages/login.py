"""Coordinators log in and out; with codes in two steps."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.auth import Public, Staff, safe_next
from api.edge import cookies
from api.entering import enter, enter_with_code, keep
from api.errors import CodeFirst, NotLoggedIn
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import login
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303
LONGEST_NEXT = 500
NextPage = Annotated[str, Query(alias="next", max_length=LONGEST_NEXT)]
WRONG_CODE = "This code is not right, or it was used already. Type the one that your app shows now, or a recovery code."


@router.get("/login")
def ask(request: Request, _: Public, next_page: NextPage = "") -> HTMLResponse:
    return page(request, "login/login.html", next=safe_next(next_page))


@router.post("/login")
def log_in(request: Request, db: Database, _: Public, form: Posted) -> Response:
    """One answer to every wrong try. Wrong tries count by account and address, so that guessing soon ends."""
    email, password, code = (str(form.get(name, "")) for name in ("email", "password", "code"))
    onwards = safe_next(str(form.get("next", ""))[:LONGEST_NEXT])
    try:
        entered = enter(request, db, email, password, "cookie", code)
    except (CodeFirst, login.WrongLogin) as error:
        first = isinstance(error, CodeFirst)
        again = Filled({"email": email}, {"code" if first else "email": error.message})
        asks = first or "code" in form
        return page(request, "login/login.html", error.status, form=again, next=onwards, code_first=asks)
    address = f"/login/code?next={quote(onwards)}" if entered.code_to_come else onwards
    response = RedirectResponse(address, SEE_OTHER)
    keep(response, request, db, entered)
    return response


@router.get("/login/code")
def ask_code(request: Request, _: Public, next_page: NextPage = "") -> Response:
    if cookies.LOGIN_STEP.read(request) is None:
        return RedirectResponse("/login", SEE_OTHER)
    return page(request, "login/code.html", next=safe_next(next_page))


@router.post("/login/code")
def send_code(request: Request, db: Database, _: Public, form: Posted) -> Response:
    """The second step; the first is good for ten minutes."""
    onwards = safe_next(str(form.get("next", ""))[:LONGEST_NEXT])
    step = cookies.LOGIN_STEP.read(request) or ""
    try:
        entered = enter_with_code(request, db, step, str(form.get("code", "")))
    except login.WrongLogin as error:
        again = Filled({}, {"code": WRONG_CODE})
        return page(request, "login/code.html", error.status, form=again, next=onwards)
    except NotLoggedIn:
        return RedirectResponse(f"/login?next={quote(onwards)}", SEE_OTHER)
    response = RedirectResponse(onwards, SEE_OTHER)
    keep(response, request, db, entered)
    return response


@router.post("/logout")
def log_out(request: Request, db: Database, _: Staff) -> Response:
    """Ends the log-in session on the server, not in this browser alone."""
    if token := cookies.LOGIN.read(request):
        login.log_out(db, token)
    response = RedirectResponse("/", SEE_OTHER)
    cookies.LOGIN.drop(response, request)
    return response
