"""What a day's pages say of messages that wait, were stopped or are paused, and their buttons; with a real mail server."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services import login, sending
from api.services.views import RunView
from api.settings import settings
from api.store.tables import AuditEntry
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Scene
from tests.api.sending import send_all
from tests.mail import Mailbox, mail_server

DAY = f"/{world.DAY}"
PAGES = ("", "/match", "/messages")


@pytest.fixture
def mailbox(app: FastAPI) -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        address = f"smtp://127.0.0.1:{mailbox.port}"
        app.state.settings = app.state.settings.model_copy(update={"smtp_url": address})
        yield mailbox


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    house = settings().model_copy(update={"publish_wait_seconds": 120})
    monkeypatch.setattr(sending, "settings", lambda: house)


def text(desk: TestClient, scene: Scene, page: str) -> str:
    return read(desk.get(f"{scene.desk}{DAY}{page}")).text


def test_messages_are_stopped_and_sent_by_a_press(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session, planned: RunView, press: Press,
    mailbox: Mailbox, waiting: None,
) -> None:  # fmt: skip
    send_all(db, app)
    mailbox.mails.clear()
    assert "wait for 2 minutes: until then you can stop them" in text(
        desk, scene, f"/runs/{planned.id}/publish"
    )
    press(f"{DAY}/runs/{planned.id}/publish")
    for page in PAGES:
        assert "3 messages go out at" in text(desk, scene, page)
    send_all(db, app)
    assert mailbox.mails == []
    assert press(f"{DAY}/stop-messages").headers["location"] == f"{scene.desk}{DAY}/messages"
    for page in PAGES:
        shown = text(desk, scene, page)
        assert "3 messages are stopped" in shown and "Priya Shah stopped them on" in shown
        assert "messages go out at" not in shown
    late = press(f"{DAY}/stop-messages")
    assert late.status_code == 409 and "Priya Shah has stopped these messages already" in read(late).text
    send_all(db, app)
    assert mailbox.mails == []
    press(f"{DAY}/send-stopped")
    send_all(db, app)
    assert len(mailbox.mails) == 3 and "stopped them" not in text(desk, scene, "")
    assert press(f"{DAY}/send-stopped").status_code == 409
    assert press(f"{DAY}/stop-messages").status_code == 409
    done = db.exec(select(AuditEntry.what)).all()
    assert done.count("messages stopped") == done.count("stopped messages sent") == 1


def test_a_pause_stands_on_every_page_of_the_day(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session, planned: RunView, press: Press, mailbox: Mailbox
) -> None:  # fmt: skip
    send_all(db, app)
    mailbox.mails.clear()
    assert "All messages are paused" not in text(desk, scene, "/messages")
    press(f"{DAY}/pause")
    assert "these wait, too" in text(desk, scene, f"/runs/{planned.id}/publish")
    press(f"{DAY}/runs/{planned.id}/publish")
    send_all(db, app)
    assert mailbox.mails == []
    for page in PAGES:
        shown = text(desk, scene, page)
        assert "Priya Shah paused the messages of this campaign" in shown and "3 messages wait" in shown
    assert press(f"{DAY}/pause").status_code == 409
    press(f"{DAY}/resume")
    send_all(db, app)
    assert len(mailbox.mails) == 3
    assert press(f"{DAY}/resume").status_code == 409


def test_only_those_who_run_the_campaign_stop_its_messages(app: FastAPI, scene: Scene, db: Session) -> None:
    login.add_coordinator(db, "other@example.org", "Olu", PASSWORD)
    db.commit()
    other = log_in(browser(app), "other@example.org")
    token = read(other.get("/coordinate")).hidden()
    for path in ("stop-messages", "send-stopped", "pause", "resume"):
        assert other.post(f"{scene.desk}{DAY}/{path}", data=token).status_code == 404
    db.refresh(scene.campaign)
    assert scene.campaign.paused_at is None
