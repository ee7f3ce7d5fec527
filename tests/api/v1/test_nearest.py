"""The nearest key constituencies for programs."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.store.queries import public_places
from carpool.geo.constituency import postcode_districts
from tests.api.v1.conftest import Place


@pytest.mark.parametrize("postcode", ["LS6+2AB", "ls62ab", "LS6%202AB", "LS6"])
def test_what_is_near(program: TestClient, place: Place, postcode: str) -> None:
    answer = program.get(f"/v1/nearest?postcode={postcode}")
    assert answer.status_code == 200
    (found,) = answer.json()["constituencies"]
    assert found["campaign"]["slug"] == place.campaign.slug
    assert [event["id"] for event in found["events"]] == [str(place.event.id)]
    assert answer.json()["place"]["postcode"].startswith("LS6")


def test_where_no_campaign_is_open_the_marginal_ones_are_found(program: TestClient) -> None:
    found = program.get("/v1/nearest?postcode=LS6+2AB&limit=3").json()["constituencies"]
    assert len(found) == 3
    assert all(each["campaign"] is None and each["majority_pct"] < 5 for each in found)


def test_figures_are_in_steps(program: TestClient, place: Place) -> None:
    (found,) = program.get("/v1/nearest?postcode=LS6+2AB").json()["constituencies"]
    assert {found["wanted"], found["offers"], found["requests"]} <= {"none yet", "5+", "10+", "20+", "50+"}


def test_within_a_campaign(program: TestClient, place: Place) -> None:
    within = program.get("/v1/nearest", params={"postcode": "LS6 2AB", "campaign": place.campaign.slug})
    assert len(within.json()["constituencies"]) == 1
    assert program.get("/v1/nearest?postcode=LS6+2AB&campaign=none").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "postcode"),
        ("postcode=", "postcode"),
        ("postcode=XX99+9XX", "postcode"),
        ("postcode=" + "x" * 100, "postcode"),
        ("postcode=LS6&limit=0", "limit"),
        ("postcode=LS6&limit=51", "limit"),
        ("postcode=LS6&limit=many", "limit"),
    ],
)
def test_what_cannot_be_is_named(program: TestClient, query: str, field: str) -> None:
    answer = program.get(f"/v1/nearest?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field


def test_public_places_are_listed_for_whoever_writes_a_request(program: TestClient, db: Session) -> None:
    middle = postcode_districts()["LS6"]
    public_places.replace(db, "own:test", [("Library", "library", middle.lat, middle.lon)])
    db.commit()
    (place,) = program.get("/v1/public-places?postcode=LS6+2AB").json()
    assert (place["name"], place["kind"], place["walk_minutes"]) == ("Library", "library", 1)
    assert program.get("/v1/public-places?postcode=nowhere").json() == []
