"""A host's page as the browser gets it: in by a link that a scanner may load, ticking by buttons, told of the others."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import hosting
from api.store.tables import Arrival, AuditEntry, HostSession
from tests.api.conftest import browser
from tests.api.door import Door, begin, door, get_in, lift_of, link_of
from tests.api.pages.reading import Page, read

__all__ = ["door"]


@pytest.fixture
def at_door(app: FastAPI, db: Session, door: Door) -> TestClient:
    """The host's browser."""
    return get_in(app, db, door.host)


def press(client: TestClient, door: Door, address: str, step: str = "expected:arrived") -> Page:
    """Press a button of the page, which says where it goes; the page that comes of it."""
    answer = client.post(address, data={"csrf": read(client.get("/host")).hidden()["csrf"], "step": step})
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/host#")
        fragment = answer.headers["location"].partition("#")[2]
        page = read(client.get("/host"))
        assert page.all("li", id=fragment)
        return page
    assert answer.status_code in (404, 409)
    return read(answer)


def buttons(page: Page) -> list[tuple[str, str]]:
    return [(own["formaction"], own["value"]) for own in page.all("button", name="step")]


def test_loading_the_link_changes_nothing_and_the_token_leaves_the_address(
    app: FastAPI, db: Session, door: Door
) -> None:
    token, client = link_of(db, door.host), browser(app)
    for _ in range(3):
        answer = client.get(f"/h/{token}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/host/open")
    page = client.get("/host/open")
    assert token not in page.text and "Open your page as a host" in read(page).text
    db.expire_all()
    assert db.exec(select(HostSession)).all() == []
    assert "arrivals opened" not in db.exec(select(AuditEntry.what)).all()


def test_a_link_that_opens_nothing_says_what_to_do(client: TestClient) -> None:
    assert "Open the link in your message" in read(client.get("/host/open")).text
    token = read(client.get("/login")).hidden()["csrf"]
    assert client.post("/host/open", data={"csrf": token}).headers["location"] == "/host/open"
    client.get("/h/made-up")
    answer = client.post("/host/open", data=read(client.get("/host/open")).hidden())
    assert answer.status_code == 404
    page = read(answer)
    assert "This link does not work any more" in page.text and "can send you a new link" in page.text
    assert client.get("/host").headers["location"] == "/host/open"


def test_every_button_on_the_page_does_what_it_says(at_door: TestClient, db: Session, door: Door) -> None:
    page = read(at_door.get("/host"))
    assert "people here, of 5 who come by car 0" in page.text and "Rita C. and one more" in page.text
    assert "red Mini, number plate ends in DEV" in page.text and "2 of 4 seats taken" in page.text
    assert len(buttons(page)) == 4 * 2 + 2
    rita, dev_car = f"/host/people/rider/{door.rita.id}", f"/host/cars/{lift_of(db, door.dev).id}"
    assert {(rita, "expected:arrived"), (rita, "expected:no_show"), (dev_car, "expected:arrived")} <= set(
        buttons(page)
    )
    page = press(at_door, door, rita)
    assert "people here, of 5 who come by car 2" in page.text and (rita, "arrived:expected") in buttons(page)
    page = press(at_door, door, rita, "arrived:expected")
    assert (rita, "expected:arrived") in buttons(page)
    page = press(at_door, door, dev_car)
    assert "people here, of 5 who come by car 3" in page.text and (dev_car, "arrived:expected") in buttons(
        page
    )
    page = press(at_door, door, dev_car, "arrived:expected")
    assert "people here, of 5 who come by car 0" in page.text


def test_who_needs_a_way_home_is_on_top_with_the_number_to_ring(
    at_door: TestClient, db: Session, door: Door
) -> None:
    page = press(at_door, door, f"/host/people/driver/{door.dora.id}", "expected:no_show")
    assert page.text.index("They need a way home") < page.text.index("2 cars")
    assert "Rafi R. , home to WF2" in page.text and "Dora D., who was to drive them back" in page.text
    assert page.all("a", href="mailto:team@example.org")
    campaign = door.scene.campaign
    campaign.phone = "020 7946 0123"
    db.add(campaign)
    db.commit()
    assert read(at_door.get("/host")).all("a", href="tel:02079460123")


def test_two_hosts_are_told_of_each_other_and_see_the_state_of_things(
    app: FastAPI, at_door: TestClient, db: Session, door: Door
) -> None:
    other, rafi = get_in(app, db, door.host), f"/host/people/rider/{door.rafi.id}"
    press(other, door, rafi, "expected:no_show")
    page = press(at_door, door, rafi, "expected:arrived")
    assert "Rafi R. as not come" in page.text and page.classes("summary-of-errors")
    assert (rafi, "no_show:expected") in buttons(page)
    db.expire_all()
    assert db.exec(select(Arrival.state)).all() == ["no_show"]


def test_what_is_not_on_the_list_is_said_to_be_gone(at_door: TestClient, door: Door) -> None:
    for address in (f"/host/people/rider/{door.host.id}", f"/host/cars/{door.host.id}"):
        assert "not on your list any more" in press(at_door, door, address).text
    token = read(at_door.get("/host")).hidden()["csrf"]
    assert at_door.post(f"/host/people/cat/{door.rafi.id}", data={"csrf": token}).status_code == 404
    answer = at_door.post(f"/host/people/rider/{door.rafi.id}", data={"csrf": token, "step": "1"})
    assert answer.status_code == 422


def test_outside_its_time_the_page_says_when_it_opens(at_door: TestClient, db: Session, door: Door) -> None:
    begin(db, door.event_id, hours_ago=-20)
    answer = at_door.get("/host")
    opens_at, _ = hosting.window(hosting.event_of(db, door.host))
    assert answer.status_code == 403 and f"{opens_at:%H:%M}" in answer.text
    assert "not open yet" in read(answer).text and "Dora" not in answer.text
    begin(db, door.event_id, hours_ago=30)
    assert "Thank you for being the host" in read(at_door.get("/host")).text


def test_leaving_the_device_ends_it_there_alone(
    app: FastAPI, at_door: TestClient, db: Session, door: Door
) -> None:
    other = get_in(app, db, door.host)
    token = read(at_door.get("/host")).hidden()["csrf"]
    assert at_door.post("/host/leave", data={"csrf": token}).headers["location"] == "/"
    assert at_door.get("/host").status_code == 303 and other.get("/host").status_code == 200
