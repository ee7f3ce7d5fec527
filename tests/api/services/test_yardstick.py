"""What the figures are measured on is as large as it says."""

from sqlmodel import Session, func, select

from api.services import campaigns, drafts, yardstick
from api.services.forms import OfferForm, RequestForm
from api.services.nearest import near
from api.store.tables import Event


def test_every_constituency_is_a_key_one_and_the_events_are_spread(db: Session) -> None:
    scene = yardstick.create(db, "a long enough password", events=1300)
    campaign = campaigns.find(db, scene.slug)
    assert len(campaigns.key_constituencies(db, campaign)) == 650
    assert db.exec(select(func.count(func.distinct(Event.constituency)))).one() == 650
    assert db.exec(select(func.count(func.distinct(Event.day)))).one() == yardstick.DAYS
    assert near(db, "LS6 2AB").constituencies[0].events


def test_both_forms_are_filled_in(db: Session) -> None:
    scene = yardstick.create(db, "a long enough password", events=20)
    campaign = campaigns.find(db, scene.slug)
    offer, request = (drafts.load(db, scene.token, campaign.id, kind) for kind in ("offer", "request"))
    assert offer and OfferForm.model_validate(offer.answers)
    assert request and RequestForm.model_validate(request.answers)
