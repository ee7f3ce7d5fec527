"""Publishing a run: in one transaction its trips become lifts, and everybody whose lift is new, changed or gone is told.

The same comparison says beforehand what would happen. People who cancelled since the run started are left out of it.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import audit, matching, outbox
from api.services.local import now
from api.services.match_words import MATCH_WORDS
from api.store.queries import campaigns, sign_ups
from api.store.queries import lifts as queries
from api.store.queries import runs as run_queries
from api.store.tables import Campaign, Coordinator, Lift, LiftStop, Offer, Person, Request, Run
from carpool import Plan


@dataclass(frozen=True)
class Published:
    """What publishing did, or would do: lifts that will stand, people told of a change, messages in all."""

    lifts: int
    changed: int
    messages: int


@dataclass(frozen=True)
class Place:
    """A rider's part of a lift to be."""

    request: Request
    person: Person
    pick_up_at: datetime
    ride_minutes: float
    drop_at: datetime | None

    @property
    def facts(self) -> tuple[Any, ...]:
        """What the rider is told; while it stays the same there is nothing to tell."""
        return (self.pick_up_at, self.drop_at)


@dataclass(frozen=True)
class NewLift:
    """A lift to be, of a trip whose driver and event are still there."""

    offer: Offer
    driver: Person
    event_id: UUID
    departs_at: datetime
    arrives_at: datetime
    drive_minutes: float
    home_at: datetime | None
    places: tuple[Place, ...]

    @property
    def facts(self) -> tuple[Any, ...]:
        """What the driver is told."""
        return (
            self.event_id,
            self.departs_at,
            self.home_at,
            tuple((p.request.id, *p.facts) for p in self.places),
        )


def publish(db: Session, campaign: Campaign, run_id: UUID, coordinator: Coordinator) -> Published:
    """Publish a finished run, once: whoever comes second is told who did it (`Conflict`)."""
    run = matching.find(db, campaign, run_id)
    queries.lock_day(db, campaign.id, run.day)
    mine = {"state": "published", "published_by": coordinator.id, "published_at": now()}
    if not run_queries.step(db, run.id, ("done",), **mine):
        raise Conflict(_why_not(db, run_id))
    audit.record(db, coordinator, "run published", campaign_id=campaign.id, subject_id=run.id)
    _, plan = matching.instance_and_plan(run)
    return _carry_out(db, run, _new_lifts(db, run, plan))


def preview(db: Session, campaign: Campaign, run_id: UUID) -> Published:
    """What `publish` would do now; everything is undone again."""
    run = matching.find(db, campaign, run_id)
    _, plan = matching.instance_and_plan(run)
    trial = db.begin_nested()
    try:
        return _carry_out(db, run, _new_lifts(db, run, plan))
    finally:
        trial.rollback()


def _why_not(db: Session, run_id: UUID) -> str:
    run = run_queries.by_id(db, run_id)
    if run is not None and run.state == "published":
        who = campaigns.coordinator_by_id(db, run.published_by) if run.published_by else None
        at = f" at {run.published_at:%H:%M}" if run.published_at else ""
        return f"{who.name if who else 'Somebody else'} has published this run already{at}. Nothing was sent twice."
    return "This run has no plan to publish."


def _new_lifts(db: Session, run: Run, plan: Plan) -> list[NewLift]:
    """The plan's trips as they can still be."""
    offers: dict[str, tuple[Offer, Person]] = {}
    requests: dict[str, tuple[Request, Person]] = {}
    for sign_up, person in sign_ups.confirmed(db, run.campaign_id, run.day):
        if isinstance(sign_up, Offer):
            offers[str(sign_up.id)] = (sign_up, person)
        else:
            requests[str(sign_up.id)] = (sign_up, person)
    events = {
        str(event.id) for event in campaigns.events(db, run.campaign_id, run.day) if event.state == "open"
    }
    return [
        NewLift(
            *offers[trip.driver],
            event_id=UUID(trip.event),
            departs_at=_known(trip.departs_at),
            arrives_at=_known(trip.arrives_at),
            drive_minutes=trip.drive_minutes or 0.0,
            home_at=trip.home_at,
            places=tuple(
                Place(
                    *requests[stop.rider],
                    _known(stop.at),
                    stop.ride_minutes or 0.0,
                    _drop(trip.back, stop.rider),
                )
                for stop in trip.stops
                if stop.rider in requests
            ),
        )
        for trip in plan.trips
        if trip.driver in offers and trip.event in events
    ]


