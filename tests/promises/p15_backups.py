"""Promise 15: backups restore. They are made while people sign up, and each is restored into a database of its own.

What was committed before a backup began must all be in it. Somebody is erased after each: they must not come back. First
the controls: a restored database with one row too few is seen, and without the list whoever was erased is back.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session

from api.services import backups, demo, matching, people, record
from api.store import backup
from api.store.backup.restoring import others
from api.store.backup.scratch import difference, scratch
from api.store.migrating import migrate
from api.store.session import make_engine, open_session
from api.store.tables import Campaign, Person, Run
from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.stack import LOOKS_EVERY, Stack, database, stack

WRITERS = 2
PEOPLE, SOLVING_SECONDS, PATIENCE_SECONDS = 60, 20.0, 120
KEPT = "SELECT person_id FROM offer UNION ALL SELECT person_id FROM request"
DAYS = 7


@dataclass
class Known:
    """Whose form was accepted, and who was erased since; noted once the commit has returned."""

    accepted: set[UUID] = field(default_factory=set)
    erased: set[UUID] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> tuple[set[UUID], set[UUID]]:
        with self.lock:
            return set(self.accepted), set(self.erased)


@dataclass(frozen=True)
class Found:
    """One backup, restored: who is missing, who is back, and what else is not as it was."""

    rows: int
    missing: int
    back: int
    wrong: str


def measure(size: Size) -> Outcome:
    times = size.pick(2, 20, 60)
    known = Known()
    with database() as server, stack(server) as made, TemporaryDirectory() as folder:
        engine = make_engine(made.url)
        with open_session(engine) as db:
            campaign = world.add_campaign(db, coordinator := world.add_coordinator(db))
            world.add_event(db, campaign, coordinator)
            db.commit()
        with _writing(engine, campaign.id, known):
            found = [_one(engine, made.url, Path(folder), known) for _ in range(times)]
        control = _controls(engine, made.url, Path(folder), known)
        going_on = size is Size.QUICK or _run_goes_on(made, engine, Path(folder))
        engine.dispose()
    missing, back = sum(one.missing for one in found), sum(one.back for one in found)
    wrong = [one.wrong for one in found if one.wrong]
    good = sum(not one.missing and not one.back and not one.wrong for one in found)
    figure = (
        f"{good} of {times} backups made while people signed up ({len(known.accepted):,} in all) came back: {missing} accepted "
        f"before they began are missing, {back} of {len(known.erased)} erased are back, records and counts "
        f"{'; '.join(wrong) or 'hold'}; a lost row is seen, and without the list they are back: {'yes' if control else 'NO'}"
    )
    if size is not Size.QUICK:
        figure += f"; a run that was going is done after the restore: {'yes' if going_on else 'NO'}"
    return Outcome(figure, good == times and control and going_on)


@contextmanager
def _writing(engine: Engine, campaign_id: UUID, known: Known) -> Iterator[None]:
    """People sign up all the while, on connections of their own."""
    ending = threading.Event()
    errors = list[Exception]()

    def write() -> None:
        try:
            while not ending.is_set():
                with open_session(engine) as db:
                    campaign = db.get_one(Campaign, campaign_id)
                    add = random.choice((world.add_offer, world.add_request))
                    person_id = add(db, campaign, confirmed=False).person_id
                    db.commit()
                with known.lock:
                    known.accepted.add(person_id)
        except Exception as error:  # noqa: BLE001  It is raised where it is waited for.
            errors.append(error)

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for one in writers:
        one.start()
    try:
        while not known.accepted and not errors:
            time.sleep(LOOKS_EVERY)
        yield
    finally:
        ending.set()
        for one in writers:
            one.join()
    if errors:
        raise errors[0]


def _one(engine: Engine, url: str, folder: Path, known: Known) -> Found:
    """A backup; then somebody who is in it is erased; then it is restored beside the database and looked at."""
    before, gone_before = known.now()
    with open_session(engine) as db:
        path, header, _ = backups.make(db, url, folder, folder / "one.backup", DAYS)
        _erase(db, random.choice(sorted(before - gone_before)), known)
        backups.keep_list(db, folder)
    with _restored(url, path, folder / backup.NAME) as (beside, back):
        there = _people(back)
        erased = known.now()[1]
        with open_session(back) as db:
            broken = record.verify(db).broken_at is not None
        return Found(
            rows=sum(header.tables.values()),
            missing=len(before - erased - there),
            back=len(there & erased),
            wrong="the record is broken" if broken else difference(beside, _without_those(header, 1)),
        )


STEADY = ("campaign", "event", "coordinator", "membership", "audit", "key_constituency")


def _without_those(header: backup.Header, erased: int) -> backup.Header:
    """What the backup says of tables that nobody who was erased since has rows in, and of people without those."""
    steady = {name: rows for name, rows in header.tables.items() if name in STEADY}
    return backup.Header(
        **{**header.__dict__, "tables": steady | {"person": header.tables["person"] - erased}}
    )


def _erase(db: Session, person_id: UUID, known: Known) -> None:
    people.erase(db, db.get_one(Person, person_id))
    db.commit()
    with known.lock:
        known.erased.add(person_id)


@contextmanager
def _restored(url: str, path: Path, *lists: Path) -> Iterator[tuple[str, Engine]]:
    with scratch(url) as beside:
        backups.restore(beside, path, replace=False, lists=list(lists))
        back = make_engine(beside)
        migrate(back)
        try:
            yield beside, back
        finally:
            back.dispose()


def _people(engine: Engine) -> set[UUID]:
    with engine.connect() as connection:
        return set(connection.execute(text(KEPT)).scalars())


def _controls(engine: Engine, url: str, folder: Path, known: Known) -> bool:
    """Whether this measurement sees what it should: one row lost, and one erased person back."""
    before, gone = known.now()
    with open_session(engine) as db:
        path, header, _ = backups.make(db, url, folder, folder / "control.backup", DAYS)
        back_again = random.choice(sorted(before - gone))
        _erase(db, back_again, known)
    with _restored(url, path) as (beside, back):
        is_back = back_again in _people(back) and difference(beside, header) == ""
        with back.begin() as connection:
            connection.execute(text("DELETE FROM person WHERE id IN (SELECT person_id FROM offer LIMIT 1)"))
        seen = bool(before - gone - _people(back)) and difference(beside, header) != ""
    return is_back and seen


def _run_goes_on(made: Stack, engine: Engine, folder: Path) -> bool:
    """A backup while a worker solves; everything is killed and put back to it; another worker ends the run."""
    with open_session(engine) as db:
        day = demo.create(db, "correct horse battery", people=PEOPLE)
        run_id = matching.start(db, day.campaign, day.day, day.coordinator, seconds=SOLVING_SECONDS).id
        db.commit()
    made.start("worker")
    going = _waited(engine, run_id, ("running",))
    with open_session(engine) as db:
        path, _, _ = backups.make(db, made.url, folder, folder / "running.backup", DAYS)
    made.kill("worker")
    engine.dispose()
    _alone(made.url)
    backups.restore(made.url, path, replace=True, lists=[])
    made.start("worker")
    return going and _waited(engine, run_id, ("done",))


def _alone(url: str) -> None:
    """The server takes a moment to see that those who were killed are gone."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while others(url) and time.monotonic() < deadline:
        time.sleep(LOOKS_EVERY)


def _waited(engine: Engine, run_id: UUID, states: tuple[str, ...]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with open_session(engine) as db:
            if db.get_one(Run, run_id).state in states:
                return True
        time.sleep(LOOKS_EVERY)
    return False


PROMISE = Promise(15, "backups restore", measure, shares=True)

if __name__ == "__main__":
    run(PROMISE)
