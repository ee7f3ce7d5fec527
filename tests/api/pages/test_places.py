"""The pages of a constituency and of an event, and how to help from home."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, update
from starlette.testclient import TestClient

from api.services import campaigns
from api.services.local import now
from api.store.tables import Event
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene


def place_of(scene: Scene) -> str:
    return f"{scene.base}/places/{scene.morning.constituency}"


def event_of(scene: Scene) -> str:
    return f"{scene.base}/events/{scene.morning.id}"


def test_a_constituency_says_why_it_matters_and_what_is_on(client: TestClient, scene: Scene) -> None:
    page = read(client.get(place_of(scene)))
    for said in (
        "Leeds North West",
        "votes decided it",
        "20+ more people wanted",
        "Morning canvass",
        "Street stall",
    ):
        assert said in page.text
    assert "Afternoon leaflets" not in page.text
    assert page.all("a", href=event_of(scene))
    for what in ("offer", "ask"):
        assert page.all("a", href=f"{scene.base}/{what}/start?to={scene.morning.constituency}")
    assert page.all("a", href=f"{scene.base}/home")


def test_it_tells_how_far_it_is_for_somebody(client: TestClient, scene: Scene) -> None:
    page = read(client.get(place_of(scene), params={"postcode": "york"}))
    assert "by car from York" in page.text
    refused = client.get(place_of(scene), params={"postcode": 'XX "><b>'})
    page = read(refused)
    assert refused.status_code == 422 and page.value("postcode") == 'XX "><b>'
    assert "autofocus" in page.classes("summary-of-errors")[0] and not page.all("b")


def test_an_event_says_when_and_where_and_leads_to_the_forms_with_itself_ticked(
    client: TestClient, scene: Scene
) -> None:
    page = read(client.get(event_of(scene)))
    for said in (
        "Morning canvass",
        "10:00 to 13:00",
        "Market Square",
        "LS6 2AB",
        "Also on in Leeds North West",
    ):
        assert said in page.text
    start = f"{scene.base}/ask/start?to={scene.morning.id}"
    assert page.all("a", href=start)
    fields = read(client.get(start)).hidden()
    assert fields["to"] == str(scene.morning.id)
    where = client.post(f"{scene.base}/ask/start", data=fields | {"consent": "true"}).headers["location"]
    client.post(where, data=read(client.get(where)).hidden() | {"postcode": "LS6 2AB", "home": "true"})
    when = read(client.get(f"{scene.base}/ask/when"))
    assert when.checked("day") == [world.DAY.isoformat()]
    assert when.checked(f"events-{world.DAY}") == [str(scene.morning.id)]


@pytest.mark.parametrize("state", ["over", "cancelled"])
def test_an_event_that_is_over_or_cancelled_leads_on_kindly(
    client: TestClient, scene: Scene, db: Session, state: str
) -> None:
    if state == "over":
        past = {"starts_at": now() - timedelta(hours=3), "ends_at": now() - timedelta(hours=1)}
        db.exec(update(Event).values(**past))
    else:
        campaigns.cancel_event(db, scene.campaign, scene.coordinator, scene.morning.id)
    db.commit()
    answer = client.get(event_of(scene))
    page = read(answer)
    assert answer.status_code == 200 and f"This event is {state}." in page.text
    assert not page.all("a", href=f"{scene.base}/ask/start?to={scene.morning.id}")
    assert not page.all("a", href=f"{event_of(scene)}/sheet")
    assert ("Street stall" in page.text) == (state == "cancelled")
    assert client.get(f"{event_of(scene)}/sheet").status_code == 404
    if state == "over":
        assert "See other places" in page.text


def test_where_nothing_is_on_that_is_said(client: TestClient, scene: Scene, db: Session) -> None:
    campaigns.add_key(db, scene.campaign, scene.coordinator, "E14001325")
    db.commit()
    page = read(client.get(f"{scene.base}/places/E14001325"))
    assert "Nothing is planned here yet." in page.text and "Offer a lift" not in page.text


def test_a_closed_campaign_takes_nobody(client: TestClient, scene: Scene, db: Session) -> None:
    campaigns.set_open(db, scene.campaign, scene.coordinator, False)
    db.commit()
    for address in (place_of(scene), event_of(scene)):
        page = read(client.get(address))
        assert "takes no more sign-ups" in page.text and "Offer a lift" not in page.text


def test_what_is_not_the_campaigns_is_not_there(client: TestClient, scene: Scene) -> None:
    for part in ("places/E14001325", "places/%00", f"events/{uuid4()}", "events/1", "events/x/calendar.ics"):
        assert client.get(f"{scene.base}/{part}").status_code == 404


def test_help_from_home_leads_to_the_campaign(client: TestClient, scene: Scene) -> None:
    page = read(client.get(f"{scene.base}/home"))
    assert any(own["href"].startswith("mailto:team@example.org?subject=") for own in page.all("a"))


def test_no_page_shows_a_person(client: TestClient, scene: Scene, db: Session) -> None:
    offer = world.add_offer(db, scene.campaign, postcode="LS6 2AB")
    world.add_request(db, scene.campaign, postcode="LS6 2AB")
    db.commit()
    for address in (
        place_of(scene),
        event_of(scene),
        f"{event_of(scene)}/calendar.ics",
        f"{event_of(scene)}/sheet",
    ):
        text = client.get(address).text
        for private in ("Dora", "Rafi", world.person_of(db, offer).email, "07700", "XYZ", offer.reference):
            assert private not in text, (address, private)


def test_a_kind_that_a_program_made_up_is_text(client: TestClient, scene: Scene, db: Session) -> None:
    event = world.add_event(db, scene.campaign, scene.coordinator, kind="100% <b>fun</b>")
    db.commit()
    page = read(client.get(f"{scene.base}/events/{event.id}"))
    assert "100% <b>fun</b>" in page.text and not page.all("b")
