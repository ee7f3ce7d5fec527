"""A rider's pick-up as a browser without scripts chooses it: the postcode first, then what is near it; home only on wish."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.store.tables import LiftStop, PublicPlace, Request
from carpool.geo.constituency import postcode_districts
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, publish
from tests.api.pages.test_lifts import get_in, my
from tests.api.pages.test_signup import ASK, go_through, post

ELSEWHERE = {"WF1": "Wakefield Library", "LS6": "Headingley Library"}


@pytest.fixture(autouse=True)
def places(client: TestClient, db: Session) -> dict[str, str]:
    """A library at the middle of each of two districts, and a stop a long walk away from one of them; name → id.

    After `client`, which puts the engine away when it goes: the session has to have gone by then.
    """
    middle = postcode_districts()
    spots = [(name, "library", middle[code], 0.001) for code, name in ELSEWHERE.items()]
    spots.append(("Far Corner", "bus stop", middle["WF1"], 0.018))
    rows = [
        PublicPlace(source="own:test", name=name, kind=kind, lat=at.lat + north, lon=at.lon)
        for name, kind, at, north in spots
    ]
    found = {row.name: str(row.id) for row in rows}
    db.add_all(rows)
    db.commit()
    return found


@pytest.fixture
def where(client: TestClient, scene: Scene) -> str:
    """The page, reached without a postcode."""
    return go_through(client, f"{scene.base}/ask", {"start": ASK["start"]})


def test_a_wrong_postcode_is_all_that_is_said_and_the_rest_comes_back(client: TestClient, where: str) -> None:
    """The other questions are not on the page then: nothing may lead to them, and what was typed there is not lost."""
    typed = {"postcode": "nonsense", "own_place": "the mill", "own_postcode": "nonsense as well"}
    page = read(post(client, where, typed))
    assert page.all("a", href="#postcode") and not page.all("a", href="#own_postcode")
    assert (page.value("own_place"), page.value("own_postcode")) == ("the mill", "nonsense as well")
    again = read(post(client, where, page.hidden() | {"postcode": "WF1 1AA"}))
    assert again.all("a", href="#own_postcode") and again.value("own_place") == "the mill"


def test_the_postcode_comes_first_then_the_same_page_offers_what_is_near(
    client: TestClient, where: str, places: dict[str, str]
) -> None:
    first = read(client.get(where))
    assert not first.all("input", name="places") and not first.all("input", name="home")
    again = post(client, where, {"postcode": "wf1 1aa"}).headers["location"]
    assert again == f"{where}#places"
    page = read(client.get(again))
    assert "Step 2 of 7" in page.text and page.value("postcode") == "WF1 1AA"
    assert "Wakefield Library Library, about 2 minutes on foot" in page.text
    assert "from the middle of WF1" in page.text
    assert page.checked("places") == [places["Wakefield Library"]]
    assert page.checked("home") == [] and "Far Corner" in page.text
    on = post(client, where, {"postcode": "wf1 1aa", "places": [places["Wakefield Library"]]})
    assert on.headers["location"].endswith("/when")


def test_a_postcode_brought_along_needs_no_press_more(
    client: TestClient, scene: Scene, places: dict[str, str]
) -> None:
    start = f"{scene.base}/ask/start?postcode=LS6+2AB"
    where = post(client, start, ASK["start"]).headers["location"]
    assert read(client.get(where)).checked("places") == [places["Headingley Library"]]


def test_nothing_chosen_is_said_and_nothing_is_lost(client: TestClient, where: str) -> None:
    post(client, where, {"postcode": "wf1 1aa"})
    answer = client.post(
        where, data=read(client.get(where)).hidden() | {"postcode": "wf1 1aa", "own_place": ""}
    )
    page = read(answer)
    assert answer.status_code == 422 and page.all("a", href="#places")
    assert "Choose at least one place" in page.text
    # What was unticked stays so.
    assert page.checked("places") == []


def test_a_wrong_postcode_is_all_that_is_said(client: TestClient, where: str) -> None:
    page = read(post(client, where, {"postcode": "LS6 2A"}))
    assert "postcode" in page.text and "Choose at least one place" not in page.text


def test_another_postcode_offers_anew(client: TestClient, where: str, places: dict[str, str]) -> None:
    post(client, where, {"postcode": "WF1 1AA"})
    moved = {"postcode": "LS6 2AB", "places": [places["Wakefield Library"]]}
    assert post(client, where, moved).headers["location"] == f"{where}#places"
    assert read(client.get(where)).checked("places") == [places["Headingley Library"]]


def test_ones_own_place_and_the_door_are_chosen_on_purpose(
    client: TestClient, scene: Scene, db: Session
) -> None:
    own = {"postcode": "wf1 1aa", "own_place": "the mill", "own_postcode": "wf2 8aa"}
    address = go_through(client, f"{scene.base}/ask", ASK | {"where": own})
    assert "the mill, WF2 8AA" in read(client.get(address)).text
    post(client, address, {})
    request = db.exec(select(Request)).one()
    assert [place["name"] for place in request.places] == ["the mill, WF2 8AA"] and not request.home_pickup


def test_the_driver_is_led_to_the_place_and_never_learns_the_postcode(
    app: FastAPI, scene: Scene, db: Session, places: dict[str, str]
) -> None:
    offer = world.add_offer(db, scene.campaign, postcode="WF2 8AA", confirmed=False)
    library = [places["Wakefield Library"]]
    request = world.add_request(
        db, scene.campaign, postcode="WF1 1AA", home=False, pickup="", places=library, confirmed=False
    )
    db.commit()
    driver, rider = get_in(app, db, offer), get_in(app, db, request)
    publish(db, scene)
    assert db.exec(select(LiftStop)).one().place_id == library[0]
    seen = my(driver).text
    assert "Pick up Rafi Wakefield Library" in seen and "WF1 1AA" not in seen
    assert "Wakefield Library About 2 minutes on foot from where you start." in my(rider).text
