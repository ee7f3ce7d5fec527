"""Whether the database answers, and whether it is one that this version can work with."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.store.migrating import applied, knows, newest
from api.store.queries.watching import heartbeat_age
from api.store.session import open_session


@dataclass(frozen=True)
class Seen:
    """What was found. `revision` and `heartbeat_age` are None where the database says nothing of them."""

    answers: bool
    revision: str | None = None
    heartbeat_age: float | None = None

    @property
    def is_newest(self) -> bool:
        return self.revision == newest()

    @property
    def is_known(self) -> bool:
        """Whether this version made the tables, or can bring them up to its own."""
        return self.revision is None or knows(self.revision)


def look(engine: Engine) -> Seen:
    """Asks it the simplest questions there are."""
    try:
        with open_session(engine) as db:
            revision = applied(db.connection())
            # The queue's tables may be others, too.
            return Seen(True, revision, heartbeat_age(db) if revision == newest() else None)
    except SQLAlchemyError:
        return Seen(False)
