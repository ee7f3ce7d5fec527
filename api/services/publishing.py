"""Publishing a run: in one transaction its trips become lifts, and everybody whose lift is new, changed or gone is told.

The same comparison says beforehand what would happen. People who cancelled since the run started are left out of it, and so
are those who changed their answers where the lift no longer fits them.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import audit, fitting, matching, roles, sending
from api.services.hands import edited
from api.services.local import local, now
from api.services.news import tell
from api.store.queries import campaigns, sign_ups
from api.store.queries import lifts as queries
from api.store.queries import messages as message_queries
from api.store.queries import runs as run_queries
from api.store.queries.lifts import Rider
from api.store.tables import Campaign, Coordinator, Lift, LiftStop, Offer, Person, Repair, Request, Run
from carpool.match_words import MATCH_WORDS
from carpool.plan import Trip

Facts = tuple[Any, ...]
"""What somebody is told of a lift; two that are equal need no second message."""


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
    place_id: str | None
    pick_up_at: datetime
    ride_minutes: float
    drop_at: datetime | None


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
    def facts(self) -> Facts:
        """What the driver is told."""
        stops = tuple(
            (place.request.id, place.place_id, place.pick_up_at, place.drop_at) for place in self.places
        )
        return (self.event_id, self.departs_at, self.home_at, stops)

    def facts_of(self, place: Place) -> Facts:
        """What a rider is told; while it stays the same there is nothing to tell."""
        return (self.offer.id, self.event_id, place.place_id, place.pick_up_at, place.drop_at)


@dataclass(frozen=True)
class Changes:
    """The lifts to be, those that stand, and whom to tell what: person → kind of message.

    `after` holds what everybody with a lift is told then.
    """

    new_lifts: tuple[NewLift, ...]
    standing: tuple[queries.Standing, ...]
    news: dict[UUID, str]
    after: dict[UUID, Facts]

    @property
    def figures(self) -> Published:
        changed = sum(kind in ("changed", "lift_off") for kind in self.news.values())
        return Published(lifts=len(self.new_lifts), changed=changed, messages=len(self.news))


def publish(db: Session, campaign: Campaign, run_id: UUID, coordinator: Coordinator) -> Published:
    """Publish a finished run, once: whoever comes second is told who did it (`Conflict`)."""
    run = matching.find(db, campaign, run_id)
    queries.lock_day(db, campaign.id, run.day)
    mine = {"state": "published", "published_by": coordinator.id, "published_at": now()}
    if not run_queries.step(db, run.id, ("done",), **mine):
        raise Conflict(_why_not(db, run_id))
    audit.record(db, coordinator, "run published", campaign_id=campaign.id, subject_id=run.id)
    changes = _changes(db, campaign, run)
    lift_of = write_lifts(db, run, changes)
    tell(db, run, changes.news, lift_of)
    sending.schedule(db, campaign, run.day)
    return changes.figures


def preview(db: Session, campaign: Campaign, run_id: UUID) -> Published:
    """What `publish` would do now."""
    return _changes(db, campaign, matching.find(db, campaign, run_id)).figures


def _why_not(db: Session, run_id: UUID) -> str:
    run = run_queries.by_id(db, run_id)
    if run is not None and run.state == "published":
        who = campaigns.coordinator_by_id(db, run.published_by) if run.published_by else None
        at = f" at {local(run.published_at):%H:%M}" if run.published_at else ""
        return f"{who.name if who else 'Somebody else'} has published this run already{at}. Nothing was sent twice."
    return "This run has no plan to publish."


def _changes(db: Session, campaign: Campaign, run: Run) -> Changes:
    """Compare the run's plan with what people were last told."""
    instance, plan = matching.instance_and_plan(run)
    now_known = matching.build_instance(db, campaign, run.day)
    trips = fitting.still_fitting(instance, edited.edited(db, run, plan), now_known)
    edited.must_hold(db, run, trips, now_known)
    changes = compare(db, run, trips)
    told = {person_id for lift in changes.standing for person_id in people_of(lift)}
    waiting = still_without(db, run) - told - changes.after.keys()
    return replace(changes, news=changes.news | dict.fromkeys(waiting, "no_lift"))


def compare(
    db: Session, origin: Run | Repair, trips: Sequence[Trip], ids: Collection[UUID] | None = None
) -> Changes:
    """What would change if these trips were the day's lifts; nobody without a lift before and after is told anything.

    With `ids`, the sign-ups of everybody whom trips and standing lifts share, if they were the lifts of these people.
    """
    standing = queries.standing(db, origin.campaign_id, origin.day, ids)
    new_lifts = _new_lifts(db, origin, trips, ids)
    before: dict[UUID, Facts] = {}
    for lift, driver, riders in standing:
        before[driver.id] = _driver_facts(lift, riders)
        before.update({person.id: _rider_facts(lift, stop) for stop, _, person in riders})
    after: dict[UUID, Facts] = {}
    for new in new_lifts:
        after[new.driver.id] = new.facts
        after.update({place.person.id: new.facts_of(place) for place in new.places})
    news = {person_id: "matched" if person_id not in before else "changed" for person_id in after}
    news = {person_id: kind for person_id, kind in news.items() if before.get(person_id) != after[person_id]}
    news.update(dict.fromkeys(before.keys() - after.keys(), "lift_off"))
    return Changes(tuple(new_lifts), tuple(standing), news, after)


