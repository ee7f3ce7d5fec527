"""What leaves the service: asked about, approved, recorded, harmless in a spreadsheet, and nothing for anybody else."""

import csv
import io
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.services.exchange import csv_files, sheets
from api.services.rights import ROLES
from api.store.tables import Arrival, AuditEntry, Coordinator, LoginSession, Membership, now
from carpool.tables import PEOPLE, body, guess, read_table, understand_person
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.conftest import log_in
from tests.api.pages.coordinators.conftest import Press
from tests.api.pages.reading import read
from tests.api.pages.scene import PASSWORD, Pair, Scene, match, pair, publish

__all__ = ["pair"]

TABLES = ("offers", "requests", "lifts", "arrivals")
EXPORTS = f"/{world.DAY}/exports"


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["cache-control"] == "no-store"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def what(db: Session) -> list[str]:
    db.expire_all()
    return [entry.what for entry in db.exec(select(AuditEntry).order_by("id")).all()]


@pytest.mark.parametrize("contents", TABLES)
def test_nothing_leaves_before_somebody_answers_for_it(
    desk: TestClient, scene: Scene, pair: Pair, press: Press, db: Session, contents: str
) -> None:
    question = read(desk.get(f"{scene.desk}{EXPORTS}/{contents}"))
    assert "What is in it" in question.text and "You do, Priya Shah." in question.text
    before = what(db)
    answer = press(f"{EXPORTS}/{contents}")
    assert answer.status_code == 422 and "Tick the box" in read(answer).text
    assert "07700" not in answer.text and what(db) == [*before, "asked to export table"]
    answer = press(f"{EXPORTS}/{contents}", agreed="true")
    assert rows(answer)
    name = f'attachment; filename="polling-day-{world.DAY}-{contents}.csv"'
    assert answer.headers["content-disposition"] == name
    assert what(db) == [*before, "asked to export table", f"{contents} exported"]


def test_the_tables_say_what_people_told_us(scene: Scene, pair: Pair, press: Press, db: Session) -> None:
    world.add_request(db, scene.campaign, name="Uma", confirmed=False, wheelchair=True)
    world.add_either(db, scene.campaign, party=2)
    gone = world.add_offer(db, scene.campaign, name="Gone Girl")
    gone.state = "cancelled"
    db.commit()
    (offer,) = rows(press(f"{EXPORTS}/offers", agreed="true"))
    assert offer["Name"] == "Dora Driver" and offer["Phone"] == "07700 900123" and offer["Free seats"] == "3"
    assert offer["Car"] == "blue Ford Fiesta" and offer["Events"] == "any" and offer["Confirmed"] == "yes"
    ezra, rafi, uma = rows(press(f"{EXPORTS}/requests", agreed="true"))
    assert (rafi["Where to pick up"], rafi["Role"], rafi["Free seats"]) == ("by the library", "rider", "")
    assert (uma["Confirmed"], uma["Needs"]) == ("no", "folding wheelchair")
    assert (ezra["Role"], ezra["Free seats"], ezra["How many people"]) == ("either", "3", "2")
    dora, riding = rows(press(f"{EXPORTS}/lifts", agreed="true"))
    assert (dora["Role"], dora["Lift"], riding["Role"], riding["Lift"]) == ("driver", "1", "rider", "1")
    assert riding["Name"] == "Rafi Rider" and riding["Place"] == "WF2 8AA: by the library"
    assert re.fullmatch(r"\d\d:\d\d", riding["Time"]) and dora["Time"] < riding["Time"] < riding["Arrives"]
    assert dora["Word to say"] == riding["Word to say"] != ""


def test_arrivals_say_who_came(scene: Scene, pair: Pair, press: Press, db: Session) -> None:
    offer, request = pair
    before = rows(press(f"{EXPORTS}/arrivals", agreed="true"))
    event = scene.morning if before[0]["Event"] == "Morning canvass" else scene.afternoon
    db.add(Arrival(event_id=event.id, request_id=request.id, state="arrived"))
    db.add(Arrival(event_id=event.id, offer_id=offer.id, state="no_show"))
    db.commit()
    found = {row["Name"]: row for row in rows(press(f"{EXPORTS}/arrivals", agreed="true"))}
    assert found["Rafi Rider"]["Came"] == "here" and found["Dora Driver"]["Came"] == "did not come"
    assert not any("07700" in cell for row in found.values() for cell in row.values())


