"""A matching run: from rows to an instance without names, to a worker's solver, and back to a plan that was checked."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit, constituencies, friends, safety
from api.services.local import local, now
from api.services.views import RunView
from api.store import queue as jobs
from api.store.queries import campaigns, lifts, sign_ups
from api.store.queries import runs as queries
from api.store.tables import Campaign, Coordinator, Offer, Request, Run
from api.store.tables import Event as EventRow
from carpool import Driver, Event, Instance, Plan, Rider
from carpool.files import instance_from_json, instance_to_json, plan_from_json
from carpool.geo.islands import CROSSING_MINUTES
from carpool.instance import PickupPlace, PublishedTrip

LONGEST_RUN_SECONDS = 3600


def build_instance(db: Session, campaign: Campaign, day: date) -> Instance:
    """One day's confirmed sign-ups and open events, with opaque ids. Who wants only events that are off is left out."""
    known = constituencies.current(db)
    events = [event for event in campaigns.events(db, campaign.id, day) if event.state == "open"]
    is_open = {str(event.id) for event in events}
    drivers: list[Driver] = []
    riders: list[Rider] = []
    rows = sign_ups.confirmed(db, campaign.id, day)
    for sign_up, _ in rows:
        wanted = None if sign_up.event_ids is None else tuple(x for x in sign_up.event_ids if x in is_open)
        if wanted == ():
            continue
        if isinstance(sign_up, Offer):
            drivers.append(_driver(sign_up, wanted))
        else:
            riders.append(_rider(sign_up, wanted))
    taking_part = {x.id for x in drivers} | {x.id for x in riders}
    apart = _apart(safety.apart(db, campaign, rows), taking_part)
    weights = {
        x.id: constituencies.event_weight(campaign, known.get(x.constituency), x.weight) for x in events
    }
    return Instance(
        events=tuple(_event(event, weights[event.id]) for event in events),
        drivers=tuple(drivers),
        riders=tuple(riders),
        minutes_per_volunteer=campaign.minutes_per_volunteer,
        crossings=CROSSING_MINUTES,
        apart=apart,
        together=friends.together(
            db, campaign, [row for row in rows if str(row[0].id) in taking_part], apart
        ),
        published=_published(db, campaign, day),
    )


def _apart(pairs: Iterable[tuple[str, str]], taking_part: set[str]) -> tuple[tuple[str, str], ...]:
    """The pairs both of whom take part: an instance names nobody else."""
    return tuple(pair for pair in pairs if taking_part.issuperset(pair))


def _event(row: EventRow, weight: float) -> Event:
    return Event(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, starts_at=local(row.starts_at),
        ends_at=local(row.ends_at), wanted=row.wanted, capacity=row.capacity, weight=weight,
    )  # fmt: skip


def _driver(row: Offer, events: tuple[str, ...] | None) -> Driver:
    return Driver(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, party=row.party, seats=row.seats,
        ready_at=_local(row.ready_at), home_by=_local(row.home_by), max_detour_minutes=row.max_detour_minutes,
        max_travel_minutes=row.max_travel_minutes, way_back=row.way_back, events=events, offers=row.offers,
        traits=tuple(row.traits), company=tuple(row.company),
    )  # fmt: skip


def _rider(row: Request, events: tuple[str, ...] | None) -> Rider:
    return Rider(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, party=row.party,
        ready_at=_local(row.ready_at), home_by=_local(row.home_by), max_travel_minutes=row.max_travel_minutes,
        way_back=row.way_back, events=events, needs=tuple(row.needs), traits=tuple(row.traits),
        company=tuple(row.company), home_pickup=row.home_pickup, places=tuple(_place(place) for place in row.places),
    )  # fmt: skip


def _place(kept: Mapping[str, Any]) -> PickupPlace:
    return PickupPlace(kept["id"], kept["lat"], kept["lon"], walk_minutes=kept["walk_minutes"])


def _local(moment: Any) -> Any:
    return local(moment) if moment else None


def _published(db: Session, campaign: Campaign, day: date) -> tuple[PublishedTrip, ...]:
    """What people were last told, so that the next plan changes it only for a gain."""
    return tuple(
        PublishedTrip(
            driver=str(lift.offer_id),
            event=str(lift.event_id),
            riders=tuple(str(request.id) for _, request, _ in riders),
        )
        for lift, _, riders in lifts.standing(db, campaign.id, day)
    )


def start(
    db: Session, campaign: Campaign, day: date, coordinator: Coordinator, seconds: float = 60.0
) -> RunView:
    """Queue a run. `Conflict` while another of that day waits or goes."""
    if not 1 <= seconds <= LONGEST_RUN_SECONDS:
        raise Invalid({"seconds": f"Choose from 1 to {LONGEST_RUN_SECONDS} seconds."})
    run = Run(campaign_id=campaign.id, day=day, seconds=seconds, started_by=coordinator.id)
    if not queries.add(db, run):
        raise Conflict(
            "A matching run for this day is going already. Wait until it is done, or stop it first."
        )
    audit.record(db, coordinator, "run started", campaign_id=campaign.id, subject_id=run.id)
    jobs.defer(db, "carry_out_run", run_id=str(run.id))
    return view(db, run)


def find(db: Session, campaign: Campaign, run_id: UUID) -> Run:
    run = queries.by_id(db, run_id)
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
        run.instance = instance_to_json(build_instance(db, campaign, run.day))
    text = json.dumps(run.instance, sort_keys=True)
    values = {"instance": run.instance, "instance_hash": hashlib.sha256(text.encode()).hexdigest()}
    if not queries.step(db, run_id, ("queued", "running"), state="running", started_at=now(), **values):
        return None
    return text


def settings_of(db: Session, run_id: UUID) -> tuple[float, int]:
    """For how many seconds the run may take, and its seed."""
    run = queries.by_id(db, run_id)
    return (run.seconds, run.seed) if run else (0.0, 1)


def note_progress(db: Session, run_id: UUID, progress: Mapping[str, Any]) -> bool:
    """Keep how far the run is; True if it should stop."""
    return queries.note_progress(db, run_id, dict(progress))


def finish(db: Session, run_id: UUID, plan: Mapping[str, Any]) -> None:
    """Keep the plan. It has been checked by the caller; a run that is over already keeps what it has."""
    own = {"score": plan["score"], "bound": plan["bound"], "version": plan["version"]}
    queries.finished(db, run_id, plan=dict(plan), **own)


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
    plan, progress = run.plan or {}, run.progress or {}
    figures = plan or progress
    return RunView(
        id=run.id,
        day=run.day,
        state=run.state,
        started_by=_name(db, run.started_by) or "",
        published_by=_name(db, run.published_by),
        created_at=local(run.created_at),
        finished_at=_local(run.finished_at),
        published_at=_local(run.published_at),
        elapsed_seconds=_elapsed(run),
        seconds=run.seconds,
        phase=str(progress.get("phase", "")),
        score=figures.get("score"),
        bound=figures.get("bound"),
        gap=None if figures.get("gap") is None else 100 * float(figures["gap"]),
        status=plan.get("status"),
        volunteers=plan.get("volunteers"),
        stop_asked=run.stop_asked,
        error=run.error,
    )


def _name(db: Session, coordinator_id: UUID | None) -> str | None:
    coordinator = campaigns.coordinator_by_id(db, coordinator_id) if coordinator_id else None
    return coordinator.name if coordinator else None


def _elapsed(run: Run) -> int:
    begun = run.started_at or run.created_at
    return max(0, round(((run.finished_at or now()) - begun).total_seconds()))
