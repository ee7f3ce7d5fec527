"""Bringing in a table on the pages: nothing typed is lost, nothing is added unseen, nobody sees another's table."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.app import LARGEST_TABLE
from api.services import login
from api.store.tables import AuditEntry, Coordinator, Membership, Person, TableImport
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.reading import Page, read
from tests.api.pages.scene import PASSWORD, Scene
from tests.api.services.exchange.tables import COLUMNS, DAY_AS_WRITTEN, GOOD, HEADINGS

TAKE = {"vouched_by": "Sam Jones", "basis": "phone", "agreed": "true", "only_all": "no"}
BAD = "Cy\t\tring me\tLS6\tLabour\t\t\n"


def send(desk: TestClient, scene: Scene, content: bytes, name: str = "list.csv", **fields: str) -> Any:
    token = read(desk.get(f"{scene.desk}/import")).hidden()["csrf"]
    files = {"file": (name, content, "text/csv")}
    return desk.post(f"{scene.desk}/import", data={"csrf": token, "kind": "people"} | fields, files=files)


def paste(desk: TestClient, scene: Scene, text: str, kind: str = "people") -> Any:
    token = read(desk.get(f"{scene.desk}/import")).hidden()["csrf"]
    return desk.post(f"{scene.desk}/import", data={"csrf": token, "kind": kind, "pasted": text})


def post(desk: TestClient, address: str, step: str, **fields: str) -> Any:
    token = read(desk.get(address)).hidden()["csrf"]
    return desk.post(f"{address}/{step}", data={"csrf": token} | fields)


def columns(page: Page, **changes: str) -> dict[str, str]:
    """The form of the columns as the page has it, with the day of the scene."""
    chosen: dict[str, str] = {}
    name = ""
    for tag, own in page.elements:
        if tag == "select":
            name = own["name"]
            chosen[name] = ""
        elif tag == "option" and "selected" in own:
            chosen[name] = own["value"]
    return chosen | {"usual_day": world.DAY.isoformat()} | changes


def checked(desk: TestClient, scene: Scene, text: str) -> str:
    """The address of a table whose columns are confirmed."""
    address: str = paste(desk, scene, text).headers["location"]
    answer = post(desk, address, "columns", **columns(read(desk.get(address))))
    assert answer.headers["location"] == address, read(answer).text
    return address


def people(db: Session) -> list[str]:
    db.expire_all()
    return sorted(person.name for person in db.exec(select(Person)).all())


def what(db: Session) -> list[str]:
    return [entry.what for entry in db.exec(select(AuditEntry).order_by("id")).all()]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_file_from_choosing_to_added(
    desk: TestClient, scene: Scene, db: Session, encoding: str, separator: str
) -> None:
    rows = (HEADINGS + GOOD.replace("Jo Smith", "Zoë")).splitlines()
    content = "\r\n".join(separator.join(f'"{cell}"' for cell in row.split("\t")) for row in rows)
    address = send(desk, scene, content.encode(encoding)).headers["location"]
    page = read(desk.get(address))
    assert "We read 3 rows" in page.text and "Zoë" in page.text
    chosen = columns(page)
    assert tuple(chosen[f"column-{n}"] for n in range(7)) == COLUMNS
    post(desk, address, "columns", **chosen)
    page = read(desk.get(address))
    for said in (
        "This is what we understood",
        "Zoë",
        "drives, 3 free seats",
        f"{DAY_AS_WRITTEN[:3]}",
        "from 08:00",
        "home by 18:00",
        "room for an assistance dog",
        "3 of 3 placed roughly",
    ):
        assert said in page.text, said
    assert people(db) == []
    post(desk, address, "take", **TAKE)
    page = read(desk.get(address))
    assert "3 people are added" in page.text and "import unit postcodes to mend it" in page.text
    assert people(db) == ["Al Jones", "Bo", "Zoë"]
    assert what(db)[-3:] == ["table brought in", "asked to confirm columns", "people brought in"]


def test_what_was_pasted_comes_back_when_it_will_not_do(desk: TestClient, scene: Scene) -> None:
    text = "Name\tPhone\n" + "Jo\t07700 900123\n" * 3 + '"Al\t' + "x" * 3000
    answer = paste(desk, scene, text)
    assert answer.status_code == 422
    page = read(answer)
    assert "quotation mark opens there" in page.text and "Jo\t07700 900123" in answer.text
    assert "Choose the file with your list" in read(paste(desk, scene, "  ")).text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this table"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"Jo,jo@example.org,LS6 2AB,driver\n" * 100_000, "more than 30,000 rows"),
    ],
)
def test_a_file_that_will_not_do_is_refused_in_words(
    desk: TestClient, scene: Scene, db: Session, content: bytes, words: str
) -> None:
    answer = send(desk, scene, content)
    assert answer.status_code == 422 and words in read(answer).text
    assert db.exec(select(TableImport)).all() == []


def test_ten_megabytes_are_taken_more_are_not_and_from_nobody_else(
    app: FastAPI, desk: TestClient, scene: Scene
) -> None:
    row = b"Jo Smith,jo@example.org,LS6 2AB,driver," + b"x" * 300 + b"\n"
    assert send(desk, scene, row * 29_000).status_code == 303
    answer = send(desk, scene, b"x" * (LARGEST_TABLE + 1))
    assert answer.status_code == 413 and "larger than 10 MB" in answer.text
    # Others have the limit of every form, and a large form goes nowhere else.
    stranger = browser(app)
    big = {"pasted": "x" * 100_000}
    assert stranger.post(f"{scene.desk}/import", data=big).status_code == 413
    assert desk.post(f"{scene.desk}/caller", data=big).status_code == 413


def test_whoever_only_has_a_cookie_of_that_name_is_asked_before_the_body_is_read(
    app: FastAPI, scene: Scene
) -> None:
    stranger = browser(app)
    stranger.cookies.set("login", "made-up")
    answer = stranger.post(f"{scene.desk}/import", data={"pasted": "x" * 100_000})
    assert answer.status_code == 303 and answer.headers["location"].startswith("/login")


def test_columns_are_corrected_and_what_is_missing_is_asked_for(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    text = "Who\tReach\tHome\tWheels\nJo\tjo@example.org\tWF1 1AA\tyes\n"
    address = paste(desk, scene, text).headers["location"]
    chosen = columns(read(desk.get(address))) | {
        "column-0": "name",
        "column-1": "",
        "column-2": "postcode",
        "column-3": "role",
    }
    answer = post(desk, address, "columns", **chosen)
    page = read(answer)
    assert answer.status_code == 422 and "Say which column is the e-mail address" in page.text
    assert columns(page)["column-3"] == "role"
    answer = post(desk, address, "columns", **chosen | {"column-1": "postcode"})
    assert "Two columns are “Postcode”" in read(answer).text
    post(desk, address, "columns", **chosen | {"column-1": "email"})
    assert (
        "1 people can be added" in read(desk.get(address)).text
        or "Add one person" in read(desk.get(address)).text
    )
    post(desk, address, "back")
    assert "Which column is what?" in read(desk.get(address)).text


def test_rows_that_cannot_be_added_are_told_and_handed_over(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    address = checked(desk, scene, HEADINGS + BAD + GOOD)
    page = read(desk.get(address))
    assert "One row cannot be added" in page.text
    for words in (
        "“ring me”: Write one phone number",
        "“LS6”: LS6 is the first half of a postcode",
        "driver, rider or either",
    ):
        assert words in page.text, words
    answer = post(desk, address, "take", **TAKE | {"only_all": "yes"})
    assert answer.status_code == 422 and "Not all rows can be taken" in read(answer).text and people(db) == []
    post(desk, address, "take", **TAKE)
    page = read(desk.get(address))
    assert "3 people are added" in page.text and "One row was left out" in page.text
    answer = desk.post(f"{address}/left-out", data=page.hidden())
    assert answer.headers["content-disposition"] == 'attachment; filename="rows-left-out.csv"'
    assert "ring me" in answer.text and what(db)[-1] == "rows left out downloaded"


def test_who_vouches_and_how_they_agreed_must_be_said_and_stay_as_typed(
    desk: TestClient, scene: Scene, db: Session
) -> None:
    address = checked(desk, scene, HEADINGS + GOOD)
    answer = post(desk, address, "take", vouched_by="Sam", only_all="no")
    page = read(answer)
    assert answer.status_code == 422 and page.value("vouched_by") == "Sam"
    assert "Say how they agreed" in page.text and "Tick the box if they agreed" in page.text
    assert people(db) == []
    answer = post(desk, address, "take", **TAKE | {"vouched_by": " "})
    assert "Say who vouches" in read(answer).text


def test_formulas_and_scripts_in_a_table_stay_text(desk: TestClient, scene: Scene) -> None:
    row = '=HYPERLINK("https://evil.example")\tx@example.org\t\tWF1 1AA\tno\t\t\n'
    row += "<script>alert(1)</script>\ty@example.org\t\tWF1 1AA\tno\t\t\n"
    address = checked(desk, scene, HEADINGS + row)
    answer = desk.get(address)
    assert "holds a formula" in read(answer).text and "<script>alert" not in answer.text


def test_pressing_twice_adds_everybody_once(desk: TestClient, scene: Scene, db: Session) -> None:
    address = checked(desk, scene, HEADINGS + GOOD)
    token = read(desk.get(address)).hidden()["csrf"]
    for status in (303, 409):
        answer = desk.post(f"{address}/take", data={"csrf": token} | TAKE)
        assert answer.status_code == status
    assert len(people(db)) == 3


def test_a_large_table_is_a_workers(desk: TestClient, scene: Scene, db: Session) -> None:
    rows = "".join(f"Jo {n}\tjo{n}@example.org\t\tWF1 1AA\tno\t\t\n" for n in range(301))
    address = checked(desk, scene, HEADINGS + rows)
    page = read(desk.get(address))
    assert "The rows are being checked" in page.text and "begins within a few seconds" in page.text
    assert desk.get(f"{address}/progress").headers.get("HX-Refresh") is None
    made = db.exec(select(TableImport)).one()
    assert made.state == "checking"
    # Nothing can be done to it meanwhile, and nothing is lost by trying.
    for step in ("columns", "take", "discard"):
        token = (
            page.hidden()["csrf"]
            if page.hidden()
            else read(desk.get(f"{scene.desk}/import")).hidden()["csrf"]
        )
        assert desk.post(f"{address}/{step}", data={"csrf": token} | TAKE).status_code in (409, 422)
    db.expire_all()
    assert db.exec(select(TableImport.state)).one() == "checking"


def test_events_come_in_the_same_way(desk: TestClient, scene: Scene, db: Session) -> None:
    headings = "What\tVenue\tPostcode\tConstituency\tDate\tTime\tPeople wanted\n"
    row = f"Stall\tHigh Street\tLS6 2AB\tLeeds North West\t{world.DAY:%d/%m/%Y}\t10-1\t5\n"
    address = paste(desk, scene, headings + row, "events").headers["location"]
    post(desk, address, "columns", **columns(read(desk.get(address))))
    assert "Stall" in read(desk.get(address)).text
    post(desk, address, "take", only_all="no")
    assert "One event is added" in read(desk.get(address)).text
    assert "Stall" in read(desk.get(scene.desk)).text


def test_nobody_sees_the_table_of_another(app: FastAPI, desk: TestClient, scene: Scene, db: Session) -> None:
    address = checked(desk, scene, HEADINGS + GOOD)
    login.add_coordinator(db, "other@example.org", "Olu", PASSWORD)
    db.commit()
    other = log_in(browser(app), "other@example.org")
    token = read(other.get("/coordinate")).hidden()["csrf"]
    ours = db.exec(select(TableImport)).one()
    for path in (f"{scene.desk}/import", address, f"{address}/progress"):
        assert other.get(path).status_code == 404
    second = db.exec(select(Coordinator).where(Coordinator.email == "other@example.org")).one()
    db.add(Membership(coordinator_id=second.id, campaign_id=scene.campaign.id))
    db.commit()
    listed = other.get(f"{scene.desk}/import")
    assert "Priya Shah" in read(listed).text and str(ours.id) not in listed.text
    assert other.get(address).status_code == 404
    for step in ("columns", "take", "back", "discard", "left-out"):
        assert other.post(f"{address}/{step}", data={"csrf": token}).status_code == 404


def test_a_table_is_thrown_away_for_good(desk: TestClient, scene: Scene, db: Session) -> None:
    address = checked(desk, scene, HEADINGS + GOOD)
    assert post(desk, address, "discard").headers["location"] == f"{scene.desk}/import"
    assert desk.get(address).status_code == 404 and db.exec(select(TableImport)).all() == []
