"""A matching run: from rows to an instance without names, to a worker's solver, and back to a plan that was checked."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit, progress
from api.services.colleagues import name_of
from api.services.instances import build, build_instance
from api.services.local import local, now
from api.services.roads_view import RoadsView
from api.services.views import RunView
from api.store import queue as jobs
from api.store.queries import campaigns, hands, planned, sign_ups
from api.store.queries import runs as queries
from api.store.tables import Campaign, Coordinator, Run
from carpool import Instance, Plan
from carpool.check.written import gap_of
from carpool.files import instance_from_json, instance_to_json, plan_from_json

__all__ = ["build_instance"]

LONGEST_RUN_SECONDS = 3600
MOST = 1_000_000
"""The largest number that the file format knows."""
USUAL_PENALTY = 3.0
SAME = 1e-9
"""What a plan changed by hand and back may differ by: the noise of its sums."""


def start(
    db: Session,
    campaign: Campaign,
    day: date,
    coordinator: Coordinator,
    seconds: float = 60.0,
    minutes_per_volunteer: float | None = None,
    change_penalty: float = USUAL_PENALTY,
) -> RunView:
    """Queue a run, with a volunteer worth what the campaign says if nothing else is said.

    `Invalid` names every setting that makes no sense; `Conflict` while another run of that day waits or goes.
    """
    worth = campaign.minutes_per_volunteer if minutes_per_volunteer is None else minutes_per_volunteer
    if faults := _faults(seconds, worth, change_penalty):
        raise Invalid(faults)
    run = Run(
        campaign_id=campaign.id, day=day, seconds=seconds, minutes_per_volunteer=worth,
        change_penalty=change_penalty, started_by=coordinator.id,
    )  # fmt: skip
    if not queries.add(db, run):
        raise Conflict(
            "A matching run for this day is going already. Wait until it is done, or stop it first."
        )
    audit.record(db, coordinator, "run started", campaign_id=campaign.id, subject_id=run.id)
    jobs.defer(db, "carry_out_run", run_id=str(run.id))
    return view(db, run)


def _faults(seconds: float, minutes_per_volunteer: float, change_penalty: float) -> dict[str, str]:
    """What is wrong with a run's settings, by field; nothing that is not a number fits any of them."""
    faults = {}
    if not 1 <= seconds <= LONGEST_RUN_SECONDS:
        faults["seconds"] = f"Choose from 1 to {LONGEST_RUN_SECONDS} seconds."
    if not (0 < minutes_per_volunteer <= MOST and math.isfinite(minutes_per_volunteer)):
        faults["minutes_per_volunteer"] = f"Type a number of minutes above 0, up to {MOST:,}."
    if not 0 <= change_penalty <= MOST:
        faults["change_penalty"] = "Choose how much of what is published should stay."
    return faults


def find(db: Session, campaign: Campaign, run_id: UUID) -> Run:
    run = queries.by_id(db, run_id)
    if run is None or run.campaign_id != campaign.id:
        raise NotFound("This campaign has no such run.")
    return run


def find_without_plan(db: Session, campaign: Campaign, run_id: UUID) -> Run:
    """The same without reading what it holds in megabytes."""
    run = queries.without_plan(db, run_id)
    if run is None or run.campaign_id != campaign.id:
        raise NotFound("This campaign has no such run.")
    return run


def ask_stop(db: Session, campaign: Campaign, run_id: UUID, coordinator: Coordinator) -> None:
    """Let the run end with the best plan so far. One that is over already stays as it is."""
    run = find(db, campaign, run_id)
    if queries.step(db, run.id, ("queued", "running"), stop_asked=True):
        audit.record(db, coordinator, "run stopped", campaign_id=campaign.id, subject_id=run.id)


def latest(db: Session, campaign: Campaign, day: date) -> RunView | None:
    return next(iter(runs(db, campaign, day)), None)


def look_up(db: Session, campaign: Campaign, day: date, run_id: UUID) -> RunView:
    """One run of a day, without reading its plan. Raises `NotFound`."""
    run = queries.without_plan(db, run_id)
    if run is None or (run.campaign_id, run.day) != (campaign.id, day):
        raise NotFound("This day has no such run.")
    return view(db, run)


def runs(db: Session, campaign: Campaign, day: date) -> list[RunView]:
    """Newest first."""
    return [view(db, run) for run in queries.of_day(db, campaign.id, day)]


def begin(db: Session, run_id: UUID) -> str | None:
    """The instance to solve, as JSON; None if the run is over. One that a lost worker had begun begins again as it was."""
    run = queries.by_id(db, run_id)
    if run is None or run.state not in ("queued", "running"):
        return None
    if run.instance is None:
        campaign = campaigns.by_id(db, run.campaign_id)
        if campaign is None:
            return None
        built = build(db, campaign, run.day)
        run.instance = instance_to_json(_as_ordered(built.instance, run))
        run.left_out = [str(one) for one in built.left_out]
    text = json.dumps(run.instance, sort_keys=True)
    values: dict[str, Any] = {
        "instance": run.instance,
        "instance_hash": _hash(text),
        "left_out": run.left_out,
    }
    again: dict[str, Any] = {"started_at": now(), "begun": run.begun + 1, "history": [], "noted_at": None}
    if not queries.step(db, run_id, ("queued", "running"), state="running", **again, **values):
        return None
    return text


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def keep_roads(
    db: Session, run_id: UUID, instance: Mapping[str, Any], roads: Mapping[str, Any]
) -> str | None:
    """Keep the instance with its road times, as JSON, and how many there are; None if the run is over. Its time begins."""
    text = json.dumps(instance, sort_keys=True)
    values = {"instance": dict(instance), "instance_hash": _hash(text), "roads": dict(roads)}
    fresh: dict[str, Any] = {"started_at": now(), "progress": None, "noted_at": None}
    return text if queries.step(db, run_id, ("running",), **values, **fresh) else None


