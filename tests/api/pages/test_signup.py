"""The two forms as a browser without scripts goes through them: a page at a time, nothing lost, sent once."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.pages.journeys import WAYS, What
from api.services import campaigns, plain
from api.store.tables import Draft, Offer, Person, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene

Answers = dict[str, dict[str, Any]]
DAY = world.DAY.isoformat()
CONTACT = {"name": "Ada", "email": "ada@example.org", "phone": "0113 496 2345"}
OFFER: Answers = {
    "start": {"consent": "true"},
    "where": {"postcode": "wf1 1aa"},
    "when": {"day": DAY, "ready_at": "8:30", "way_back": "true", "home_by": "20:00"},
    "car": {"party": "2", "seats": "3", "car": "blue Ford Fiesta", "plate": "AB12 KDX"},
    "comfort": {
        "max_travel_minutes": "90",
        "max_detour_minutes": "30",
        "child_seats": "1",
        "wheelchairs": "0",
    },
    "contact": CONTACT,
}
ASK: Answers = {
    "start": {"consent": "true"},
    "where": {"postcode": "wf1 1aa", "home": "true", "pickup": "by the library"},
    "when": {"day": DAY, "ready_at": "", "way_back": "false", "home_by": ""},
    "riding": {"party": "1", "max_travel_minutes": "120"},
    "needs": {"child_seat": "true"},
    "contact": CONTACT,
}


def post(client: TestClient, address: str, answers: dict[str, Any]) -> Any:
    """Send a page's form with its hidden fields, as a browser would."""
    return client.post(address, data=read(client.get(address)).hidden() | answers)


def go_through(client: TestClient, base: str, answers: Answers) -> str:
    """Answer every page, following each to the next; the address of the last, where the answers are checked."""
    address = f"{base}/start"
    for step, own in answers.items():
        assert address.endswith(f"/{step}")
        answer = post(client, address, own)
        assert answer.status_code == 303, read(answer).text
        address = answer.headers["location"]
    return address


@pytest.fixture
def checked_offer(client: TestClient, scene: Scene) -> str:
    return go_through(client, f"{scene.base}/offer", OFFER)


def test_an_offer_goes_in_page_by_page(
    client: TestClient, scene: Scene, db: Session, checked_offer: str
) -> None:
    assert checked_offer == f"{scene.base}/offer/check"
    page = read(client.get(checked_offer))
    for said in (
        "WF1 1AA",
        "08:30",
        "20:00",
        "2 people",
        "blue Ford Fiesta, KDX",
        "1 hour 30 minutes",
        "Ada",
        "0113 496 2345",
    ):
        assert said in page.text
    answer = post(client, checked_offer, {})
    offer = db.exec(select(Offer)).one()
    assert answer.headers["location"] == f"{scene.base}/sent/{offer.reference}"
    assert (offer.postcode, offer.party, offer.seats, offer.plate) == ("WF1 1AA", 2, 3, "KDX")
    assert (offer.offers, offer.event_ids) == ({"child_seat": 1}, None)
    assert world.person_of(db, offer).phone_typed == "0113 496 2345"
    sent = read(client.get(answer.headers["location"]))
    assert offer.reference in sent.text and "check your e-mail" in sent.text


def test_a_request_goes_in_page_by_page(client: TestClient, scene: Scene, db: Session) -> None:
    address = go_through(client, f"{scene.base}/ask", ASK)
    assert post(client, address, {}).status_code == 303
    request = db.exec(select(Request)).one()
    assert (request.pickup, request.needs, request.way_back) == ("by the library", ["child_seat"], False)


def test_each_page_is_one_step_with_a_way_back(client: TestClient, scene: Scene) -> None:
    for what, answers in (("offer", OFFER), ("ask", ASK)):
        base = f"{scene.base}/{what}"
        before = scene.base
        for number, (step, own) in enumerate(answers.items(), 1):
            page = read(client.get(f"{base}/{step}"))
            assert f"Step {number} of 7" in page.text
            assert page.classes("back")[0]["href"] == before
            before = f"{base}/{step}"
            post(client, before, own)


