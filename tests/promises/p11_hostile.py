"""Promise 11: hostile input breaks nothing and executes nowhere.

Cases of the JSON API come from schemathesis, out of its own description. Every hostile word is written into every column that
holds what somebody typed, and every view of everybody is opened in a browser that is told no content security policy: what
stops a script there is that words stay words. As a control one page is rendered without escaping, and must trip. Requests from
other sites, headers, sizes, cells and calendars are measured by tests.
"""

import csv
import io
import logging
import shutil
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Page, Route, sync_playwright
from starlette.testclient import TestClient

from api.templating import environment
from tests.api.whole import client_of
from tests.browser.conftest import ARGUMENTS, CHROMIUMS
from tests.promises.frame import Outcome, Promise, Size, run, tested
from tests.promises.hostile_scene import Stage, addresses, staged, write
from tests.promises.hostile_words import ANSWER, HOSTILE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.core.result import Ok
    from schemathesis.generation import GenerationMode

PROVE_SECONDS, BATCH = 60, 250
TESTS = (
    "tests/api/edge/test_csrf.py",
    "tests/api/edge/test_headers.py",
    "tests/api/edge/test_answers.py",
    "tests/api/services/exchange/test_csv_files.py",
    "tests/api/test_calendars.py",
    "tests/api/test_hostile.py",
    "tests/api/messages/test_letters.py",
    "tests/api/pages/coordinators/test_importing.py",
)
VIEW = "http://views.test/"
CANARY = "window.tripped = 0; window.canary = () => { window.tripped += 1; return ''; };"
LEFT = """() => {
  const odd = [];
  for (const one of document.querySelectorAll('*')) {
    if (['IFRAME', 'OBJECT', 'EMBED', 'BASE'].includes(one.tagName)) odd.push(one.tagName);
    if (one.tagName === 'SCRIPT' && !one.src && one.type !== 'application/json') odd.push('SCRIPT');
    for (const a of one.attributes) {
      if (a.name.startsWith('on')) odd.push(a.name);
      const leads = ['href', 'src', 'action', 'formaction'].includes(a.name);
      if (leads && /^[\\s\\u0000-\\u0020]*(java|vb)script:/i.test(a.value)) odd.push(a.value);
    }
  }
  return [window.tripped, odd.slice(0, 5)];
}"""


def measure(size: Size) -> Outcome:
    logging.disable(logging.WARNING)
    with staged() as stage:
        cases, errors = _cases(stage, size)
        views, executed, broken, seen = _views(stage, _groups(size))
    ours = tested(*TESTS) if size is not Size.QUICK else Outcome("by themselves", kept=True)
    figure = (
        f"{cases:,} cases of schemathesis: {len(errors)} server errors{_said(errors)}; {len(HOSTILE)} hostile words in every "
        f"typed field, {views:,} pages, files and calendars seen by {len(stage.clients)} kinds of people: "
        f"{len(executed)} executed{_said(executed)}, {len(broken)} broken{_said(broken)}; "
        f"without escaping it is seen: {'yes' if seen else 'no'}; "
        f"tests: {ours.figure}"
    )
    return Outcome(figure, not errors and not executed and not broken and seen and cases > 0 and ours.kept)


def _said(found: list[str]) -> str:
    return f" ({'; '.join(found[:3])})" if found else ""


def _groups(size: Size) -> list[str]:
    """All words at once, then some of them, then each alone: one that breaks another's context may hide behind it."""
    step = size.pick(len(HOSTILE), 34, 1)
    parts = [HOSTILE[first : first + step] for first in range(0, len(HOSTILE), step)]
    return [" ".join(part) for part in (parts if step == len(HOSTILE) else [HOSTILE, *parts])]


# The JSON API.


