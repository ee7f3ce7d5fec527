"""Promise 2: a double press is harmless. The same form, many times at once, over as many connections to a running service."""

import secrets
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from sqlalchemy import Engine

from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import an_address, campaign, take_off_guards, value
from tests.promises.stack import database, stack

AT_ONCE = 50
FORMS = {"offers": world.offer_form, "requests": world.request_form, "either": world.either_form}
KEPT = "SELECT count(*) FROM (SELECT idempotency_key FROM offer UNION ALL SELECT idempotency_key FROM request) AS kept"
PEOPLE = "SELECT count(*) FROM person"


def measure(size: Size) -> Outcome:
    rounds = size.pick(1, 10, 40)
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        made.start("serve")
        made.answers()
        presses = _Presses(made.site, path)
        same, other = Counter[int](), Counter[int]()
        for _ in range(rounds):
            for kind in FORMS:
                same += presses.at_once(kind, differing=False)
                other += presses.at_once(kind, differing=True)
        pairs = 2 * len(FORMS) * rounds
        kept, people = value(engine, KEPT), value(engine, PEOPLE)
        more = _unguarded(engine, presses)
    figure = (
        f"{pairs} forms sent {AT_ONCE} × at once: {kept} records of {people} people; the same body: {_said(same)}; "
        f"another body under the same key: {_said(other)}; without lock and constraint: {more} records of one form"
    )
    agreed = rounds * len(FORMS) * AT_ONCE
    as_promised = same == {201: agreed // AT_ONCE, 200: agreed - agreed // AT_ONCE}
    refused = other[409] > 0 and set(other) <= {200, 201, 409} and other[201] == agreed // AT_ONCE
    return Outcome(figure, kept == people == pairs and as_promised and refused and more > 1)


class _Presses:
    """So many connections as there are presses, so that none waits for another."""

    def __init__(self, site: str, path: str) -> None:
        self.path = path
        # One address at a time: else the limits would refuse what this measures.
        self.clients = [httpx.Client(base_url=site, timeout=60) for _ in range(AT_ONCE)]

    def at_once(self, kind: str, *, differing: bool) -> Counter[int]:
        """How often each status was answered. `differing`: every second press with another body."""
        key, body = secrets.token_urlsafe(16), FORMS[kind]().model_dump(mode="json")
        headers = {"Idempotency-Key": key, "X-Forwarded-For": an_address()}
        start = threading.Barrier(AT_ONCE)

        def press(number: int) -> int:
            sent: dict[str, Any] = {**body, "party": 2} if differing and number % 2 else body
            start.wait()
            return self.clients[number].post(f"{self.path}/{kind}", json=sent, headers=headers).status_code

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return Counter(pool.map(press, range(AT_ONCE)))


def _unguarded(engine: Engine, presses: _Presses) -> int:
    """The most records that one form left where the database neither locks nor refuses a second."""
    take_off_guards(engine, ["offer"], "%idempotency_key%")
    most = 0
    for _ in range(5):
        before = value(engine, KEPT)
        presses.at_once("offers", differing=False)
        most = max(most, value(engine, KEPT) - before)
    return most


def _said(answers: Counter[int]) -> str:
    return ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))


PROMISE = Promise(2, "a double press is harmless", measure, shares=True)

if __name__ == "__main__":
    run(PROMISE)
