"""Whether the service is alive and can do its work, for whoever watches over it."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from api.auth import anybody
from api.services import watching

router = APIRouter(tags=["health"])
Version = Annotated[str, Field(examples=["0.1.0"])]


class Health(BaseModel):
    """That the web service runs."""

    status: Literal["ok"]
    version: Version


class Ready(BaseModel):
    """The state of what the service needs. `degraded`: forms are taken, but nobody sends messages or solves runs."""

    status: Literal["ok", "degraded", "unavailable"]
    database: Literal["ok", "unavailable"]
    migrations: Literal["ok", "behind", "newer", "unknown"]
    worker: Literal["ok", "missing", "unknown"]
    version: Version


@router.get("/health", dependencies=[Depends(anybody)])
def health() -> Health:
    """Answers 200 while the web service runs, whatever it may lack."""
    return Health(status="ok", version=version("keyseat-carpool"))


@router.get(
    "/ready",
    dependencies=[Depends(anybody)],
    responses={503: {"model": Ready, "description": "The database is away, or not of this version."}},
)
def ready(request: Request, response: Response) -> Ready:
    """Answers 200 while forms can be saved, 503 while they cannot; says whether the database answers, whether its
    tables are of this version, and whether a worker was heard of within the last minute.
    """
    found = watching.state(request.app.state.engine)
    if found.status == "unavailable":
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Ready(
        status=found.status,
        database=found.database,
        migrations=found.migrations,
        worker=found.worker,
        version=version("keyseat-carpool"),
    )
