"""Matching runs: start, watch, stop, look at the plan, publish."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, status

from api.auth import CONFIRMED, Staff, needs
from api.services import campaigns, matching, plans, publishing
from api.services.publishing import Published
from api.services.rights import Right
from api.services.views import RunView
from api.transaction import Database
from api.v1 import schemas
from api.v1.answers import OF_CHANGES, OF_COORDINATORS, refusals

router = APIRouter(prefix="/campaigns/{slug}", tags=["runs"], responses=OF_COORDINATORS)


@router.post(
    "/days/{day}/runs",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=schemas.Run,
    responses={**OF_CHANGES, **refusals(409)},
    dependencies=[needs(Right.MATCH)],
)
def start_run(
    coordinator: Staff, db: Database, slug: str, day: date, order: schemas.RunOrder | None = None
) -> RunView:
    """Starts a run, which a worker carries out. One at a time for each day."""
    found = campaigns.find_for(db, slug, coordinator)
    return matching.start(db, found, day, coordinator, **(order or schemas.RunOrder()).model_dump())


@router.get("/days/{day}/runs", response_model=list[schemas.Run], dependencies=[needs(Right.DAY)])
def runs(coordinator: Staff, db: Database, slug: str, day: date) -> list[RunView]:
    """The runs of a day, newest first."""
    return matching.runs(db, campaigns.find_for(db, slug, coordinator), day)


@router.get("/runs/{run_id}", response_model=schemas.Run, dependencies=[needs(Right.DAY)])
def run(coordinator: Staff, db: Database, slug: str, run_id: UUID) -> RunView:
    """How far a run is."""
    return matching.view(
        db, matching.find_without_plan(db, campaigns.find_for(db, slug, coordinator), run_id)
    )


@router.post(
    "/runs/{run_id}/stop", response_model=schemas.Run, responses=OF_CHANGES, dependencies=[needs(Right.MATCH)]
)
def stop_run(coordinator: Staff, db: Database, slug: str, run_id: UUID) -> RunView:
    """Asks a run to end with the best plan so far. One that is over stays as it is."""
    found = campaigns.find_for(db, slug, coordinator)
    matching.ask_stop(db, found, run_id, coordinator)
    return matching.view(db, matching.find_without_plan(db, found, run_id))


@router.get(
    "/runs/{run_id}/plan",
    response_model=schemas.Plan,
    responses=refusals(409),
    dependencies=[needs(Right.DAY)],
)
def plan(coordinator: Staff, db: Database, slug: str, run_id: UUID) -> schemas.Plan:
    """A finished run's plan, in first names and districts, and what publishing it would do now."""
    return schemas.plan_of(plans.plan(db, campaigns.find_for(db, slug, coordinator), run_id))


@router.post(
    "/runs/{run_id}/publish",
    response_model=schemas.Effect,
    responses={**OF_CHANGES, **refusals(409)},
    dependencies=[needs(Right.PUBLISH), CONFIRMED],
)
def publish_run(coordinator: Staff, db: Database, slug: str, run_id: UUID) -> Published:
    """Publishes a finished run's plan, once: people get their lifts and messages."""
    return publishing.publish(db, campaigns.find_for(db, slug, coordinator), run_id, coordinator)
