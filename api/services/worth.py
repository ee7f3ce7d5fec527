"""Where one more car would help most, and asking people near there who said that they may be asked to drive.

docs/decisions/0022-one-more-car.md says why it is so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import audit, outbox
from api.services.local import local, now
from api.store import queue as jobs
from api.store.queries import runs
from api.store.queries import worth as queries
from api.store.tables import Campaign, Coordinator
from carpool.geo.constituency import postcode_districts

CALL = "can_you_drive"
"""The kind of the message that asks somebody to drive."""
LOST_AFTER = timedelta(minutes=15)
NEAR_KM = 20.0
SECONDS = 60.0
"""For the prices; looking closely at the best districts takes as long again."""
KEPT, SHOWN = 200, 20
LEAST_GAIN = 0.05
"""Of a person. Less is not worth a line."""
NO_PLAN = "There is no plan for this day yet. Match first, then look where a car is missing."
NOBODY_LEFT = "Nobody near there is left to be asked. Somebody may have pressed the button just before you."
UNKNOWN = "This district is not on the list any more. Please look again."


@dataclass(frozen=True)
class CarLine:
    """One more car in a district. `gain`: how many more people it brings, at most; `proven` if a plan was found that does.

    `event_id` is where it would go, and `people` who come in it, the driver too. `free` live near and may be asked,
    `asked` were asked already.
    """

    district: str
    gain: float
    proven: bool
    event_id: UUID | None
    people: int
    free: int
    asked: int


@dataclass(frozen=True)
class WorthView:
    """`state`: nothing, queued, done or failed; `is_old` if there is a newer plan than the one that it is about."""

    state: str
    has_plan: bool
    is_old: bool
    asked_at: datetime | None
    error: str
    lines: tuple[CarLine, ...]
    total: int


def view(db: Session, campaign: Campaign, day: date, first: int = 0) -> WorthView:
    """The best districts from the `first` on."""
    run_id, found = queries.run_with_plan(db, campaign.id, day), queries.newest(db, campaign.id, day)
    if found is None:
        return WorthView("nothing", run_id is not None, False, None, "", (), 0)
    return WorthView(
        found.state,
        run_id is not None,
        run_id not in (None, found.run_id),
        local(found.created_at),
        found.error or "",
        _lines(db, campaign, day, found.cars[first : first + SHOWN]),
        len(found.cars),
    )


def one(db: Session, campaign: Campaign, day: date, district: str) -> CarLine:
    """The line of a district. Raises `NotFound` for one that is not on the list."""
    found = queries.newest(db, campaign.id, day)
    cars = [car for car in found.cars if car["district"] == district] if found else []
    if not cars:
        raise NotFound(UNKNOWN)
    return _lines(db, campaign, day, cars)[0]


def ask(db: Session, campaign: Campaign, day: date, coordinator: Coordinator) -> None:
    """Let the worker find it out for the newest plan. A second press changes nothing."""
    run_id = queries.run_with_plan(db, campaign.id, day)
    if run_id is None:
        raise Conflict(NO_PLAN)
    if queries.ask(db, run_id, coordinator.id, now(), now() - LOST_AFTER):
        jobs.defer(db, "find_worth", run_id=str(run_id))
        audit.record(
            db, coordinator, "asked where a car is missing", campaign_id=campaign.id, subject_id=run_id
        )


def begin(db: Session, run_id: UUID) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The run's instance and plan, None if nobody waits for it."""
    found, run = queries.by_run(db, run_id), runs.by_id(db, run_id)
    if found is None or found.state != "queued" or run is None or not run.instance or not run.plan:
        return None
    return run.instance, run.plan


def finish(db: Session, run_id: UUID, instance: Mapping[str, Any], cars: Iterable[Mapping[str, Any]]) -> None:
    """Keep what came out: for each district the people that a car there brings, without saying who."""
    party = {one["id"]: one.get("party", 1) for one in instance["riders"]}
    minutes = float(instance.get("minutes_per_volunteer") or 1.0)
    kept = [
        {
            "district": car["district"],
            "gain": (car["predicted"] if car["confirmed"] is None else car["confirmed"]) / minutes,
            "proven": car["confirmed"] is not None,
            "event": car["event"],
            "people": 1 + sum(party.get(rider, 1) for rider in car["riders"]),
        }
        for car in cars
    ]
    worthy = [car for car in kept if car["gain"] >= LEAST_GAIN]
    queries.end(db, run_id, state="done", cars=worthy[:KEPT], finished_at=now())


def fail(db: Session, run_id: UUID, message: str) -> None:
    queries.end(db, run_id, state="failed", error=message[:500], finished_at=now())


def call(db: Session, campaign: Campaign, day: date, district: str, coordinator: Coordinator) -> int:
    """Ask those near a district who may be asked, once for the day; how many that are. Raises `Conflict` if there is nobody."""
    one(db, campaign, day, district)
    people = queries.to_ask(db, campaign.id, day, _spots([district])[0], NEAR_KM, CALL)
    # The key makes it once: of two who press at the same time, each person is asked by one.
    sent = sum(
        outbox.queue(db, person.id, campaign.id, CALL, key=f"{CALL}:{day}:{person.id}") for person in people
    )
    if not sent:
        raise Conflict(NOBODY_LEFT)
    audit.record(db, coordinator, "drivers called for", campaign_id=campaign.id)
    return sent


def _lines(
    db: Session, campaign: Campaign, day: date, cars: Iterable[Mapping[str, Any]]
) -> tuple[CarLine, ...]:
    listed = list(cars)
    spots = _spots(car["district"] for car in listed)
    near = queries.near(db, campaign.id, day, spots, NEAR_KM, CALL) if spots else {}
    return tuple(
        CarLine(
            car["district"],
            car["gain"],
            car["proven"],
            UUID(car["event"]) if car["event"] else None,
            car["people"],
            *near.get(car["district"], (0, 0)),
        )
        for car in listed
    )


def _spots(districts: Iterable[str]) -> list[queries.Spot]:
    places = postcode_districts()
    return [(name, places[name].lat, places[name].lon) for name in districts if name in places]
