"""An event's page for its coordinators: hosts, the number that they ring, who has come, who needs a way home."""

from typing import Any

from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import hosting, lifts, outbox
from api.store.queries import messages
from api.store.tables import Coordinator, Host, Message
from tests.api import world
from tests.api.conftest import browser
from tests.api.door import Door, add_host, door, get_in, lift_of
from tests.api.pages.conftest import log_in
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Scene

__all__ = ["door"]
HANA = {"host_name": "Hana Host", "host_email": "hana@example.org"}


def look(desk: TestClient, scene: Scene) -> Page:
    return read(desk.get(at(scene)))


def at(scene: Scene) -> str:
    return f"{scene.desk}/events/{scene.morning.id}"


def own(scene: Scene) -> str:
    return f"/events/{scene.morning.id}"


def test_the_campaign_leads_to_its_events(desk: TestClient, scene: Scene) -> None:
    assert read(desk.get(scene.desk)).all("a", href=at(scene))
    assert "Nobody" not in look(desk, scene).text and "None yet" in look(desk, scene).text


def test_a_host_is_added_written_to_and_shown_without_the_address(
    desk: TestClient, press: Press, scene: Scene, db: Session
) -> None:
    assert press(f"{own(scene)}/hosts", **HANA).headers["location"] == f"{at(scene)}#hosts"
    host = db.exec(select(Host)).one()
    message = db.exec(select(Message).where(Message.host_id == host.id)).one()
    page = look(desk, scene)
    assert "Hana Host message: waiting" in page.text and "hana@example.org" not in page.text
    messages.step(db, message.id, ("created",), state="sending")
    outbox.failed(db, message.id, "550 no such mailbox", final=True)
    db.commit()
    assert "message failed" in look(desk, scene).text
    press(f"{own(scene)}/hosts/{host.id}/link")
    assert "message: waiting" in look(desk, scene).text
    press(f"{own(scene)}/hosts/{host.id}/remove")
    assert "Hana" not in look(desk, scene).text


def test_what_does_not_fit_comes_back_as_it_was_typed(press: Press, scene: Scene, db: Session) -> None:
    press(f"{own(scene)}/hosts", **HANA)
    for typed, words in (
        ({"host_name": "", "host_email": "hana"}, "Type the host’s name"),
        (HANA | {"host_name": "H. Host"}, "has a host with this address already"),
    ):
        answer = press(f"{own(scene)}/hosts", **typed)
        page = read(answer)
        assert answer.status_code == 422 and words in page.text
        assert (page.value("host_name"), page.value("host_email")) == (
            typed["host_name"],
            typed["host_email"],
        )
    answer = press(f"{own(scene)}/number", number="ring me")
    assert answer.status_code == 422 and read(answer).value("number") == "ring me"
    assert len(db.exec(select(Host)).all()) == 1


def test_the_number_is_kept_and_can_be_emptied(desk: TestClient, press: Press, scene: Scene) -> None:
    for number in ("020 7946 0123", ""):
        press(f"{own(scene)}/number", number=number)
        assert look(desk, scene).value("number") == number


def test_nobody_becomes_host_of_a_cancelled_event(press: Press, scene: Scene, db: Session) -> None:
    press(f"{own(scene)}/cancel")
    answer: Any = press(f"{own(scene)}/hosts", **HANA)
    assert answer.status_code == 409 and "over or cancelled" in read(answer).text
    assert db.exec(select(Host)).all() == []


def test_the_day_counts_who_has_come_and_names_nobody(
    app: FastAPI, desk: TestClient, door: Door, db: Session
) -> None:
    client = get_in(app, db, door.host)
    token = read(client.get("/host")).hidden()["csrf"]
    car = f"/host/cars/{lift_of(db, door.dev).id}"
    client.post(car, data={"csrf": token, "step": "expected:arrived"})
    lifts.cancel(db, door.dora, world.person_of(db, door.dora))
    db.commit()
    page = read(desk.get(f"{door.scene.desk}/{world.DAY}"))
    start = page.text.index("Arrivals")
    figures = page.text[start : page.text.index("What we do with your data", start)]
    assert "Morning canvass" in figures and figures.endswith("3 3 0 1 ")
    assert "Rafi R. , home to WF2" in look(desk, door.scene).text


def test_hosts_of_what_somebody_else_runs_are_not_there(
    app: FastAPI, scene: Scene, db: Session, password_hash: str
) -> None:
    host = add_host(db, scene)
    db.add(Coordinator(email="eve@example.org", name="Eve", password_hash=password_hash))
    db.commit()
    eve = log_in(browser(app), "eve@example.org")
    token = read(eve.get("/coordinate")).hidden()["csrf"]
    assert eve.get(at(scene)).status_code == 404
    for path in ("hosts", "number", f"hosts/{host.id}/link", f"hosts/{host.id}/remove"):
        assert eve.post(f"{at(scene)}/{path}", data={"csrf": token, **HANA}).status_code == 404
    assert [one.name for one in hosting.hosts(db, scene.morning.id)] == ["Hana Host"]
