"""Towns and addresses on the pages of a service with a geocoder: found, said how precisely, refused kindly, and told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select, update
from starlette.testclient import TestClient

from api.services.local import now
from api.store.session import make_engine
from api.store.tables import GeocoderTurn, Request
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene
from tests.api.pages.test_signup import AGREED, ASK, OFFER, Answers, go_through, post
from tests.nominatim import Fault, Nominatim, looks_up, map_server

__all__ = ["looks_up", "map_server"]


@pytest.fixture
def client(looks_up: Nominatim, client: TestClient) -> TestClient:
    """A browser at a service with a geocoder."""
    return client


def let_it_rest(db: Session) -> None:
    db.exec(update(GeocoderTurn).values(free_at=now()))
    db.commit()


def go_on(client: TestClient, base: str, answers: Answers) -> str:
    """Answer pages from the middle of the form on; the address of the one after them."""
    address = ""
    for step, own in answers.items():
        answer = post(client, f"{base}/{step}", own)
        assert answer.status_code == 303, read(answer).text
        address = answer.headers["location"]
    return address


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Timble", "We found Timble, Leeds. The travel times are from its middle."),
        ("Otley Road, Leeds", "We found Otley Road, Leeds. The travel times are from this street."),
        ("12 otley road, leeds", "We found 12 Otley Road, Leeds. The travel times are from there."),
        ("LS6 1AA", "You are somewhere in LS6: the travel times are from its middle."),
        ("leeds", "The travel times are from the middle of Leeds."),
    ],
)
def test_the_page_says_what_it_found_and_how_precisely(
    client: TestClient, scene: Scene, typed: str, said: str
) -> None:
    answer = client.get("/near", params={"postcode": typed})
    assert answer.status_code == 200 and said in read(answer).text
    assert ("© OpenStreetMap contributors" in answer.text) == said.startswith("We found")


def test_an_unknown_name_and_a_geocoder_that_is_down_get_a_kind_answer(
    client: TestClient, scene: Scene, looks_up: Nominatim, db: Session
) -> None:
    for address in ("/near", f"{scene.base}/near"):
        answer = client.get(address, params={"postcode": "Nowhereham"})
        assert answer.status_code == 422
        assert "We do not know this place. Type a postcode" in read(answer).text
        assert read(answer).value("postcode") == "Nowhereham"
    let_it_rest(db)
    looks_up.faults.append(Fault(status=429))
    answer = client.get("/near", params={"postcode": "Timble"})
    assert answer.status_code == 422
    assert "Type a postcode instead" in read(answer).text and read(answer).value("postcode") == "Timble"


def test_a_driver_may_type_an_address(client: TestClient, scene: Scene) -> None:
    answers = OFFER | {"where": {"postcode": "12 otley road, leeds"}}
    check = read(client.get(go_through(client, f"{scene.base}/offer", answers)))
    assert "Where from 12 Otley Road, Leeds" in check.text.replace("Change where from", "")
    assert "Found as 12 Otley Road, Leeds." in check.text


def test_a_rider_may_type_an_address_and_name_a_corner_by_one(
    client: TestClient, scene: Scene, db: Session
) -> None:
    where = f"{scene.base}/ask/where"
    again = post(client, where, {"postcode": "12 otley road, leeds"}).headers["location"]
    page = read(client.get(again))
    assert page.value("postcode") == "12 Otley Road, Leeds"
    offered = {"postcode": page.value("postcode"), "offered_for": page.value("offered_for")}
    let_it_rest(db)
    answer = post(client, where, offered | {"own_place": "the stop", "own_postcode": "Nowhereham Lane"})
    assert answer.status_code == 422
    assert "We do not know this address" in read(answer).text
    assert read(answer).value("own_postcode") == "Nowhereham Lane"
    let_it_rest(db)
    own = {"own_place": "the stop", "own_postcode": "Otley Road, Leeds"}
    assert post(client, where, offered | own).headers["location"].endswith("/when")
    check = go_on(client, f"{scene.base}/ask", {k: ASK[k] for k in ASK if k != "where"})
    page = read(client.get(check))
    assert "the stop, Otley Road, Leeds" in page.text
    assert post(client, check, AGREED).status_code == 303
    request = db.exec(select(Request)).one()
    assert (request.postcode, request.precision) == ("LS6 2AD", "address")
    assert [place["lat"] for place in request.places] == [53.8263]


def test_a_town_is_not_enough_to_start_from_and_nothing_is_lost(client: TestClient, scene: Scene) -> None:
    where = f"{scene.base}/offer/where"
    answer = post(client, where, {"postcode": "Timble"})
    assert answer.status_code == 422
    assert (
        "Timble is larger than a street" in read(answer).text and read(answer).value("postcode") == "Timble"
    )


def test_the_pages_say_whom_names_are_asked_of(client: TestClient, scene: Scene, looks_up: Nominatim) -> None:
    assert "our server asks 127.0.0.1 where it is" in read(client.get("/privacy")).text
    assert "looked up at 127.0.0.1" in read(client.get("/")).text
    where = f"{scene.base}/offer/where"
    assert "an address is looked up at 127.0.0.1" in read(client.get(where)).text
    assert looks_up.asked == []


def test_a_hostile_name_from_the_geocoder_is_text(
    client: TestClient, scene: Scene, looks_up: Nominatim
) -> None:
    looks_up.faults.append(
        Fault(
            b'[{"lat": "53.8", "lon": "-1.5", "display_name": "<script>x</script>", "name": "<b>Timble</b>"}]'
        )
    )
    assert not read(client.get("/near?postcode=Timble")).all("b")


def test_more_visitors_than_connections_do_not_wait_for_each_other(
    client: TestClient, app: FastAPI, scene: Scene, db: Session
) -> None:
    """Each holds a connection of the pool; asking takes none of it, so that every one of them gets an answer."""
    small = make_engine(str(db.get_bind().engine.url.render_as_string(hide_password=False)), pool_size=2)
    app.state.engine = small
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: client.get("/near", params={"postcode": f"Nowhereham {n}"}), range(8))
        )
    small.dispose()
    assert {answer.status_code for answer in answers} == {422}
