"""What a volunteer sends in becomes an offer or a request, with a message that asks to confirm, in one transaction."""

import hashlib
import secrets
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api import language
from api.errors import Conflict, Invalid
from api.language import N_
from api.services import outbox, pickups, whereabouts
from api.services.forms import OfferForm, RequestForm
from api.services.local import at, now, today
from api.services.tidy import standard_phone
from api.services.views import Received
from api.store.queries import campaigns as queries
from api.store.queries import sign_ups
from api.store.tables import Campaign, Offer, Person, Request
from carpool.geo.place import Place

# Without the letters and digits that are taken for others when they are read out.
REFERENCE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"

SENT_ALREADY = N_(
    "This form was sent already with other answers. To change them, open the link in our message."
)
NOTHING_ON = N_("There is nothing on that day any more. Choose another day.")
NO_LONGER_ON = N_("One of these events is no longer on. Choose again.")


def is_new(db: Session, key: str) -> bool:
    """Whether nothing was received under this key. It waits for another press of the same key that is under way."""
    sign_ups.lock_key(db, key)
    return sign_ups.by_key(db, key) is None


def receive_offer(db: Session, campaign: Campaign, form: OfferForm, key: str) -> Received:
    """Keep a driver's offer. The same `key` again changes nothing and answers the same; with other content, `Conflict`."""
    needs = {"child_seat": form.child_seats, "wheelchair": form.wheelchairs}
    return _receive(
        db, campaign, form, key, Offer,
        seats=form.seats, max_detour_minutes=form.max_detour_minutes, car=form.car, plate=form.plate,
        offers={need: count for need, count in needs.items() if count},
    )  # fmt: skip


def receive_request(db: Session, campaign: Campaign, form: RequestForm, key: str) -> Received:
    """Keep a rider's request, as `receive_offer` does an offer."""
    needs = [
        need for need, asked in (("child_seat", form.child_seat), ("wheelchair", form.wheelchair)) if asked
    ]
    return _receive(db, campaign, form, key, Request, needs=needs, pickup=form.pickup, home_pickup=form.home)


def _receive(
    db: Session,
    campaign: Campaign,
    form: OfferForm | RequestForm,
    key: str,
    table: type[Offer] | type[Request],
    **own: Any,
) -> Received:
    body_hash = _body_hash(campaign.id, form)
    if known := _received_before(db, key, body_hash):
        return known
    if not campaign.open:
        closed = language.gettext(
            "%(campaign)s takes no more sign-ups. Write to %(address)s if you need help."
        )
        raise Conflict(closed % {"campaign": campaign.name, "address": campaign.contact_email})
    common = _common(db, campaign, form)
    if isinstance(form, RequestForm):
        own["places"] = pickups.chosen(db, form, Place(common["lat"], common["lon"]))
    person = Person(
        campaign_id=campaign.id,
        name=form.name,
        email=form.email,
        phone_typed=form.phone,
        phone=standard_phone(form.phone),
        language=language.spoken(),
        reach=form.reach,
        consent_version=form.consent_version,
        consent_at=now(),
    )
    sign_up = table(
        reference=_reference(),
        campaign_id=campaign.id,
        person_id=person.id,
        idempotency_key=key,
        body_hash=body_hash,
        **common,
        **own,
    )
    if not sign_ups.add(db, person, sign_up):
        # Somebody pressed twice, and the other press was a moment faster.
        known = _received_before(db, key, body_hash)
        if known is None:
            raise Conflict
        return known
    outbox.queue(db, person.id, campaign.id, "confirm", key=f"confirm:{sign_up.id}", subject_id=sign_up.id)
    return Received(reference=sign_up.reference, kind=sign_ups.kind_of(sign_up), created=True)


def _received_before(db: Session, key: str, body_hash: str) -> Received | None:
    known = sign_ups.by_key(db, key)
    if known is None:
        return None
    if not secrets.compare_digest(known.body_hash, body_hash):
        raise Conflict(SENT_ALREADY)
    return Received(reference=known.reference, kind=sign_ups.kind_of(known), created=False)


def _common(db: Session, campaign: Campaign, form: OfferForm | RequestForm) -> dict[str, Any]:
    """The columns that offers and requests share."""
    found = whereabouts.start(db, form.postcode)
    women = ["woman"] if form.women_only else []
    return {
        "day": form.day,
        "postcode": found.postcode,
        "precision": found.precision,
        "lat": found.place.lat,
        "lon": found.place.lon,
        "island": found.place.island,
        "party": form.party,
        "ready_at": at(form.day, form.ready_at) if form.ready_at else None,
        "home_by": at(form.day, form.home_by) if form.home_by else None,
        "max_travel_minutes": form.max_travel_minutes,
        "way_back": form.way_back,
        "event_ids": _events(db, campaign, form),
        "traits": ["woman"] if form.woman else [],
        "company": women,
    }


def _events(db: Session, campaign: Campaign, form: OfferForm | RequestForm) -> list[str] | None:
    """The events somebody would go to, checked: open, of this campaign and of the day."""
    is_open: dict[UUID, bool] = {
        event.id: event.state == "open" for event in queries.events(db, campaign.id, form.day)
    }
    if form.day < today() or not any(is_open.values()):
        raise Invalid({"day": NOTHING_ON})
    if form.event_ids is None:
        return None
    if not all(is_open.get(event_id, False) for event_id in form.event_ids):
        raise Invalid({"event_ids": NO_LONGER_ON})
    return [str(event_id) for event_id in form.event_ids]


def _body_hash(campaign_id: UUID, form: OfferForm | RequestForm) -> str:
    content = f"{type(form).__name__} {campaign_id} {form.model_dump_json()}"
    return hashlib.sha256(content.encode()).hexdigest()


def _reference() -> str:
    """Something to say on the phone: not secret, not guessable, eight characters in two halves."""
    drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
