"""The two forms as a browser without scripts goes through them: a page at a time, nothing lost, sent once."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.pages.journeys import CALLED as CALLED_PAGE
from api.pages.journeys import CONTACT as CONTACT_PAGE
from api.pages.journeys import WAYS, What
from api.services import forms, plain
from api.store.tables import Offer, Person, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene

Answers = dict[str, dict[str, Any]]
DAY = world.DAY.isoformat()
CONTACT = {"name": "Ada", "email": "ada@example.org", "phone": "0113 496 2345"}
AGREED = {"consent": "true"}
OFFER: Answers = {
    "where": {"postcode": "wf1 1aa"},
    "when": {"day": DAY},
    "role": {"role": "offer"},
    "people": {
        "party": "2",
        "seats": "3",
        "ready_at": "8:30",
        "way_back": "true",
        "home_by": "20:00",
        "max_travel_minutes": "90",
        "max_detour_minutes": "30",
    },
    "comfort": {"car": "blue Ford Fiesta", "plate": "AB12 KDX", "child_seats": "1", "wheelchairs": "0"},
    "contact": CONTACT,
}
ASK: Answers = {
    "where": {"postcode": "wf1 1aa", "home": "true", "pickup": "by the library"},
    "when": {"day": DAY},
    "role": {"role": "ask"},
    "people": {"party": "1", "ready_at": "", "way_back": "false", "home_by": "", "max_travel_minutes": "120"},
    "comfort": {"child_seat": "true"},
    "contact": CONTACT,
}


def post(client: TestClient, address: str, answers: dict[str, Any]) -> Any:
    """Send a page's form with its hidden fields, as a browser would."""
    return client.post(address, data=read(client.get(address)).hidden() | answers)


def go_through(client: TestClient, base: str, answers: Answers) -> str:
    """Answer every page, following each to the next; the address of the last, where the answers are checked."""
    address = f"{base}/where"
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
    answer = post(client, checked_offer, AGREED)
    offer = db.exec(select(Offer)).one()
    assert answer.headers["location"] == f"{scene.base}/sent/{offer.reference}"
    assert (offer.postcode, offer.party, offer.seats, offer.plate) == ("WF1 1AA", 2, 3, "KDX")
    assert (offer.offers, offer.event_ids) == ({"child_seat": 1}, None)
    assert world.person_of(db, offer).phone_typed == "0113 496 2345"
    sent = read(client.get(answer.headers["location"]))
    assert offer.reference in sent.text and "check your e-mail" in sent.text


def test_a_request_goes_in_page_by_page(client: TestClient, scene: Scene, db: Session) -> None:
    address = go_through(client, f"{scene.base}/ask", ASK)
    assert post(client, address, AGREED).status_code == 303
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


def test_page_one_says_who_sees_what_and_until_when(client: TestClient, scene: Scene) -> None:
    for what in ("offer", "ask", "either"):
        page = read(client.get(f"{scene.base}/{what}/where"))
        for said in ("The Testers", "Who sees your answers", "30 days after the event", "after two days"):
            assert said in page.text


def test_nothing_is_agreed_to_by_itself(client: TestClient, db: Session, checked_offer: str) -> None:
    page = read(client.get(checked_offer))
    assert page.checked("consent") == [] and "political opinions" in page.text
    answer = post(client, checked_offer, {})
    page = read(answer)
    assert answer.status_code == 422 and plain.PLAIN["consent"] in page.text
    assert page.all("a", href="#consent") and "Ada" in page.text
    assert db.exec(select(Person)).all() == []


def test_the_first_address_of_older_links_leads_to_page_one(client: TestClient, scene: Scene) -> None:
    for what in ("offer", "ask"):
        answer = client.get(f"{scene.base}/{what}/start?postcode=LS6+2AB&to=E14001322")
        assert answer.headers["location"] == f"{scene.base}/{what}/where?postcode=LS6+2AB&to=E14001322"


def test_what_was_searched_for_is_there_already(client: TestClient, scene: Scene) -> None:
    where = f"{scene.base}/offer/where?postcode=LS6+2AB&to={scene.morning.constituency}"
    page = read(client.get(where))
    assert page.value("postcode") == "LS6 2AB"
    client.post(f"{scene.base}/offer/where", data=page.hidden() | {"postcode": "LS6 2AB"})
    page = read(client.get(f"{scene.base}/offer/when"))
    assert page.checked("day") == [DAY]
    assert page.checked(f"events-{DAY}") == [str(scene.morning.id)]


@pytest.mark.parametrize("brought", ["postcode=%00&to=%00", "postcode=nowhere&to=E99", "postcode=&to="])
def test_nonsense_in_the_address_is_no_obstacle(client: TestClient, scene: Scene, brought: str) -> None:
    fields = read(client.get(f"{scene.base}/offer/where?{brought}")).hidden()
    answer = client.post(f"{scene.base}/offer/where", data=fields | {"postcode": "LS6 2AB"})
    assert answer.headers["location"] == f"{scene.base}/offer/when"


def test_whoever_skips_a_page_is_led_back_to_it(client: TestClient, scene: Scene) -> None:
    base = f"{scene.base}/offer"
    for step in ("when", "contact", "check", "nonsense"):
        assert client.get(f"{base}/{step}").headers["location"] == f"{base}/where"
    post(client, f"{base}/where", OFFER["where"])
    for step in ("role", "check"):
        assert client.get(f"{base}/{step}").headers["location"] == f"{base}/when"


