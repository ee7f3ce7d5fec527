"""What leaves the pages: calendar files, pictures with the words that networks read, sheets to print, the coast."""

import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.pages.rendering import has_map
from api.services import campaigns
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene


def pages_of(scene: Scene) -> dict[str, str]:
    """Page → the picture that is shown where it is shared."""
    place, event = (
        f"{scene.base}/places/{scene.morning.constituency}",
        f"{scene.base}/events/{scene.morning.id}",
    )
    return {"/": "/picture.png", **{path: f"{path}/picture.png" for path in (scene.base, place, event)}}


def test_every_shared_page_says_what_it_is_and_has_a_picture(client: TestClient, scene: Scene) -> None:
    pictures = set()
    for path, picture in pages_of(scene).items():
        page = read(client.get(path))
        said = {own["property"]: own["content"] for own in page.all("meta") if "property" in own}
        assert said["og:image"] == f"http://localhost:8000{picture}"
        assert said["og:url"] == f"http://localhost:8000{path}"
        assert said["og:title"] and said["og:description"]
        answer = client.get(picture)
        assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG")
        assert "max-age" in answer.headers["cache-control"] and "set-cookie" not in answer.headers
        pictures.add(answer.content)
    assert len(pictures) == 4


def test_an_event_goes_into_a_calendar_and_out_again(client: TestClient, scene: Scene, db: Session) -> None:
    address = f"{scene.base}/events/{scene.morning.id}/calendar.ics"
    assert read(client.get(address.removesuffix("/calendar.ics"))).all("a", href=address)
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "attachment" in answer.headers["content-disposition"]
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    assert "SUMMARY:Morning canvass\\, Leeds North West" in lines
    assert f"URL:http://localhost:8000{scene.base}/events/{scene.morning.id}" in lines
    campaigns.cancel_event(db, scene.campaign, scene.coordinator, scene.morning.id)
    db.commit()
    later = client.get(address).text.replace("\r\n ", "").split("\r\n")
    assert {"STATUS:CANCELLED", "SEQUENCE:1"} <= set(later)
    assert [x for x in lines if x.startswith("UID:")] == [x for x in later if x.startswith("UID:")]


@pytest.mark.parametrize("kind", ["places", "events"])
def test_a_sheet_has_code_address_and_imprint(client: TestClient, scene: Scene, kind: str) -> None:
    what = scene.morning.constituency if kind == "places" else scene.morning.id
    answer = client.get(f"{scene.base}/{kind}/{what}/sheet")
    page = read(answer)
    assert "Promoted by P. Shah, 1 High Street, Leeds." in page.text
    assert f"localhost:8000{scene.base}" in page.text
    (path,) = page.all("path")
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", path["d"])


def test_a_sheet_without_an_imprint_says_that_it_is_not_for_printing(
    client: TestClient, scene: Scene, db: Session
) -> None:
    campaign = campaigns.find(db, scene.campaign.slug)
    campaign.imprint = ""
    db.add(campaign)
    db.commit()
    page = read(client.get(f"{scene.base}/places/{scene.morning.constituency}/sheet"))
    assert "The imprint is missing." in page.text and "Imprint missing: not for printing." in page.text


def test_the_map_is_offered_and_its_coast_is_served_by_us(client: TestClient, scene: Scene) -> None:
    if not has_map():
        pytest.skip("the front end's libraries were not fetched")
    (frame,) = read(client.get("/near?postcode=LS6+2AB")).classes("map")
    for file in ("data-map", "data-leaflet", "data-style", "data-coast"):
        answer = client.get(frame[file])
        assert answer.status_code == 200 and frame[file].startswith("/")
    assert client.get("/coast.json").json()["type"] == "MultiPolygon"
    assert "max-age" in client.get("/coast.json").headers["cache-control"]


def test_without_the_atlas_there_is_no_map_and_no_coast(
    client: TestClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.sharing.coast.rings", lambda: ())
    assert client.get("/coast.json").status_code == 404
