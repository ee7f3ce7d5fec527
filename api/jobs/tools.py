"""What the jobs of one worker work with."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from api.jobs.solving import Solver
from api.jobs.turns import Turns
from api.messages.channels import Channel, NoGateway
from api.messages.house import House
from api.store.session import open_session

INSIST_SECONDS = 30.0
TEXTS_AT_ONCE = 4


@dataclass(frozen=True)
class Tools:
    """The database, the ways out for letters, and the solver; all for use from several threads."""

    engine: Engine
    channel: Channel
    house: House
    solver: Solver
    texts: Channel = field(default_factory=NoGateway)
    own_repairer: Solver | None = None
    letters_turns: Turns = field(default_factory=Turns)
    texts_turns: Turns = field(default_factory=lambda: Turns(TEXTS_AT_ONCE))

    @property
    def repairer(self) -> Solver:
        """The solver of repairs: one of their own, where there is one, so that a long run keeps nobody waiting."""
        return self.own_repairer or self.solver

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A database session, committed at the end of the block: the job is the edge."""
        with open_session(self.engine) as db:
            yield db
            db.commit()

    def insist(
        self, step: Callable[[Session], None], seconds: float = INSIST_SECONDS, pause: float = 1.0
    ) -> None:
        """Write down what cannot be done again, trying for some time while the database is away."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with self.transaction() as db:
                    return step(db)
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(pause)
