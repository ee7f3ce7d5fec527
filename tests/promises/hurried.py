"""For the quick form of promise 6: the worker as it is, but whatever waits for somebody who is gone waits for a tenth."""

from functools import partial

from api.commands.main import app
from api.jobs import backoff, rescue, worker
from api.messages.channels import texts
from api.services import outbox

MAIL_TIMEOUT = "?timeout=2"
"""The mail server's part of it, in its address."""
SHORTER = (
    # Beside other tests it would stand behind them.
    (worker, "NICE", 0),
    (worker, "HEARTBEAT_SECONDS", 0.5),
    (worker, "GONE_SECONDS", 3.0),
    (worker, "RESCUE_SECONDS", 1.0),
    (worker, "LOOK_SECONDS", dict.fromkeys(worker.LANES, 0.5)),
    (rescue, "GONE_SECONDS", 3.0),
    (backoff, "FIRST_SECONDS", 0.2),
    (outbox, "CLAIM_SECONDS", 5),
    (outbox, "LETTER_CLAIM_SECONDS", 5),
    (texts, "Gateway", partial(texts.Gateway, seconds=2.0)),
)

if __name__ == "__main__":
    for module, name, value in SHORTER:
        assert hasattr(module, name)
        setattr(module, name, value)
    app(["worker"])
