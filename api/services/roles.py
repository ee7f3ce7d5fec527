"""Whoever would drive or ride, and is told to drive: an offer stands for them from then on, until they change their answers.

It has the id of the request, so that a plan means the same person whichever of the two it was made from.
"""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session

from api.store.queries import sign_ups
from api.store.tables import Offer, Request, SignUp


def as_offer(sign_up: Offer | Request) -> Offer | None:
    """The offer itself, or the one that a request would become; None for somebody who only rides."""
    if isinstance(sign_up, Offer):
        return sign_up
    if sign_up.can_drive is None:
        return None
    common = {name: getattr(sign_up, name) for name in SignUp.model_fields if name != "created_at"}
    return Offer(**common | sign_up.can_drive)


def let_drive(db: Session, offer: Offer) -> None:
    """Keep the offer if it is new, of somebody who is told to drive. Their request is one no longer.

    An offer that was read from the tables stands already.
    """
    if offer in db:
        return
    request = sign_ups.request_by_id(db, offer.id)
    if request is not None and sign_ups.set_state(db, request, "active", "driving"):
        sign_ups.put_offer(db, offer)


def let_all_drive(db: Session, request_ids: Collection[UUID]) -> None:
    """The same for many who asked for a lift, in few statements."""
    if not request_ids:
        return
    offers = [as_offer(request) for request in sign_ups.active_requests(db, request_ids)]
    drive = sign_ups.drive_now(db, request_ids)
    sign_ups.put_offers(db, [offer for offer in offers if offer is not None and offer.id in drive])
