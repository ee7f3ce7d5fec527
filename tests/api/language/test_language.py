"""English and Welsh: what is spoken, and to whom."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api import language
from api.app import create_app
from api.edge.answers import TITLES
from api.errors import Failed
from api.settings import Settings
from tests.api.conftest import browser
from tests.api.language.hollow import hollow
from tests.api.pages.reading import read
from tests.api.probe import hidden_fields, with_probes

SWITCH = "Cymraeg"


@pytest.fixture
def bilingual(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """A visitor of a service whose Welsh somebody has read."""
    app = create_app(settings.model_copy(update={"welsh_reviewer": "Mair Test"}), engine)
    with browser(app) as client:
        yield client


def choose(client: TestClient, code: str, back: str = "/") -> str:
    """Press the button for this language; returns where it leads."""
    token = read(client.get("/")).value("csrf")
    answer = client.post("/language", data={"csrf": token, "language": code, "next": back})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_welsh_is_off_until_somebody_is_named_who_read_it(client: TestClient) -> None:
    page = client.get("/", headers={"Accept-Language": "cy"})
    assert 'lang="en-GB"' in page.text and SWITCH not in page.text
    client.cookies.set("language", "cy")
    assert 'lang="en-GB"' in client.get("/").text


def test_a_browser_that_prefers_welsh_gets_it_marked_as_a_draft(bilingual: TestClient) -> None:
    page = bilingual.get("/", headers={"Accept-Language": "cy-GB,cy;q=0.9,en;q=0.8"})
    assert 'lang="cy"' in page.text and "Mair Test" in page.text
    assert 'lang="en-GB"' in bilingual.get("/", headers={"Accept-Language": "fr, en;q=0.8, cy;q=0.7"}).text


def test_a_choice_beats_the_browser_and_leads_back_to_the_page(bilingual: TestClient) -> None:
    assert SWITCH in read(bilingual.get("/")).text
    assert choose(bilingual, "cy", "/near?postcode=LS6+2AB") == "/near?postcode=LS6+2AB"
    assert 'lang="cy"' in bilingual.get("/").text
    assert choose(bilingual, "en") == "/"
    assert 'lang="en-GB"' in bilingual.get("/", headers={"Accept-Language": "cy"}).text


def test_the_button_leads_nowhere_else_and_knows_no_other_language(bilingual: TestClient) -> None:
    assert choose(bilingual, "fr", "https://elsewhere.example") == "/"
    assert 'lang="en-GB"' in bilingual.get("/").text


def test_programs_get_english(bilingual: TestClient) -> None:
    answer = bilingual.get("/v1/nearest?postcode=nowhere", headers={"Accept-Language": "cy"})
    assert "postcode" in answer.json()["error"]["message"]


def test_what_is_spoken_ends_with_its_block() -> None:
    with language.speaking("cy"):
        assert (language.spoken(), language.locale()) == ("cy", "cy")
        with language.speaking("tlh"):
            assert language.spoken() == "en"
        assert language.spoken() == "cy"
    assert language.locale() == "en_GB"


@pytest.mark.usefixtures("hollow_welsh")
def test_a_fault_of_ours_is_said_in_welsh_too(settings: Settings, engine: Engine) -> None:
    app = with_probes(create_app(settings.model_copy(update={"welsh_reviewer": "Mair Test"}), engine))
    with browser(app) as client:
        form = hidden_fields(client.get("/probe/form").text)
        page = client.post("/probe/bug", data=form, headers={"Accept-Language": "cy"})
    assert page.status_code == 500 and 'lang="cy"' in page.text
    assert hollow(TITLES[500]) in page.text and Failed.words not in page.text
