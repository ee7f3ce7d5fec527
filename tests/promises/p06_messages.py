"""Promise 6: no message is lost. Mail and texts go out over connections that fail, by a worker that is killed.

Every message must have reached its server or stand as failed where a coordinator sees it; twice only where the answer was
cut off, by the connection or by a kill. Whoever cancels hears of that, once, and of nothing else from then on.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.messages.channels import gateway
from api.messages.channels.gateway import FakeGateway, fake_gateway
from api.services import day_messages, people
from api.services.local import now
from api.store import queue
from api.store.session import open_session
from api.store.tables import Campaign, Person
from tests.api import world
from tests.patience import until
from tests.promises.accounts import Ends, Found, counted
from tests.promises.faulty import Proxy, faulty
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.hurried import MAIL_TIMEOUT
from tests.promises.scenes import campaign
from tests.promises.stack import Stack, database, stack

FAULTY = 0.3
TEXT_EVERY, CANCEL_EVERY, NOBODY_EVERY, TWO_JOBS_EVERY = 10, 9, 40, 5
"""So many people each: the one gets texts, the next cancels soon, the third has an address that the server refuses.

The last have a second job for their message, as it may be when the job of a lost worker comes back."""
FIRST_NUMBER, NUMBERS = 900000, 1000
TEXT_FAULTS = (
    (500, None),
    (429, 20429),
    (200, "queue full"),
    gateway.Fault.CUT_UNREAD,
    gateway.Fault.HANG_UNREAD,
    gateway.Fault.CUT_AFTER,
    gateway.Fault.HANG_AFTER,
)
P95_SECONDS, SCREEN_SECONDS, SETTLED_SECONDS = 60.0, 60.0, 600.0
"""The last: of a thousand messages one may well fail seven times in a row, and waits four minutes for the next try."""
IN_HAND = "SELECT id FROM message WHERE state = 'sending'"
"""After a kill these may have been taken, and nobody lived to note it."""
UNDER_WAY = "SELECT count(*) FROM message WHERE state IN ('created', 'sending', 'held')"
FAILED = "SELECT p.email FROM message m JOIN person p ON p.id = m.person_id WHERE m.id = ANY(:shown)"


def measure(size: Size) -> Outcome:
    wanted, kills, rate = size.pick((60, 1, 12.0), (1_000, 5, 12.0), (10_000, 50, 10.0))
    hurried = "tests.promises.hurried" if size is Size.QUICK else None
    with database() as server:
        found = _measured(server, "one", wanted, kills, rate, hurried)
        careless = _measured(server, "careless", size.pick(40, 120, 120), 0, 20.0, "tests.promises.forgetful")
    faults = sum(found.faults.values())
    figure = (
        f"{found.messages:,} messages, {faults} connections that failed, {found.kills} × kill -9 of the worker: {found.lost} "
        f"lost, {found.unaccounted} unaccounted, {found.doubled} twice, {found.unexplained} of them though the answer came "
        f"through; 95 % within {found.p95:.0f} s (limit {P95_SECONDS:.0f} s), a refused one on the coordinator's screen after "
        f"{found.late:.0f} s; {found.cancelled} cancelled and heard of nothing else: "
        f"{'yes' if not found.talkative else f'no, {found.talkative} did'}; by a worker that looks and then takes, and "
        f"notes as sent before sending: {careless.unexplained} twice, {careless.lost} lost"
    )
    kept = not (found.lost or found.unaccounted or found.unexplained or found.talkative)
    # How fast, a short while on a machine that does other things, too, does not tell.
    fast = size is Size.QUICK or (found.p95 <= P95_SECONDS and found.late <= SCREEN_SECONDS)
    tried = found.kills == kills and found.cancelled > 0 and careless.lost > 0 < careless.unexplained
    return Outcome(figure, kept and fast and tried)


def _measured(server: Any, name: str, wanted: int, kills: int, rate: float, module: str | None) -> Found:
    with (
        fake_gateway() as texts,
        stack(server, name, **_with(texts)) as made,
        faulty(made.mailbox.port, FAULTY) as proxy,
        campaign(made.url) as (engine, _),
    ):
        texts.faults = [_text_fault(proxy.chance) for _ in range(wanted)]
        made.settings["smtp_url"] = f"smtp://127.0.0.1:{proxy.port}{MAIL_TIMEOUT if module else ''}"
        if module is not None:
            made.modules["worker"] = (module,)
        made.start("worker")
        until(lambda: b"worker started" in made.log.read_bytes(), "the worker")
        with _watched(engine, proxy) as seen, _killing(engine, made, kills, wanted / rate) as killed:
            cancelled = _sign_up(engine, wanted, rate)
        _settle(engine)
        found = counted(engine, Ends(made.mailbox, proxy, texts, killed), wanted, cancelled)
        found.late = max(
            (seen[who] - since for who, since in proxy.refused.items() if who in seen), default=0.0
        )
        found.unaccounted += len(proxy.refused.keys() - seen.keys())
        return found


def _with(texts: FakeGateway) -> dict[str, str]:
    limits = {"sms_a_day": "100000", "sms_a_day_campaign": "100000"}
    return limits | {
        "sms_url": texts.url,
        "sms_account": gateway.ACCOUNT,
        "sms_token": gateway.TOKEN,
        "sms_sender": "Lifts",
    }


def _text_fault(chance: random.Random) -> Any:
    return chance.choice(TEXT_FAULTS) if chance.random() < FAULTY else None


def _sign_up(engine: Engine, wanted: int, rate: float) -> int:
    """People sign up one after the other, and some cancel a moment later; how many did."""
    begun, cancelled = time.monotonic(), 0
    waiting: list[tuple[float, UUID]] = []
    for number in range(wanted):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        with open_session(engine) as db:
            person = _add(db, number)
            if number % CANCEL_EVERY == 0:
                waiting.append((time.monotonic() + random.uniform(0, 4), person))
            db.commit()
        cancelled += _cancel_due(engine, waiting)
    return cancelled + _cancel_due(engine, waiting, at=float("inf"))


def _add(db: Session, number: int) -> UUID:
    made = db.exec(select(Campaign)).one()
    contact: dict[str, Any] = {
        "email": f"{'nobody' if number % NOBODY_EVERY == 7 else 'm'}{number}@example.org"
    }
    if number % TEXT_EVERY == 3:
        phone = f"07700 {FIRST_NUMBER + number // TEXT_EVERY % NUMBERS}"
        contact = {"reach": "text", "email": "", "phone": phone}
    offer = world.add_offer(db, made, confirmed=False, **contact)
    if number % TWO_JOBS_EVERY == 1:
        [message] = world.messages_of(db, offer, "confirm")
        queue.send(db, [message.id], first=True)
    person = world.person_of(db, offer)
    if number % CANCEL_EVERY == 0:
        # Nothing but the first message goes to an address that nobody has proven to be theirs.
        person.email_confirmed_at = person.phone_confirmed_at = now()
        db.flush()
        people.send_link_again(db, contact["email"] or contact["phone"])
    return person.id


def _cancel_due(engine: Engine, waiting: list[tuple[float, UUID]], at: float | None = None) -> int:
    due = [one for one in waiting if one[0] <= (time.monotonic() if at is None else at)]
    for one in due:
        waiting.remove(one)
        with open_session(engine) as db:
            person = db.get(Person, one[1])
            assert person is not None
            people.cancel(db, person)
            db.commit()
    return len(due)


@contextmanager
def _killing(engine: Engine, made: Stack, kills: int, seconds: float) -> Iterator[list[set[UUID]]]:
    """Kill the worker so many times while the block goes on, spread over so many seconds; what it had in hand each time."""
    in_hand: list[set[UUID]] = []
    ending = threading.Event()

    def kill() -> None:
        for _ in range(kills):
            if ending.wait(seconds / (kills + 1) * random.uniform(0.8, 1.2)):
                return
            # One that has nothing in hand loses nothing.
            until(lambda: _in_hand(engine) or ending.is_set(), "something in hand")
            made.kill("worker")
            in_hand.append(_in_hand(engine))
            made.start("worker")

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield in_hand
    finally:
        killer.join()
        ending.set()


def _in_hand(engine: Engine) -> set[UUID]:
    with open_session(engine) as db:
        return {row[0] for row in db.connection().execute(text(IN_HAND)).all()}


@contextmanager
def _watched(engine: Engine, proxy: Proxy) -> Iterator[dict[str, float]]:
    """When the coordinator's list of failed messages first had whose."""
    seen: dict[str, float] = {}
    threading.Thread(target=_watch, args=(engine, proxy, seen), daemon=True).start()
    yield seen


def _watch(engine: Engine, proxy: Proxy, seen: dict[str, float]) -> None:
    chosen = day_messages.read({"state": "failed"})
    while not proxy.ended.wait(1.0):
        with open_session(engine) as db:
            found = day_messages.listed(db, db.exec(select(Campaign)).one(), world.DAY, chosen, 1)
            # The newest stand on the first page; what has been there is on one of the next.
            shown = {"shown": [row.id for row in found.rows]}
            for (email,) in db.connection().execute(text(FAILED), shown).all():
                seen.setdefault(email, time.monotonic())


def _settle(engine: Engine) -> None:
    """Wait until nothing is under way any more, for so long at most."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < deadline:
        with open_session(engine) as db:
            if not db.connection().execute(text(UNDER_WAY)).scalar_one():
                time.sleep(2.0)
                return
        time.sleep(0.5)


PROMISE = Promise(6, "no message is lost", measure)

if __name__ == "__main__":
    run(PROMISE)