def test_page_one_says_who_sees_what_and_agrees_to_nothing_by_itself(
    client: TestClient, scene: Scene
) -> None:
    for what in ("offer", "ask"):
        page = read(client.get(f"{scene.base}/{what}/start"))
        for said in ("The Testers", "Who sees your answers", "30 days after the event", "political opinions"):
            assert said in page.text
        assert page.checked("consent") == []
        answer = post(client, f"{scene.base}/{what}/start", {})
        assert answer.status_code == 422
        assert plain.PLAIN["consent"] in read(answer).text


def test_nothing_is_kept_before_somebody_agrees(client: TestClient, scene: Scene, db: Session) -> None:
    client.get(f"{scene.base}/offer/start?postcode=LS6+2AB")
    post(client, f"{scene.base}/offer/start", {"postcode": "LS6 2AB"})
    assert db.exec(select(Draft)).all() == []


def test_what_was_searched_for_is_there_already(client: TestClient, scene: Scene) -> None:
    start = f"{scene.base}/offer/start?postcode=LS6+2AB&to={scene.morning.constituency}"
    answer = client.post(
        f"{scene.base}/offer/start", data=read(client.get(start)).hidden() | {"consent": "true"}
    )
    assert read(client.get(answer.headers["location"])).value("postcode") == "LS6 2AB"
    post(client, answer.headers["location"], {"postcode": "LS6 2AB"})
    page = read(client.get(f"{scene.base}/offer/when"))
    assert page.checked("day") == [DAY]
    assert page.checked(f"events-{DAY}") == [str(scene.morning.id)]


@pytest.mark.parametrize("brought", ["postcode=%00&to=%00", "postcode=nowhere&to=E99", "postcode=&to="])
def test_nonsense_in_the_address_is_no_obstacle(client: TestClient, scene: Scene, brought: str) -> None:
    fields = read(client.get(f"{scene.base}/offer/start?{brought}")).hidden()
    assert client.post(f"{scene.base}/offer/start", data=fields | {"consent": "true"}).status_code == 303


def test_whoever_skips_a_page_is_led_back_to_it(client: TestClient, scene: Scene) -> None:
    base = f"{scene.base}/offer"
    for step in ("where", "contact", "check", "nonsense"):
        assert client.get(f"{base}/{step}").headers["location"] == f"{base}/start"
    post(client, f"{base}/start", OFFER["start"])
    for step in ("when", "check"):
        assert client.get(f"{base}/{step}").headers["location"] == f"{base}/where"
    fields = read(client.get(f"{base}/where")).hidden()
    assert client.post(f"{base}/contact", data=fields | CONTACT).headers["location"] == f"{base}/start"


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
    page = read(post(client, f"{base}/car", {"party": "3", "car": "red van"}))
    assert (page.checked("party"), page.checked("seats"), page.value("car")) == (["3"], [], "red van")
    assert plain.PLAIN["seats"] in page.text


def test_only_events_of_the_chosen_day_count(client: TestClient, scene: Scene, db: Session) -> None:
    later = scene.next_day.day.isoformat()
    ticked = {f"events-{DAY}": [str(scene.afternoon.id)], f"events-{later}": [str(scene.next_day.id)]}
    address = go_through(client, f"{scene.base}/ask", ASK | {"when": ASK["when"] | ticked | {"day": later}})
    assert "Street stall" in read(client.get(address)).text
    post(client, address, {})
    assert db.exec(select(Request)).one().event_ids == [str(scene.next_day.id)]


