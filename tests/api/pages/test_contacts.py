"""Changing name and contact from the private page: nothing counts before the code of the new address is typed."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from api import limits
from api.services import outbox, people, plain, retention
from api.services.contacts import MOST_TRIES, NOT_THE_CODE, TOO_MANY_TRIES
from api.services.local import now
from api.services.outbox import Envelope
from api.store.tables import Message, NewContact, Offer, Person, PrivateLink, Request
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, publish
from tests.api.pages.test_lifts import get_in, my
from tests.api.pages.test_signup import post

NEW = "rafi.new@example.org"
MOBILE = "07700 900777"


@pytest.fixture
def rider(db: Session, scene: Scene) -> Request:
    return world.add_request(db, scene.campaign, confirmed=False, email="rafi@example.org")


@pytest.fixture
def client(app: FastAPI, db: Session, rider: Request) -> TestClient:
    return get_in(app, db, rider)


def save(client: TestClient, **changes: str) -> Any:
    page = read(client.get("/my/contact"))
    shown = {name: page.value(name) or "" for name in ("name", "email", "phone")}
    reach = page.checked("reach")[0]
    return post(client, "/my/contact", shown | {"reach": reach} | changes)


def claimed(db: Session, sign_up: Request | Offer, kind: str) -> Envelope:
    message = world.messages_of(db, sign_up, kind)[-1]
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    db.commit()
    return envelope


def person(db: Session, sign_up: Request | Offer) -> Person:
    db.expire_all()
    return world.person_of(db, sign_up)


def enter_code(client: TestClient, code: str) -> Any:
    return post(client, "/my/contact/code", {"code": code})


def test_a_name_is_changed_at_once_and_nobody_is_written_to(
    client: TestClient, db: Session, rider: Request
) -> None:
    assert "/my/contact" in [own.get("href") for own in my(client).all("a")]
    assert save(client, name="Raphael").headers["location"] == "/my"
    assert person(db, rider).name == "Raphael" and person(db, rider).email_confirmed_at
    assert "Raphael" in my(client).text
    assert {one.kind for one in db.exec(select(Message)).all()} == {"confirm"}


@pytest.mark.parametrize(
    ("typed", "to"),
    [({"email": NEW}, ("email", NEW)), ({"reach": "text", "phone": MOBILE}, ("text", "+447700900777"))],
    ids=["e-mail", "mobile"],
)
def test_a_new_address_counts_once_its_code_is_typed(
    client: TestClient, db: Session, rider: Request, typed: dict[str, str], to: tuple[str, str]
) -> None:
    assert save(client, **typed).headers["location"] == "/my/contact/code"
    was = person(db, rider)
    assert (was.email, was.reach) == ("rafi@example.org", "email")
    asked, new = claimed(db, rider, "contact_asked"), claimed(db, rider, "new_contact")
    assert (asked.channel, asked.to, asked.code, asked.link_token) == ("email", "rafi@example.org", "", "")
    assert ((new.channel, new.to), new.link_token) == (to, "")
    assert "Type the code" in my(client).text
    assert enter_code(client, f" {new.code[:3]} {new.code[3:]} ").headers["location"] == "/my"
    now_ = person(db, rider)
    assert now_.reach == to[0] and (now_.phone if to[0] == "text" else now_.email) == to[1]
    assert (now_.phone_confirmed_at if to[0] == "text" else now_.email_confirmed_at) is not None
    link = claimed(db, rider, "link")
    assert (link.channel, link.to) == to and people.exchange(db, link.link_token)
    assert "Type the code" not in my(client).text


def test_nothing_private_is_written_to_an_unproven_address(
    client: TestClient, db: Session, scene: Scene, rider: Request
) -> None:
    world.add_offer(db, scene.campaign)
    db.commit()
    save(client, email=NEW)
    publish(db, scene)
    assert claimed(db, rider, "matched").to == "rafi@example.org"
    assert {one.channel for one in db.exec(select(PrivateLink)).all()} == {"email"}
    assert db.exec(select(Message.kind).where(Message.kind == "link")).all() == []


def test_what_went_to_the_old_address_opens_nothing_after_it(
    app: FastAPI, client: TestClient, db: Session, rider: Request
) -> None:
    people.send_link_again(db, "rafi@example.org")
    old, other = claimed(db, rider, "link").link_token, browser(app)
    other.get(f"/l/{old}")
    post(other, "/open", {})
    save(client, email=NEW)
    enter_code(client, claimed(db, rider, "new_contact").code)
    with pytest.raises(people.LinkUnknown):
        people.exchange(db, old)
    db.rollback()
    assert other.get("/my").headers["location"] == "/open", "a browser that came in by an old link is out"
    assert client.get("/my").status_code == 200


def test_a_message_that_waits_goes_to_the_new_address(
    client: TestClient, db: Session, scene: Scene, rider: Request
) -> None:
    world.add_offer(db, scene.campaign)
    db.commit()
    publish(db, scene)
    save(client, reach="text", email="", phone=MOBILE)
    enter_code(client, claimed(db, rider, "new_contact").code)
    matched = claimed(db, rider, "matched")
    assert (matched.channel, matched.to) == ("text", "+447700900777"), (
        "queued for an e-mail address that is gone"
    )


def test_a_wrong_code_is_explained_and_not_tried_without_end(
    client: TestClient, db: Session, rider: Request
) -> None:
    save(client, email=NEW)
    right = claimed(db, rider, "new_contact").code
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for typed in (wrong, "", "x", "²²²²²²", wrong):
        answer = enter_code(client, typed)
        page = read(answer)
        assert answer.status_code == 422 and NOT_THE_CODE in page.text and page.value("code") == typed
    assert MOST_TRIES == 5 and TOO_MANY_TRIES in enter_code(client, right).text
    assert person(db, rider).email == "rafi@example.org"
    # Saving again begins anew, with another code.
    save(client, email="other@example.org")
    again = claimed(db, rider, "new_contact").code
    assert again != right and enter_code(client, again).status_code == 303
    assert person(db, rider).email == "other@example.org"


def test_a_code_of_yesterday_counts_no_more_and_is_deleted(
    client: TestClient, db: Session, rider: Request
) -> None:
    save(client, email=NEW)
    code = claimed(db, rider, "new_contact").code
    fields = read(client.get("/my/contact/code")).hidden()
    db.exec(update(NewContact).values(expires_at=now() - timedelta(seconds=1)))
    db.commit()
    answer = client.post("/my/contact/code", data=fields | {"code": code})
    assert answer.status_code == 409 and "no code to type any more" in read(answer).text
    assert client.get("/my/contact/code").headers["location"] == "/my"
    retention.purge(db)
    db.commit()
    assert db.exec(select(NewContact)).all() == [] and person(db, rider).email == "rafi@example.org"


def test_the_old_one_may_be_kept_and_then_the_code_is_none(
    client: TestClient, db: Session, rider: Request
) -> None:
    save(client, email=NEW)
    own = client.get("/my/data.json").json()
    assert own["new_contact"]["email"] == NEW and own["person"]["email"] == "rafi@example.org"
    fields = read(client.get("/my/contact/code")).hidden()
    (message,) = world.messages_of(db, rider, "new_contact")
    assert client.post("/my/contact/keep", data=fields).headers["location"] == "/my"
    assert outbox.claim(db, message.id) is None
    assert db.exec(select(NewContact)).all() == [] and person(db, rider).email == "rafi@example.org"


def test_pressing_twice_sends_one_code_and_asking_again_the_same(
    client: TestClient, db: Session, rider: Request
) -> None:
    for _ in range(2):
        assert save(client, email=NEW).status_code == 303
    assert (
        len(world.messages_of(db, rider, "new_contact"))
        == len(world.messages_of(db, rider, "contact_asked"))
        == 1
    )
    code = claimed(db, rider, "new_contact").code
    db.exec(update(NewContact).values(created_at=now() - timedelta(minutes=11)))
    db.commit()
    for _ in range(2):
        fields = read(client.get("/my/contact/code")).hidden()
        assert client.post("/my/contact/again", data=fields).headers["location"] == "/my/contact/code"
    assert len(world.messages_of(db, rider, "new_contact")) == 2
    assert claimed(db, rider, "new_contact").code == code


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"name": " "}, "name", plain.PLAIN["name"]),
        ({"email": "rafi@"}, "email", plain.PLAIN["email"]),
        ({"email": ""}, "email", plain.PLAIN["email"]),
        ({"reach": "text", "phone": "0113 496 2345"}, "phone", plain.NO_MOBILE),
        ({"reach": "text", "phone": ""}, "phone", plain.MOBILE_MISSING),
    ],
)
def test_bad_input_is_kept_and_explained(
    client: TestClient, db: Session, rider: Request, typed: dict[str, str], field: str, said: str
) -> None:
    answer = save(client, **typed)
    page = read(answer)
    assert answer.status_code == 422 and page.text.count(said) == 2
    assert page.value(field) == typed[field]
    assert db.exec(select(NewContact)).all() == [] and person(db, rider).email == "rafi@example.org"


def test_nobody_learns_whether_an_address_is_known(
    client: TestClient, db: Session, scene: Scene, rider: Request
) -> None:
    world.add_request(db, scene.campaign, email="known@example.org", name="Kim")
    db.commit()
    answers = []
    for address in ("known@example.org", "nobody@example.org"):
        answer = save(client, email=address)
        shown = client.get("/my/contact/code").text.replace(address, "ADDRESS")
        answers.append((answer.status_code, answer.headers["location"], without_token(shown)))
    assert answers[0] == answers[1]


def without_token(page: str) -> str:
    """Without the forms' tokens, which are another each time."""
    return "\n".join(line for line in page.splitlines() if 'name="csrf"' not in line)


