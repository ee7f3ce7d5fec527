"""Deletion is real: somebody whose every word is known is looked for in every column, file and log, before and after."""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session

from api.services import people, retention
from api.services.local import today
from api.store.tables import Person, Run
from carpool.files import instance_from_json
from tests import canary
from tests.api import world

# Where somebody can be read of before they erase themselves. A table that gets to hold something of people belongs here.
TABLES = {
    "avoidance", "demo_letter", "draft", "edit", "geocoder_answer", "hold", "import_row", "message", "new_contact", "next_one",
    "offer", "person", "repair", "report", "request", "run",
}  # fmt: skip


def test_who_erases_themselves_is_found_nowhere(
    db: Session, engine: Engine, record_property: Callable[[str, object], None]
) -> None:
    planted = canary.plant(db)
    before, taken_out = canary.traces(engine), canary.in_text(canary.exported(db, planted))
    # The control: the search finds them, every word of them, and in each table that holds people.
    assert {table for table, _, _ in before} == TABLES
    assert {word for _, _, word in before} == set(canary.WORDS) - {"WF29QX"}
    assert len(taken_out) >= 10
    for person in (planted.driver, planted.rider):
        people.erase(db, db.get_one(Person, person))
    db.commit()
    assert canary.traces(engine) == set()
    assert canary.in_text(canary.exported(db, planted)) == set()
    places = len({(table, column) for table, column, _ in before})
    record_property("figure", f"found in {places} columns of {len(TABLES)} tables before and in 0 after")


def test_the_run_can_still_be_looked_at_and_names_others_as_before(db: Session) -> None:
    """Theirs is a rough place without times and needs; nobody else's is touched."""
    planted = canary.plant(db)
    run = db.get_one(Run, planted.run)
    before = run.instance or {}
    people.erase(db, db.get_one(Person, planted.driver))
    db.refresh(run)
    instance = instance_from_json(run.instance)
    assert run.instance_hash is None
    same = [one for one in (run.instance or {})["drivers"] if one in before["drivers"]]
    [changed] = [one for one in (run.instance or {})["drivers"] if one not in before["drivers"]]
    assert (changed["lat"], changed["lon"]) == (53.7, -1.5)
    assert len(same) == len(instance.drivers) - 1
    assert (run.instance or {})["riders"] == before["riders"]


def test_thirty_days_after_the_day_nothing_is_left_but_what_was_agreed_to(
    db: Session, engine: Engine
) -> None:
    canary.plant(db)
    canary.send_everything(db)
    canary.age(db, (world.DAY - today()).days + 29)
    retention.purge(db)
    db.commit()
    tables = {table for table, _, _ in canary.traces(engine)}
    # The messages of a week ago are gone by then, and what waits for nobody.
    assert tables >= {"person", "offer", "request", "run"} and tables & {"message", "import_row"} == set()
    canary.age(db, 1)
    retention.purge(db)
    db.commit()
    assert {table for table, _, _ in canary.traces(engine)} == {"next_one"}
