"""Every page that a volunteer comes by, in a Welsh without words: what can be read there was never put to be translated."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store.tables import PublicPlace
from carpool.geo.constituency import postcode_districts
from carpool.match_words import MATCH_WORDS
from tests.api import world
from tests.api.conftest import browser
from tests.api.language.hollow import words_left
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, link_of, publish
from tests.api.pages.test_signup import AGREED, ASK, OFFER, post

pytestmark = pytest.mark.usefixtures("hollow_welsh")

DATA = (
    "Key Seat Carpool English Mair Test http localhost testserver",
    "Polling polling day The Testers team example org Promoted Shah High Street",
    "Morning canvass Afternoon leaflets Street stall Market Square",
    "Leeds North West South Yorkshire and The Humber Wakefield Library",
    "Dora Rafi Ada ada blue Ford Fiesta KDX XYZ by the library",
    # Days and months, as they are written in Welsh.
    "Dydd Llun Mawrth Mercher Iau Gwener Sadwrn Sul Llu Maw Mer Gwe Sad",
    "Ionawr Chwefror Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
    "Ion Chwe Ebr Meh Gor Aws Med Hyd Tach Rhag",
    MATCH_WORDS,
)
IN_WORDS = ("alt", "title", "placeholder", "aria-label")
WRONG = "\x00?" * 150


@pytest.fixture
def app(settings: Settings, engine: Engine) -> FastAPI:
    """Where somebody has read the Welsh."""
    named = {"welsh_reviewer": "Mair Test", "operator_name": "Mair Test", "operator_contact": "Mair Test"}
    return create_app(settings.model_copy(update=named), engine)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with speaker(app) as client:
        yield client


def speaker(app: FastAPI) -> TestClient:
    """A browser that prefers Welsh."""
    client = browser(app)
    client.headers["Accept-Language"] = "cy"
    return client


def english(answer: Any, *data: object) -> set[str]:
    """The English words of a page; its description for networks, which comes with a picture, is one of the data."""
    page = read(answer)
    said = [own[name] for tag, own in page.elements for name in IN_WORDS if name in own]
    said += [own["content"] for own in page.all("meta", name="description")]
    said += re.findall("<title>(.*?)</title>", answer.text, re.DOTALL)
    assert page.all("html")[0]["lang"] == "cy"
    return words_left(" ".join([page.text, *said]), *DATA, *data)


def test_what_anybody_may_see(client: TestClient, scene: Scene) -> None:
    code, event = scene.morning.constituency, scene.morning.id
    own = [
        f"places/{code}",
        f"places/{code}/sheet",
        f"events/{event}",
        f"events/{event}/sheet",
        "home",
        "sent/2345",
    ]
    paths = [
        "/",
        "/privacy",
        "/open",
        "/open/sent",
        "/erased",
        "/near?postcode=LS6+2AB",
        "/near?postcode=LS99+9ZZ",
        scene.base,
    ]
    paths += [f"{scene.base}/{path}" for path in own]
    for path in paths:
        answer = client.get(path)
        assert (path, answer.status_code, english(answer)) == (path, 200, set())


def test_what_is_wrong(client: TestClient, scene: Scene) -> None:
    """Errors of ours, of the framework and of the library, with what they put in."""
    base = scene.base
    postcodes = ["", "nowhere", "123", "ZZ9 9ZZ", "JE2 3AB", "Wells"]
    named = "Wells-next-the-Sea and Mendip Hills North Norfolk East of England South West"
    paths = [f"/near?postcode={typed}" for typed in postcodes]
    paths += [f"{base}/near?postcode=x1", f"{base}/places/{scene.morning.constituency}?postcode=x1"]
    paths += ["/nowhere", "/c/nothing", f"{base}/places/none", f"{base}/events/{scene.coordinator.id}"]
    paths += [f"{base}/offer/start?postcode={'x' * 150}", f"{base}/offer/start?change=perhaps"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (404, 422), path
        assert (
            path,
            english(answer, named),
        ) == (path, set())
    for headers in ({}, {"Origin": "https://elsewhere.example"}):
        answer = client.post("/open", data={"csrf": "old"}, headers=headers)
        assert (answer.status_code, english(answer)) == (403, set())
    assert "UK postcode" in client.get("/v1/nearest?postcode=123").json()["error"]["message"]


@pytest.mark.parametrize(("what", "answers"), [("offer", OFFER), ("ask", ASK)])
def test_the_forms_and_what_they_refuse(
    client: TestClient, scene: Scene, db: Session, what: str, answers: dict[str, dict[str, Any]]
) -> None:
    spot = postcode_districts()["WF1"]
    db.add(
        PublicPlace(
            source="own:test", name="Wakefield Library", kind="bus station", lat=spot.lat, lon=spot.lon
        )
    )
    db.commit()
    address = f"{scene.base}/{what}/where"
    for step, own in answers.items():
        assert (step, english(client.get(address))) == (step, set())
        refused = post(client, address, {name: WRONG for name in own if name != "home"})
        assert refused.status_code in (303, 422)
        if refused.status_code == 422:
            assert (step, english(refused)) == (step, set())
        address = post(client, address, own).headers["location"]
        if step == "where":
            assert (step, english(client.get(f"{scene.base}/{what}/where"))) == (step, set())
    assert english(client.get(address)) == set()
    answer = post(client, address, AGREED)
    reference = answer.headers["location"].rpartition("/")[2]
    assert english(client.get(answer.headers["location"]), reference) == set()


def test_the_private_page_from_the_link_to_the_end(app: FastAPI, scene: Scene, db: Session) -> None:
    both: dict[str, Any] = {
        "woman": True,
        "women_only": True,
        "ready_at": "08:00",
        "home_by": "22:00",
        "confirmed": False,
    }
    offer = world.add_offer(db, scene.campaign, name="Dora", child_seats=2, wheelchairs=1, **both)
    request = world.add_request(db, scene.campaign, name="Rafi", child_seat=True, **both)
    db.commit()
    people = [(own, speaker(app)) for own in (offer, request)]
    for own, client in people:
        client.get(f"/l/{link_of(db, own)}")
        assert english(client.get("/open")) == set()
        assert post(client, "/open", {}).status_code == 303
        assert english(client.get("/my"), own.reference) == set()
        assert english(client.post("/my/unsafe", data=read(client.get("/my")).hidden())) == set()
    publish(db, scene)
    for own, client in people:
        for path in ("/my", "/my/contact", "/my/cancel", "/my/unsafe", "/my/told", "/my/erase"):
            assert (path, english(client.get(path), own.reference)) == (path, set())
        new = {"name": "Ada", "email": "ada@example.org", "phone": ""}
        assert post(client, "/my/contact", new).headers["location"] == "/my/contact/code"
        wrong = post(client, "/my/contact/code", {"code": "x"})
        for answer in (client.get("/my/contact/code"), wrong, client.get("/my")):
            assert english(answer, own.reference, world.person_of(db, own).email) == set()
        for minutes in (7, 10):
            late = client.post("/my/late", data=read(client.get("/my")).hidden() | {"minutes": minutes})
            assert english(late) == set()
        lines = client.get("/my/calendar.ics").text.replace("\r\n ", "").splitlines()
        said = [line.partition(":")[2] for line in lines if line.startswith(("SUMMARY", "DESCRIPTION"))]
        assert said and words_left(" ".join(said), *DATA) == set()
    for own, client in people:
        assert post(client, "/my/cancel", {}).status_code == 303
        assert english(client.get("/my"), own.reference) == set()
