"""Published lifts."""

from datetime import date

from fastapi import APIRouter

from api.auth import Staff, needs
from api.services import campaigns, listings
from api.services.listings import ListedLift
from api.services.rights import Right
from api.transaction import Database
from api.v1 import schemas
from api.v1.answers import OF_COORDINATORS

router = APIRouter(prefix="/campaigns/{slug}/days/{day}", tags=["lifts"])


@router.get(
    "/lifts", response_model=list[schemas.Lift], responses=OF_COORDINATORS, dependencies=[needs(Right.DAY)]
)
def lifts(coordinator: Staff, db: Database, slug: str, day: date) -> list[ListedLift]:
    """The lifts of a day that stand, by departure, without names and contact data."""
    return listings.lifts(db, campaigns.find_for(db, slug, coordinator), day)
