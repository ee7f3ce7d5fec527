"""The figures of the coordinators' room at a small size: every page is measured, and what is missed is said so."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from api.app import create_app
from api.settings import Settings
from api.store import embedded
from api.store.migrating import migrate
from api.store.session import make_engine, open_session
from api.store.tables import AuditEntry, Lift, Message, Offer, Person, Request, Run
from tests.api.commands.running import service
from tests.benchmarks.console import browsing, cancelling, filling, importing, pages
from tests.benchmarks.console.addresses import addresses
from tests.benchmarks.console.filling import Scene
from tests.benchmarks.console.pages import Measured
from tests.benchmarks.console.report import Figure, most, not_built, show
from tests.benchmarks.console.visitor import Client
from tests.mail import mail_server

PEOPLE = 60
ROWS = 320
"""More than what is brought in without a worker."""
NAME = "figures"


@dataclass(frozen=True)
class Place:
    engine: Engine
    url: str
    site: str
    scene: Scene


@pytest.fixture(scope="module")
def place(server: embedded.EmbeddedServer) -> Iterator[Place]:
    """A filled campaign and the service on it, as the command has them."""
    url = embedded.create_database(server, NAME)
    engine = make_engine(url)
    migrate(engine)
    scene = filling.fill(engine, PEOPLE, 2.0, lambda _: None)
    with mail_server() as mailbox:
        settings = {"database_url": url, "smtp_url": f"smtp://127.0.0.1:{mailbox.port}"}
        with service("serve", test_phone_numbers="true", log_level="warning", **settings) as running:
            yield Place(engine, url, running.url, scene)
    engine.dispose()
    embedded.drop_database(server, NAME)


@pytest.fixture
def client(place: Place) -> Iterator[Client]:
    client = Client(place.site)
    client.log_in(filling.OWNER, filling.PASSWORD)
    yield client
    client.close()


def measured(place: Place, client: Client, *routes: str) -> tuple[list[Figure], list[Measured]]:
    """All pages, or those of some routes."""
    settings = Settings(database_url=place.url, test_phone_numbers=True)
    with open_session(place.engine) as db:
        known = addresses(create_app(settings, place.engine), db, place.scene)
    return pages.measure(client, {route: known[route] for route in routes or known})


def test_the_campaign_is_as_in_life(place: Place) -> None:
    """People of both kinds, reached in every way; runs, published lifts, messages that failed or wait for a call; a record."""
    with open_session(place.engine) as db:
        of = {
            table: db.exec(select(func.count()).select_from(table)).one()
            for table in (Person, Lift, AuditEntry)
        }
        assert of[Person] == PEOPLE and of[Lift] > 5 and of[AuditEntry] >= PEOPLE
        assert set(db.exec(select(Person.reach)).all()) == {"email", "text", "call"}
        assert (
            db.exec(select(Offer)).first() and db.exec(select(Request).where(Request.answers != {})).first()
        )
        assert sorted(db.exec(select(Run.state)).all()) == ["done", "published"]
        states = set(db.exec(select(Message.state).where(col(Message.person_id).is_not(None))).all())
        assert {"sent", "call"} <= states and "created" not in states


def test_every_page_is_measured(place: Place, client: Client) -> None:
    """A page that is added and has no address here fails: it stands in the line of those that could not be measured."""
    figures, found = measured(place, client)
    assert len(found) > 25
    assert not [f"{page.path} answers {page.status}" for page in found if page.status != 200]
    assert figures[1].met, figures[1]


def test_a_browser_sees_the_same_pages(place: Place, client: Client) -> None:
    _, some = measured(place, client, "/coordinate", "/coordinate/{slug}/team")
    figures = browsing.measure(client, some, None)
    if len(figures) == 1:
        pytest.skip("no Chromium was found on this machine")
    assert "usable" in figures[0].what and figures[0].reached.split()[0] != "0"
    assert figures[-1].met is not False, figures[-1]


def test_a_table_is_brought_in_with_progress(place: Place, client: Client) -> None:
    took, progress = importing.measure(place.engine, client, ROWS)
    assert f"({ROWS} people added)" in took.reached
    assert "different counts seen" in progress.reached


def test_a_driver_cancels(place: Place) -> None:
    figures = cancelling.measure(place.engine, place.site, place.scene, people=40, seconds=1)
    assert figures[0].what.startswith("Cancellation") and figures[0].met


def test_what_is_missed_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert show([most("Page", 300, 301), most("Page", 300, 300), not_built("Map", "≤ 3000 ms")]) == 1
    missed, reached, without = capsys.readouterr().out.splitlines()
    assert "MISSED" in missed and "301 ms" in missed and "reached" in reached and "not built" in without