def test_only_events_of_the_chosen_day_count(client: TestClient, scene: Scene, db: Session) -> None:
    later = scene.next_day.day.isoformat()
    ticked = {f"events-{DAY}": [str(scene.afternoon.id)], f"events-{later}": [str(scene.next_day.id)]}
    address = go_through(client, f"{scene.base}/ask", ASK | {"when": ASK["when"] | ticked | {"day": later}})
    assert "Street stall" in read(client.get(address)).text
    post(client, address, AGREED)
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


def test_what_is_sent_is_gone_from_the_form(client: TestClient, scene: Scene, checked_offer: str) -> None:
    post(client, checked_offer, AGREED)
    assert client.get(checked_offer).headers["location"] == f"{scene.base}/offer/where"
    assert "WF1 1AA" not in client.get(f"{scene.base}/offer/where").text


def test_another_browser_sees_nothing_of_it(app: FastAPI, checked_offer: str) -> None:
    assert browser(app).get(checked_offer).status_code == 303


def test_typed_markup_stays_text(client: TestClient, scene: Scene) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    contact = {**CONTACT, "name": nasty}
    offer = OFFER | {"comfort": OFFER["comfort"] | {"car": nasty[:60]}, "contact": contact}
    address = go_through(client, f"{scene.base}/offer", offer)
    page = read(client.get(address))
    assert nasty in page.text and not page.all("img", src="x")


def test_every_field_of_a_form_is_asked_on_exactly_one_page() -> None:
    consent = list(forms.Consent.model_fields)
    for way in WAYS.values():
        asked = [name for step in way.steps for name in step.model.model_fields if name != "role"]
        assert sorted(asked) == sorted(way.answers.model_fields)
        for form, last in ((way.form, CONTACT_PAGE), (way.called, CALLED_PAGE)):
            assert sorted([*asked, *last.model.model_fields, *consent]) == sorted(form.model_fields)
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


def test_either_goes_in_page_by_page(client: TestClient, scene: Scene, db: Session) -> None:
    either = ASK | {
        "role": {"role": "either", "may_ask": "true"},
        "people": OFFER["people"],
        "comfort": {"wheelchair": "true", "extra_minutes": "10", "car": "red Mini", "assistance_dogs": "1"},
    }
    address = go_through(client, f"{scene.base}/either", either)
    page = read(client.get(address))
    for said in (
        "Either: a lift",
        "red Mini",
        "Room for a folded wheelchair",
        "10 minutes more",
        "Free seats 3",
    ):
        assert said in page.text
    post(client, address, AGREED)
    request = db.exec(select(Request)).one()
    assert (request.needs, request.dwell_minutes, request.may_ask) == (["wheelchair"], 12.0, True)
    assert request.can_drive is not None
    assert (request.can_drive["seats"], request.can_drive["offers"]) == (3, {"assistance_dog": 1})


def test_who_decides_otherwise_on_page_three_keeps_the_answers(client: TestClient, scene: Scene) -> None:
    go_through(client, f"{scene.base}/offer", {step: OFFER[step] for step in ("where", "when")})
    role = f"{scene.base}/offer/role"
    assert read(client.get(role)).checked("role") == ["offer"]
    assert read(client.get(role)).checked("may_ask") == []
    # A driver needs no place to be picked up, so that is asked now, and then it goes on.
    where = post(client, role, {"role": "ask"}).headers["location"]
    assert where == f"{scene.base}/ask/where?change=1"
    assert read(client.get(where)).value("postcode") == "WF1 1AA"
    onward = post(client, where, ASK["where"]).headers["location"]
    assert onward == f"{scene.base}/ask/people?change=1"
    assert read(client.get(f"{scene.base}/ask/when")).checked("day") == [DAY]


def test_several_days_and_the_most_of_them(client: TestClient, scene: Scene, db: Session) -> None:
    later = scene.next_day.day.isoformat()
    when = {"day": [DAY, later], f"events-{DAY}": [str(scene.afternoon.id)], "most_days": "1"}
    address = go_through(client, f"{scene.base}/ask", ASK | {"when": when})
    page = read(client.get(address))
    assert "Afternoon leaflets" in page.text and "Days at most 1" in page.text
    page = read(client.get(f"{scene.base}/ask/when"))
    assert (page.checked("day"), page.checked("most_days")) == ([DAY, later], ["1"])
    post(client, address, AGREED)
    requests = {request.day.isoformat(): request for request in db.exec(select(Request)).all()}
    assert requests[DAY].event_ids == [str(scene.afternoon.id)] and requests[later].event_ids is None
    assert requests[DAY].most_days == requests[later].most_days == 1


def test_where_somebody_must_be_next_is_reckoned_before_sending(client: TestClient, scene: Scene) -> None:
    people = OFFER["people"] | {"home_by": "", "elsewhere": "ls6 2ab", "elsewhere_by": "18:00"}
    page = read(client.get(go_through(client, f"{scene.base}/offer", OFFER | {"people": people})))
    assert "LS6 2AB, 18:00 So home by 17:" in page.text


def test_what_events_offer_is_shown_where_people_choose(
    client: TestClient, scene: Scene, db: Session
) -> None:
    world.add_event(
        db, scene.campaign, scene.coordinator, title="Envelopes", step_free=True, toilet=True, seated=True
    )
    db.commit()
    post(client, f"{scene.base}/offer/where", OFFER["where"])
    for address in (f"{scene.base}/offer/when", f"{scene.base}/places/{scene.morning.constituency}"):
        assert "Without steps, toilet, work to sit at" in read(client.get(address)).text
