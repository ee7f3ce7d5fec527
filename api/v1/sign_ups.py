"""Offers of drivers, requests of riders, and what is both: anybody may send one in, coordinators may list them."""

from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response, status

from api import limits
from api.auth import Public, Staff, needs
from api.services import campaigns, intake, listings
from api.services.forms import EitherForm, Form, OfferForm, RequestForm
from api.services.listings import ListedOffer, ListedRequest
from api.services.rights import Right
from api.services.views import Received
from api.transaction import Database
from api.v1 import schemas
from api.v1.answers import OF_CHANGES, OF_COORDINATORS, refusals

router = APIRouter(prefix="/campaigns/{slug}", tags=["offers and requests"])

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=16,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="A random text of your own, the same for every try to send the same form.",
    ),
]
ONCE = {
    **OF_CHANGES,
    **refusals(404, 409, 429),
    200: {"model": schemas.Received, "description": "It was here already: nothing was done twice."},
}


@router.post(
    "/offers",
    status_code=status.HTTP_201_CREATED,
    response_model=schemas.Received,
    responses=ONCE,
)
def send_offer(
    request: Request, _: Public, db: Database, slug: str, form: OfferForm, key: Key, response: Response
) -> Received:
    """Sends in a driver's offer of free seats."""
    return _received(request, db, slug, form, key, response)


@router.post(
    "/requests",
    status_code=status.HTTP_201_CREATED,
    response_model=schemas.Received,
    responses=ONCE,
)
def send_request(
    request: Request, _: Public, db: Database, slug: str, form: RequestForm, key: Key, response: Response
) -> Received:
    """Sends in a rider's request for a lift."""
    return _received(request, db, slug, form, key, response)


@router.post(
    "/either",
    status_code=status.HTTP_201_CREATED,
    response_model=schemas.Received,
    responses=ONCE,
)
def send_either(
    request: Request, _: Public, db: Database, slug: str, form: EitherForm, key: Key, response: Response
) -> Received:
    """Sends in the form of somebody who would like a lift and drives if they are needed: driver and rider in one.

    It is kept as a request, with `seats_if_driving`, and the matching decides which of the two it becomes. Who is sent as a
    driver stands among the offers from then on, under the same reference.
    """
    return _received(request, db, slug, form, key, response)


@router.get(
    "/offers", response_model=list[schemas.Offer], responses=OF_COORDINATORS, dependencies=[needs(Right.DAY)]
)
def offers(coordinator: Staff, db: Database, slug: str, day: date) -> list[ListedOffer]:
    """The offers for a day, oldest first, without names and contact data."""
    return listings.offers(db, campaigns.find_for(db, slug, coordinator), day)


@router.get(
    "/requests",
    response_model=list[schemas.Request],
    responses=OF_COORDINATORS,
    dependencies=[needs(Right.DAY)],
)
def requests(coordinator: Staff, db: Database, slug: str, day: date) -> list[ListedRequest]:
    """The requests for a day, oldest first, without names and contact data."""
    return listings.requests(db, campaigns.find_for(db, slug, coordinator), day)


def _received(
    request: Request, db: Database, slug: str, form: Form, key: str, response: Response
) -> Received:
    """A second press of the same key is no second form to be counted, however fast it comes."""
    count = partial(limits.count, db, request, limits.FORMS, keep=False)
    # The pages' keys are of another kind, and no program can send one.
    received = intake.receive(db, campaigns.find(db, slug), form, f"v1:{key}", first=count)
    if not received.created:
        response.status_code = HTTPStatus.OK
    return received
