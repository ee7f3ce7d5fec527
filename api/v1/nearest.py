"""Which key constituencies are worth going to from a place."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import Public
from api.services import campaigns, nearest, pickups
from api.services.pickups import PickupChoice
from api.services.views import Near
from api.transaction import Database
from api.v1 import schemas
from api.v1.answers import refusals

router = APIRouter(tags=["nearest"])
Postcode = Annotated[str, Query(min_length=1, max_length=80, description="A postcode, a district or a town.")]
Slug = Annotated[str | None, Query(max_length=200, description="Only this campaign's.")]
Limit = Annotated[int, Query(ge=1, le=50)]


@router.get("/nearest", response_model=schemas.Nearest, responses=refusals(404))
def nearest_constituencies(
    _: Public, db: Database, postcode: Postcode, campaign: Slug = None, limit: Limit = 5
) -> Near:
    """The key constituencies that matter most and are in reach, best first, with what is on there."""
    within = campaigns.find(db, campaign) if campaign else None
    return nearest.near(db, postcode, within, limit)


@router.get("/public-places", response_model=list[schemas.PublicPlace])
def public_places(_: Public, db: Database, postcode: Postcode) -> tuple[PickupChoice, ...]:
    """Public places near a postcode where a car can pick a rider up: their ids go into a request's `places`."""
    found = pickups.choices(db, postcode)
    return found.places if found else ()
