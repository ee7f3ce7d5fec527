"""What anybody sees: the front page, the places in reach, a campaign; in words, without a person."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.services import campaigns, choices
from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene


def test_the_front_page_asks_for_a_postcode_and_lists_the_campaigns(client: TestClient, scene: Scene) -> None:
    page = read(client.get("/"))
    assert page.value("postcode") == ""
    assert page.all("form", action="/near", method="get")
    assert page.all("a", href=scene.base)
    assert "belongs to no political party" in page.text


def test_places_in_reach_say_time_majority_and_what_is_on(client: TestClient, scene: Scene) -> None:
    page = read(client.get("/near?postcode=ls6+2ab"))
    assert "Where you can help from LS6 2AB" in page.text
    assert "by car" in page.text and "votes last time" in page.text
    assert "Morning canvass" in page.text and "10:00 to 13:00" in page.text
    assert "Lifts on offer none yet Lifts asked for none yet" in page.text
    assert page.all("a", href=f"{scene.base}/places/{scene.morning.constituency}")
    assert page.all("a", href=f"{scene.base}/events/{scene.morning.id}")
    assert page.all("a", href=f"{scene.base}/home")
    bring = f"?postcode=LS6+2AB&to={scene.morning.constituency}"
    assert page.all("a", href=f"{scene.base}/offer/where{bring}")
    assert page.all("a", href=f"{scene.base}/ask/where{bring}")


def test_without_a_campaign_the_closest_results_are_shown(client: TestClient) -> None:
    page = read(client.get("/near?postcode=LS6+2AB"))
    assert "Nothing is planned here yet." in page.text
    assert not page.all("a", class_="button")


def test_a_refused_postcode_stays_as_it_was_typed(client: TestClient, scene: Scene) -> None:
    for address in ("/near", f"{scene.base}/near"):
        answer = client.get(address, params={"postcode": 'ZZ9 "><b>'})
        page = read(answer)
        assert answer.status_code == 422
        assert page.value("postcode") == 'ZZ9 "><b>'
        (summary,) = page.classes("summary-of-errors")
        assert summary["role"] == "alert" and "autofocus" in summary
        assert (
            page.all("a", href="#postcode") and page.all("input", id="postcode")[0]["aria-invalid"] == "true"
        )
        assert not page.all("b")


def test_a_postcode_that_we_do_not_quite_know_gets_a_question(client: TestClient, scene: Scene) -> None:
    assert "but not this exact postcode. Is it right?" in read(client.get("/near?postcode=LS6+9ZZ")).text


def test_a_name_of_several_towns_is_a_choice_of_links_wherever_it_is_typed(
    client: TestClient, scene: Scene
) -> None:
    there = f"{scene.base}/places/{scene.morning.constituency}"
    for action in ("/near", f"{scene.base}/near", there):
        answer = client.get(action, params={"postcode": "newport"})
        page = read(answer)
        assert answer.status_code == 422 and page.value("postcode") == "newport"
        assert "Which one do you mean?" in page.text and "near Isle of Wight West, South East" in page.text
        links = [own["href"] for own in page.all("a") if "postcode=Newport" in own["href"]]
        assert len(links) == 5 and f"{action}?postcode=Newport%2C+PO30" in links
        for link in links:
            assert client.get(link).status_code == 200
        chosen = read(client.get(f"{action}?postcode=Newport%2C%20PO30"))
        assert "Which one" not in chosen.text and "Newport, PO30" in chosen.text


def test_a_town_of_the_list_is_found_and_the_page_says_from_where_it_reckons(
    client: TestClient, scene: Scene
) -> None:
    for typed, name in (("skipton", "Skipton"), ("Y Fenni", "Abergavenny"), ("KINGS LYNN", "King's Lynn")):
        page = read(client.get("/near", params={"postcode": typed}))
        assert f"The travel times are from the middle of {name}." in page.text, typed
        assert page.value("postcode") == name


def test_a_town_will_do_and_that_is_said(client: TestClient, scene: Scene) -> None:
    page = read(client.get("/near?postcode=leeds"))
    assert "Where you can help from Leeds" in page.text and "from the middle of Leeds" in page.text
    assert page.value("postcode") == "Leeds"


def test_a_day_lists_its_places(client: TestClient, scene: Scene) -> None:
    page = read(client.get(f"{scene.base}/days/{scene.morning.day}"))
    assert "Something is on in 2 places." in page.text and page.all("form", action=f"{scene.base}/near")
    assert page.all("a", href=f"{scene.base}/places/{scene.morning.constituency}")
    assert "Nothing is planned for this day" in read(client.get(f"{scene.base}/days/2020-01-01")).text
    assert client.get(f"{scene.base}/days/tomorrow").status_code in (404, 422)


def test_a_large_campaign_leads_from_a_few_places_to_all(
    client: TestClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "PLACES_AT_A_GLANCE", 1)
    monkeypatch.setattr(choices, "FIRST_PLACES", 1)
    monkeypatch.setattr(choices, "MOST_EVENTS", 1)
    page = read(client.get(scene.base))
    assert page.all("a", href=f"{scene.base}/days/{scene.morning.day}") and "All 2 places" in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("JE2 3AB", "elect no members of the UK Parliament"),
        ("Newcastle", "more than one place of that name. Which one do you mean?"),
        ("Nowhereham", "a larger town near you"),
        ("LS6 2A", "A postcode looks like LS6 2AB"),
    ],
)
def test_what_we_cannot_place_gets_a_kind_answer(
    client: TestClient, scene: Scene, typed: str, said: str
) -> None:
    answer = client.get("/near", params={"postcode": typed})
    assert answer.status_code == 422 and said in read(answer).text


def test_six_are_shown_and_all_on_demand(client: TestClient, scene: Scene, db: Session) -> None:
    campaigns.add_marginal(db, scene.campaign, scene.coordinator, 30.0)
    db.commit()
    page = read(client.get(f"{scene.base}/near?postcode=LS6+2AB"))
    assert len(page.classes("place")) == 6
    every = f"{scene.base}/near?postcode=LS6+2AB&every=1"
    assert page.all("a", href=every)
    assert len(read(client.get(every)).classes("place")) > 20


def test_nothing_in_reach_is_said(client: TestClient, scene: Scene) -> None:
    assert (
        "No key seat is in reach from here" in read(client.get(f"{scene.base}/near?postcode=TR18+2AB")).text
    )


def test_a_campaign_shows_its_days_its_events_and_who_runs_it(client: TestClient, scene: Scene) -> None:
    page = read(client.get(scene.base))
    assert "Run by The Testers" in page.text
    for event in (scene.morning, scene.afternoon, scene.next_day):
        assert event.title in page.text
    assert "Promoted by P. Shah, 1 High Street, Leeds." in page.text
    assert page.all("a", href=f"{scene.base}/offer/where")


def test_a_cancelled_event_is_shown_to_nobody(client: TestClient, scene: Scene, db: Session) -> None:
    campaigns.cancel_event(db, scene.campaign, scene.coordinator, scene.morning.id)
    db.commit()
    for address in (scene.base, "/near?postcode=LS6+2AB"):
        assert "Morning canvass" not in read(client.get(address)).text


def test_a_campaign_that_is_closed_offers_no_form(client: TestClient, scene: Scene, db: Session) -> None:
    campaigns.set_open(db, scene.campaign, scene.coordinator, False)
    db.commit()
    page = read(client.get(scene.base))
    assert "takes no more sign-ups" in page.text
    assert not page.all("a", href=f"{scene.base}/offer/where")


def test_what_is_not_there_gets_a_page_of_ours(client: TestClient) -> None:
    for address in ("/c/nothing", "/c/nothing/offer/where", "/nothing"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "There is nothing here" in read(answer).text


def test_the_privacy_page_names_the_operator(client: TestClient) -> None:
    page = read(client.get("/privacy"))
    assert "30 days after the event" in page.text and "political opinions" in page.text
    assert page.all("a", href="mailto:carpool@localhost.localdomain")


def test_no_public_page_shows_a_person(client: TestClient, scene: Scene, db: Session) -> None:
    offer = world.add_offer(db, scene.campaign, postcode="LS6 2AB")
    db.commit()
    for address in ("/", scene.base, "/near?postcode=LS6+2AB", f"{scene.base}/near?postcode=LS6+2AB"):
        text = client.get(address).text
        for private in ("Dora", world.person_of(db, offer).email, "07700", "XYZ", offer.reference):
            assert private not in text, (address, private)
