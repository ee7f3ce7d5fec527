"""A driver cancels on the private page: when the others' messages are queued, and when each rider has an answer."""

import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, text

from api.edge import cookies
from api.jobs import repairing
from api.services import demo, matching, publishing
from api.services.local import now
from api.services.outbox import hash_token
from api.store.session import open_session
from api.store.tables import PrivateSession
from carpool import solve
from carpool.files import instance_from_json, plan_to_json
from tests.benchmarks.console.filling import Scene
from tests.benchmarks.console.report import Figure, most
from tests.benchmarks.console.visitor import Client

PEOPLE, CANCELLATIONS, SOLVING_BEFORE = 500, 5, 8.0
LARGE_CANCELLATIONS = 3
QUEUED_SECONDS, ANSWER_SECONDS, SOLVE_SECONDS = 5, 120, 10
LARGE_ANSWER_SECONDS = 30
PATIENCE_SECONDS = 300
LOOKS_EVERY = 0.2
SAID_OF_SOLVING = f"(the limit of the first search, {repairing.HELD_SECONDS:g} s, and what the second took)"
FULLEST = """
SELECT lift.id, offer.person_id FROM lift JOIN offer ON offer.id = lift.offer_id
  JOIN lift_stop ON lift_stop.lift_id = lift.id AND lift_stop.state = 'published'
  JOIN campaign ON campaign.id = lift.campaign_id
WHERE campaign.slug = :slug AND lift.state = 'published'
GROUP BY lift.id, offer.person_id ORDER BY count(*) DESC, lift.id LIMIT 1
"""
RIDERS = "SELECT request_id FROM lift_stop WHERE lift_id = :lift AND state = 'published'"
TOLD = "SELECT count(*) FROM message WHERE subject_id = :lift AND kind = 'driver_cancelled'"
RIDING = "SELECT count(*) FROM lift_stop WHERE request_id = ANY(:riders) AND state = 'published'"
SINCE = """
SELECT state, started_at, finished_at, CAST(plan->>'seconds' AS float)
FROM repair JOIN campaign ON campaign.id = repair.campaign_id
WHERE slug = :slug AND repair.created_at >= :since ORDER BY repair.created_at
"""
GOING = {"queued", "running"}


def measure(
    engine: Engine, site: str, scene: Scene, people: int = PEOPLE, seconds: float = SOLVING_BEFORE
) -> list[Figure]:
    """With so many people in the campaign beside the large one, matched in so many seconds."""
    small = small_campaign(engine, people, seconds)
    few = cancelled(engine, site, small, CANCELLATIONS)
    many = cancelled(engine, site, scene.slug, LARGE_CANCELLATIONS)
    what = "Cancellation → the others’ messages queued, worst"
    queued = most(
        f"{what}, {scene.people:,} and {people}", QUEUED_SECONDS, max(*few.queued, *many.queued), "s"
    )
    what = "Cancellation → lift, “no lift” or proposal"
    return [
        queued,
        most(f"{what}, {people} people", ANSWER_SECONDS, max(few.answered), "s", few.said),
        most(f"{what}, {scene.people:,} people", LARGE_ANSWER_SECONDS, max(many.answered), "s", many.said),
        most(f"Solving in a repair at {scene.people:,}", SOLVE_SECONDS, many.solving, "s", SAID_OF_SOLVING),
    ]


@dataclass
class Cancelled:
    """Seconds until messages were queued, until answers, of whole repairs, and of the searches that ended in a proposal."""

    queued: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    repairs: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    riding: int = 0
    riders: int = 0

    @property
    def said(self) -> str:
        what = f"{self.riding} of {self.riders} riders have a lift again; repairs {', '.join(self.states)}"
        return f"(repair {max(self.repairs):.1f} s; {what})"

    @property
    def solving(self) -> float:
        """Of the first search only its limit is known: its plan is not kept."""
        return repairing.HELD_SECONDS + max(self.searches, default=repairing.FREE_SECONDS)


def small_campaign(engine: Engine, people: int, seconds: float) -> str:
    """A published campaign; its slug."""
    with open_session(engine) as db:
        made = demo.create(db, secrets.token_urlsafe(12), people=people)
        run = matching.start(db, made.campaign, made.day, made.coordinator, 10)
        instance = matching.begin(db, run.id)
        assert instance is not None
        db.commit()
        plan = solve(instance_from_json(json.loads(instance)), seconds=seconds)
        matching.finish(db, run.id, plan_to_json(plan))
        db.commit()
        publishing.publish(db, made.campaign, run.id, made.coordinator)
        db.commit()
        # What matters are the messages that cancelling brings; these arrived long ago.
        db.connection().execute(text("UPDATE message SET state = 'sent' WHERE state = 'created'"))
        db.connection().execute(
            text("DELETE FROM procrastinate_jobs WHERE task_name = 'send_message' AND status = 'todo'")
        )
        db.commit()
        return made.campaign.slug


def cancelled(engine: Engine, site: str, slug: str, times: int) -> Cancelled:
    """The drivers of the fullest cars, one after the other."""
    found = Cancelled()
    for _ in range(times):
        with open_session(engine) as db:
            lift, person = _row(db, FULLEST, slug=slug)
            riders = [row[0] for row in db.connection().execute(text(RIDERS), {"lift": lift}).all()]
            token = _private_page(db, person)
        since, begun = now(), time.monotonic()
        _press(site, token)
        _until(engine, lambda db: _row(db, TOLD, lift=lift)[0] >= len(riders))  # noqa: B023  called at once
        found.queued.append(time.monotonic() - begun)
        _until(engine, lambda db: _is_over(db, slug, since))  # noqa: B023
        found.answered.append(time.monotonic() - begun)
        with open_session(engine) as db:
            found.riding, found.riders = (
                found.riding + _row(db, RIDING, riders=riders)[0],
                found.riders + len(riders),
            )
            for state, started, finished, searched in _repairs(db, slug, since):
                found.states.append(state)
                # A proposal has no end yet, and one that we did not wait for has none either.
                found.repairs.append(((finished or now()) - (started or since)).total_seconds())
                found.searches += [searched] if searched is not None else []
    return found


def _press(site: str, token: str) -> None:
    driver = Client(site)
    driver.http.cookies.set(cookies.PRIVATE.name, token)
    answer = driver.post("/my/cancel", {}).response
    assert answer.status_code == 303, answer.status_code
    driver.close()


def _private_page(db: Session, person: UUID) -> str:
    """What a browser has that came by the link in a message."""
    token = secrets.token_urlsafe(32)
    until = now() + timedelta(days=1)
    db.add(PrivateSession(token_hash=hash_token(token), person_id=person, expires_at=until))
    db.commit()
    return token


def _is_over(db: Session, slug: str, since: datetime) -> bool:
    states = {row[0] for row in _repairs(db, slug, since)}
    return bool(states) and not states & GOING


def _repairs(db: Session, slug: str, since: datetime) -> list[Any]:
    return list(db.connection().execute(text(SINCE), {"slug": slug, "since": since}).all())


def _row(db: Session, statement: str, **values: Any) -> Any:
    return db.connection().execute(text(statement), values).one()


def _until(engine: Engine, true: Any) -> None:
    """At most for a while: a figure that is missed shall be printed, too."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with open_session(engine) as db:
            if true(db):
                return
        time.sleep(LOOKS_EVERY)