def _as_ordered(instance: Instance, run: Run) -> Instance:
    """With the run's own settings in the place of the campaign's."""
    return replace(
        instance, minutes_per_volunteer=run.minutes_per_volunteer, change_penalty=run.change_penalty
    )


def settings_of(db: Session, run_id: UUID) -> tuple[float, int]:
    """For how many seconds the run may take, and its seed."""
    run = queries.by_id(db, run_id)
    return (run.seconds, run.seed) if run else (0.0, 1)


def note_progress(db: Session, run_id: UUID, told: Mapping[str, Any]) -> bool:
    """Keep how far the run is and how it came there; True if it should stop."""
    history = progress.with_point(queries.history(db, run_id), progress.point_of(told))
    return queries.note_progress(db, run_id, progress.storable(told), history, now())


def finish(db: Session, run_id: UUID, plan: Mapping[str, Any]) -> None:
    """Keep the plan. It has been checked by the caller; a run that is over already keeps what it has."""
    own = {"score": plan["score"], "bound": plan["bound"], "version": plan["version"]}
    history = progress.with_point(queries.history(db, run_id), progress.point_of(plan))
    if queries.finished(db, run_id, plan=dict(plan), figures=figures_of(plan), history=history, **own):
        planned.keep(db, run_id)


def figures_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan's figures, which lists of runs read in its place."""
    names = ("score", "bound", "gap", "status", "volunteers", "seconds")
    trips = plan["trips"]
    return {name: plan.get(name) for name in names} | {
        "cars": len(trips),
        "riders": sum(len(trip["stops"]) for trip in trips),
        "left": len(plan.get("unmatched") or ()),
    }


def fail(db: Session, run_id: UUID, message: str) -> None:
    """Note in plain words why there is no plan."""
    queries.step(db, run_id, ("queued", "running"), state="failed", error=message[:500], finished_at=now())


def going(db: Session) -> list[UUID]:
    """Runs that some worker should be at."""
    return [run.id for run in queries.going(db)]


def instance_and_plan(run: Run) -> tuple[Instance, Plan]:
    """What was solved and what came out."""
    if run.instance is None or run.plan is None:
        raise Conflict("This run has no plan yet.")
    return instance_from_json(run.instance), plan_from_json(run.plan)


def view(db: Session, run: Run) -> RunView:
    """What there is to see of a run; its plan is not read."""
    told = run.progress or {}
    figures = _with_hands(db, run, run.figures or told)
    return RunView(
        id=run.id,
        day=run.day,
        state=run.state,
        started_by=name_of(db, run.started_by, ""),
        published_by=name_of(db, run.published_by, "") or None,
        created_at=local(run.created_at),
        finished_at=_local(run.finished_at),
        published_at=_local(run.published_at),
        taken_back_by=name_of(db, run.taken_back_by, "") or None,
        taken_back_at=_local(run.taken_back_at),
        elapsed_seconds=_elapsed(run),
        seconds=run.seconds,
        phase=str(told.get("phase", "")),
        score=figures.get("score"),
        bound=figures.get("bound"),
        gap=None if figures.get("gap") is None else 100 * float(figures["gap"]),
        status=figures.get("status"),
        volunteers=figures.get("volunteers"),
        stop_asked=run.stop_asked,
        error=run.error,
        minutes_per_volunteer=run.minutes_per_volunteer,
        change_penalty=run.change_penalty,
        history=tuple((seconds or 0.0, score, bound) for seconds, score, bound in run.history),
        begun=run.begun,
        silent_seconds=_silent(run),
        cars=figures.get("cars"),
        riders=figures.get("riders"),
        left=figures.get("left"),
        roads=RoadsView(**run.roads) if run.roads else None,
        left_out=tuple(sign_ups.references(db, [UUID(one) for one in run.left_out])),
    )


def _with_hands(db: Session, run: Run, figures: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures as they are with what was changed by hand. What is proven is about plans that break no limit."""
    sums = hands.sums(db, run.id) if run.hands else hands.Sums()
    if not sums.changes or figures.get("score") is None:
        return figures
    score, bound = figures["score"] + sums.score, figures["bound"]
    same = abs(sums.score) < SAME
    changed: dict[str, Any] = {"score": score, "volunteers": figures["volunteers"] + sums.people}
    changed |= {name: (figures.get(name) or 0) + getattr(sums, name) for name in ("cars", "riders", "left")}
    changed |= {"bound": max(bound, score), "status": figures["status"] if same else "feasible"}
    # A plan against a limit may be worth more than any that keeps it: then nothing is proven about it.
    changed["gap"] = gap_of(score, bound) if score <= bound + SAME else None
    return {**figures, **changed}


def _silent(run: Run) -> int:
    """For how long the worker that is at the run has said nothing; 0 where nobody needs to."""
    heard = run.noted_at or run.started_at
    return round((now() - heard).total_seconds()) if run.state == "running" and heard else 0


def _local(moment: datetime | None) -> datetime | None:
    return local(moment) if moment else None


def _elapsed(run: Run) -> int:
    begun = run.started_at or run.created_at
    return max(0, round(((run.finished_at or now()) - begun).total_seconds()))