def test_what_was_exported_can_be_brought_in(scene: Scene, pair: Pair, press: Press, db: Session) -> None:
    world.add_offer(db, scene.campaign, name="Wendy", child_seats=2, woman=True, women_only=True)
    world.add_request(
        db, scene.campaign, name="Ravi", assistance_dog=True, way_back=False, event_ids=[scene.morning.id]
    )
    db.commit()
    seen = {}
    for contents in ("offers", "requests"):
        table = read_table(press(f"{EXPORTS}/{contents}", agreed="true").content)
        layout = guess(table, PEOPLE)
        for row in body(table, layout):
            found = understand_person(row, layout, [world.DAY])
            assert found.value is not None, found.problems
            seen[found.value.name] = found.value
    assert seen["Wendy"].takes == {"child_seat": 2} and seen["Wendy"].women_only and seen["Wendy"].seats == 3
    assert seen["Ravi"].needs == {"assistance_dog"} and seen["Ravi"].events == ("Morning canvass",)
    assert not seen["Ravi"].way_back and seen["Ravi"].role == "rider" and seen["Ravi"].day == world.DAY
    assert seen["Dora Driver"].phone == "07700 900123" and seen["Dora Driver"].role == "driver"


def test_no_cell_is_a_formula(scene: Scene, pair: Pair, press: Press, db: Session) -> None:
    offer, request = pair
    evil = '=HYPERLINK("https://evil.example")'
    world.person_of(db, offer).name = evil
    offer.car, offer.plate, request.pickup = "@SUM(A1)", "-1+1", "\t=1+1"
    world.person_of(db, request).phone_typed = "+44 7700 900123"
    db.commit()
    for contents in TABLES:
        for row in rows(press(f"{EXPORTS}/{contents}", agreed="true")):
            for cell in row.values():
                assert not cell.lstrip().startswith(("=", "+", "-", "@")), (contents, cell)


def test_a_log_in_of_long_ago_gets_nothing(
    desk: TestClient, scene: Scene, pair: Pair, press: Press, db: Session
) -> None:
    run = match(db, scene)
    for session in db.exec(select(LoginSession)).all():
        session.confirmed_at = now() - timedelta(minutes=11)
    db.commit()
    ways = [*TABLES, "paper/driver-sheets", "paper/arrival-lists", f"runs/{run.id}/plan"]
    for way in ways:
        answer = press(f"{EXPORTS}/{way}", agreed="true", part="1")
        assert answer.status_code == 403 and "Is it you?" in read(answer).text, way
        assert "Rafi" not in answer.text and "carpool-plan" not in answer.text
    assert not [one for one in what(db) if "exported" in one or "printed" in one]
    answer = press(f"{EXPORTS}/lifts", agreed="true", confirm=PASSWORD)
    assert len(rows(answer)) == 2


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("owner", "coordinator")])
def test_whoever_has_no_right_gets_nothing(
    app: FastAPI, scene: Scene, pair: Pair, db: Session, role: str, password_hash: str
) -> None:
    other = Coordinator(email="other@example.org", name="Olu", password_hash=password_hash)
    db.add(other)
    db.flush()
    db.add(Membership(coordinator_id=other.id, campaign_id=scene.campaign.id, role=role))
    run = match(db, scene)
    client = log_in(browser(app), "other@example.org")
    token = read(client.get("/coordinate")).hidden()["csrf"]
    for way in (*TABLES, "paper/driver-sheets", "paper/arrival-lists", f"runs/{run.id}/instance"):
        address = f"{scene.desk}{EXPORTS}/{way}"
        assert client.get(address).status_code == 403
        answer = client.post(address, data={"csrf": token, "agreed": "true", "part": "1"})
        assert answer.status_code == 403 and "Rafi" not in answer.text and "WF2" not in answer.text, way
    assert client.get(f"{scene.desk}{EXPORTS}").status_code == 403


def test_a_runs_files_are_taken_by_the_real_judge_and_name_nobody(
    desk: TestClient, scene: Scene, press: Press, db: Session, tmp_path: Path
) -> None:
    offer = world.add_offer(db, scene.campaign)
    request = world.add_request(db, scene.campaign)
    away = world.add_request(
        db, scene.campaign, name="Faye Faraway", postcode="TR18 2AB", event_ids=[scene.morning.id]
    )
    world.add_either(db, scene.campaign, event_ids=[scene.morning.id])
    publish(db, scene)
    run = match(db, scene)
    for document in ("instance", "plan"):
        address = f"{EXPORTS}/runs/{run.id}/{document}"
        assert "without names" in read(desk.get(f"{scene.desk}{EXPORTS}")).text
        assert press(address).status_code == 422
        answer = press(address, agreed="true")
        assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
        (tmp_path / f"{document}.json").write_bytes(answer.content)
        for secret in ("Dora", "Rafi", "Faye", "07700", "@example.org", "library", "Morning canvass"):
            assert secret not in answer.text
        for sign_up in (offer, request, away, scene.morning):
            assert str(sign_up.id) not in answer.text
    instance, plan = tmp_path / "instance.json", tmp_path / "plan.json"
    assert json.loads(instance.read_text())["published"] and json.loads(plan.read_text())["trips"]
    command = [sys.executable, "-m", "carpool", "check", str(instance), str(plan)]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert float(judged.stdout) == pytest.approx(json.loads(plan.read_text())["score"])
    assert [one for one in what(db) if one.endswith("exported")] == [
        "instance of a run exported",
        "plan of a run exported",
    ]


