"""Who rings whom: one coordinator each, for a while, with what came of it; and a text of their own that opens nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select, update

from api.errors import Conflict, NotFound
from api.pages.coordinators import by_hand
from api.services import calls, campaigns, day_messages, outbox, ringing
from api.services.local import now
from api.store.session import open_session
from api.store.tables import AuditEntry, Coordinator, Membership, Message, Offer, Person, Request, Ringing
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene

__all__ = ["pair", "password_hash", "scene"]


@pytest.fixture
def ann(db: Session, scene: Scene) -> Coordinator:
    return member(db, scene, "Ann Allen")


def member(db: Session, scene: Scene, name: str) -> Coordinator:
    coordinator = world.add_coordinator(db, name)
    db.add(Membership(coordinator_id=coordinator.id, campaign_id=scene.campaign.id, role="coordinator"))
    db.flush()
    return coordinator


def message_of(db: Session, row: Offer | Request, kind: str = "matched", state: str = "failed") -> Message:
    message = db.exec(select(Message).where(Message.person_id == row.person_id, Message.kind == kind)).one()
    message.state = state
    db.commit()
    return message


def failed(db: Session, scene: Scene, many: int) -> list[Message]:
    for number in range(many):
        world.add_offer(db, scene.campaign, confirmed=False, name=f"Number{number} Jones")
    db.exec(update(Message).values(state="failed"))
    db.commit()
    return list(db.exec(select(Message)).all())


def order(db: Session, scene: Scene) -> list[str]:
    chosen = {"state": "ring", "kind": "", "q": ""}
    return [row.name for row in day_messages.listed(db, scene.campaign, world.DAY, chosen, 1).rows]


def test_of_many_who_ring_at_once_one_has_the_number_and_the_others_are_told_who(
    db: Session, engine: Engine, scene: Scene
) -> None:
    (message,) = failed(db, scene, 1)
    names = [member(db, scene, f"Ann{number}").name for number in range(6)]
    db.commit()
    barrier = Barrier(6)

    def press(name: str) -> str:
        with open_session(engine) as own:
            who = own.exec(select(Coordinator).where(Coordinator.name == name)).one()
            campaign = campaigns.find(own, scene.campaign.slug)
            barrier.wait()
            try:
                ringing.ring(own, campaign, message.id, who)
                own.commit()
            except Conflict as error:
                return error.message
            return ""

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(press, names))
    assert answers.count("") == 1
    winner = names[answers.index("")]
    assert all(answer.startswith(f"{winner} is ringing them since") for answer in answers if answer)


def test_somebody_who_is_rung_is_left_alone_for_a_quarter_of_an_hour(
    db: Session, scene: Scene, ann: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,) = failed(db, scene, 1)
    call = ringing.ring(db, scene.campaign, message.id, scene.coordinator)
    assert call.name == "Number0" and call.phone
    assert ringing.ring(db, scene.campaign, message.id, scene.coordinator).phone == call.phone
    with pytest.raises(Conflict, match="Priya Shah is ringing them since"):
        ringing.ring(db, scene.campaign, message.id, ann)
    db.exec(update(Ringing).values(since=now() - timedelta(minutes=16)))
    assert ringing.ring(db, scene.campaign, message.id, ann).name == "Number0"
    db.commit()
    looked = db.exec(select(AuditEntry).where(AuditEntry.what == "number looked at")).all()
    assert {entry.coordinator_id for entry in looked} == {scene.coordinator.id, ann.id}


def test_whoever_was_rung_in_vain_comes_last(db: Session, scene: Scene) -> None:
    messages = failed(db, scene, 3)
    before = order(db, scene)
    first = next(one for one in messages if db.get_one(Person, one.person_id).name == before[0])
    ringing.ring(db, scene.campaign, first.id, scene.coordinator)
    ringing.ended(db, scene.campaign, first.id, "no_answer", scene.coordinator)
    assert order(db, scene) == [*before[1:], before[0]]
    known = ringing.known(db, [first.person_id])[first.person_id]  # type: ignore[list-item, index]
    assert (known.since, known.result, known.tries, known.by) == (None, "no_answer", 1, "Priya Shah")
    assert first.state == "failed"


@pytest.mark.parametrize(("result", "how"), [("told", "call"), ("text", "text")])
def test_who_was_told_by_hand_is_told(
    db: Session, scene: Scene, ann: Coordinator, result: str, how: str
) -> None:
    (message,) = failed(db, scene, 1)
    ringing.ended(db, scene.campaign, message.id, result, scene.coordinator)
    db.refresh(message)
    assert (message.state, message.told_how, message.told_by) == ("sent", how, scene.coordinator.id)
    with pytest.raises(Conflict, match="They know already"):
        ringing.ended(db, scene.campaign, message.id, result, ann)
    with pytest.raises(Conflict, match="They know already"):
        ringing.ring(db, scene.campaign, message.id, ann)


def test_a_text_that_a_limit_keeps_back_is_not_sent_after_it_was_told(db: Session, scene: Scene) -> None:
    (message,) = failed(db, scene, 1)
    message.state = "held"
    db.commit()
    ringing.ended(db, scene.campaign, message.id, "told", scene.coordinator)
    assert outbox.claim(db, message.id) is None


def test_nobody_rings_about_another_campaigns_messages(db: Session, scene: Scene, ann: Coordinator) -> None:
    (message,) = failed(db, scene, 1)
    other = campaigns.find(db, world.add_campaign(db, ann, "Another").slug)
    with pytest.raises(NotFound):
        ringing.ring(db, other, message.id, ann)
    with pytest.raises(NotFound):
        ringing.ended(db, other, message.id, "told", ann)
    with pytest.raises(NotFound):
        ringing.ended(db, scene.campaign, message.id, "shouted", scene.coordinator)


def test_two_who_ask_for_numbers_get_different_people(db: Session, scene: Scene, ann: Coordinator) -> None:
    for number in range(3):
        world.add_offer(db, scene.campaign, confirmed=False, name=f"Number{number} Jones")
    db.exec(update(Message).values(state="call", channel="call"))
    db.exec(update(Person).values(confirmed_at=Person.created_at))
    found = calls.look(db, scene.campaign, world.DAY, scene.coordinator).calls
    assert len(found) == 3
    assert calls.look(db, scene.campaign, world.DAY, ann).calls == ()
    ringing.ended(db, scene.campaign, found[0].message_id, "no_answer", scene.coordinator)
    assert [one.name for one in calls.look(db, scene.campaign, world.DAY, ann).calls] == [found[0].name]


def test_a_text_by_hand_says_what_the_message_does_and_opens_nothing(
    db: Session, scene: Scene, pair: Pair
) -> None:
    offer, request = pair
    rider = ringing.ring(db, scene.campaign, message_of(db, request).id, scene.coordinator)
    driver = ringing.ring(db, scene.campaign, message_of(db, offer).id, scene.coordinator)
    theirs, his = by_hand.text_of(rider, "Priya Shah"), by_hand.text_of(driver, "Priya Shah")
    for said in ("Dora picks you up", "blue Ford Fiesta", "The word to say", "Priya"):
        assert said in theirs
    assert "pick up 1, the first at" in his and "Rafi" not in his
    for text in (theirs, his):
        assert "Testers" not in text and "Shah" not in text
        assert "http" not in text and "/l/" not in text and "07700" not in text
        assert request.postcode not in text and offer.postcode not in text
    (sms, whatsapp) = by_hand.links(rider, "Priya Shah")
    assert sms[1].startswith("sms:+447700900456?body=Your%20lift") and "&" not in sms[1]
    assert whatsapp[1].startswith("https://wa.me/447700900456?text=")
