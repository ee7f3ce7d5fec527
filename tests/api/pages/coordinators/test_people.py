"""The list of everybody of a day: searched, filtered, sorted, turned page by page, and without a way to reach anybody."""

from sqlmodel import Session
from starlette.testclient import TestClient

from api.services import day_people
from api.services.regions import region_of_districts
from tests.api import world
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import Pair, Scene, pair

__all__ = ["pair"]

PEOPLE = f"/{world.DAY}/people"


def look(desk: TestClient, scene: Scene, query: str = "") -> Page:
    answer = desk.get(f"{scene.desk}{PEOPLE}{query}")
    assert answer.status_code == 200
    return read(answer)


def test_everybody_is_listed_with_what_came_of_them_and_no_way_to_reach_them(
    desk: TestClient, scene: Scene, db: Session, pair: Pair
) -> None:
    world.add_offer(db, scene.campaign, confirmed=False, name="Ulla Unproven", seats=4)
    world.add_request(db, scene.campaign, name="Wim Waiting", wheelchair=True)
    world.add_either(db, scene.campaign)
    db.commit()
    answer = desk.get(f"{scene.desk}{PEOPLE}")
    text = read(answer).text
    assert "5 people and groups" in text
    assert "Dora D. driver WF1 1 3 Morning canvass" in text and "no answer yet" in text
    assert "Wim W. rider WF2 1 confirmed, no lift room for a folded wheelchair" in text
    assert "Ulla U. driver WF1 1 4 not confirmed yet" in text and "Ezra E. either" in text
    for secret in ("@example.org", "07700", "WF1 1AA", "WF2 8AA", "Waiting", "library"):
        assert secret not in text.replace("Waiting to", ""), secret


def test_filters_search_and_order_are_in_the_address(
    desk: TestClient, scene: Scene, db: Session, pair: Pair
) -> None:
    world.add_request(db, scene.campaign, name="Wim Waiting", wheelchair=True)
    world.add_request(db, scene.campaign, name="Faye Faraway", postcode="TR18 2AB", confirmed=False)
    db.commit()
    for query, here in (
        ("?q=wim", {"Wim"}),
        ("?q=tr18", {"Faye"}),
        ("?q=%25", set()),
        ("?role=driver", {"Dora"}),
        ("?needs=any", {"Wim"}),
        ("?state=matched", {"Dora", "Rafi"}),
        ("?state=accepted", set()),
        ("?state=waiting", {"Wim"}),
        ("?state=unconfirmed", {"Faye"}),
        ("?region=South+West", {"Faye"}),
        (f"?event={scene.morning.id}&state=matched", {"Dora", "Rafi"}),
        (f"?event={scene.afternoon.id}&state=matched", set()),
        ("?role=pilot&sort=shoe&page=-1&event=1&state=x&region=Mars", {"Dora", "Rafi", "Wim", "Faye"}),
    ):
        page = look(desk, scene, query)
        shown = {name for name in ("Dora", "Rafi", "Wim", "Faye") if f"{name} " in page.text}
        assert shown == here, query
    page = look(desk, scene, "?q=wim&sort=district&order=down")
    assert page.value("q") == "wim" and page.all("th", **{"aria-sort": "descending"})
    assert {each["value"] for each in page.all("input", type="hidden")} >= {"district", "down"}


def test_the_list_turns_fifty_at_a_time(desk: TestClient, scene: Scene, db: Session) -> None:
    for number in range(53):
        world.add_offer(db, scene.campaign, name=f"N{number:02d} Person", confirmed=False)
    db.commit()
    first, second = look(desk, scene), look(desk, scene, "?page=2")
    assert "1 to 50." in first.text and "N49" in first.text and "N50" not in first.text
    assert "51 to 53." in second.text and "N50" in second.text and "N49" not in second.text
    assert first.all("a", rel="next", href="?page=2") and not second.all("a", rel="next")
    assert "51 to 53." in look(desk, scene, "?page=99").text
    assert "1 to 50." in look(desk, scene, "?sort=name&order=down").text
    assert "N52" in look(desk, scene, "?order=down").text


def test_another_campaigns_people_are_not_there(desk: TestClient, scene: Scene, db: Session) -> None:
    other = world.add_campaign(db, world.add_coordinator(db), "Another")
    world.add_event(db, other, world.add_coordinator(db))
    world.add_offer(db, other, name="Olga Other")
    db.commit()
    assert "Olga" not in look(desk, scene).text
    assert desk.get(f"/coordinate/{other.slug}{PEOPLE}").status_code == 404


def test_every_address_can_be_read_back() -> None:
    filters = day_people.Filters(q="Ann & co", role="driver", sort="seats", down=True, page=3)
    assert filters.address() == "?q=Ann+%26+co&role=driver&sort=seats&order=down&page=3"
    assert filters.sorted_by("seats") == "?q=Ann+%26+co&role=driver&sort=seats"
    assert day_people.Filters().address(page=1) == "?"


def test_each_district_lies_in_a_region() -> None:
    its = region_of_districts()
    assert (its["LS6"], its["TR18"], its["CF10"]) == ("Yorkshire and The Humber", "South West", "Wales")
