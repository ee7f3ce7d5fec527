"""Events of a run: how far it is, nothing held between two looks, an end with the run or after a while."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.requests import Request
from starlette.testclient import TestClient

from api.pages.coordinators import watching
from api.services import matching
from api.services.days import CampaignDay
from api.services.views import RunView
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.scene import Scene

DAY = f"/{world.DAY}"
Found = TypeVar("Found")


def run(work: Coroutine[Any, Any, Found]) -> Found:
    """In a thread of its own: the browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture
def going(db: Session, scene: Scene) -> UUID:
    """A run that a worker is at."""
    world.add_offer(db, scene.campaign)
    run_id = matching.start(db, scene.campaign, world.DAY, scene.coordinator).id
    matching.begin(db, run_id)
    db.commit()
    return run_id


def address(scene: Scene, run_id: UUID) -> str:
    return f"{scene.desk}{DAY}/runs/{run_id}/events"


def note(db: Session, run_id: UUID, score: float, bound: float) -> None:
    told = {"seconds": score, "score": score, "bound": bound, "gap": (bound - score) / bound}
    matching.note_progress(db, run_id, told)
    db.commit()


def story(app: FastAPI, scene: Scene, run_id: UUID) -> AsyncIterator[str]:
    request = Request({"type": "http", "app": app, "method": "GET", "path": "/", "headers": []})
    day = CampaignDay(scene.campaign, scene.coordinator, world.DAY)
    return watching._events(request, day, run_id)


def test_a_run_that_is_over_says_so_and_ends(desk: TestClient, scene: Scene, planned: RunView) -> None:
    answer = desk.get(address(scene, planned.id))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    first, last = answer.text.strip().split("\n\n")
    assert first.startswith("event: run\ndata: ") and "A plan is ready" in first
    assert last == "event: over\ndata:"


def test_each_step_is_told_and_nothing_is_held_meanwhile(
    app: FastAPI, engine: Engine, scene: Scene, db: Session, going: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SECONDS_BETWEEN_LOOKS", 0.01)

    async def watch() -> None:
        events = story(app, scene, going)
        assert "Searching for the best plan" in await anext(events)
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # of the pool that the service uses
        note(db, going, 2.0, 4.0)
        while "2.00</strong> of at most 4.00" not in await anext(events):
            pass
        matching.fail(db, going, "The solver ran out of memory.")
        db.commit()
        told = [text async for text in events]
        assert "ran out of memory" in told[-2] and told[-1].startswith("event: over")

    run(watch())


def test_an_answer_ends_after_a_while_and_the_browser_asks_again(
    app: FastAPI, scene: Scene, going: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(watching, "LONGEST_SECONDS", 0.1)

    async def watch() -> list[str]:
        return [text async for text in story(app, scene, going)]

    told = run(watch())
    assert told and not any("event: over" in text for text in told)


def test_only_the_campaigns_own_coordinators_watch(
    app: FastAPI, desk: TestClient, scene: Scene, db: Session, going: UUID
) -> None:
    assert browser(app).get(address(scene, going)).headers["location"].startswith("/login")
    assert desk.get(address(scene, UUID(int=0))).status_code == 404
    other = world.add_campaign(db, scene.coordinator, "Another")
    db.commit()
    assert desk.get(f"/coordinate/{other.slug}{DAY}/runs/{going}/events").status_code == 404


def test_an_event_with_many_lines_stays_one_event() -> None:
    assert watching.event("run", "<p>\n\nx") == "event: run\ndata: <p>\ndata: \ndata: x\n\n"
