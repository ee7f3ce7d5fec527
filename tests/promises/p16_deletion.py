"""Promise 16: deletion is real. Somebody whose every word is known erases themselves on their page, while a service runs.

They are looked for in every column of every table, in all that can be taken out, and in every log, before and after. Then
somebody's day is over: what is left of them is looked for 29 and 30 days after it.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.services import outbox, retention
from api.services.local import today
from api.store.embedded import EmbeddedServer
from api.store.session import make_engine, open_session
from api.store.tables import Message, Person
from tests import canary
from tests.api import world
from tests.api.probe import hidden_fields
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.stack import LOOKS_EVERY, Stack, database, stack

# Whoever is told of them is told at once, while this looks on.
os.environ["CARPOOL_PUBLISH_WAIT_SECONDS"] = "0"
LIMIT_SECONDS = 60
AGREED_TO = {"next_one"}
"""Who agreed to hear of the next campaign stays for 12 months, as they were told."""


def measure(size: Size) -> Outcome:
    times = size.pick(1, 3, 20)
    with database() as server:
        erased = [_erased(server, f"erased_{number}") for number in range(times)]
        with stack(server, "over") as made:
            kept, purged = _purged(made)
    seconds, before = max(one.seconds for one in erased), min(one.before for one in erased)
    after = {place for one in erased for place in one.after}
    figure = (
        f"found in {before} columns before and in {len(after)} places after they pressed erase ({times} ×; tables, files taken "
        f"out, logs), {seconds:.1f} s later (limit {LIMIT_SECONDS} s); 30 days after the day only what they agreed to is left: "
        f"{'yes' if purged else 'NO'}, and 29 days after the messages are gone and the rest is found: {'yes' if kept else 'NO'}"
    )
    if after:
        figure += f"; found: {sorted(after)[:5]}"
    return Outcome(figure, before > 0 and not after and seconds <= LIMIT_SECONDS and purged and kept)


@dataclass(frozen=True)
class Erased:
    """How long it took, in how many columns they were, and where they are still."""

    seconds: float
    before: int
    after: set[str]


def _erased(server: EmbeddedServer, name: str) -> Erased:
    with stack(server, name) as made:
        engine = make_engine(made.url)
        with open_session(engine) as db:
            planted = canary.plant(db)
            links = [_link(db, one) for one in (planted.driver, planted.rider)]
            db.commit()
        for part in ("serve", "worker"):
            made.start(part)
        made.answers()
        before = len({(table, column) for table, column, _ in canary.traces(engine)})
        begun = time.monotonic()
        for link in links:
            _press_erase(made, link)
        seconds = time.monotonic() - begun
        after = {f"{table}.{column}: {word}" for table, column, word in canary.traces(engine)}
        with open_session(engine) as db:
            after |= {f"taken out: {word}" for word in canary.in_text(canary.exported(db, planted))}
        # The worker had their messages to send, and those about them: its log, too.
        _wait_until_sent(engine)
        logs = [made.log, server.cluster.log]
        assert "/my/erase" in _read(made.log), "the log that is searched is not that of the service"
        after |= {f"{log.name}: {word}" for log in logs for word in canary.in_text(_read(log))}
        after |= {f"{name}: {word}" for name, word in canary.in_files(made.folder)}
        after |= {f"{table}.{column}: {word}" for table, column, word in canary.traces(engine)}
        engine.dispose()
    return Erased(seconds, before, after)


def _link(db: Session, person_id: UUID) -> str:
    """A private link, as a message that waits would bring it."""
    person = db.get_one(Person, person_id)
    key = f"link:{person_id}"
    outbox.queue(db, person_id, person.campaign_id, "link", key=key)
    envelope = outbox.claim(db, db.exec(select(Message.id).where(Message.key == key)).one())
    assert envelope is not None
    outbox.sent(db, envelope.message_id)
    return envelope.link_token


def _press_erase(made: Stack, link: str) -> None:
    with httpx.Client(base_url=made.site, headers={"Origin": made.site}, follow_redirects=True) as client:
        fields = hidden_fields(client.get(f"/l/{link}").text)
        client.post("/open", data=fields)
        page = client.get("/my/erase")
        done = client.post("/my/erase", data=hidden_fields(page.text))
        assert done.status_code == 200 and done.url.path == "/erased", (done.status_code, done.url)


def _wait_until_sent(engine: Engine) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    with open_session(engine) as db:
        waits = select(Message.id).where(col(Message.state).in_(("created", "sending")))
        while db.exec(waits).first() is not None and time.monotonic() < deadline:
            db.rollback()
            time.sleep(LOOKS_EVERY)


def _read(path: Path) -> str:
    return path.read_bytes().decode(errors="replace") if path.is_file() else ""


def _purged(made: Stack) -> tuple[bool, bool]:
    """Whether all but the messages is there 29 days after their day, and all but what was agreed to is gone the day after."""
    engine = make_engine(made.url)
    with open_session(engine) as db:
        canary.plant(db)
        canary.send_everything(db)
        left = []
        for days in ((world.DAY - today()).days + 29, 1):
            canary.age(db, days)
            retention.purge(db)
            db.commit()
            left.append({table for table, _, _ in canary.traces(engine)})
    engine.dispose()
    return left[0] >= {"person", "offer", "request", "run"} and "message" not in left[0], left[1] == AGREED_TO


PROMISE = Promise(16, "deletion is real", measure, shares=True)

if __name__ == "__main__":
    run(PROMISE)
