"""What goes wrong on the way: every slip gets a kind answer on its page, and nothing that was typed is lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select, update
from starlette.testclient import TestClient

from api.limits import FORMS, Limit
from api.services import campaigns, plain
from api.services.local import now
from api.services.retention import purge
from api.store.tables import Draft, Event, Offer, Person
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, link_of
from tests.api.pages.test_signup import AGREED, ASK, CONTACT, DAY, OFFER, checked_offer, go_through, post

__all__ = ["checked_offer"]


def test_a_page_that_is_sent_out_of_turn_is_kept(client: TestClient, scene: Scene) -> None:
    """Such as one that was open while the draft of the pages before was thrown away."""
    base = f"{scene.base}/offer"
    fields = read(client.get(f"{base}/where")).hidden()
    answer = client.post(f"{base}/contact", data=fields | CONTACT)
    assert answer.headers["location"] == f"{base}/where?change=1"
    address = answer.headers["location"]
    for step in list(OFFER)[:5]:
        assert address == f"{base}/{step}?change=1"
        address = post(client, address, OFFER[step]).headers["location"]
    assert address == f"{base}/check" and "Ada" in read(client.get(address)).text


def test_wrong_answers_come_back_as_they_were_typed(client: TestClient, scene: Scene) -> None:
    base = f"{scene.base}/offer"
    go_through(client, base, {step: OFFER[step] for step in list(OFFER)[:5]})
    typed = {"name": "", "email": "ada@", "phone": "07700 9x"}
    answer = post(client, f"{base}/contact", typed)
    page = read(answer)
    assert answer.status_code == 422 and answer.request.method == "POST"
    assert {name: page.value(name) for name in typed} == typed
    assert "autofocus" in page.classes("summary-of-errors")[0]
    for name in typed:
        assert page.all("a", href=f"#{name}") and plain.PLAIN[name] in page.text
        assert page.all("input", id=name)[0]["aria-invalid"] == "true"


def test_a_wrong_choice_keeps_the_right_ones(client: TestClient, scene: Scene) -> None:
    base = f"{scene.base}/offer"
    go_through(client, base, {step: OFFER[step] for step in list(OFFER)[:3]})
    page = read(post(client, f"{base}/people", {"party": "3", "home_by": "20:00"}))
    assert (page.checked("party"), page.checked("seats"), page.value("home_by")) == (["3"], [], "20:00")
    assert plain.PLAIN["seats"] in page.text


def test_sending_twice_is_harmless(client: TestClient, db: Session, checked_offer: str) -> None:
    fields = read(client.get(checked_offer)).hidden() | AGREED
    first, second = (client.post(checked_offer, data=fields) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(db.exec(select(Offer)).all()) == 1
    assert db.exec(select(Draft)).all() == []


def test_what_has_changed_meanwhile_is_said_at_the_end(
    client: TestClient, scene: Scene, db: Session, checked_offer: str
) -> None:
    for event in (scene.morning, scene.afternoon):
        campaigns.cancel_event(db, scene.campaign, scene.coordinator, event.id)
    db.commit()
    answer = post(client, checked_offer, AGREED)
    assert answer.status_code == 422
    page = read(answer)
    assert "nothing on that day any more" in page.text
    assert page.all("a", href=checked_offer.replace("check", "when") + "?change=1")
    campaigns.set_open(db, scene.campaign, scene.coordinator, False)
    db.commit()
    answer = post(client, checked_offer, AGREED)
    assert answer.status_code == 409
    assert "takes no more sign-ups" in read(answer).text
    assert db.exec(select(Person)).all() == []


def test_a_form_without_its_token_keeps_what_was_typed(client: TestClient, scene: Scene) -> None:
    answer = client.post(f"{scene.base}/offer/where", data={"postcode": "LS6 2AB"})
    assert answer.status_code == 403
    page = read(answer)
    assert page.value("postcode") == "LS6 2AB" and "Your answers are kept" in page.text


def test_too_many_forms_are_put_off_without_losing_the_answers(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, checked_offer: str
) -> None:
    monkeypatch.setattr("api.pages.signup.FORMS", forms_limit(0))
    answer = post(client, checked_offer, AGREED)
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    read(answer)
    monkeypatch.undo()
    assert post(client, checked_offer, AGREED).status_code == 303


def forms_limit(most: int) -> Limit:
    return replace(FORMS, most=most)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("JE2 3AB", "Jersey, Guernsey and the Isle of Man elect no members"),
        ("ZZ9 9ZZ", "Is there a typing mistake?"),
        ("LS6", "LS6 is the first half of a postcode. Type all of it"),
        ("my house", "This is not a UK postcode"),
    ],
)
def test_a_postcode_that_will_not_do(client: TestClient, scene: Scene, typed: str, said: str) -> None:
    for what in ("offer", "ask", "either"):
        answer = post(client, f"{scene.base}/{what}/where", {"postcode": typed})
        page = read(answer)
        assert answer.status_code == 422 and said in page.text
        assert page.value("postcode") == typed and page.all("a", href="#postcode")


def test_an_island_is_as_good_as_the_mainland(client: TestClient, scene: Scene, db: Session) -> None:
    address = go_through(client, f"{scene.base}/offer", OFFER | {"where": {"postcode": "PO30 1AB"}})
    assert post(client, address, AGREED).status_code == 303
    assert db.exec(select(Offer)).one().island == "isle-of-wight"


def test_an_event_that_is_over_is_neither_offered_nor_kept(
    client: TestClient, scene: Scene, db: Session, checked_offer: str
) -> None:
    when = OFFER["when"] | {f"events-{DAY}": [str(scene.morning.id)]}
    post(client, checked_offer.replace("check", "when") + "?change=1", when)
    past = {"starts_at": now() - timedelta(hours=2), "ends_at": now() - timedelta(minutes=1)}
    db.exec(update(Event).where(Event.id == scene.morning.id).values(**past))  # type: ignore[arg-type]
    db.commit()
    answer = post(client, checked_offer, AGREED)
    page = read(answer)
    change = checked_offer.replace("check", "when") + "?change=1"
    assert answer.status_code == 422 and "is over or no longer on" in page.text and page.all("a", href=change)
    page = read(client.get(change))
    assert "Morning canvass" not in page.text and "Afternoon leaflets" in page.text


def test_nine_people_are_two_forms(client: TestClient, scene: Scene) -> None:
    go_through(client, f"{scene.base}/ask", {step: ASK[step] for step in ("where", "when", "role")})
    answer = post(client, f"{scene.base}/ask/people", ASK["people"] | {"party": "9", "home_by": "20:00"})
    page = read(answer)
    assert answer.status_code == 422 and "send one form for each car" in page.text
    assert page.value("home_by") == "20:00"


def test_no_free_seat_is_an_answer_and_what_it_means_is_said(client: TestClient, scene: Scene) -> None:
    people = {"people": OFFER["people"] | {"seats": "0"}}
    page = read(client.get(go_through(client, f"{scene.base}/offer", OFFER | people)))
    assert "no seat is free, so nobody can ride with you" in page.text


def test_the_same_person_twice_means_the_newer_answers(client: TestClient, scene: Scene, db: Session) -> None:
    first = world.add_offer(db, scene.campaign, email=CONTACT["email"], name="Ada")
    db.commit()
    post(client, go_through(client, f"{scene.base}/offer", OFFER), AGREED)
    db.refresh(first)
    # Until the address is confirmed nobody can push somebody else's answers aside.
    assert first.state == "active"
    second = db.exec(select(Offer).where(Offer.id != first.id)).one()
    world.confirm(db, second)
    db.refresh(first)
    assert (first.state, second.state) == ("replaced", "active")


def test_a_mail_scanner_that_follows_the_link_changes_nothing(
    client: TestClient, scene: Scene, db: Session
) -> None:
    offer = world.add_offer(db, scene.campaign, confirmed=False)
    link = link_of(db, offer)
    assert client.get(client.get(f"/l/{link}").headers["location"]).status_code == 200
    db.expire_all()
    assert world.person_of(db, offer).confirmed_at is None


def test_going_back_finds_what_was_answered_and_forward_again(client: TestClient, checked_offer: str) -> None:
    """A back button loads earlier pages; their answers are there, and going on leads through the later ones."""
    address = checked_offer
    for step in reversed(OFFER):
        address = read(client.get(address)).classes("back")[0]["href"]
        assert address.endswith(f"/{step}")
    assert read(client.get(address)).value("postcode") == "WF1 1AA"
    assert go_through(client, checked_offer.rpartition("/")[0], OFFER) == checked_offer


def test_a_form_open_for_a_day_is_sent_all_the_same(
    client: TestClient, scene: Scene, db: Session, checked_offer: str
) -> None:
    fields = read(client.get(checked_offer)).hidden() | AGREED
    db.exec(update(Draft).values(updated_at=now() - timedelta(hours=25)))
    db.commit()
    purge(db)
    db.commit()
    assert "/sent/" in client.post(checked_offer, data=fields).headers["location"]


def test_a_form_open_for_a_week_is_asked_for_again_kindly(
    client: TestClient, scene: Scene, db: Session, checked_offer: str
) -> None:
    fields: dict[str, Any] = read(client.get(checked_offer)).hidden() | AGREED
    db.exec(update(Draft).values(updated_at=now() - timedelta(days=7)))
    purge(db)
    db.commit()
    where = client.post(checked_offer, data=fields).headers["location"]
    assert where == checked_offer.replace("check", "where?gone=1")
    assert "We keep answers for two days" in read(client.get(where)).text