def test_a_driver_sheet_is_what_the_driver_sees(
    desk: TestClient, scene: Scene, pair: Pair, press: Press, db: Session
) -> None:
    assert (
        "Print sheets for the drivers?" in read(desk.get(f"{scene.desk}{EXPORTS}/paper/driver-sheets")).text
    )
    assert press(f"{EXPORTS}/paper/driver-sheets", part="1").status_code == 422
    page = read(press(f"{EXPORTS}/paper/driver-sheets", part="1", agreed="true"))
    assert len(page.all("article", class_="paper")) == 1
    for words in (
        "Dora Driver",
        "Pick up Rafi",
        "by the library, WF2 8AA",
        "07700 900456",
        "Promoted by P. Shah",
    ):
        assert words in page.text, words
    assert "Rafi Rider" not in page.text
    assert what(db)[-1] == "driver sheets printed"


def test_an_arrival_list_shows_what_hosts_see(scene: Scene, pair: Pair, press: Press, db: Session) -> None:
    page = read(press(f"{EXPORTS}/paper/arrival-lists", part="1", agreed="true"))
    for words in ("Dora D.", "Rafi R.", "One car", "blue Ford Fiesta", "Promoted by P. Shah"):
        assert words in page.text, words
    assert len(page.classes("tick-box")) == 2
    assert "07700" not in page.text and "WF2 8AA" not in page.text and "library" not in page.text
    assert what(db)[-1] == "arrival lists printed"


def test_paper_comes_in_parts_and_by_event(
    desk: TestClient, scene: Scene, press: Press, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        world.add_offer(db, scene.campaign, name=f"Driver{2 - number}", event_ids=[scene.morning.id])
    world.add_offer(db, scene.campaign, name="Elsewhere", event_ids=[scene.afternoon.id])
    publish(db, scene)
    monkeypatch.setattr(sheets, "A_PART", 2)
    names = []
    for part in ("1", "2"):
        page = read(press(f"{EXPORTS}/paper/driver-sheets", part=part, agreed="true"))
        assert f"Part {part} of 2" in page.text
        names += re.findall(r"Driver\d|Elsewhere", page.text)
    assert names == ["Driver0", "Driver1", "Driver2", "Elsewhere"]
    lists = read(press(f"{EXPORTS}/paper/arrival-lists", part="2", agreed="true"))
    assert "(continued )" in lists.text or "(continued)" in lists.text or "continued" in lists.text
    event = str(scene.afternoon.id)
    page = read(press(f"{EXPORTS}/paper/driver-sheets", part="1", event=event, agreed="true"))
    assert "Elsewhere" in page.text and "Driver0" not in page.text
    for part, other in (("3", ""), ("0", ""), ("1", str(scene.next_day.id)), ("x", "")):
        answer = press(f"{EXPORTS}/paper/driver-sheets", part=part, event=other, agreed="true")
        assert answer.status_code == 404, (part, other)
    assert desk.get(f"{scene.desk}{EXPORTS}/paper/driver-sheets?part=9").status_code == 404


def test_paper_of_a_day_that_is_over_is_gone(
    desk: TestClient, scene: Scene, pair: Pair, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "now", lambda: now() + timedelta(days=33))
    assert press(f"{EXPORTS}/paper/driver-sheets", part="1", agreed="true").status_code == 409
    assert "The day is over" in read(desk.get(f"{scene.desk}{EXPORTS}")).text


def test_the_page_of_a_day_leads_there(desk: TestClient, scene: Scene, pair: Pair) -> None:
    day = read(desk.get(f"{scene.desk}/{world.DAY}"))
    assert f"{scene.desk}{EXPORTS}" in [own.get("href") for own in day.all("a")]
    page = read(desk.get(f"{scene.desk}{EXPORTS}"))
    for own in page.all("a"):
        if "/exports/" in own["href"]:
            assert read(desk.get(own["href"])).all("form"), own["href"]
    empty = read(desk.get(f"{scene.desk}/{world.DAY + timedelta(days=1)}/exports"))
    assert "No lift is published yet" in empty.text and "No run has a plan yet" in empty.text


def test_many_rows_leave_little_in_the_memory(scene: Scene, db: Session) -> None:
    """What is kept in memory of a large file is bounded: the rest is in a file without a name."""
    file: Any = csv_files.spooled(["A"], ([f"{number} {'x' * 100}"] for number in range(30_000)))
    assert file._rolled, "30,000 rows were kept in memory"
    content = b"".join(csv_files.parts(file))
    assert content.count(b"\r\n") == 30_001 and file.closed
    small: Any = csv_files.spooled(["A"], [["é"]])
    assert not small._rolled and b"".join(csv_files.parts(small)) == "\ufeffA\r\né\r\n".encode()
