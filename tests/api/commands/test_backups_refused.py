"""Backups that must be refused, that break off, that have had their time; and the drill."""

import json
import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.services import backups, people, retention
from api.services.local import now
from api.store import backup as store
from api.store.backup import restoring, statements, taking
from api.store.backup.file import HEADER_BYTES, Header, dump_of, writing
from api.store.embedded import EmbeddedServer
from api.store.tables import (
    Erased,
)
from tests.api import world
from tests.api.commands.backup_scene import Scene
from tests.api.commands.running import call


@pytest.fixture
def scene(db: Session, engine: Engine, database_url: str, tmp_path: Path) -> Scene:
    return Scene(db, engine, database_url, tmp_path)


@pytest.mark.parametrize("at", [10, 600, HEADER_BYTES, -1])
def test_a_damaged_one_is_refused(scene: Scene, at: int) -> None:
    scene.back_up()
    content = bytearray(scene.file.read_bytes())
    content[at] ^= 1
    scene.file.write_bytes(content)
    assert "damaged" in scene.refused(str(scene.file), "--replace")


def test_one_that_was_cut_off_is_refused(scene: Scene) -> None:
    scene.back_up()
    content = scene.file.read_bytes()
    for length in (0, 100, HEADER_BYTES, len(content) - 1):
        scene.file.write_bytes(content[:length])
        assert "damaged" in scene.refused(str(scene.file), "--replace")
    assert "cannot be read" in scene.refused(str(scene.folder / "none"), "--replace")


def rewritten(scene: Scene, **changes: str) -> None:
    """The backup as somebody else's version or clock would have made it, whole and right."""
    header, pieces = store.verify(scene.file), b"".join(dump_of(scene.file))
    with writing(scene.file) as (writer, headers):
        writer.write(pieces)
        headers.append(Header(**{**header.__dict__, **changes}))


def test_a_newer_and_a_very_old_one_are_refused(scene: Scene) -> None:
    scene.back_up()
    rewritten(scene, revision="9999")
    assert "newer version of this service (9999)" in scene.refused(str(scene.file), "--replace")
    rewritten(scene, revision="0025", made_at=(now() - timedelta(days=31)).isoformat())
    assert "must not be kept for longer" in scene.refused(str(scene.file), "--replace")


def test_a_database_that_holds_something_or_is_in_use_is_refused(scene: Scene) -> None:
    scene.back_up()
    assert "--replace" in scene.refused(str(scene.file))
    with scene.engine.connect() as held:
        held.execute(text("SELECT 1"))
        done = call("restore", str(scene.file), "--replace", database_url=scene.url, data=str(scene.folder))
    assert (done.returncode, "stop the web service" in done.stderr) == (2, True)


def test_a_damaged_list_is_refused(scene: Scene) -> None:
    scene.back_up()
    (scene.folder / "erased.list").write_text("2026-01-01 person'; DROP TABLE person; -- 1\n")
    assert "is damaged" in scene.refused(str(scene.file), "--replace")


def test_a_restore_that_breaks_off_changes_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.back_up()
    world.add_offer(scene.db, scene.campaign)
    scene.db.commit()
    monkeypatch.setattr(restoring, "AFTER", "SELECT 1 / 0;")
    assert "division by zero" in scene.refused(str(scene.file), "--replace")
    monkeypatch.setattr(restoring, "dump_of", lambda path: [path.read_bytes()[HEADER_BYTES:-50_000]])
    assert "failed" in scene.refused(str(scene.file), "--replace")


def test_a_backup_that_breaks_off_is_not_there(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.back_up()
    before = scene.file.read_bytes()
    monkeypatch.setattr(taking, "RECORD", "SELECT 1 / 0")
    with pytest.raises(Exception, match="division by zero"):
        scene.run("backup", str(scene.file))
    assert scene.file.read_bytes() == before
    assert [one.name for one in scene.folder.iterdir() if "unfinished" in one.name] == []
    assert "There is no folder" in scene.run("backup", "/nowhere/one.backup").stderr
    assert "not both" in scene.run("backup", str(scene.file), "--out", str(scene.folder)).stderr


def test_old_ones_are_deleted_and_nothing_else(scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    old, young = (f"carpool-{now() - timedelta(days=days):{backups.NAME_FORMAT}}.backup" for days in (8, 6))
    abandoned = "carpool-x.backup.1.unfinished"
    for name in (old, young, "carpool-holiday.backup", abandoned):
        (folder / name).write_text("")
    os.utime(folder / abandoned, (0, 0))
    done = scene.run("backup", "--out", str(folder))
    assert (done.returncode, "Old backups deleted: 1." in done.stdout) == (0, True), done.stderr
    names = {one.name for one in folder.iterdir()}
    new = names - {young, "carpool-holiday.backup"}
    assert len(new) == 1 and names > {young, "carpool-holiday.backup"}
    made = folder / new.pop()
    assert made.stat().st_mode & 0o077 == 0
    assert made.name != old and store.verify(made).tables["person"] == 2


def test_what_it_says_of_itself_is_nobodys_data(scene: Scene) -> None:
    scene.back_up()
    said = json.loads(scene.file.read_bytes()[:HEADER_BYTES])
    assert set(said) == {"format", "own", *Header.__dataclass_fields__}
    assert said["tables"]["person"] == 2 and said["record"].startswith("2:")


def test_the_drill(scene: Scene, server: EmbeddedServer) -> None:
    done = scene.run("drill")
    assert (done.returncode, "It works" in done.stdout, "2 people" in done.stdout) == (0, True, True), (
        done.stderr
    )
    with scene.engine.connect() as connection:
        asked = "SELECT count(*) FROM pg_database WHERE datname LIKE 'carpool_drill%'"
        assert connection.execute(text(asked)).scalar_one() == 0


def test_the_drill_sees_what_is_missing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    after = f"{statements.AFTER} DELETE FROM request;"  # noqa: S608
    monkeypatch.setattr(restoring, "AFTER", after)
    done = scene.run("drill")
    assert (done.returncode, "the table request has 0 of 1 rows" in done.stderr) == (1, True)


def test_tombstones_are_forgotten_with_the_last_backup_that_may_be_restored(scene: Scene) -> None:
    people.erase(scene.db, scene.driver)
    old = now() - timedelta(days=backups.OLDEST_RESTORED_DAYS + 6)
    scene.db.add(Erased(what="person", id=uuid4(), at=old))
    scene.db.flush()
    assert retention.purge(scene.db).tombstones == 1
    assert [one.id for one in scene.db.exec(select(Erased))] == [scene.driver.id]
