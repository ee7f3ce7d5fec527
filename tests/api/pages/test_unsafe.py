"""I don't feel safe: out of the car by one press, told to a coordinator alone, and never in one car again."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.messages.house import House
from api.messages.staff_letters import write_to_staff
from api.services import local, matching, outbox, people, retention, staff_mail
from api.store.queries import sign_ups
from api.store.tables import AuditEntry, KeptApart, Membership, Message, Offer, Report, Request
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, publish
from tests.api.pages.test_lifts import get_in, my, press

Car = tuple[Offer, Request, Request]
SAID = "He drove\r\nfar too fast"


@pytest.fixture
def car(db: Session, scene: Scene) -> Car:
    """Dora drives Rafi and Cleo."""
    return (
        world.add_offer(db, scene.campaign, confirmed=False),
        world.add_request(db, scene.campaign, confirmed=False),
        world.add_request(db, scene.campaign, confirmed=False, name="Cleo"),
    )


@pytest.fixture
def browsers(app: FastAPI, db: Session, scene: Scene, car: Car) -> tuple[TestClient, ...]:
    found = tuple(get_in(app, db, sign_up) for sign_up in car)
    publish(db, scene)
    return found


def report(client: TestClient, **fields: str) -> str:
    hidden = read(client.get("/my/unsafe")).hidden()
    answer = client.post("/my/unsafe", data={"csrf": hidden["csrf"], "said": SAID} | fields)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def apart(db: Session, scene: Scene) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in matching.build_instance(db, scene.campaign, world.DAY).apart}


def test_a_rider_leaves_quietly_and_is_never_in_that_car_again(
    db: Session, scene: Scene, car: Car, browsers: tuple[TestClient, ...]
) -> None:
    offer, request, other = car
    driver, rider, _ = browsers
    page = read(rider.get("/my/unsafe"))
    assert "999" in page.text and "Cleo" not in page.text
    assert report(rider) == "/my/told" and report(rider) == "/my/told"
    assert "will not be again" in read(rider.get("/my/told")).text
    db.expire_all()
    assert len(world.messages_of(db, offer, "rider_cancelled")) == 1
    assert "Pick up Cleo" in my(driver).text and "Rafi" not in my(driver).text
    assert "You have a lift" not in my(rider).text and request.state == "active"
    assert apart(db, scene) == {
        frozenset({str(request.id), str(offer.id)}),
        frozenset({str(request.id), str(other.id)}),
    }
    assert len(db.exec(select(Report)).all()) == 1
    for message in (
        *world.messages_of(db, offer, "rider_cancelled"),
        *world.messages_of(db, other, "changed"),
    ):
        assert "safe" not in str(message.facts) and "fast" not in str(message.facts)


def test_each_coordinator_of_the_campaign_gets_a_mail_without_a_name(
    db: Session, scene: Scene, car: Car, browsers: tuple[TestClient, ...]
) -> None:
    world.add_coordinator(db, "Of another campaign")
    second = world.add_coordinator(db, "Sam Second")
    gone = world.add_coordinator(db, "Gone Away")
    gone.disabled_at = local.now()
    for each in (second, gone):
        db.add(Membership(coordinator_id=each.id, campaign_id=scene.campaign.id))
    db.commit()
    for _ in range(2):
        report(browsers[1])
    db.expire_all()
    notices = db.exec(select(Message).where(Message.kind == "report")).all()
    claimed = [staff_mail.claim(db, message.id) for message in notices]
    assert sorted(notice.to for notice in claimed if notice) == sorted(
        [scene.coordinator.email, second.email]
    )
    for notice, message in zip(claimed, notices, strict=True):
        assert notice is not None and outbox.claim(db, message.id) is None
        letter = write_to_staff(notice, House("https://lifts.org.uk", "Us", "us@lifts.org.uk"))
        for version in (letter.text, letter.html):
            assert f"https://lifts.org.uk/coordinate/{scene.campaign.slug}/{world.DAY}" in version
            for private in ("Rafi", "Dora", "fast", "07700", "WF2", car[1].reference):
                assert private not in version + letter.subject


def test_a_report_that_somebody_looks_after_is_told_to_nobody_else(
    db: Session, scene: Scene, browsers: tuple[TestClient, ...], desk: TestClient
) -> None:
    report(browsers[1])
    hidden = read(desk.get(f"{scene.desk}/{world.DAY}")).hidden()
    (found,) = db.exec(select(Report.id)).all()
    desk.post(f"{scene.desk}/{world.DAY}/reports/{found}", data={"csrf": hidden["csrf"]})
    db.expire_all()
    (message,) = db.exec(select(Message).where(Message.kind == "report")).all()
    assert staff_mail.claim(db, message.id) is None
    db.refresh(message)
    assert message.state == "dropped"


def test_a_number_keeps_people_apart_as_an_address_does(
    app: FastAPI, db: Session, scene: Scene, car: Car, browsers: tuple[TestClient, ...]
) -> None:
    """Whoever proved both is found by either."""
    person = world.person_of(db, car[1])
    sign_ups.confirm(db, person, local.now(), "text")
    db.commit()
    report(browsers[1])
    db.expire_all()
    people.erase(db, world.person_of(db, car[1]))
    again = world.add_request(db, scene.campaign, reach="text", email="", name="Rafi", phone="07700 900456")
    db.commit()
    assert frozenset({str(again.id), str(car[0].id)}) in apart(db, scene)


def test_a_driver_says_whom_it_is_about(
    db: Session, scene: Scene, car: Car, browsers: tuple[TestClient, ...]
) -> None:
    offer, request, other = car
    driver = browsers[0]
    assert report(driver, who=str(other.person_id)) == "/my/told"
    db.expire_all()
    assert "Pick up Rafi" in my(driver).text and "Cleo" not in my(driver).text
    assert (
        len(world.messages_of(db, other, "lift_off")) == 1
        and world.messages_of(db, request, "lift_off") == []
    )
    assert apart(db, scene) == {frozenset({str(offer.id), str(other.id)})}


def test_it_holds_after_erasure_and_for_whoever_signs_up_anew(
    db: Session, scene: Scene, car: Car, browsers: tuple[TestClient, ...]
) -> None:
    offer, request, _ = car
    report(browsers[1])
    db.expire_all()
    email = world.person_of(db, request).email
    people.erase(db, world.person_of(db, request))
    db.commit()
    assert db.exec(select(Report)).all() == [] and apart(db, scene) == set()
    again = world.add_request(db, scene.campaign, email=email.upper(), name="Rafi")
    assert frozenset({str(again.id), str(offer.id)}) in apart(db, scene)
    for row in db.exec(select(KeptApart)).all():
        assert email.encode() not in row.one + row.other
    assert retention.purge(db).pairs == 0


def test_coordinators_see_it_first_and_one_of_them_how_to_reach_whoever_told(
    db: Session, scene: Scene, car: Car, browsers: tuple[TestClient, ...], desk: TestClient
) -> None:
    email = world.person_of(db, car[1]).email
    report(browsers[1])
    day = f"{scene.desk}/{world.DAY}"
    page = read(desk.get(day))
    assert "Rafi did not feel safe in the car" in page.text and "He drove far too fast" in page.text
    assert email not in page.text
    (form,) = [own for own in page.all("form") if "/reports/" in own["action"]]
    assert press(desk, day, form["action"]).status_code == 303
    page = read(desk.get(day))
    assert email in page.text and "07700 900456" in page.text
    db.expire_all()
    assert "report taken" in [entry.what for entry in db.exec(select(AuditEntry)).all()]
    assert press(desk, day, form["action"]).status_code == 409


def test_without_a_car_there_is_nobody_to_leave(app: FastAPI, db: Session, scene: Scene) -> None:
    client = get_in(app, db, world.add_request(db, scene.campaign, confirmed=False))
    assert "You are in no car with anybody" in read(client.get("/my/unsafe")).text
    assert not my(client).all("a", href="/my/unsafe")
    assert (
        client.post("/my/unsafe", data={"csrf": read(client.get("/my")).hidden()["csrf"]}).status_code == 404
    )