def people_of(standing: queries.Standing) -> set[UUID]:
    """Everybody in a lift."""
    _, driver, riders = standing
    return {driver.id, *(person.id for _, _, person in riders)}


def still_without(db: Session, run: Run | Repair, ids: Collection[UUID] | None = None) -> set[UUID]:
    """Everybody who waits and has not been told yet that the lifts are arranged without them: nobody is left in silence.

    Of all, or of the sign-ups `ids`.
    """
    waiting = {person.id for _, person in sign_ups.confirmed(db, run.campaign_id, run.day, ids)}
    return waiting - message_queries.people_told(db, run.campaign_id, "no_lift")


def _new_lifts(
    db: Session, run: Run | Repair, trips: Sequence[Trip], ids: Collection[UUID] | None
) -> list[NewLift]:
    """The plan's trips as they can still be."""
    offers: dict[str, tuple[Offer, Person]] = {}
    requests: dict[str, tuple[Request, Person]] = {}
    for sign_up, person in sign_ups.confirmed(db, run.campaign_id, run.day, ids):
        if isinstance(sign_up, Request):
            requests[str(sign_up.id)] = (sign_up, person)
        if offer := roles.as_offer(sign_up):
            offers[str(sign_up.id)] = (offer, person)
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
                    stop.place,
                    _known(stop.at),
                    stop.ride_minutes or 0.0,
                    _drop(trip.back, stop.rider),
                )
                for stop in trip.stops
                if stop.rider in requests
            ),
        )
        for trip in trips
        if trip.driver in offers and trip.event in events
    ]


def _known(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("a plan of the solver has all its times")
    return moment


def _drop(back: Any, rider: str) -> datetime | None:
    return next((drop.at for drop in back or () if drop.rider == rider), None)


def _driver_facts(lift: Lift, riders: Sequence[Rider]) -> Facts:
    stops = tuple((request.id, stop.place_id, stop.pick_up_at, stop.drop_at) for stop, request, _ in riders)
    return (lift.event_id, lift.departs_at, lift.home_at, stops)


def _rider_facts(lift: Lift, stop: LiftStop) -> Facts:
    return (lift.offer_id, lift.event_id, stop.place_id, stop.pick_up_at, stop.drop_at)


def write_lifts(db: Session, origin: Run | Repair, changes: Changes) -> dict[UUID, UUID]:
    """Let stand what is as it was, end the rest, add what is new; person → lift that they are in now."""
    wanted = {new.offer.id: new.facts for new in changes.new_lifts}
    kept: dict[UUID, UUID] = {}
    ended: list[UUID] = []
    for lift, _, riders in changes.standing:
        if wanted.get(lift.offer_id) == _driver_facts(lift, riders):
            kept[lift.offer_id] = lift.id
        else:
            ended.append(lift.id)
    queries.end_lifts(db, ended, "replaced")
    # A rider for whom nothing changes gets no message, so the word that was told has to stay.
    words = {lift.offer_id: lift.match_word for lift, _, _ in changes.standing}
    lift_of: dict[UUID, UUID] = {}
    added: list[tuple[Lift, list[LiftStop]]] = []
    for new in changes.new_lifts:
        roles.let_drive(db, new.offer)
        word = words.get(new.offer.id) or secrets.choice(MATCH_WORDS)
        lift_id = kept.get(new.offer.id)
        if lift_id is None:
            added.append(_rows(origin, new, word))
            lift_id = added[-1][0].id
        lift_of.update(
            {person.id: lift_id for person in (new.driver, *(place.person for place in new.places))}
        )
    queries.add_all(db, added)
    return lift_of


def _rows(origin: Run | Repair, new: NewLift, word: str) -> tuple[Lift, list[LiftStop]]:
    """The lift and its stops, to be inserted with all others."""
    is_run = isinstance(origin, Run)
    lift = Lift(
        run_id=origin.id if is_run else None, repair_id=None if is_run else origin.id,
        campaign_id=origin.campaign_id, day=origin.day, offer_id=new.offer.id, event_id=new.event_id,
        match_word=word, departs_at=new.departs_at, arrives_at=new.arrives_at,
        drive_minutes=new.drive_minutes, home_at=new.home_at,
    )  # fmt: skip
    stops = [
        LiftStop(
            lift_id=lift.id, request_id=place.request.id, position=position, place_id=place.place_id,
            pick_up_at=place.pick_up_at, ride_minutes=place.ride_minutes, drop_at=place.drop_at,
        )
        for position, place in enumerate(new.places)
    ]  # fmt: skip
    return lift, stops
