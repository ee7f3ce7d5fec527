"""No phone number, address or token gets into a log, whatever goes wrong. A real server, so that its own logs count too."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from api import logs
from api.app import SERVER_OPTIONS, create_app
from api.settings import Settings
from tests.api.probe import hidden_fields, with_probes

PHONE, EMAIL = "07700900123", "canary@example.org"
TOKEN = "kV9-canary-token-Zp3"
POSTCODE = "LS6 2AB"
SECRETS = (PHONE, EMAIL, TOKEN, POSTCODE, "LS6+2AB", "LS6%202AB", "canary")


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The app behind a real server on a free port of this machine; its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **SERVER_OPTIONS))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def abuse(address: str) -> list[int]:
    """Sends canaries down every path that ends in an error, and a few that do not; the statuses."""
    form = {"phone": PHONE, "email": EMAIL, "name": "canary", "token": TOKEN}
    with httpx.Client(
        base_url=address, headers={"Origin": address}, cookies={"me": TOKEN, "login": TOKEN}
    ) as client:
        token = hidden_fields(client.get("/probe/form").text)["csrf"]
        answers = [
            client.get(f"/l/{TOKEN}"),
            client.get(f"/nothing/{TOKEN}", params={"postcode": POSTCODE}),
            client.get("/near", params={"postcode": POSTCODE}),
            client.get("/v1/nearest", params={"postcode": POSTCODE}),
            client.get(f"/probe/by-id/{PHONE}", params={"seats": PHONE}),
            client.get(f"/probe/named/{TOKEN}%00"),
            client.get("/probe/mine"),
            client.get("/probe/staff", headers={"Referer": f"{address}/l/{TOKEN}"}),
            client.get("/v1/probe/staff", headers={"Authorization": f"Bearer {TOKEN}"}),
            client.request(f"X{PHONE}", "/health"),
            client.get(f"/l/{TOKEN}", headers={"Connection": "upgrade", "Upgrade": "websocket"}),
            client.post("/probe/echo", data=form),
            client.post("/probe/echo", data=form, headers={"Origin": "https://canary.example"}),
            client.post("/probe/bug", data={**form, "csrf": token}),
            client.post("/v1/probe/bug", content=PHONE),
            client.post("/v1/probe/typed", json={"phone": f"convert {PHONE}", "seats": PHONE}),
            client.post(
                "/v1/probe/typed", content=f'{{"{PHONE}', headers={"Content-Type": "application/json"}
            ),
            client.post("/v1/probe/save", params={"email": EMAIL}),
            client.post("/v1/probe/save", params={"email": EMAIL}),
            client.post("/v1/probe/save", params={"email": f"2{EMAIL}", "cut": 1}),
            client.post("/v1/probe/raise/conflict", params={"email": EMAIL}),
            client.post("/probe/echo", content=PHONE.encode() * 7000),
        ]
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("environment", ["development", "production"])
def test_no_log_holds_anything_personal(
    settings: Settings, engine: Engine, capfd: pytest.CaptureFixture[str], environment: str
) -> None:
    settings = settings.model_copy(update={"environment": environment, "log_level": "debug"})
    with serving(with_probes(create_app(settings, engine))) as address:
        statuses = abuse(address)
    written = "".join(capfd.readouterr())
    assert {303, 401, 403, 404, 405, 413, 422, 500, 503} <= set(statuses)
    assert written.count("request_id") >= len(statuses)
    assert [secret for secret in SECRETS if secret.lower() in written.lower()] == []


@pytest.fixture
def lines(settings: Settings, capfd: pytest.CaptureFixture[str]) -> Iterator["Lines"]:
    """What is logged in production, line by line."""
    logs.configure(settings.model_copy(update={"environment": "production", "log_level": "debug"}))
    yield Lines(capfd)
    logs.configure(settings)


class Lines:
    """Reads what was written since the last time."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.capfd = capfd

    def __call__(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.capfd.readouterr().err.splitlines()]


def test_only_allowed_fields_are_written(lines: Lines) -> None:
    logs.log.info("sent", state="failed", to=EMAIL, phone=PHONE, message_id="1")
    (line,) = lines()
    assert line.keys() == {"event", "level", "timestamp", "logger", "state", "message_id"}


def test_of_an_error_only_kind_and_place_are_written(lines: Lines) -> None:
    try:
        int(f"x{PHONE}")
    except ValueError:
        logs.log.exception("it failed")
        logging.getLogger("somebody").exception("failed with %s", PHONE)
        logging.getLogger("api").error("failed", exc_info=True)
    for line in lines():
        assert line["error"] == "ValueError"
        assert "test_logs.py:" in str(line["where"])
        assert PHONE not in json.dumps(line)


def test_of_a_library_only_the_pattern_is_written(lines: Lines) -> None:
    logging.getLogger("httpx").info("HTTP Request: %s", f"https://geocoder.example/?q={POSTCODE}")
    logging.getLogger("apiary").info("%s", POSTCODE)
    logging.getLogger("httpcore").info(f"sending {POSTCODE}")
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    assert [line["event"] for line in lines()] == [
        "HTTP Request: %s",
        "%s",
        logs.LEFT_OUT,
        "Started server process [7]",
    ]


def test_what_belongs_to_a_request_says_so(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logs.log.info("one")
        logging.getLogger("api").info("two")
    assert [line["request_id"] for line in lines()] == ["abc", "abc"]


def test_the_level_is_the_operators(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure(settings.model_copy(update={"log_level": "error"}))
    logs.log.info("not this")
    logs.log.error("but this")
    assert "not this" not in (written := capfd.readouterr().err)
    assert "but this" in written
    logs.configure(settings)


def test_a_request_is_logged_by_its_route(
    settings: Settings, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = settings.model_copy(update={"environment": "production"})
    with serving(with_probes(create_app(settings, engine))) as address:
        httpx.get(f"{address}/probe/by-id/4f9619ff-8b86-d011-b42d-00c04fc964ff?seats=3")
        httpx.get(f"{address}/static/site.css")
        httpx.get(f"{address}/nothing")
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    shown = [(line["method"], line["route"], line["status"]) for line in lines if line["event"] == "request"]
    assert shown == [("GET", "/probe/by-id/{item}", 200), ("GET", "/static", 200), ("GET", "-", 404)]


def test_every_answer_has_its_number_in_the_log(
    settings: Settings, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(with_probes(create_app(settings, engine))) as address:
        number = httpx.post(f"{address}/v1/probe/bug", content=b"x").headers["x-request-id"]
    assert capfd.readouterr().err.count(number) == 2
