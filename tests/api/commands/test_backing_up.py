"""Backups from the command line: there and back, and what does not come back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from api.services import backups, leaving, outbox, people, record
from api.services.local import now
from api.services.rights import OWNER
from api.store import backup as store
from api.store.backup import Tombstone
from api.store.session import open_session
from api.store.tables import (
    Campaign,
    Coordinator,
    Draft,
    Erased,
    KeptApart,
    LastBackup,
    LoginSession,
    Membership,
    Message,
    NextOne,
    Person,
    PrivateSession,
    RemovedContact,
)
from tests import canary
from tests.api import world
from tests.api.commands.backup_scene import Scene
from tests.api.commands.running import call


@pytest.fixture
def scene(db: Session, engine: Engine, database_url: str, tmp_path: Path) -> Scene:
    return Scene(db, engine, database_url, tmp_path)


def test_it_is_known_when_the_last_one_was_made(scene: Scene) -> None:
    """Also after going back: the backup that was restored does not know of itself."""
    for go in (scene.back_up, scene.back_up, scene.restore):
        go()
        scene.db.rollback()
        last = scene.db.exec(select(LastBackup)).one()
        header = store.read_header(scene.file)
        assert (last.made_at, last.bytes) == (header.moment, header.bytes)
        scene.db.expire_all()


def test_there_and_back(scene: Scene) -> None:
    scene.back_up()
    before = scene.state()
    world.add_offer(scene.db, scene.campaign, name="Later Larry")
    scene.db.commit()
    said = scene.restore()
    assert "is restored" in said and "still erased: 0 people" in said
    assert scene.state() == before
    with open_session(scene.engine) as after:
        assert record.verify(after).broken_at is None
        # Tables, triggers and indexes are all there: the next one can sign up, and be erased.
        campaign = after.get_one(Campaign, scene.campaign.id)
        person = world.person_of(after, world.add_offer(after, campaign))
        people.erase(after, person)
        assert after.get(Erased, ("person", person.id)) is not None


def test_who_was_erased_since_stays_erased(scene: Scene) -> None:
    """As do those who were purged, and all that hangs on them."""
    scene.back_up()
    people.erase(scene.db, scene.db.get_one(Person, scene.driver.id))
    scene.db.commit()
    assert "still erased: 1 people" in scene.restore()
    with open_session(scene.engine) as after:
        assert after.get(Person, scene.driver.id) is None
        assert after.get(Person, scene.rider.id) is not None
        assert list(after.exec(select(Message).where(Message.person_id == scene.driver.id))) == []
    # Once more, from the same file: what a restore took along is taken along again.
    assert "still erased: 1 people" in scene.restore()


def test_without_the_tombstone_they_would_be_back(scene: Scene) -> None:
    """The control: what the test above looks for can be found."""
    scene.back_up()
    people.erase(scene.db, scene.db.get_one(Person, scene.driver.id))
    scene.db.exec(text("DELETE FROM erased"))  # type: ignore[call-overload]
    scene.db.commit()
    assert "still erased: 0 people" in scene.restore()
    with open_session(scene.engine) as after:
        assert after.get(Person, scene.driver.id) is not None


def test_they_stay_erased_when_the_database_is_lost(scene: Scene, tmp_path: Path) -> None:
    """Then the list beside the backup counts, which the worker keeps; or a copy from elsewhere."""
    scene.back_up()
    people.erase(scene.db, scene.db.get_one(Person, scene.driver.id))
    scene.db.commit()
    backups.keep_list(scene.db, tmp_path)
    scene.db.exec(text("DROP SCHEMA public CASCADE"))  # type: ignore[call-overload]
    scene.db.exec(text("CREATE SCHEMA public"))  # type: ignore[call-overload]
    scene.db.commit()
    copy = tmp_path / "copy.list"
    (tmp_path / "erased.list").rename(copy)
    # Into an empty database it goes without --replace.
    done = scene.run("restore", str(scene.file), "--erased", str(copy))
    assert (done.returncode, "still erased: 1 people" in done.stdout) == (0, True), done.stderr
    with open_session(scene.engine) as after:
        assert after.get(Person, scene.driver.id) is None
        assert after.get(Erased, ("person", scene.driver.id)) is not None


def test_the_list_grows_only_and_holds_no_more_than_ids(scene: Scene, tmp_path: Path) -> None:
    people.erase(scene.db, scene.driver)
    assert backups.keep_list(scene.db, tmp_path) == 1
    lines = (tmp_path / "erased.list").read_text().splitlines()
    assert lines == [f"{datetime.now(UTC):%Y-%m-%d} person {scene.driver.id}"]
    assert (tmp_path / "erased.list").stat().st_mode & 0o077 == 0
    scene.db.exec(text("DELETE FROM erased"))  # type: ignore[call-overload]
    assert backups.keep_list(scene.db, tmp_path) == 1
    # What is older than any backup that may be restored goes.
    today = datetime.now(UTC).date()
    assert store.keep(tmp_path, [], today + timedelta(days=1)) == 0
    assert store.keep(tmp_path, [Tombstone(today - timedelta(days=36), "person", uuid4())], today) == 0


def test_what_else_must_not_be_undone(scene: Scene) -> None:
    """An agreement taken back, an account closed or switched off, keeping apart, not being brought in again."""
    db, campaign = scene.db, scene.campaign
    agreed = NextOne(
        campaign_id=campaign.id,
        name="Dora",
        channel="email",
        address="dora@example.org",
        consent_version="1",
        expires_at=now() + timedelta(days=300),
    )
    gone, off = world.add_coordinator(db, "Gwen Gone"), world.add_coordinator(db, "Olu Off")
    email = gone.email
    db.add_all([agreed, Membership(coordinator_id=gone.id, campaign_id=campaign.id, role=OWNER)])
    db.commit()
    scene.back_up()
    db.delete(db.get_one(NextOne, agreed.id))
    leaving.close_account(db, email)
    db.get_one(Coordinator, off.id).disabled_at = now()
    later = now() + timedelta(days=9)
    db.add(KeptApart(campaign_id=campaign.id, one=b"1", other=b"2", expires_at=later))
    db.add(RemovedContact(campaign_id=campaign.id, who=b"3", expires_at=later))
    db.commit()
    scene.restore()
    with open_session(scene.engine) as after:
        assert after.get(NextOne, agreed.id) is None
        closed = after.get_one(Coordinator, gone.id)
        assert (closed.email, closed.password_hash) == (f"{gone.id}@left.invalid", "-")
        assert closed.disabled_at is not None and after.get_one(Coordinator, off.id).disabled_at is not None
        assert after.get(Membership, (gone.id, campaign.id)) is None
        assert after.get(KeptApart, (campaign.id, b"1", b"2")) is not None
        assert after.get(RemovedContact, (campaign.id, b"3")) is not None


def test_nothing_is_sent_twice_without_a_word(scene: Scene) -> None:
    """What went out since is known; what else was on its way may have arrived, and waits for a coordinator."""
    db, person = scene.db, scene.driver
    for key in ("sent since", "on its way"):
        outbox.queue(db, person.id, scene.campaign.id, "link", key=key)
    db.commit()
    scene.back_up()
    outbox.queue(db, person.id, scene.campaign.id, "reminder", key="made and sent since")
    for message in db.exec(
        select(Message).where(col(Message.key).in_(["sent since", "made and sent since"]))
    ):
        message.state, message.sent_at = "sent", now()
    db.commit()
    assert "may or may not have gone out since: 1." in scene.restore()
    with open_session(scene.engine) as after:
        states = {one.key: one.state for one in after.exec(select(Message))}
        assert states["sent since"] == "sent" and states["on its way"] == "unsure"
        assert outbox.waiting(after, 0) == []
        # The key is there, so that the reminder is not made anew.
        assert not outbox.queue(after, person.id, scene.campaign.id, "reminder", key="made and sent since")


def test_everybody_is_logged_out_and_forms_half_filled_are_gone(scene: Scene) -> None:
    until = now() + timedelta(hours=1)
    scene.db.add(LoginSession(token_hash=b"1", coordinator_id=scene.coordinator.id, expires_at=until))
    scene.db.add(Draft(token_hash=b"2", campaign_id=scene.campaign.id, answers={"name": "Dora"}))
    scene.db.commit()
    scene.back_up()
    scene.restore()
    with open_session(scene.engine) as after:
        assert [after.exec(select(table)).all() for table in (LoginSession, PrivateSession, Draft)] == [
            [],
            [],
            [],
        ]


def test_what_has_had_its_time_since_the_backup_goes_at_once(scene: Scene) -> None:
    scene.db.exec(text("UPDATE offer SET day = current_date - 40"))  # type: ignore[call-overload]
    scene.db.commit()
    scene.back_up()
    scene.restore()
    with open_session(scene.engine) as after:
        assert [one.id for one in after.exec(select(Person))] == [scene.rider.id]


def test_no_word_of_theirs_comes_back(db: Session, engine: Engine, database_url: str, tmp_path: Path) -> None:
    """Not in what runs were given either, nor in what others were told. Without the tombstones all of it does."""
    planted = canary.plant(db)
    file = str(tmp_path / "one.backup")
    db.close()
    assert call("backup", file, database_url=database_url, data=str(tmp_path)).returncode == 0
    for person in (planted.driver, planted.rider):
        people.erase(db, db.get_one(Person, person))
    db.commit()
    assert canary.traces(engine) == set()
    for erased_before in (True, False):
        if not erased_before:
            db.exec(text("DELETE FROM erased"))  # type: ignore[call-overload]
            db.commit()
        db.close()
        engine.dispose()
        done = call("restore", file, "--replace", database_url=database_url, data=str(tmp_path))
        assert done.returncode == 0, done.stderr
        found = {table for table, _, _ in canary.traces(engine)}
        assert found == set() if erased_before else found >= {"person", "run", "message", "next_one"}