def _cases(stage: Stage, size: Size) -> tuple[int, list[str]]:
    """So many cases as there is time for, or as the promise says; each from another address, so that no limit answers."""
    most, until = size.pick(150, 20_000, 20_000), time.monotonic() + size.pick(20, PROVE_SECONDS, 10**9)
    document = client_of(stage.app, "owner").get("/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    operations: list[Any] = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    sent, errors, turn = count(), list[str](), 0
    clients = {who: _program(stage, who) for who in ("", "owner", "helper")}
    while next(sent) < most and time.monotonic() < until:
        operation = operations[turn % len(operations)]
        who = list(clients)[turn % len(clients)]
        errors += _some(operation, clients[who], sent, min(BATCH, most // len(operations) + 1), turn, until)
        turn += 1
    return next(sent), sorted(set(errors))


def _program(stage: Stage, who: str) -> TestClient:
    client = client_of(stage.app, who, programs=bool(who))
    return TestClient(
        stage.app, headers=dict(client.headers), client=("127.0.0.1", 1), raise_server_exceptions=False
    )


def _some(operation: Any, client: TestClient, sent: Any, most: int, turn: int, until: float) -> list[str]:
    errors = list[str]()

    @seed(turn)
    @hypothesis_settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def send(case: Any) -> None:
        if time.monotonic() > until:
            return
        kwargs = {
            name: value
            for name, value in case.as_transport_kwargs(base_url="http://testserver").items()
            if name != "cookies"
        }
        number = next(sent)
        own = {"X-Forwarded-For": f"198.18.{number // 250 % 250}.{number % 250}"}
        kept = {k: v for k, v in (kwargs.pop("headers", None) or {}).items() if k.lower() != "authorization"}
        try:
            answer = client.request(headers={**kept, **own}, **kwargs)
        except (UnicodeError, ValueError, TypeError):
            return  # No client can send this.
        if answer.status_code >= 500 and answer.status_code != 503:
            errors.append(f"{operation.method.upper()} {operation.path}: {answer.status_code}")

    send()
    return errors


# Views.


def _views(stage: Stage, groups: list[str]) -> tuple[int, list[str], list[str], bool]:
    found, executed, broken = 0, list[str](), list[str]()
    with _browser() as page:
        for words in groups:
            write(stage.engine, words)
            for where, answer in _looked_at(stage):
                found += 1
                kind = answer.headers.get("content-type", "")
                if answer.status_code >= 500:
                    broken.append(f"{where}: {answer.status_code}")
                elif "html" in kind:
                    executed += [f"{where}: {what}" for what in _executed(page, answer.text)]
                elif "csv" in kind:
                    broken += [f"{where}: a formula" for _ in _formulas(answer.text)]
                elif "calendar" in kind:
                    broken += [f"{where}: a line too many" for _ in _strange_lines(answer.text)]
        seen = _is_seen_without_escaping(stage, page)
    return found, executed, broken, seen


def _looked_at(stage: Stage) -> Iterator[tuple[str, Any]]:
    """Every answer that somebody gets; an equal page once."""
    before = set[bytes]()
    for path in addresses(stage):
        for who, client in stage.clients.items():
            answer = client.get(path)
            if answer.status_code != 303 and answer.content not in before:
                before.add(answer.content)
                yield f"{path} as {who}", answer


@contextmanager
def _browser() -> Iterator[Page]:
    found = next(filter(None, map(shutil.which, CHROMIUMS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        page = browser.new_page()
        page.add_init_script(CANARY)
        yield page
        browser.close()


def _executed(page: Page, markup: str) -> list[str]:
    """What of the page's words the browser took for more than words."""

    def answer(route: Route) -> None:
        if route.request.url == VIEW:
            route.fulfill(body=markup, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(VIEW, wait_until="domcontentloaded")
    tripped, odd = page.evaluate(LEFT)
    worked_out = ["a template"] if ANSWER in page.content() else []
    return [*(["a script"] if tripped else []), *odd, *worked_out]


def _is_seen_without_escaping(stage: Stage, page: Page) -> bool:
    write(stage.engine, " ".join(HOSTILE))
    environment.autoescape = False
    _forget_templates()
    try:
        answer = stage.clients["driver"].get("/my")
        return bool(_executed(page, answer.text))
    finally:
        environment.autoescape = True
        _forget_templates()


def _forget_templates() -> None:
    """Whether words are escaped is decided when a template is compiled."""
    if environment.cache is not None:
        environment.cache.clear()


def _formulas(content: str) -> list[str]:
    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    return [cell for cell in cells if cell.strip() and cell.strip()[0] in "=+-@"]


def _strange_lines(content: str) -> list[str]:
    """Lines of a calendar that what somebody typed has made."""
    names = {"ATTACH", "BCC", "ATTENDEE", "SET-COOKIE"}
    lines = content.replace("\r\n ", "").split("\r\n")
    odd = [
        line for line in lines if line.partition(":")[0].partition(";")[0].upper() in names or "\n" in line
    ]
    return odd + ["an event too many"] * (lines.count("END:VEVENT") - lines.count("BEGIN:VEVENT"))


PROMISE = Promise(11, "hostile input breaks nothing and executes nowhere", measure, shares=True, long=True)

if __name__ == "__main__":
    run(PROMISE)
