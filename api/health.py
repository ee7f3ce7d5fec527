"""Whether the service can do its work, for whoever watches over it."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from api.auth import anybody
from api.store.alive import answers

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The state of the service and of what it needs."""

    status: Literal["ok", "unavailable"]
    database: Literal["ok", "unavailable"]
    version: Annotated[str, Field(examples=["0.1.0"])]


@router.get(
    "/health",
    dependencies=[Depends(anybody)],
    responses={503: {"model": Health, "description": "The database cannot be reached."}},
)
def health(request: Request, response: Response) -> Health:
    """Answers 200 while forms can be saved, 503 while they cannot."""
    state: Literal["ok", "unavailable"] = "ok" if answers(request.app.state.engine) else "unavailable"
    if state != "ok":
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(status=state, database=state, version=version("keyseat-carpool"))
