"""A control for promise 6: a worker as it must not be.

It looks whether a message waits and takes it a moment later, and notes it as sent before it hands it over.
"""

import time
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.commands.main import app
from api.jobs import delivery, tasks
from api.jobs.tools import Tools
from api.jobs.turns import Turns
from api.messages.channels import TemporaryFailure
from api.services import outbox
from api.store.queries import messages

BETWEEN_SECONDS = 1.0
deliver = delivery.deliver


def look_and_take(db: Session, message_id: UUID, moment: Any, _stale: Any, *, reader: str, **_: Any) -> bool:
    message = messages.by_id(db, message_id)
    if message is None or message.state != "created" or getattr(message, f"{reader}_id") is None:
        return False
    time.sleep(BETWEEN_SECONDS)
    return messages.step(
        db, message_id, (message.state, "sending", "sent"), state="sending", claimed_at=moment
    )


def forgetful(tools: Tools, message_id: UUID, *, is_last_try: bool) -> None:
    class Noting:
        def send(self, to: str, letter: Any, message_id: UUID) -> None:
            with tools.transaction() as db:
                outbox.sent(db, message_id)
            tools.channel.send(to, letter, message_id)

    noted = Tools(tools.engine, Noting(), tools.house, tools.solver, Noting(), tools.own_repairer)
    try:
        deliver(noted, message_id, is_last_try=is_last_try)
    except TemporaryFailure:
        """It thinks that it is done."""


if __name__ == "__main__":
    setattr(tasks, "deliver", forgetful)  # noqa: B010  what the job calls, by its name there
    setattr(messages, "claim", look_and_take)  # noqa: B010
    # Two that look at once must not wait for each other first.
    setattr(Turns, "turn", lambda _: nullcontext())  # noqa: B010
    app(["worker"])