def test_a_change_leads_back_to_the_check(client: TestClient, checked_offer: str) -> None:
    where = checked_offer.replace("check", "where") + "?change=1"
    assert {"href": where} in read(client.get(checked_offer)).all("a")
    page = read(client.get(where))
    assert page.value("postcode") == "WF1 1AA"
    assert page.classes("back")[0]["href"] == checked_offer
    assert page.all("form", action=where)
    assert post(client, where, {"postcode": "LS6 2AB"}).headers["location"] == checked_offer
    assert "LS6 2AB" in read(client.get(checked_offer)).text


def test_sending_twice_is_harmless(client: TestClient, db: Session, checked_offer: str) -> None:
    fields = read(client.get(checked_offer)).hidden()
    first, second = (client.post(checked_offer, data=fields) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(db.exec(select(Offer)).all()) == 1
    assert db.exec(select(Draft)).all() == []


def test_what_is_sent_is_gone_from_the_form(client: TestClient, scene: Scene, checked_offer: str) -> None:
    post(client, checked_offer, {})
    assert client.get(checked_offer).headers["location"] == f"{scene.base}/offer/start"
    assert "ada@example.org" not in client.get(f"{scene.base}/offer/start").text


def test_another_browser_sees_nothing_of_it(app: FastAPI, checked_offer: str) -> None:
    assert browser(app).get(checked_offer).status_code == 303


def test_what_has_changed_meanwhile_is_said_at_the_end(
    client: TestClient, scene: Scene, db: Session, checked_offer: str
) -> None:
    for event in (scene.morning, scene.afternoon):
        campaigns.cancel_event(db, scene.campaign, scene.coordinator, event.id)
    db.commit()
    answer = post(client, checked_offer, {})
    assert answer.status_code == 422
    page = read(answer)
    assert "nothing on that day any more" in page.text
    assert page.all("a", href=checked_offer.replace("check", "when") + "?change=1")
    campaigns.set_open(db, scene.campaign, scene.coordinator, False)
    db.commit()
    answer = post(client, checked_offer, {})
    assert answer.status_code == 409
    assert "takes no more sign-ups" in read(answer).text
    assert db.exec(select(Person)).all() == []


def test_a_form_without_its_token_keeps_what_was_typed(client: TestClient, scene: Scene) -> None:
    answer = client.post(f"{scene.base}/offer/start", data={"consent": "true", "consent_version": "1"})
    assert answer.status_code == 403
    page = read(answer)
    assert page.value("consent") == "true" and "Your answers are kept" in page.text


def test_too_many_forms_are_put_off_without_losing_the_answers(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, checked_offer: str
) -> None:
    monkeypatch.setattr("api.pages.signup.FORMS", forms_limit(0))
    answer = post(client, checked_offer, {})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    read(answer)
    monkeypatch.undo()
    assert post(client, checked_offer, {}).status_code == 303


def forms_limit(most: int) -> Any:
    from dataclasses import replace

    from api.limits import FORMS

    return replace(FORMS, most=most)


def test_typed_markup_stays_text(client: TestClient, scene: Scene) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    contact = {**CONTACT, "name": nasty}
    offer = OFFER | {"car": OFFER["car"] | {"car": nasty[:60]}, "contact": contact}
    address = go_through(client, f"{scene.base}/offer", offer)
    page = read(client.get(address))
    assert nasty in page.text and not page.all("img", src="x")


def test_every_field_of_a_form_is_asked_on_exactly_one_page() -> None:
    for way in WAYS.values():
        asked = [name for step in way.steps for name in step.model.model_fields]
        assert sorted(asked) == sorted(way.form.model_fields)
    assert set(WAYS) == set(What)


def test_the_sent_page_says_the_same_for_every_reference(
    client: TestClient, scene: Scene, db: Session
) -> None:
    offer = world.add_offer(db, scene.campaign)
    db.commit()
    known, unknown = (
        client.get(f"{scene.base}/sent/{reference}") for reference in (offer.reference, "ABCD-EFGH")
    )
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(offer.reference, "") == unknown.text.replace("ABCD-EFGH", "")
