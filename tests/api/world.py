"""A small campaign for tests, made through the services that the pages use: two events near Leeds, people around them."""

from datetime import time, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, select

from api.services import campaigns, intake, outbox, people
from api.services.campaign_forms import CampaignForm, EventForm
from api.services.forms import CONSENT_VERSION, EitherForm, OfferForm, RequestForm
from api.services.local import today
from api.services.views import EventView
from api.store.tables import Campaign, Coordinator, Message, Offer, Person, Request

DAY = today() + timedelta(days=30)
LEEDS_NORTH_WEST = "E14001322"


_numbers = count(1)


def add_coordinator(db: Session, name: str = "Priya Shah") -> Coordinator:
    """A coordinator whose password nobody needs."""
    coordinator = Coordinator(email=f"coordinator{next(_numbers)}@example.org", name=name, password_hash="-")
    db.add(coordinator)
    db.flush()
    return coordinator


def add_campaign(db: Session, coordinator: Coordinator, name: str = "Polling day") -> Campaign:
    form = CampaignForm(name=name, organiser="The Testers", contact_email="team@example.org")
    return campaigns.find(db, campaigns.create(db, coordinator, form).slug)


def add_event(db: Session, campaign: Campaign, coordinator: Coordinator, **changes: Any) -> EventView:
    values = {
        "title": "Morning canvass", "constituency": LEEDS_NORTH_WEST, "place_name": "Market Square", "postcode": "LS6 2AB",
        "day": DAY, "starts": time(10), "ends": time(13), "wanted": 20,
    }  # fmt: skip
    return campaigns.add_event(db, campaign, coordinator, EventForm(**{**values, **changes}))


def offer_form(**changes: Any) -> OfferForm:
    values = {
        "postcode": "WF1 1AA", "day": DAY, "seats": 3, "car": "blue Ford Fiesta", "plate": "XYZ", "name": "Dora Driver",
        "email": f"driver{next(_numbers)}@example.org", "phone": "07700 900123", "consent": True,
        "consent_version": CONSENT_VERSION,
    }  # fmt: skip
    return OfferForm.model_validate(values | changes)


def request_form(**changes: Any) -> RequestForm:
    values = {
        "postcode": "WF2 8AA", "day": DAY, "home": True, "pickup": "by the library", "name": "Rafi Rider",
        "email": f"rider{next(_numbers)}@example.org", "phone": "07700 900456", "consent": True,
        "consent_version": CONSENT_VERSION,
    }  # fmt: skip
    return RequestForm.model_validate(values | changes)


def either_form(**changes: Any) -> EitherForm:
    values = request_form().model_dump() | {
        "name": "Ezra Either",
        "email": f"either{next(_numbers)}@example.org",
        "seats": 3,
    }
    return EitherForm.model_validate(values | changes)


def add_either(db: Session, campaign: Campaign, **changes: Any) -> Request:
    """Somebody who would do either, confirmed."""
    form = either_form(**changes)
    reference = intake.receive(db, campaign, form, f"key-{next(_numbers)}").reference
    request = db.exec(select(Request).where(Request.reference == reference)).one()
    confirm(db, request)
    return request


def add_offer(db: Session, campaign: Campaign, *, confirmed: bool = True, **changes: Any) -> Offer:
    key = f"key-{next(_numbers)}"
    reference = intake.receive(db, campaign, offer_form(**changes), key).reference
    offer = db.exec(select(Offer).where(Offer.reference == reference)).one()
    if confirmed:
        confirm(db, offer)
    return offer


def add_request(db: Session, campaign: Campaign, *, confirmed: bool = True, **changes: Any) -> Request:
    key = f"key-{next(_numbers)}"
    reference = intake.receive(db, campaign, request_form(**changes), key).reference
    request = db.exec(select(Request).where(Request.reference == reference)).one()
    if confirmed:
        confirm(db, request)
    return request


def confirm(db: Session, sign_up: Offer | Request) -> str:
    """Open the link of the first mail, as its recipient would; the cookie that comes of it."""
    message = messages_of(db, sign_up, "confirm")[0]
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    outbox.sent(db, message.id)
    return people.exchange(db, envelope.link_token)


def person_of(db: Session, sign_up: Offer | Request) -> Person:
    person = db.get(Person, sign_up.person_id)
    assert person is not None
    return person


def messages_of(db: Session, sign_up: Offer | Request, kind: str) -> list[Message]:
    found = select(Message).where(Message.person_id == sign_up.person_id, Message.kind == kind)
    return list(db.exec(found.execution_options(populate_existing=True)).all())
