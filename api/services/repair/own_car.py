"""A driver whose own car breaks down at an event: from then on they need a way home, as a rider who has lost the car does."""

from sqlmodel import Session

from api.services.local import now
from api.store.queries import arrivals, campaigns, sign_ups
from api.store.queries import lifts as queries
from api.store.tables import Lift, LiftStop, Offer, Request, SignUp

OWN_CAR = -1
"""The place in the lift of whoever drove it."""


def wants_home(db: Session, offer: Offer, lift: Lift) -> Request | None:
    """Ask for the way home in the driver's name; None if they did not want one, or the car was lost before the event or after.

    The request has the id of the offer, as with everybody who is now driver and now rider.
    """
    event = campaigns.event_by_id(db, offer.campaign_id, lift.event_id)
    moment = now()
    if event is None or not offer.way_back or not lift.arrives_at <= moment < event.ends_at:
        return None
    request = _request(db, offer)
    stop = LiftStop(
        lift_id=lift.id, request_id=request.id, position=OWN_CAR, pick_up_at=lift.departs_at,
        ride_minutes=lift.drive_minutes, drop_at=lift.home_at, state="cancelled",
    )  # fmt: skip
    queries.add_all(db, [(lift, [stop])])
    arrivals.lose_car(db, lift.event_id, [request.id], on_the_way=True, at=moment)
    arrivals.come_as_rider(db, lift.event_id, offer.id, request.id)
    return request


def _request(db: Session, offer: Offer) -> Request:
    known = sign_ups.request_by_id(db, offer.id)
    if known is not None:
        sign_ups.set_state(db, known, "driving", "active")
        return known
    names = SignUp.model_fields.keys() - {"created_at", "changed_at"}
    request = Request(**{name: getattr(offer, name) for name in names} | {"state": "active"})
    sign_ups.put_request(db, request)
    return request
