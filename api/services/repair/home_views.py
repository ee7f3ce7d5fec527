"""What somebody at an event sees of a way home that a repair found: the car and the number; its driver, whom to take along."""

from sqlmodel import Session

from api.services import pickups
from api.services.local import local
from api.services.views import WayHomeView
from api.store.queries import campaigns, ways_home
from api.store.tables import Offer, Person, Request, WayHome


def of(db: Session, sign_up: Offer | Request) -> tuple[WayHomeView, ...]:
    """The one that takes a rider home, or all that a driver takes along."""
    if isinstance(sign_up, Request):
        found = ways_home.of_request(db, sign_up.id)
        return (_view(db, *found[:2], sign_up, found[2]),) if found else ()
    rows = ways_home.of_offer(db, sign_up.id)
    return tuple(_view(db, way, sign_up, request, person) for way, request, person in rows)


def _view(db: Session, way: WayHome, offer: Offer, request: Request, other: Person) -> WayHomeView:
    event = campaigns.event_by_id(db, request.campaign_id, way.event_id)
    place = pickups.named(request.places, way.place_id)
    return WayHomeView(
        name=other.name.split()[0] if other.name.split() else other.name,
        phone=other.phone_typed or None,
        car=offer.car,
        plate=offer.plate,
        party=request.party,
        event=event.title if event else "",
        place=event.place_name if event else "",
        leaves_at=local(event.ends_at) if event else local(way.drop_at),
        drop_at=local(way.drop_at),
        to=place["name"] if place else request.postcode,
    )
