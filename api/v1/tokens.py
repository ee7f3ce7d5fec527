"""Tokens of coordinators' programs."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, status
from fastapi.security import HTTPAuthorizationCredentials

from api.auth import Public, Staff, bearer_scheme
from api.entering import enter
from api.errors import NotFound
from api.services import login
from api.transaction import Database
from api.v1 import schemas
from api.v1.answers import OF_CHANGES, refusals

router = APIRouter(prefix="/tokens", tags=["tokens"])
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)]


@router.post("", status_code=status.HTTP_201_CREATED, responses={**OF_CHANGES, **refusals(401, 429)})
def create_token(_: Public, request: Request, db: Database, body: schemas.Login) -> schemas.Token:
    """Logs a coordinator in. Five wrong tries lock the account for that network address for a quarter of an hour."""
    password, code = body.password.get_secret_value(), body.code.get_secret_value()
    entered = enter(request, db, body.email, password, "bearer", code)
    return schemas.Token(token=entered.token, expires_in=int(login.LASTS.total_seconds()))


@router.delete(
    "/current", status_code=HTTPStatus.NO_CONTENT, responses={**refusals(403), **refusals(401, 404)}
)
def end_token(_: Staff, db: Database, bearer: Bearer) -> None:
    """Ends the token that the request carries."""
    if bearer is None:
        raise NotFound("This request carries no token.")
    login.log_out(db, bearer.credentials)
