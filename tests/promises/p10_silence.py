"""Promise 10: nobody can ask "is she a supporter?". The same question about somebody known and somebody unknown, by turns.

Status, headers, length and words of the two answers must be equal, and the medians of their times close. As a control the time
that a database takes to look for somebody in a list without an index is added for those who are known: it must be seen.
"""

import re
import secrets
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx
from sqlalchemy import Engine

from api.services import login
from api.store.session import open_session
from api.store.tables import Coordinator
from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import an_address, campaign
from tests.promises.stack import database, stack

MOST_MS, CONTROL_SECONDS = 10.0, 0.02
PASSWORD = "not the right one"
SECRETS = re.compile(r'(name="csrf"[^>]*value=")[^"]*|"reference": ?"[^"]*"|nonce-[^\']*|[0-9a-f]{16,}')
Ask = Callable[["Visitor", str], httpx.Response]


@dataclass
class Answers:
    """What was answered, without what is new each time, and how long each took."""

    words: set[tuple[int, str, str]] = field(default_factory=set)
    ms: list[float] = field(default_factory=list)


class Visitor:
    """Somebody who asks from another address each time, as no limit shall answer in the place of the service."""

    def __init__(self, site: str, path: str) -> None:
        self.path = path
        self.http = httpx.Client(base_url=site, timeout=60, headers={"Origin": site})

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.http.post(path, data={"csrf": self.token, **fields}, headers=_from_elsewhere())

    def json(self, path: str, body: dict[str, Any]) -> httpx.Response:
        headers = {"Idempotency-Key": secrets.token_urlsafe(16), **_from_elsewhere()}
        return self.http.post(f"{self.path}{path}", json=body, headers=headers)

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf"[^>]*value="([^"]+)"', self.http.get("/login").text)
        assert found is not None
        return unescape(found[1])


def _from_elsewhere() -> dict[str, str]:
    return {"X-Forwarded-For": an_address()}


def again_by_mail(visitor: Visitor, contact: str) -> httpx.Response:
    return visitor.post("/open/again", email=f"{contact}@example.org")


def again_by_mobile(visitor: Visitor, contact: str) -> httpx.Response:
    return visitor.post("/open/again", email=f"07700 900{contact[-3:]}")


def log_in(visitor: Visitor, contact: str) -> httpx.Response:
    return visitor.post("/login", email=f"{contact}@example.net", password=PASSWORD)


def sign_up(visitor: Visitor, contact: str) -> httpx.Response:
    """A form in the name of somebody else: whether they are there already shows nowhere."""
    form = world.offer_form(email=f"{contact}@example.org", phone="07700 900999")
    return visitor.json("/offers", form.model_dump(mode="json"))


QUESTIONS: dict[str, Ask] = {
    "a link again by e-mail": again_by_mail,
    "by mobile": again_by_mobile,
    "a log-in": log_in,
    "a sign-up in their name": sign_up,
}


def measure(size: Size) -> Outcome:
    each = size.pick(15, 250, 250)
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        _people(engine, each)
        made.start("serve")
        made.answers()
        visitor = Visitor(made.site, path)
        found = {name: _asked(visitor, ask, each) for name, ask in QUESTIONS.items()}
        control = _asked(visitor, again_by_mail, each, delay=CONTROL_SECONDS)
    differing = [name for name, (known, unknown) in found.items() if known.words != unknown.words]
    gaps = {name: _gap(*both) for name, both in found.items()}
    seen = _gap(*control)
    figure = (
        f"{2 * each} questions of each kind, known and unknown by turns; answers that differ: "
        f"{', '.join(differing) or 'none'}; medians apart: {_said(gaps)} (limit {MOST_MS:g} ms); "
        f"{1000 * CONTROL_SECONDS:g} ms more for the known would read {seen:.0f} ms"
    )
    # A few questions on a machine that does other things, too, say little about milliseconds.
    close = size is Size.QUICK or max(gaps.values()) <= MOST_MS < seen
    return Outcome(figure, not differing and close)


def _people(engine: Engine, number: int) -> None:
    """So many volunteers and coordinators who are known, with addresses as long as those of the unknown."""
    with open_session(engine) as db:
        # One password for all: hashing takes its time.
        hashed = login.add_coordinator(db, "first@example.net", "First", PASSWORD[::-1]).password_hash
        coordinator = world.add_coordinator(db)
        made = world.add_campaign(db, coordinator, "Known people")
        world.add_event(db, made, coordinator)
        for one in range(number):
            world.add_offer(db, made, email=f"{_contact('k', one)}@example.org", phone=f"07700 900{one:03}")
            db.add(Coordinator(email=f"{_contact('k', one)}@example.net", name="Known", password_hash=hashed))
        db.commit()


def _contact(kind: str, number: int) -> str:
    # Their mobile numbers are 0 to 499 for the known, and from 500 on for the unknown.
    return f"{kind}-{number if kind == 'k' else number + 500:03}"


def _asked(visitor: Visitor, ask: Ask, each: int, delay: float = 0.0) -> tuple[Answers, Answers]:
    known, unknown = Answers(), Answers()
    for number in range(each):
        for answers, kind in ((known, "k"), (unknown, "u")):
            contact = _contact(kind, number)
            begun = time.perf_counter()
            response = ask(visitor, contact)
            if delay and kind == "k":
                time.sleep(delay)
            answers.ms.append(1000 * (time.perf_counter() - begun))
            words = SECRETS.sub("", response.text).replace(contact, "somebody")
            answers.words.add((response.status_code, _headers(response), words))
    return known, unknown


def _headers(response: httpx.Response) -> str:
    """Which there are, how long the answer is, and where it leads."""
    told = {name: value for name, value in response.headers.items() if name in ("location", "content-length")}
    return f"{sorted(response.headers)} {told}"


def _said(gaps: dict[str, float]) -> str:
    return ", ".join(f"{name} {gap:.1f} ms" for name, gap in gaps.items())


def _gap(one: Answers, other: Answers) -> float:
    return abs(statistics.median(one.ms) - statistics.median(other.ms))


PROMISE = Promise(10, "nobody can ask: is she a supporter?", measure)

if __name__ == "__main__":
    run(PROMISE)
