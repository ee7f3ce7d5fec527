"""A control for promise 6: a worker as it must not be, which notes a message as sent before it hands it over."""

from typing import Any
from uuid import UUID

from api.commands.main import app
from api.jobs import delivery, tasks
from api.jobs.tools import Tools
from api.messages.channels import TemporaryFailure
from api.services import outbox

deliver = delivery.deliver


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
    app(["worker"])
