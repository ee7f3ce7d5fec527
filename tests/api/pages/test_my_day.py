"""What somebody can do from their page beside cancelling: say that they are late, get the link again, have all erased."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select, text, update
from starlette.testclient import TestClient

from api.edge import cookies
from api.services import drafts, lateness, my_page, outbox
from api.services.local import now
from api.store.tables import Lift, Message, Offer, Person, PrivateSession, Request
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, publish
from tests.api.pages.test_lifts import get_in, my, press

Two = tuple[TestClient, TestClient]


@pytest.fixture
def offer(db: Session, scene: Scene) -> Offer:
    return world.add_offer(db, scene.campaign, confirmed=False)


@pytest.fixture
def request_(db: Session, scene: Scene) -> Request:
    return world.add_request(db, scene.campaign, confirmed=False)


@pytest.fixture
def car(app: FastAPI, db: Session, scene: Scene, offer: Offer, request_: Request) -> Two:
    """The browsers of a driver and a rider of one published lift."""
    both = get_in(app, db, offer), get_in(app, db, request_)
    publish(db, scene)
    return both


def soon(db: Session) -> None:
    """The car sets off in an hour."""
    start = now() + timedelta(hours=1)
    db.exec(update(Lift).values(departs_at=start, arrives_at=start + timedelta(minutes=40)))
    db.commit()


def late(client: TestClient, minutes: object) -> int:
    answer = client.post(
        "/my/late", data={"csrf": read(client.get("/my")).hidden()["csrf"], "minutes": minutes}
    )
    return int(answer.status_code)


def told(db: Session, sign_up: Offer | Request, kind: str = "late") -> list[Message]:
    db.expire_all()
    return world.messages_of(db, sign_up, kind)


def test_a_driver_who_is_late_says_so_once_and_the_riders_are_told(
    db: Session, car: Two, offer: Offer, request_: Request
) -> None:
    driver, rider = car
    assert "Running late?" not in my(driver).text and late(driver, 20) == 409
    soon(db)
    page = my(driver).text
    assert page.index("You have people to take") < page.index("Running late?") < page.index("You set off")
    assert [late(driver, 20) for _ in range(2)] == [303, 303]
    (message,) = told(db, request_)
    assert message.facts == {"late_name": "Dora", "minutes": 20} and told(db, offer) == []
    assert "Dora is late, by about 20 minutes." in my(rider).text
    assert "You said about 20 minutes." in my(driver).text
    assert late(driver, 30) == 303 and len(told(db, request_)) == 2
    assert outbox.claim(db, message.id) is not None


def test_a_rider_who_is_late_tells_the_driver_alone(
    db: Session, car: Two, offer: Offer, request_: Request
) -> None:
    driver, rider = car
    soon(db)
    assert late(rider, 10) == 303
    (message,) = told(db, offer)
    assert message.facts["late_name"] == "Rafi" and told(db, request_) == []
    assert "Late by about 10 minutes" in my(driver).text


def test_each_says_once_that_they_come_and_the_driver_sees_it(
    db: Session, car: Two, offer: Offer, request_: Request
) -> None:
    driver, _rider = car
    for client in car:
        assert "Are you coming? Please say so by" in my(client).text
        assert press(client, "/my", "/my/accept").headers["location"] == "/my"
        page = my(client)
        assert "You said that you are coming." in page.text and not page.all("form", action="/my/accept")
    assert "Said: I am coming" in my(driver).text
    db.expire_all()
    first = db.exec(select(Lift)).one().accepted_at
    client_fields = {"csrf": read(driver.get("/my")).hidden()["csrf"]}
    assert driver.post("/my/accept", data=client_fields).status_code == 303
    db.expire_all()
    assert db.exec(select(Lift)).one().accepted_at == first is not None


@pytest.mark.parametrize("minutes", ["", "0", "11", "-10", "1e1", "²", "9" * 30])
def test_other_minutes_are_refused(db: Session, car: Two, request_: Request, minutes: str) -> None:
    soon(db)
    assert late(car[0], minutes) == 422
    assert told(db, request_) == [] and lateness.MINUTES == (10, 20, 30, 45)


def test_a_link_is_sent_again_once_an_hour_and_the_answer_is_the_same_for_everybody(
    app: FastAPI, client: TestClient, db: Session, scene: Scene
) -> None:
    known = world.add_request(db, scene.campaign, email="ada@example.org")
    fresh = world.add_offer(db, scene.campaign, email="ben@example.org", confirmed=False)
    gone = world.add_offer(db, scene.campaign, email="cat@example.org")
    gone.state = "cancelled"
    db.add(gone)
    db.commit()
    answers = []
    for email in (
        " ADA@example.org",
        "ada@example.org",
        "ben@example.org",
        "cat@example.org",
        "nobody@example.org",
        "",
        "x" * 900,
    ):
        answer = client.post("/open/again", data=read(client.get("/open")).hidden() | {"email": email})
        assert answer.status_code == 303
        answers.append((answer.headers["location"], client.get(answer.headers["location"]).text))
    assert len(set(answers)) == 1 and "ada@" not in answers[0][1]
    (message,) = told(db, known, "link")
    envelope = outbox.claim(db, message.id)
    assert envelope is not None and envelope.to == "ada@example.org"
    # Who never opened the first link is asked to confirm again, by a letter that repeats nothing typed.
    assert len(told(db, fresh, "confirm")) == 2 and told(db, fresh, "link") == []
    assert told(db, gone, "link") == []


def test_everything_about_somebody_is_erased_at_once_and_the_others_are_told(
    db: Session, car: Two, offer: Offer, request_: Request
) -> None:
    driver, rider = car
    person_id, email = offer.person_id, world.person_of(db, offer).email
    # What this browser has begun anew goes with them.
    token = drafts.new_token()
    drafts.save(db, token, offer.campaign_id, {"name": "Dora Driver"})
    db.commit()
    driver.cookies.set(cookies.DRAFT.name, token)
    ask = read(driver.get("/my/erase"))
    assert "We tell your riders at once" in ask.text
    db.expire_all()
    assert db.get(Person, person_id) is not None  # Loading the page changed nothing.
    assert press(driver, "/my/erase", "/my/erase").headers["location"] == "/erased"
    assert "Everything is erased" in read(driver.get("/erased")).text
    assert driver.get("/my").headers["location"] == "/open"
    db.expire_all()
    assert db.exec(select(Person).where(col(Person.id) == person_id)).all() == []
    assert db.exec(select(PrivateSession).where(PrivateSession.person_id == person_id)).all() == []
    tables = (
        db.connection()
        .execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        .scalars()
        .all()
    )
    for table in tables:
        rows = db.connection().execute(text(f'SELECT t::text FROM "{table}" t')).scalars().all()  # noqa: S608
        # That a row of this random number is gone is all that may be known.
        number = () if table == "erased" else (str(person_id),)
        for trace in ("Dora Driver", email, "Ford Fiesta", *number):
            assert not any(trace in row for row in rows), (table, trace)
    assert len(told(db, request_, "driver_cancelled")) == 1
    assert "We are looking for your lift" in my(rider).text or "No lift for you so far" in my(rider).text


def test_somebody_takes_all_that_we_know_of_them_along_and_nothing_of_others(
    db: Session, car: Two, offer: Offer, request_: Request
) -> None:
    driver, rider = car
    press(rider, "/my", "/my/accept")
    token = read(rider.get("/my")).hidden()["csrf"]
    rider.post("/my/never-with", data={"csrf": token, "said": "a neighbour"})
    assert my(rider).all("a", href="/my/data.json")
    answer = rider.get("/my/data.json")
    assert (
        answer.headers["cache-control"] == "no-store"
        and "attachment" in answer.headers["content-disposition"]
    )
    own = answer.json()
    assert (own["person"]["name"], own["person"]["phone_typed"]) == ("Rafi Rider", "07700 900456")
    assert (own["request"]["postcode"], own["request"]["pickup"]) == ("WF2 8AA", "by the library")
    assert own["lifts"][0]["accepted_at"] and own["lifts"][0]["state"] == "published"
    assert {one["kind"] for one in own["messages"]} == {"confirm", "matched"}
    assert [one["said"] for one in own["notes"]] == ["a neighbour"]
    theirs = driver.get("/my/data.json").json()
    assert theirs["offer"]["car"] == "blue Ford Fiesta" and theirs["lifts"][0]["departs_at"]
    for other in ("Dora", "07700 900123", "Fiesta", str(offer.id), str(offer.person_id)):
        assert other not in answer.text
    for other in ("Rafi", "07700 900456", "WF2", "neighbour", str(request_.id)):
        assert other not in driver.get("/my/data.json").text


def test_a_day_after_only_thanks_report_download_and_erase_are_left(
    db: Session, car: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now() + timedelta(days=33)
    monkeypatch.setattr(my_page, "now", lambda: moment)
    for client in car:
        page = my(client)
        assert "Thank you for coming" in page.text
        links = {own["href"] for own in page.all("a") if own.get("href", "").startswith("/my/")}
        assert links == {"/my/unsafe", "/my/data.json", "/my/erase"}
        assert [own["action"] for own in page.all("form")] == ["/my/leave"]
        for known in ("Dora", "Rafi", "07700", "Fiesta", "WF1", "WF2", "library"):
            assert known not in page.text
        assert client.get("/my/data.json").status_code == 200
        token = page.hidden()["csrf"]
        assert client.post("/my/never-with", data={"csrf": token, "said": "Mo"}).status_code == 422
