"""In which language somebody reads on: a button at the foot of every page that is for everybody."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from api.auth import Public, safe_next
from api.edge import cookies
from api.language import NAMES

router = APIRouter()


@router.post("/language")
def choose(
    request: Request,
    _: Public,
    language: Annotated[str, Form()] = "",
    onwards: Annotated[str, Form(alias="next")] = "",
) -> RedirectResponse:
    """Keeps the choice in a cookie, and back to the page."""
    response = RedirectResponse(safe_next(onwards, otherwise="/"), 303)
    if language in NAMES:
        cookies.LANGUAGE.put(response, request, language)
    return response
