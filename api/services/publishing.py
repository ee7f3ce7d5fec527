"""Publishing a run: in one transaction its trips become lifts, and everybody whose lift is new, changed or gone is told.

People who cancelled since the run started are left out of it, and so are those who changed their answers where the lift no
longer fits them. All of a day is compared and written by the database; the few whom a repair is about, here in memory.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import audit, matching, roles, sending
from api.services.colleagues import name_of
from api.services.local import local, now
from api.services.unfit import unfit
from api.store.queries import campaigns, sign_ups, taking_back
from api.store.queries import lifts as queries
from api.store.queries import messages as message_queries
from api.store.queries import publishing as rows
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


def publish(db: Session, campaign: Campaign, run_id: UUID, coordinator: Coordinator) -> Published:
    """Publish a finished run, once: whoever comes second is told who did it (`Conflict`)."""
    queries.lock_day(db, campaign.id, matching.find_without_plan(db, campaign, run_id).day)
    run = must_be_done(db, campaign, run_id)
    left_out = unfit(db, campaign, run)
    mine = {"state": "published", "published_by": coordinator.id, "published_at": now()}
    if not run_queries.step(db, run.id, ("done",), **mine):
        raise Conflict(_why_not(db, run_id))
    audit.record(db, coordinator, "run published", campaign_id=campaign.id, subject_id=run.id)
    done = _write(db, run, left_out)
    sending.schedule(db, campaign, run.day)
    return done


def preview(db: Session, campaign: Campaign, run_id: UUID) -> Published:
    """What `publish` would do now."""
    run = must_be_done(db, campaign, run_id)
    return figures(rows.effect(db, run, unfit(db, campaign, run), rows.Wanted(most=0)))


def figures(found: rows.Effect) -> Published:
    """What the database says that publishing would do."""
    told = found.told
    return Published(found.lifts, told.get(rows.CHANGED, 0) + told.get(rows.GONE, 0), sum(told.values()))


def must_be_done(db: Session, campaign: Campaign, run_id: UUID) -> Run:
    """The run as it is now. Raises `Conflict` if it has no plan, or somebody has published it."""
    run = matching.find_without_plan(db, campaign, run_id)
    if run.state != "done":
        raise Conflict(_why_not(db, run_id))
    return run


def _why_not(db: Session, run_id: UUID) -> str:
    run = run_queries.without_plan(db, run_id)
    if run is not None and run.state == "published":
        who = name_of(db, run.published_by)
        at = f" at {local(run.published_at):%H:%M}" if run.published_at else ""
        return f"{who} has published this run already{at}. Nothing was sent twice."
    return "This run has no plan to publish."


def _write(db: Session, run: Run, left_out: Collection[UUID]) -> Published:
    """Messages first, while what people were told stands; then lifts, of which nobody may be in two that stand."""
    rows.work_out(db, run, left_out)
    sums, moment = rows.sums(db), now()
    rows.tell(db, run, moment)
    ended, new_drivers = rows.ended(db, run), rows.new_drivers(db)
    queries.end_lifts(db, ended, "replaced")
    roles.let_all_drive(db, new_drivers)
    rows.add_lifts(db, run, [secrets.choice(MATCH_WORDS) for _ in range(sums.wordless)], moment)
    taking_back.note(db, run, ended, new_drivers)
    rows.forget(db)
    return Published(sums.lifts, sums.changed, sums.messages)


def compare(
    db: Session, origin: Run | Repair, trips: Sequence[Trip], ids: Collection[UUID] | None = None
) -> Changes:
    """What would change if these trips were the day's lifts; nobody without a lift before and after is told anything.

    With `ids`, the sign-ups of everybody whom trips and standing lifts share, if they were the lifts of these people.
    """
    standing = queries.standing(db, origin.campaign_id, origin.day, ids)
    new_lifts = _new_lifts(db, origin, trips, ids)
    before = {person_id: facts for lift in standing for person_id, facts in facts_of(lift).items()}
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


def facts_of(standing: queries.Standing) -> dict[UUID, Facts]:
    """What everybody in a lift was told of it."""
    lift, driver, riders = standing
    return {driver.id: _driver_facts(lift, riders)} | {
        person.id: _rider_facts(lift, stop) for stop, _, person in riders
    }


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


def write_lifts(db: Session, repair: Repair, changes: Changes) -> dict[UUID, UUID]:
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
            added.append(_rows(repair, new, word))
            lift_id = added[-1][0].id
        lift_of.update(
            {person.id: lift_id for person in (new.driver, *(place.person for place in new.places))}
        )
    queries.add_all(db, added)
    return lift_of


def _rows(repair: Repair, new: NewLift, word: str) -> tuple[Lift, list[LiftStop]]:
    """The lift and its stops, to be inserted with all others."""
    lift = Lift(
        repair_id=repair.id, campaign_id=repair.campaign_id, day=repair.day, offer_id=new.offer.id, event_id=new.event_id,
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
