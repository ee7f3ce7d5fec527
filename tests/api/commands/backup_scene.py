"""A campaign and a backup of it, for tests of the commands."""

import subprocess
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session

from tests.api import world
from tests.api.commands.running import call


class Scene:
    """A campaign with a driver and a rider, and a backup of it."""

    def __init__(self, db: Session, engine: Engine, url: str, folder: Path) -> None:
        self.db, self.engine, self.url, self.folder = db, engine, url, folder
        self.coordinator = world.add_coordinator(db)
        self.campaign = world.add_campaign(db, self.coordinator)
        world.add_event(db, self.campaign, self.coordinator)
        self.driver = world.person_of(db, world.add_offer(db, self.campaign))
        self.rider = world.person_of(db, world.add_request(db, self.campaign))
        db.commit()
        self.file = folder / "one.backup"

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command, our own connections being let go first."""
        self.db.close()
        self.engine.dispose()
        return call(*words, database_url=self.url, data=str(self.folder))

    def back_up(self) -> None:
        done = self.run("backup", str(self.file))
        assert done.returncode == 0, done.stderr

    def restore(self, *words: str) -> str:
        done = self.run("restore", str(self.file), "--replace", *words)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def refused(self, *words: str) -> str:
        """Why it is refused; nothing may have changed."""
        before = self.state()
        done = self.run("restore", *words)
        assert done.returncode == 2
        assert self.state() == before
        return str(done.stderr)

    def state(self) -> object:
        with self.engine.connect() as connection:
            asked = "SELECT id, name, email FROM person ORDER BY 1"
            return [tuple(row) for row in connection.execute(text(asked)).all()]
