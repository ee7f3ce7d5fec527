"""How the service is, for whoever watches over it: whether it can do its work, and figures of all of it together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine
from sqlmodel import Session

from api.services.local import now
from api.services.outbox import URGENT
from api.store.alive import look
from api.store.queries import watching as queries
from api.store.queries.watching import Figures

LATELY_SECONDS = 60.0
"""A worker that was not heard of for so long is missing. It says every five seconds that it is there."""

GONE_SECONDS = 20.0
"""Jobs of a worker that was not heard of for so long go to another; a busy machine delays a word by a second or two."""


@dataclass(frozen=True)
class State:
    """What the service needs, and how it is with each; `unknown` where the database could not be asked."""

    database: Literal["ok", "unavailable"]
    migrations: Literal["ok", "behind", "newer", "unknown"]
    worker: Literal["ok", "missing", "unknown"]

    @property
    def status(self) -> Literal["ok", "degraded", "unavailable"]:
        """Without a worker what people send in is kept, and done once there is one."""
        if self.database != "ok" or self.migrations != "ok":
            return "unavailable"
        return "ok" if self.worker == "ok" else "degraded"


def state(engine: Engine) -> State:
    """Whether the database answers, has the tables of this version, and a worker was heard of lately."""
    seen = look(engine)
    if not seen.answers:
        return State("unavailable", "unknown", "unknown")
    if not seen.is_newest:
        return State("ok", "behind" if seen.is_known else "newer", "unknown")
    age = seen.heartbeat_age
    return State("ok", "ok", "ok" if age is not None and age <= LATELY_SECONDS else "missing")


def figures(db: Session) -> Figures:
    """Counts of messages, jobs and runs, and how long ago what should happen again and again last did."""
    return queries.figures(db, now(), URGENT, GONE_SECONDS)


def note_backup(db: Session, made_at: datetime, size: int) -> None:
    """Keep when the last backup was made: those who are asked about it may not see the folder that it is in."""
    queries.note_backup(db, made_at, size)
