"""The database's disk is full, really: forms are refused and kept, none is said to be saved that was not."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func
from sqlmodel import select

from api.app import create_app
from api.commands.database import database
from api.store.libpq import libpq_url
from api.store.migrating import migrate
from api.store.session import make_engine, open_session
from api.store.tables import Offer
from tests.api import world
from tests.api.conftest import browser, settings_of
from tests.api.pages.reading import read
from tests.api.pages.scene import make_scene
from tests.api.pages.test_signup import AGREED, OFFER, go_through
from tests.api.probe import hidden_fields
from tests.patience import until

MEGABYTES = 110
MOST_FORMS = 3000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own in memory, for whoever may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("a full disk: only the administrator may mount a small one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(disk: Path, url: str) -> Path:
    """All that is free, and then what the database has set aside for itself; the file that can be taken away again."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file, suppress(OSError):
        while True:
            file.write(bytes(1024 * 1024))
            file.flush()
    with suppress(psycopg.Error), psycopg.connect(libpq_url(url)) as connection:
        connection.execute("CREATE TABLE ballast AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
    return ballast


def test_a_form_is_refused_and_kept_and_saved_when_there_is_room(small_disk: Path) -> None:
    ours = settings_of(data=small_disk / "data", test_phone_numbers=True)
    with database(ours) as url:
        engine = make_engine(url)
        migrate(engine)
        with open_session(engine) as db:
            scene = make_scene(db, "-")
        app = create_app(ours.model_copy(update={"database_url": url}), engine)
        with browser(app) as visitor:
            checked = go_through(visitor, f"{scene.base}/offer", OFFER)
            last_page = read(visitor.get(checked)).hidden() | AGREED
            ballast = fill_up(small_disk, url)
            path, saved, status = f"/v1/campaigns/{scene.campaign.slug}/offers", set[str](), 0
            for number in range(MOST_FORMS):
                key, form = f"a-key-of-the-full-disk-{number}", world.offer_form().model_dump(mode="json")
                headers = {"Idempotency-Key": key, "X-Forwarded-For": "198.51.100.1"}
                status = visitor.post(path, json=form, headers=headers).status_code
                if status not in (201, 429):
                    break
                saved |= {f"v1:{key}"} if status == 201 else set()
            assert status == 503
            sent = visitor.post(checked, data=last_page)
            assert sent.status_code == 503 and "try again" in sent.text.lower()
            again = hidden_fields(sent.text)
            assert again["consent"] == AGREED["consent"]
            ballast.unlink()
            until(lambda: visitor.get("/health").status_code == 200, "the database to be back")
            until(
                lambda: visitor.post(checked, data=last_page | again).status_code == 303,
                "the form",
            )
        with open_session(engine) as db:
            there = set(db.exec(select(Offer.idempotency_key)).all())
            assert saved <= there
            assert db.exec(select(func.count()).select_from(Offer)).one() == len(saved) + 1
        engine.dispose()
