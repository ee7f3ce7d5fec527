"""The demonstration's outbox: every message, for whoever tries the service, and nowhere else."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import demo_outbox, people
from api.settings import Settings
from api.store.tables import DemoLetter
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene
from tests.api.sending import send_all


@pytest.fixture
def shown(app: FastAPI, settings: Settings) -> TestClient:
    """A browser in the demonstration."""
    app.state.settings = settings.model_copy(update={"demo": True})
    return browser(app)


def test_mails_and_texts_are_there_newest_first_with_links_that_open(
    app: FastAPI, shown: TestClient, db: Session, scene: Scene
) -> None:
    assert "Nothing yet" in read(shown.get("/demo/outbox")).text
    world.add_offer(db, scene.campaign, confirmed=False, email="ada@example.org")
    world.add_request(db, scene.campaign, confirmed=False, reach="text", email="", phone="07700 900123")
    db.commit()
    send_all(db, app)
    page = read(shown.get("/demo/outbox"))
    assert "To ada@example.org" in page.text and "To +447700900123" in page.text
    assert "2 text messages" in page.text or "one text message" in page.text
    links = [own["href"] for own in page.all("a") if "/l/" in own.get("href", "")]
    assert len(links) >= 2
    assert shown.get(links[0].removeprefix(app.state.settings.public_url)).headers["location"] == "/open"
    assert "Messages of this demonstration" in read(shown.get("/")).text


def test_what_is_shown_is_a_page_at_a_time(shown: TestClient, db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign)
    [message] = world.messages_of(db, offer, "confirm")
    for number in range(demo_outbox.A_PAGE + 1):
        letter = DemoLetter(
            message_id=message.id, channel="email", to="a@b", subject=f"No. {number}", text="x"
        )
        db.add(letter)
        db.flush()
    db.commit()
    first, second = read(shown.get("/demo/outbox")), read(shown.get("/demo/outbox?page=2"))
    assert "No. 30" in first.text and "No. 0" not in first.text and "Older" in first.text
    assert "No. 0" in second.text and "Newer" in second.text and "Older" not in second.text


def test_whoever_erases_everything_is_not_there_any_more(
    app: FastAPI, shown: TestClient, db: Session, scene: Scene
) -> None:
    offer = world.add_offer(db, scene.campaign, confirmed=False, email="ada@example.org")
    db.commit()
    send_all(db, app)
    assert "ada@example.org" in shown.get("/demo/outbox").text
    people.erase(db, world.person_of(db, offer))
    db.commit()
    assert "ada@example.org" not in shown.get("/demo/outbox").text


def test_anywhere_else_nothing_is_kept_and_nothing_is_there(
    app: FastAPI, client: TestClient, db: Session, scene: Scene
) -> None:
    world.add_offer(db, scene.campaign, confirmed=False)
    db.commit()
    send_all(db, app)
    assert client.get("/demo/outbox").status_code == 404
    assert db.exec(select(DemoLetter)).all() == []
    assert "demonstration" not in client.get("/").text


def test_no_server_is_a_demonstration() -> None:
    with pytest.raises(ValueError, match="CARPOOL_DEMO"):
        Settings(environment="production", secret_key="k" * 40, base_url="https://a.org.uk", demo=True)
