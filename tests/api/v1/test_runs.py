"""A matching run from start to published lifts, by a program."""

from uuid import UUID

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services import matching
from api.store.tables import Offer, Request
from carpool import solve
from carpool.files import plan_to_json
from tests.api import world
from tests.api.v1.conftest import Place

DAY = world.DAY.isoformat()


@pytest.fixture
def people(db: Session, place: Place) -> tuple[Offer, Request]:
    offer = world.add_offer(db, place.campaign, name="Dora Private")
    request = world.add_request(db, place.campaign, name="Rafi Private")
    db.commit()
    return offer, request


def work(db: Session, place: Place, run_id: str) -> None:
    """What the worker does."""
    assert matching.begin(db, UUID(run_id))
    plan = solve(matching.build_instance(db, place.campaign, world.DAY))
    matching.finish(db, UUID(run_id), plan_to_json(plan))
    db.commit()


def start(staff: TestClient, place: Place) -> str:
    answer = staff.post(f"{place.path}/days/{DAY}/runs", json={"seconds": 5})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    return str(answer.json()["id"])


def test_from_start_to_lifts(
    staff: TestClient, place: Place, db: Session, people: tuple[Offer, Request]
) -> None:
    run_id = start(staff, place)
    path = f"{place.path}/runs/{run_id}"
    assert staff.get(f"{path}/plan").status_code == 409
    assert staff.post(f"{path}/publish").status_code == 409
    work(db, place, run_id)
    assert staff.get(path).json()["state"] == "done"
    plan = staff.get(f"{path}/plan")
    (trip,) = plan.json()["trips"]
    assert (trip["driver"], trip["stops"][0]["rider"], trip["stops"][0]["district"]) == (
        "Dora",
        "Rafi",
        "WF2",
    )
    assert plan.json()["publishing"] == {"lifts": 1, "changed": 0, "messages": 2}
    assert staff.post(f"{path}/publish").json() == {"lifts": 1, "changed": 0, "messages": 2}
    assert staff.post(f"{path}/publish").status_code == 409
    lifts = staff.get(f"{place.path}/days/{DAY}/lifts")
    (lift,) = lifts.json()
    offer, request = people
    assert (lift["offer"], lift["stops"][0]["request"]) == (offer.reference, request.reference)
    assert "Private" not in lifts.text + plan.text


def test_one_run_at_a_time(staff: TestClient, place: Place, people: tuple[Offer, Request]) -> None:
    run_id = start(staff, place)
    assert staff.post(f"{place.path}/days/{DAY}/runs").status_code == 409
    (listed,) = staff.get(f"{place.path}/days/{DAY}/runs").json()
    assert listed["id"] == run_id
    assert staff.post(f"{place.path}/runs/{run_id}/stop").json()["stop_asked"] is True


@pytest.mark.parametrize("seconds", [0, 3601, "long", "NaN"])
def test_a_run_has_its_time(staff: TestClient, place: Place, seconds: object) -> None:
    answer = staff.post(f"{place.path}/days/{DAY}/runs", json={"seconds": seconds})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "seconds")


def test_a_run_belongs_to_its_campaign(
    staff: TestClient, outsider: TestClient, place: Place, program: TestClient
) -> None:
    run_id = start(staff, place)
    created = outsider.post(
        "/v1/campaigns",
        json={"name": "Another", "organiser": "Others", "contact_email": "others@example.org"},
    )
    theirs = f"/v1/campaigns/{created.json()['slug']}"
    for path in (f"{place.path}/runs/{run_id}", f"{theirs}/runs/{run_id}"):
        assert outsider.get(path).status_code == 404
        assert outsider.get(f"{path}/plan").status_code == 404
        assert outsider.post(f"{path}/stop").status_code == 404
        assert outsider.post(f"{path}/publish").status_code == 404
    for path in (f"{place.path}/days/{DAY}/runs", f"{place.path}/days/{DAY}/lifts"):
        assert outsider.get(path).status_code == 404
    assert outsider.post(f"{place.path}/days/{DAY}/runs").status_code == 404
    assert staff.get(f"{place.path}/runs/{run_id}").json()["stop_asked"] is False
