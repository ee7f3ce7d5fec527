"""Twenty-four hours of a polling week in ten minutes, from two in the afternoon before the day until two on the day.

Web, services, jobs, mail server, solver and database are the real ones, in this process (tests/endurance/working.py says why),
with a clock that runs 144 times as fast. At the end no line of the log is an error, no job has failed, and of every message
it is known what became of it.
"""

import logging
import os
import random
import time as stopwatch
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, text

from api.app import create_app
from api.edge import cookies
from api.logs import configure, log
from api.services.local import at, today
from api.services.login import hash_of
from api.settings import Settings
from api.store.session import make_engine
from tests.api.conftest import browser
from tests.clock import Clock, put_in
from tests.endurance.week import Week
from tests.endurance.working import Errors, simulate, working
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.stack import PATIENCE_SECONDS, Stack, database, stack

TWO_O_CLOCK, MONTH = time(14), 31
LOGIN = "week-cookie-0123456789012345678901234567"
LOG_IN = (
    "INSERT INTO login_session (token_hash, coordinator_id, kind, device, created_at, confirmed_at, expires_at)"
    " VALUES (:hash, :who, 'cookie', '', now(), now(), now() + interval '10 years')"
)
STATES = "SELECT state, count(*) FROM message GROUP BY 1"
KINDS = "SELECT kind, count(*) FROM message WHERE state IN ('sent', 'call') GROUP BY 1"
JOBS = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing', 'succeeded') GROUP BY 1"
REPAIRS = "SELECT state, count(*) FROM repair GROUP BY 1"
FAILED_REPAIRS = "SELECT error, count(*) FROM repair WHERE state = 'failed' GROUP BY 1"
RUNS = "SELECT state, count(*) FROM run GROUP BY 1"
LEFT = "SELECT count(*) FROM message WHERE state IN ('created', 'sending')"
GONE = "SELECT count(*) FROM person WHERE name LIKE 'Gone %'"
EXPECTED = {"confirm", "matched", "reminder", "morning", "thanks", "cancelled_by_you"}
EXPECTED_QUICK = {"confirm", "matched", "reminder"}
ACCOUNTED = {"sent", "dropped", "call"}


def measure(size: Size) -> Outcome:
    fast, hours = size.pick((600.0, 3.25), (144.0, 24.0), (36.0, 24.0))
    os.environ["CARPOOL_TEST_PHONE_NUMBERS"] = "true"
    clock = Clock()
    put_in(clock)
    day = today() + timedelta(days=40)
    begins = at(day - timedelta(days=1), TWO_O_CLOCK)
    with database() as server, stack(server, "week") as made:
        engine = make_engine(made.url, pool_size=20)
        week = Week(engine, made.mailbox, day)
        clock.set(begins - timedelta(days=MONTH + 1))
        week.prepare(day - timedelta(days=MONTH))
        clock.set(begins, fast)
        simulate(engine, clock, fast)
        with engine.begin() as connection:
            connection.execute(text(LOG_IN), {"hash": hash_of(LOGIN), "who": week.coordinator_id})
        errors = Errors()
        configure(Settings(log_level="warning"))
        seen = _is_seen(errors)
        wrong = _lived(made, week, clock, begins, begins + timedelta(hours=hours), errors)
        outcome = _outcome(
            week, engine, errors, wrong, hours, EXPECTED_QUICK if size is Size.QUICK else EXPECTED
        )
        engine.dispose()
    said = f"{outcome.figure}; an error in the log is seen: {'yes' if seen else 'NO'}"
    return Outcome(said, outcome.kept and seen)


def _is_seen(errors: Errors) -> bool:
    """The control: what the product logs as an error is found."""
    logging.getLogger().addHandler(errors)
    log.error("a job failed", task="none")
    logging.getLogger().removeHandler(errors)
    seen = len(errors.lines) == 1
    errors.lines.clear()
    return seen


