"""Bringing in a table of 10,000 people, as a coordinator does it, with the time that the machine takes."""

import csv
import io
import re
import time
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlmodel import select

from api.services import campaigns
from api.services.campaign_forms import CampaignForm
from api.services.demo import saturday_ahead
from api.services.local import today
from api.store.session import open_session
from api.store.tables import Coordinator
from carpool import Driver, Rider
from carpool.generate import generate
from tests.benchmarks.console import filling
from tests.benchmarks.console.people import SURNAMES, districts
from tests.benchmarks.console.report import Figure, most
from tests.benchmarks.console.visitor import Client, path_of
from tests.story.visitor import Form, Forms

ROWS = 10_000
LIMIT_SECONDS = 20
PATIENCE_SECONDS = 600
LOOKS_EVERY = 0.25
DRIVES = ("yes, 3", "no", "no", "yes", "either")
HOURS = ("", "after 10", "8am-6pm", "")
HEADINGS = ("Name", "E-mail", "Mobile", "Postcode", "Can you drive?", "Available")
VOUCHED = {"vouched_by": "Sam Jones", "basis": "form", "agreed": "true", "only_all": "no"}


def measure(engine: Engine, client: Client, rows: int = ROWS) -> list[Figure]:
    slug = _campaign(engine)
    seen, took, added = _bring_in(client, slug, _table(rows))
    what = f"CSV import of {rows:,} rows, the machine’s own time"
    return [
        most(what, LIMIT_SECONDS, took, "s", f"({added} people added)"),
        Figure(
            "Its progress is shown while it goes", "yes", f"{len(seen)} different counts seen", len(seen) > 1
        ),
    ]


def _campaign(engine: Engine) -> str:
    """An empty campaign of the owner's beside the large one."""
    with open_session(engine) as db:
        owner = db.exec(select(Coordinator).where(Coordinator.email == filling.OWNER)).one()
        form = CampaignForm(name="People from a table", organiser="Figures", contact_email=filling.OWNER)
        campaign = campaigns.find(db, campaigns.create(db, owner, form).slug)
        filling.add_event(db, campaign, owner, saturday_ahead(today()))
        db.commit()
        return campaign.slug


def _table(rows: int) -> bytes:
    instance = generate(rows, seed=2)
    people: list[Driver | Rider] = [*instance.drivers, *instance.riders]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADINGS)
    surnames = SURNAMES.split()
    for number, district in enumerate(districts(people)):
        writer.writerow((
            f"Jo {surnames[number % len(surnames)]}", f"table.{number}@figures.example.org", "",
            f"{district} {1 + number % 9}AB", DRIVES[number % len(DRIVES)], HOURS[number % len(HOURS)],
        ))  # fmt: skip
    return written.getvalue().encode()


def _bring_in(client: Client, slug: str, table: bytes) -> tuple[set[str], float, str]:
    """The counts that progress showed, seconds, and how many people were added."""
    start = f"/coordinate/{slug}/import"
    sent = client.post(start, {"kind": "people"}, {"file": ("people.csv", table)})
    assert sent.response.status_code == 303, sent.response.status_code
    at = path_of(sent.response)
    checking = _send(client, at, "columns", {})
    seen: set[str] = set()
    took = (sent.ms + checking) / 1000 + _wait(client, at, "/take", seen)
    took += _send(client, at, "take", VOUCHED) / 1000
    took += _wait(client, at, None, seen)
    text = Forms(client.get(at).response.text).text
    found = re.search(r"([\d,]+) people", text)
    return seen, took, found[1] if found else "unknown number of"


def _send(client: Client, at: str, to: str, answers: dict[str, str]) -> float:
    """Press the button of the page's form that leads there; the milliseconds."""
    form = _form(Forms(client.get(at).response.text), to)
    assert form is not None, to
    fields = {name: values[-1] for name, values in form.filled(answers).items() if name != "csrf" and name}
    answer = client.post(f"{at}/{to}", fields)
    assert answer.response.status_code == 303, Forms(answer.response.text).text[:2000]
    return answer.ms


def _form(page: Forms, to: str) -> Form | None:
    return next((form for form in page.forms if urlsplit(form.action).path.endswith(to)), None)


def _wait(client: Client, at: str, until: str | None, seen: set[str]) -> float:
    """Look at the page as its script does until it has a form that leads there, or is done; the seconds."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_SECONDS:
        page = client.get(at).response.text
        if progress := re.search(r'<progress value="(\d+)"', page):
            seen.add(progress[1])
        elif until is None or _form(Forms(page), until) is not None:
            return time.monotonic() - begun
        time.sleep(LOOKS_EVERY)
    raise AssertionError(f"the import did not end within {PATIENCE_SECONDS} s")
