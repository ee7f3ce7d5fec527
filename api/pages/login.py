"""Coordinators log in and out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.auth import Public, Staff, enter, safe_next
from api.edge import cookies
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import login
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303


@router.get("/login")
def ask(
    request: Request, _: Public, next_page: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> HTMLResponse:
    return page(request, "login/login.html", next=safe_next(next_page))


@router.post("/login")
def log_in(request: Request, db: Database, _: Public, form: Posted) -> Response:
    """One answer to every wrong try. Wrong tries count by account and address, so that guessing soon ends."""
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    onwards = safe_next(str(form.get("next", "")))
    try:
        token = enter(request, db, email, password, "cookie")
    except login.WrongLogin as error:
        again = Filled({"email": email}, {"email": error.message})
        return page(request, "login/login.html", error.status, form=again, next=onwards)
    response = RedirectResponse(onwards, SEE_OTHER)
    cookies.LOGIN.put(response, request, token)
    return response


@router.post("/logout")
def log_out(request: Request, db: Database, _: Staff) -> Response:
    """Ends the log-in session on the server, not in this browser alone."""
    if token := cookies.LOGIN.read(request):
        login.log_out(db, token)
    response = RedirectResponse("/", SEE_OTHER)
    cookies.LOGIN.drop(response, request)
    return response
