"""A coordinator's own account: password, codes at log-in, and where they are logged in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.auth import CONFIRMED, Staff
from api.edge import cookies
from api.entering import enter_again, is_own_password, keep
from api.errors import Conflict, Invalid
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.pictures.qr import qr_code
from api.services import account, codes
from api.transaction import Database

router = APIRouter(prefix="/account")
SEE_OTHER = 303
WRONG = "This is not your password."


@router.get("")
def show(request: Request, db: Database, coordinator: Staff) -> HTMLResponse:
    return _show(request, db, coordinator, Filled())


@router.post("/password")
def change_password(request: Request, db: Database, coordinator: Staff, form: Posted) -> Response:
    """Another password: every other log-in ends, and this browser goes on."""
    typed, wanted = str(form.get("password", "")), str(form.get("new_password", ""))
    if not is_own_password(request, db, coordinator, typed):
        return _show(request, db, coordinator, Filled({}, {"password": WRONG}), 422)
    try:
        account.change_password(db, coordinator, wanted)
    except Invalid as error:
        return _show(request, db, coordinator, Filled({}, error.errors), error.status)
    response = _to()
    keep(response, request, db, enter_again(request, db, coordinator))
    return response


@router.post("/log-ins/{log_in}/end")
def end(db: Database, coordinator: Staff, log_in: str) -> Response:
    account.end(db, coordinator, log_in)
    return _to("#log-ins")


@router.post("/log-ins/end")
def end_everywhere(request: Request, db: Database, coordinator: Staff) -> Response:
    account.end_everywhere(db, coordinator)
    response = RedirectResponse("/login", SEE_OTHER)
    cookies.LOGIN.drop(response, request)
    cookies.DEVICE.drop(response, request)
    return response


@router.get("/codes")
def show_codes(request: Request, db: Database, coordinator: Staff) -> HTMLResponse:
    return _codes(request, db, coordinator, Filled())


@router.post("/codes/begin", dependencies=[CONFIRMED])
def begin(db: Database, coordinator: Staff) -> Response:
    codes.begin(db, coordinator)
    return _to("/codes")


@router.post("/codes", dependencies=[CONFIRMED])
def switch_on(request: Request, db: Database, coordinator: Staff, form: Posted) -> Response:
    """The recovery codes are on this answer and nowhere else."""
    try:
        made = codes.switch_on(db, coordinator, str(form.get("code", "")))
    except (Conflict, Invalid) as error:
        faults = error.errors if isinstance(error, Invalid) else {"": error.message}
        return _codes(request, db, coordinator, Filled({}, faults), error.status)
    return page(request, "login/recovery.html", coordinator=coordinator, codes=made)


@router.post("/codes/recovery", dependencies=[CONFIRMED])
def renew(request: Request, db: Database, coordinator: Staff) -> Response:
    made = codes.renew_recovery_codes(db, coordinator)
    return page(request, "login/recovery.html", coordinator=coordinator, codes=made)


@router.post("/codes/off", dependencies=[CONFIRMED])
def switch_off(db: Database, coordinator: Staff) -> Response:
    codes.switch_off(db, coordinator)
    return _to("/codes")


def _to(part: str = "") -> RedirectResponse:
    return RedirectResponse(f"/account{part}", SEE_OTHER)


def _show(request: Request, db: Session, coordinator: Staff, form: Filled, status: int = 200) -> HTMLResponse:
    shown = account.of(db, coordinator, request.state.login.token_hash)
    return page(request, "login/account.html", status, coordinator=coordinator, account=shown, form=form)


def _codes(
    request: Request, db: Session, coordinator: Staff, form: Filled, status: int = 200
) -> HTMLResponse:
    """While they are set up, with what the app has to read; this page is kept nowhere."""
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "account": account.of(db, coordinator, request.state.login.token_hash),
        "secret": codes.waiting_secret(coordinator),
    }
    if shown["secret"]:
        shown["picture"] = qr_code(codes.app_address(coordinator))
    return page(request, "login/codes.html", status, form=form, **shown)