def _lived(
    made: Stack, week: Week, clock: Clock, begins: datetime, ends: datetime, errors: Errors
) -> Counter[str]:
    """Everything of the script at its time, and pages in between; those that were not answered well."""
    smtp = f"smtp://127.0.0.1:{made.mailbox.port}"
    settings = Settings(database_url=made.url, smtp_url=smtp, data=made.folder, log_level="warning")
    app = create_app(settings)
    logging.getLogger().addHandler(errors)
    script = [step for step in week.steps(begins.date()) if step[0] < ends]
    wrong = Counter[str]()
    try:
        with working(settings, week.engine, made.url, clock), browser(app) as client:
            client.cookies.set(cookies.LOGIN.name, LOGIN)
            while clock.now() < ends or script:
                if script and clock.now() >= script[0][0]:
                    script.pop(0)[1]()
                _look(client, week, wrong)
            _settled(week.engine)
    finally:
        logging.getLogger().removeHandler(errors)
    return wrong


def _look(client: Any, week: Week, wrong: Counter[str]) -> None:
    """Somebody looks at a page: a visitor, the coordinator, a volunteer."""
    desk, base = f"/coordinate/{week.slug}", f"/c/{week.slug}"
    if week.cookies:
        client.cookies.set(cookies.PRIVATE.name, random.choice(week.cookies))
    of_day = f"{desk}/{week.day}"
    page = random.choice(
        ("/", base, "/my", desk, of_day, f"{of_day}/board", f"{of_day}/messages", f"{of_day}/people")
    )
    status = client.get(page).status_code
    # One that is not there says as little as one that fails.
    if status >= 400:
        wrong[f"{page}: {status}"] += 1
    week.happened.append("page")


def _settled(engine: Engine) -> None:
    """Wait until what is on its way has arrived."""
    deadline = stopwatch.monotonic() + PATIENCE_SECONDS
    while stopwatch.monotonic() < deadline:
        with engine.begin() as connection:
            if connection.execute(text(LEFT)).scalar_one() == 0:
                return
        stopwatch.sleep(0.2)


def _outcome(
    week: Week, engine: Engine, errors: Errors, wrong: Counter[str], hours: float, expected: set[str]
) -> Outcome:
    states, kinds, jobs = (_counts(engine, asked) for asked in (STATES, KINDS, JOBS))
    runs, repairs = _counts(engine, RUNS), _counts(engine, REPAIRS)
    with engine.begin() as connection:
        forgotten = connection.execute(text(GONE)).scalar_one() == 0
    did = Counter(week.happened)
    pages = did.pop("page", 0)
    figure = (
        f"{hours:g} hours: {', '.join(f'{count} × {what}' for what, count in did.items())}, {pages} pages; runs {runs}, "
        f"repairs {repairs}; {len(errors.lines)} errors in the log, {len(wrong)} on pages, {sum(jobs.values())} jobs failed; "
        f"messages {states}, mails {len(week.mailbox.mails)}; those of a month ago forgotten: {'yes' if forgotten else 'NO'}"
    )
    odd = [*errors.lines[:2], *wrong, *jobs, *sorted(expected - set(kinds)), *sorted(set(states) - ACCOUNTED)]
    odd += [f"run {state}" for state in runs if state in ("failed", "running", "queued")]
    odd += [f"repair failed: {why}" for why in _counts(engine, FAILED_REPAIRS)]
    odd += ["mails"] if len(week.mailbox.mails) != states.get("sent", 0) - did["rung"] - week.by_hand else []
    if odd:
        figure += f"; not as it should be: {'; '.join(odd)}"
    return Outcome(figure, not odd and forgotten)


def _counts(engine: Engine, asked: str) -> dict[str, int]:
    with engine.begin() as connection:
        return {str(row[0]): int(row[1]) for row in connection.execute(text(asked)).all()}


PROMISE = Promise(4, "a day of a polling week passes without an error", measure)

if __name__ == "__main__":
    run(PROMISE)
