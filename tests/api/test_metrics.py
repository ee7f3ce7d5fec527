"""What the figures for Prometheus say, over real HTTP, and that they say nothing of anybody."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.edge.access_log import METHODS
from api.services import watching
from api.services.local import now
from api.settings import Settings
from api.store import queue
from api.store.session import make_engine
from api.store.tables import Campaign, Message, Person, Run
from tests.api import world
from tests.api.test_health import NOWHERE, run
from tests.api.test_logs import EMAIL, PHONE, POSTCODE, SECRETS, TOKEN, serving
from tests.api.watched import KEY, SIGNED, app_with, samples, value

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def watched(settings: Settings, engine: Engine) -> FastAPI:
    return app_with(settings, engine, metrics_token=KEY)


def test_requests_are_counted_by_route(watched: FastAPI) -> None:
    with serving(watched) as address:
        for path in ("/health", "/health", f"/l/{TOKEN}", f"/nothing/{TOKEN}", f"/near?postcode={POSTCODE}"):
            httpx.get(address + path)
        httpx.request(f"X{PHONE}", f"{address}/health")
        httpx.post(f"{address}/my", data={"email": EMAIL})
        found = samples(address)
    health = {"method": "GET", "route": "/health"}
    assert value(found, "requests_total", **health, status="200") == 2
    assert value(found, "request_seconds_count", **health) == 2
    assert value(found, "request_seconds_bucket", **health, le="+Inf") == 2
    assert value(found, "requests_total", method="GET", route="-", status="404") == 1
    unknown = [
        labels for name, labels in found if name == "carpool_requests_total" and ("method", "-") in labels
    ]
    assert len(unknown) == 1


def test_no_label_holds_more_than_a_pattern(watched: FastAPI) -> None:
    with serving(watched) as address:
        for path in (f"/l/{TOKEN}", f"/{EMAIL}", f"/near?postcode={POSTCODE}", f"/static/{TOKEN}"):
            httpx.get(address + path)
            httpx.request(f"X{PHONE}", address + path)
        text_of_all = httpx.get(f"{address}/metrics", headers=SIGNED).text
        found = samples(address)
    assert [secret for secret in (*SECRETS, KEY) if secret.lower() in text_of_all.lower()] == []
    known = {str(route.path) for route in iter_route_contexts(watched.routes)} | {"-", "/static"}
    allowed = {
        "method": {*METHODS, "-"},
        "route": known,
        "state": {"created", "waiting", "later", "doing", "failed"},
        "queue": {
            queue.DEFAULT_QUEUE,
            queue.LETTERS_QUEUE,
            queue.TEXTS_QUEUE,
            queue.RUNS_QUEUE,
            queue.REPAIRS_QUEUE,
        },
    }
    for name, labels in found:
        for label, said in labels:
            assert label in {*allowed, "status", "le"}, name
            assert said in allowed.get(label, {said}), (name, label, said)
            assert label != "status" or said.isdigit()


@pytest.fixture
def campaign(db: Session) -> Campaign:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    return campaign


def add_messages(db: Session, campaign: Campaign) -> Person:
    """A minute old each; of those that wait one is held back by a stop, one until later, and one is for somebody to ring."""
    offer = world.add_offer(db, campaign)
    person = world.person_of(db, offer)
    ago = now() - timedelta(minutes=1)
    old = {"created_at": ago - timedelta(hours=1)}
    kinds: tuple[dict[str, Any], ...] = (
        {"state": "created", "created_at": ago},
        {"state": "created", "send_after": now() + timedelta(hours=1), **old},
        {"state": "created", "channel": "call", **old},
        {"state": "stopped", **old},
        {"state": "sent", **old},
        {"state": "sent", **old},
    )
    db.exec(text("DELETE FROM message"))  # type: ignore[call-overload]
    for number, kind in enumerate(kinds):
        db.add(Message(key=str(number), kind="matched", campaign_id=campaign.id, person_id=person.id, **kind))
    return person


def test_messages_by_state_and_the_oldest_that_waits(
    watched: FastAPI, db: Session, campaign: Campaign
) -> None:
    add_messages(db, campaign)
    db.commit()
    with serving(watched) as address:
        found = samples(address)
        assert {state: value(found, "messages", state=state) for state in ("created", "stopped", "sent")} == {
            "created": 3, "stopped": 1, "sent": 2,
        }  # fmt: skip
        assert 60 <= value(found, "oldest_waiting_message_seconds") < 600
        campaign.paused_at = now()
        db.add(campaign)
        db.commit()
        assert value(samples(address), "oldest_waiting_message_seconds") == 0


def add_jobs(db: Session) -> None:
    """Two that wait, one for later, one of a worker that is there, one of a worker that is gone, one that failed."""
    for number in range(5):
        queue.defer(db, "send_message", message_id=str(number))
    queue.defer_until(db, "carry_out_run", now() + timedelta(hours=1), run_id="6")
    run_sql = db.connection().execute
    ids = [row[0] for row in run_sql(text("SELECT id FROM procrastinate_jobs ORDER BY id"))]
    ages = {1: watching.GONE_SECONDS + 5, 2: 1.0}
    for place, age in ages.items():
        worker = run_sql(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - make_interval(secs => :age)) RETURNING id"
            ),
            {"age": age},
        ).scalar_one()
        doing = text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE id = :job")
        run_sql(doing, {"worker": worker, "job": ids[place]})
    run_sql(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = :job"), {"job": ids[0]})


def test_jobs_runs_worker_and_backup(watched: FastAPI, db: Session, campaign: Campaign) -> None:
    with serving(watched) as address:
        before = samples(address)
        for never in ("worker_heartbeat_age_seconds", "backup_age_seconds"):
            assert value(before, never) == float("inf")
        add_jobs(db)
        owner = world.add_coordinator(db, "owner@example.org")
        for state in ("failed", "failed", "running"):
            db.add(Run(campaign_id=campaign.id, day=world.DAY, state=state, started_by=owner.id))
        watching.note_backup(db, now() - timedelta(hours=3), 12345)
        watching.note_backup(db, now() - timedelta(hours=2), 54321)
        db.commit()
        found = samples(address)
    jobs = {
        state: value(found, "jobs", queue="default", state=state) for state in ("waiting", "doing", "failed")
    }
    assert jobs == {"waiting": 2, "doing": 2, "failed": 1}
    assert value(found, "jobs", queue="runs", state="later") == 1
    assert value(found, "stalled_jobs") == 1
    assert (value(found, "runs", state="failed"), value(found, "runs", state="running")) == (2, 1)
    assert 0 <= value(found, "worker_heartbeat_age_seconds") < watching.GONE_SECONDS
    assert 7200 <= value(found, "backup_age_seconds") < 10800
    assert value(found, "backup_bytes") == 54321
    assert value(found, "database_up") == 1
    assert 1 <= value(found, "database_connections") <= value(found, "database_connections_most")


def test_the_paper_names_every_figure_and_no_other(watched: FastAPI, db: Session, campaign: Campaign) -> None:
    """And what it gives to copy can be read."""
    add_messages(db, campaign)
    add_jobs(db)
    db.add(
        Run(campaign_id=campaign.id, day=world.DAY, started_by=world.add_coordinator(db, "o@example.org").id)
    )
    db.commit()
    paper = (PROJECT / "docs" / "operations.md").read_text()
    part = paper[paper.index("### Figures and alarms") : paper.index("## Scaling")]
    with serving(watched) as address:
        answer = httpx.get(f"{address}/metrics", headers=SIGNED).text
    there = set(re.findall(r"^# TYPE (carpool_\w+)", answer, re.MULTILINE))
    assert set(re.findall(r"`(carpool_\w+)`", part)) == there
    scrape, alarms = (yaml.safe_load(one) for one in re.findall(r"```yaml\n(.*?)```", part, re.DOTALL))
    assert scrape["rule_files"] == ["carpool.yml"]
    rules = alarms["groups"][0]["rules"]
    assert {name for rule in rules for name in re.findall(r"carpool_\w+", rule["expr"])} <= there
    assert len(rules) == len({rule["alert"] for rule in rules}) >= 8


OF_THE_PROCESS = (
    "carpool_request",
    "carpool_pool",
    "process_",
    "carpool_database_connections",
    "carpool_worker",
)


def test_two_processes_say_the_same(
    settings: Settings, engine: Engine, db: Session, campaign: Campaign
) -> None:
    """What is in the database is counted when somebody asks, so that it does not matter whom."""
    first, second = (app_with(settings, engine, metrics_token=KEY) for _ in range(2))
    with serving(first) as one, serving(second) as other:
        samples(one), samples(other)
        add_messages(db, campaign)
        add_jobs(db)
        db.commit()
        found = [
            {
                key: round(said, -2)
                for key, said in samples(address).items()
                if not key[0].startswith(OF_THE_PROCESS)
            }
            for address in (one, other)
        ]
        httpx.get(f"{one}/health")
        health = ("carpool_requests_total", (("method", "GET"), ("route", "/health"), ("status", "200")))
        assert health in samples(one)
        assert health not in samples(other)
    assert found[0] == found[1]
    assert len(found[0]) > 8


def test_without_the_database_it_says_so_and_counts_on(settings: Settings) -> None:
    there = make_engine(NOWHERE)
    with serving(app_with(settings, there, metrics_token=KEY)) as address:
        assert httpx.get(f"{address}/ready", timeout=30).status_code == 503
        found = samples(address)
    assert value(found, "database_up") == 0
    assert value(found, "requests_total", method="GET", route="/ready", status="503") == 1
    assert not [name for name, _ in found if name.startswith(("carpool_messages", "carpool_jobs"))]


def test_a_database_that_takes_too_long_is_not_waited_for(watched: FastAPI, engine: Engine) -> None:
    with serving(watched) as address, engine.connect() as other:
        other.execute(text("LOCK TABLE message"))
        assert value(samples(address), "database_up") == 0
        other.rollback()
        assert value(samples(address), "database_up") == 1


def test_it_changes_nothing(watched: FastAPI, engine: Engine, db: Session, campaign: Campaign) -> None:
    """Not even if it tried."""
    db.commit()
    run(engine, "CREATE FUNCTION hit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''hit''; END'")
    for table in ("message", "run", "last_backup"):
        run(engine, f"CREATE TRIGGER hit BEFORE INSERT OR UPDATE OR DELETE ON {table} EXECUTE FUNCTION hit()")
    with serving(watched) as address:
        assert value(samples(address), "database_up") == 1