def _known(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("a plan of the solver has all its times")
    return moment


def _drop(back: Any, rider: str) -> datetime | None:
    return next((drop.at for drop in back or () if drop.rider == rider), None)


def _carry_out(db: Session, run: Run, new_lifts: list[NewLift]) -> Published:
    """Let stand what is as it was, end what is not, add what is new, and queue a message for each person it touches."""
    before = _told(db, run)
    kept = _keep_unchanged(db, run, new_lifts)
    after: dict[UUID, tuple[UUID, tuple[Any, ...]]] = {}
    for lift in new_lifts:
        lift_id = kept.get(lift.offer.id) or _add(db, run, lift)
        after[lift.driver.id] = (lift_id, lift.facts)
        after.update(
            {
                place.person.id: (lift_id, (lift.offer.id, lift.event_id, *place.facts))
                for place in lift.places
            }
        )
    changed = 0
    sent = 0
    for person_id, kind, about in _news(before, after):
        changed += kind == "changed"
        key = f"{kind}:{about or run.id}:{person_id}"
        sent += outbox.queue(db, person_id, run.campaign_id, kind, key=key, subject_id=about)
    return Published(lifts=len(new_lifts), changed=changed, messages=sent)


def _told(db: Session, run: Run) -> dict[UUID, tuple[Any, ...]]:
    """Person → what they were last told about a lift that stands."""
    told: dict[UUID, tuple[Any, ...]] = {}
    for lift in queries.published(db, run.campaign_id, run.day):
        _, driver = queries.driver(db, lift)
        riders = queries.riders(db, lift.id)
        told[driver.id] = _facts(lift, [(stop, request) for stop, request, _ in riders])
        for stop, _, person in riders:
            told[person.id] = (lift.offer_id, lift.event_id, stop.pick_up_at, stop.drop_at)
    return told


def _facts(lift: Lift, riders: list[tuple[LiftStop, Request]]) -> tuple[Any, ...]:
    stops = tuple((request.id, stop.pick_up_at, stop.drop_at) for stop, request in riders)
    return (lift.event_id, lift.departs_at, lift.home_at, stops)


def _keep_unchanged(db: Session, run: Run, new_lifts: list[NewLift]) -> dict[UUID, UUID]:
    """End the lifts that are not exactly among the new ones; offer → lift of those that stay."""
    wanted = {lift.offer.id: lift.facts for lift in new_lifts}
    kept: dict[UUID, UUID] = {}
    for lift in queries.published(db, run.campaign_id, run.day):
        riders = [(stop, request) for stop, request, _ in queries.riders(db, lift.id)]
        if wanted.get(lift.offer_id) == _facts(lift, riders):
            kept[lift.offer_id] = lift.id
        else:
            queries.end_lift(db, lift.id, "replaced")
    return kept


def _add(db: Session, run: Run, new: NewLift) -> UUID:
    lift = Lift(
        run_id=run.id, campaign_id=run.campaign_id, day=run.day, offer_id=new.offer.id, event_id=new.event_id,
        match_word=secrets.choice(MATCH_WORDS), departs_at=new.departs_at, arrives_at=new.arrives_at,
        drive_minutes=new.drive_minutes, home_at=new.home_at,
    )  # fmt: skip
    stops = [
        LiftStop(
            lift_id=lift.id, request_id=place.request.id, position=position, pick_up_at=place.pick_up_at,
            ride_minutes=place.ride_minutes, drop_at=place.drop_at,
        )
        for position, place in enumerate(new.places)
    ]  # fmt: skip
    queries.add(db, lift, stops)
    return lift.id


def _news(
    before: dict[UUID, tuple[Any, ...]], after: dict[UUID, tuple[UUID, tuple[Any, ...]]]
) -> Iterator[tuple[UUID, str, UUID | None]]:
    """Whom to tell what: (person, kind of message, lift)."""
    for person_id, (lift_id, facts) in after.items():
        if person_id not in before:
            yield person_id, "matched", lift_id
        elif before[person_id] != facts:
            yield person_id, "changed", lift_id
    for person_id in before.keys() - after.keys():
        yield person_id, "lift_off", None
