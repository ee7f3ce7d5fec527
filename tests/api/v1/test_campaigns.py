"""Campaigns and events for programs, and who may do what."""

import pytest
from starlette.testclient import TestClient

from tests.api import world
from tests.api.v1.conftest import Place

CAMPAIGN = {"name": "Spring by-election", "organiser": "The Testers", "contact_email": "team@example.org"}
EVENT = {
    "title": "Evening canvass", "constituency": world.LEEDS_NORTH_WEST, "place_name": "Town Hall", "postcode": "LS6 2AB",
    "day": world.DAY.isoformat(), "starts": "17:00", "ends": "19:30", "wanted": 12,
}  # fmt: skip


def test_everybody_sees_what_is_on(program: TestClient, place: Place) -> None:
    (listed,) = program.get("/v1/campaigns").json()
    assert listed == program.get(place.path).json()
    assert listed["slug"] == place.campaign.slug
    assert set(listed) == {"slug", "name", "organiser", "contact_email", "imprint", "open"}
    (event,) = program.get(f"{place.path}/events").json()
    assert (event["id"], event["starts_at"][11:16]) == (str(place.event.id), "10:00")
    assert program.get(f"{place.path}/events", params={"day": "2029-01-01"}).json() == []


def test_what_is_not_there_is_not_there(program: TestClient) -> None:
    for path in ("/v1/campaigns/none", "/v1/campaigns/none/events", "/v1/campaigns/a%00b"):
        answer = program.get(path)
        assert answer.status_code == 404
        assert answer.json()["error"]["message"]


def test_a_coordinator_sets_up_a_campaign(staff: TestClient) -> None:
    answer = staff.post("/v1/campaigns", json=CAMPAIGN)
    assert answer.status_code == 201
    path = f"/v1/campaigns/{answer.json()['slug']}"
    assert staff.post(f"{path}/events", json=EVENT).status_code == 201
    (event,) = staff.get(f"{path}/events").json()
    assert event["ends_at"][11:16] == "19:30"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wanted": -1}, "wanted"),
        ({"wanted": "many"}, "wanted"),
        ({"day": "someday"}, "day"),
        ({"constituency": "E99999999"}, "constituency"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"ends": "09:00"}, None),
        ({"kinds": "canvass"}, "kinds"),
    ],
)
def test_what_is_wrong_is_named(
    staff: TestClient, place: Place, changes: dict[str, object], field: str | None
) -> None:
    answer = staff.post(f"{place.path}/events", json={**EVENT, **changes})
    assert answer.status_code == 422
    assert (answer.json()["error"]["field"] or None) == field
    assert len(staff.get(f"{place.path}/events").json()) == 1


def test_only_a_campaigns_own_coordinator_changes_it(
    outsider: TestClient, place: Place, program: TestClient
) -> None:
    assert outsider.post(f"{place.path}/events", json=EVENT).status_code == 404
    assert program.post(f"{place.path}/events", json=EVENT).status_code == 401
    assert program.post("/v1/campaigns", json=CAMPAIGN).status_code == 401
