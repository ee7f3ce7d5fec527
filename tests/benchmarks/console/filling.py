"""Fills a campaign of 30,000 people: sign-ups, events, runs, a published plan, and what became of it since.

Sign-ups go in by COPY, everything that the product works out (runs, lifts, messages, the record) by its own services.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from datetime import time as clock
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Engine
from sqlmodel import Session, text

from api.services import campaigns, login, matching, publishing
from api.services.campaign_forms import CampaignForm, EventForm
from api.services.constituencies import current
from api.services.demo import saturday_ahead
from api.services.local import at, today
from api.store.queries import campaigns as campaign_queries
from api.store.session import open_session
from api.store.tables import Campaign, Coordinator, Event, Offer, Person, Request
from carpool import Instance, solve
from carpool.files import instance_from_json, plan_to_json
from carpool.generate import generate
from tests.benchmarks.console import aftermath
from tests.benchmarks.console.bulk import copy
from tests.benchmarks.console.people import Maker

OWNER = "owner@figures.example.org"
PASSWORD = "a password for figures alone"
NAME = "Polling day of thirty thousand"
KINDS = ("canvass", "leaflets", "phone bank", "polling day")
RUNS = 2
"""Two plans of the day are kept, and the later one is published."""


@dataclass(frozen=True)
class Scene:
    """What was filled. `publishing` is how many seconds that took."""

    slug: str
    day: str
    people: int
    publishing: float

    @classmethod
    def read(cls, text: str) -> "Scene":
        return cls(**json.loads(text))

    def written(self) -> str:
        return json.dumps(asdict(self))


def fill(engine: Engine, people: int, seconds: float, say: Callable[[str], None]) -> Scene:
    """Everything, committed step by step."""
    instance = generate(people)
    with open_session(engine) as db:
        owner = login.add_coordinator(db, OWNER, "Olive Owner", PASSWORD)
        campaign = _campaign(db, owner, instance)
        db.commit()
        say("people")
        day = saturday_ahead(today())
        rows = Maker(campaign.id, day, _events(db, campaign, instance, day), owner.id).rows(instance)
        for table, values in ((Person, rows.people), (Offer, rows.offers), (Request, rows.requests)):
            copy(db, table, values)
        db.commit()
        analyse(engine)
        for number in range(RUNS):
            say(f"plan {number + 1} of {RUNS}")
            run_id = _run(db, campaign, day, owner, seconds * (number + 1) / RUNS, number + 1)
        say("publishing")
        begun = time.monotonic()
        publishing.publish(db, campaign, run_id, owner)
        db.commit()
        took = time.monotonic() - begun
        say("what became of it")
        aftermath.fill(db, campaign, owner, day, people)
        db.commit()
    analyse(engine)
    return Scene(campaign.slug, day.isoformat(), people, took)


def analyse(engine: Engine) -> None:
    """What autovacuum does within a minute or two of so many new rows."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _campaign(db: Session, owner: Coordinator, instance: Instance) -> Campaign:
    form = CampaignForm(
        name=NAME, organiser="Figures (invented)", contact_email=OWNER, imprint="Everybody in it is invented."
    )
    return campaigns.find(db, campaigns.create(db, owner, form).slug)


def _events(db: Session, campaign: Campaign, instance: Instance, day: date) -> dict[str, UUID]:
    """The instance's events as the campaign's, in the key constituency nearest to each."""
    known = list(current(db).values())
    lat, lon = (np.array([getattr(one.place, axis) for one in known]) for axis in ("lat", "lon"))
    rows: dict[str, Event] = {}
    for number, one in enumerate(instance.events):
        north, east = lat - one.lat, (lon - one.lon) * 0.6
        there = known[int(np.argmin(north * north + east * east))]
        rows[one.id] = Event(
            campaign_id=campaign.id, constituency=there.code, kind=KINDS[number % len(KINDS)],
            title=f"{one.starts_at:%A} {KINDS[number % len(KINDS)]}".replace("Thursday", "Saturday"),
            place_name=f"Town hall, {there.name}", postcode="LS6 2AB", lat=one.lat, lon=one.lon, island=one.island,
            starts_at=at(day, one.starts_at.time()), ends_at=at(day, one.ends_at.time()), day=day,
            wanted=one.wanted, capacity=one.capacity, weight=one.weight, step_free=number % 3 > 0,
            toilet=number % 4 > 0,
        )  # fmt: skip
    campaign_queries.add_key_codes(db, campaign.id, {row.constituency for row in rows.values()})
    campaign_queries.add_events(db, list(rows.values()))
    return {name: row.id for name, row in rows.items()}


def _run(db: Session, campaign: Campaign, day: date, owner: Coordinator, seconds: float, seed: int) -> UUID:
    """A run as the worker does it, in this process."""
    run = matching.start(db, campaign, day, owner, max(1.0, seconds))
    text = matching.begin(db, run.id)
    assert text is not None
    db.commit()
    plan = solve(instance_from_json(json.loads(text)), seconds=seconds, seed=seed)
    matching.finish(db, run.id, plan_to_json(plan))
    db.commit()
    return run.id


def add_event(db: Session, campaign: Campaign, owner: Coordinator, day: date) -> Any:
    """One event through the service, for the campaigns beside the large one."""
    form = EventForm(
        title="Morning canvass", constituency="E14001322", place_name="Market Square", postcode="LS6 2AB", day=day,
        starts=clock(10), ends=clock(13), wanted=20,
    )  # fmt: skip
    return campaigns.add_event(db, campaign, owner, form)
