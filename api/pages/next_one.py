"""Tell me about the next one: agreed to on the private page, taken back there or by the link in a message."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.auth import Me, Public
from api.limits import LINKS, limited
from api.pages.filled import Posted
from api.pages.rendering import page
from api.services import next_one
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303


@router.post("/my/next-one")
def agree(db: Database, person: Me, form: Posted) -> Response:
    next_one.agree(db, person, str(form.get("version", "")))
    return RedirectResponse("/my#next-one", SEE_OTHER)


@router.post("/my/next-one/stop")
def take_back(db: Database, person: Me) -> Response:
    next_one.forget(db, person)
    return RedirectResponse("/my#next-one", SEE_OTHER)


@router.get("/no-more/{token}")
def ask(request: Request, _: Public, token: str) -> HTMLResponse:
    """The same for every token: mail scanners load links, and nobody learns who agreed."""
    return page(request, "volunteers/no_more.html", token=token[:64], done=False)


@router.post("/no-more/{token}", dependencies=[Depends(limited(LINKS))])
def stop(request: Request, db: Database, _: Public, token: str) -> HTMLResponse:
    next_one.stop(db, token)
    return page(request, "volunteers/no_more.html", token="", done=True)