def test_a_number_to_ring_needs_no_proof_and_loses_that_of_the_one_before(
    client: TestClient, db: Session, rider: Request
) -> None:
    people.take_as_confirmed(db, world.person_of(db, rider), "text")
    db.commit()
    assert save(client, phone="0113 496 2345").headers["location"] == "/my"
    known = person(db, rider)
    assert (known.phone_typed, known.phone_confirmed_at) == ("0113 496 2345", None)
    assert known.email_confirmed_at is not None


def test_all_the_days_of_one_form_have_the_same_contact(app: FastAPI, db: Session, scene: Scene) -> None:
    other = world.DAY + timedelta(days=1)
    first = world.add_request(db, scene.campaign, confirmed=False, also=[other], email="rafi@example.org")
    client = get_in(app, db, first)
    save(client, email=NEW, name="Ralph")
    enter_code(client, claimed(db, first, "new_contact").code)
    db.expire_all()
    found = db.exec(select(Person).where(col(Person.series).is_not(None))).all()
    assert [(one.name, one.email, one.email_confirmed_at is not None) for one in found] == [
        ("Ralph", NEW, True)
    ] * 2


def test_who_has_cancelled_changes_nothing_and_a_code_on_its_way_is_dropped(
    client: TestClient, db: Session, rider: Request
) -> None:
    save(client, email=NEW)
    post(client, "/my/cancel", {})
    db.expire_all()
    for kind in ("new_contact", "contact_asked"):
        assert outbox.claim(db, world.messages_of(db, rider, kind)[0].id) is None
    db.commit()
    assert client.get("/my/contact").headers["location"] == "/my"
    token = read(client.get("/my")).hidden()
    answer = client.post("/my/contact", data=token | {"name": "Q", "email": "q@example.org", "phone": ""})
    assert answer.headers["location"] == "/my" and person(db, rider).name == "Rafi Rider"


def test_saving_is_limited(client: TestClient) -> None:
    answers = [save(client, name="") for _ in range(limits.CONTACTS.most + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [422, 429]


def test_two_sign_ups_that_turn_out_to_be_one_persons_keep_both_promised_lifts(
    app: FastAPI, db: Session, scene: Scene
) -> None:
    """Whoever proves an address means the newer answers, but no lift that was promised is left hanging."""
    world.add_offer(db, scene.campaign, seats=4)
    one = world.add_request(db, scene.campaign, confirmed=False, email="rafi@example.org")
    two = world.add_request(db, scene.campaign, email=NEW)
    client = get_in(app, db, one)
    publish(db, scene)
    save(client, email=NEW)
    enter_code(client, claimed(db, one, "new_contact").code)
    db.expire_all()
    assert (one.state, two.state) == ("active", "active")
