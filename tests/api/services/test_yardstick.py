"""What the figures are measured on is as large as it says."""

from sqlmodel import Session, func, select

from api.services import campaigns, drafts, yardstick
from api.services.forms import EitherForm, OfferForm, RequestForm
from api.services.nearest import near
from api.store.tables import Event


def test_every_constituency_is_a_key_one_and_the_events_are_spread(db: Session) -> None:
    scene = yardstick.create(db, "a long enough password", events=1300)
    campaign = campaigns.find(db, scene.slug)
    assert len(campaigns.key_constituencies(db, campaign)) == 650
    assert db.exec(select(func.count(func.distinct(Event.constituency)))).one() == 650
    assert db.exec(select(func.count(func.distinct(Event.day)))).one() == yardstick.DAYS
    assert near(db, "LS6 2AB").constituencies[0].events


def test_all_forms_are_filled_in(db: Session) -> None:
    scene = yardstick.create(db, "a long enough password", events=20)
    campaign = campaigns.find(db, scene.slug)
    for what, form in (("offer", OfferForm), ("ask", RequestForm), ("either", EitherForm)):
        draft = drafts.load(db, scene.tokens[what], campaign.id)
        assert draft and scene.token_at(f"/c/x/{what}/check") == scene.tokens[what]
        assert form.model_validate({name: draft.answers[name] for name in form.model_fields})
