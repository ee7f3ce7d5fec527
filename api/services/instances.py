"""One day's sign-ups and events as an instance for the solver, with opaque ids and no names."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.logs import log
from api.services import constituencies, friends, holds, safety
from api.services.local import local
from api.services.sound import plain, readable, sound_events, sound_people
from api.store.queries import campaigns, lifts, sign_ups
from api.store.queries import holds as hold_queries
from api.store.tables import Campaign, Offer, Request
from api.store.tables import Event as EventRow
from carpool import Driver, Event, Instance, Rider
from carpool.geo.islands import CROSSING_MINUTES
from carpool.instance import CanDrive, PickupPlace, PublishedTrip

NOT_OF_CARS = ("step_free",)
"""What a rider needs of the place where the car stops: every car can, so it keeps nobody out of one."""


@dataclass(frozen=True)
class Built:
    """The instance, and the sign-ups left out of it because what is kept of them cannot be right."""

    instance: Instance
    left_out: tuple[UUID, ...]


def build_instance(
    db: Session, campaign: Campaign, day: date, ids: Collection[UUID] | None = None
) -> Instance:
    """One day's confirmed sign-ups, all or those of `ids`, and open events, with opaque ids, and what was decided by hand.

    Who wants only events that are off is left out, and so is whoever would make the instance wrong by themselves.
    """
    return build(db, campaign, day, ids).instance


def build(db: Session, campaign: Campaign, day: date, ids: Collection[UUID] | None = None) -> Built:
    """The same, and who was left out though they want to come."""
    events = _events(db, campaign, day)
    held = hold_queries.of_day(db, campaign.id, day)
    out = holds.out_of(held)
    rows = [row for row in _with_days_left(db, campaign, day, ids) if row[0].id not in out]
    coming = list(_coming([sign_up for sign_up, _ in rows], {event.id for event in events}))
    people = sound_people(events, [person for _, person in coming if person is not None])
    taking_part = {person.id for person in people}
    apart = (*_apart(safety.apart(db, campaign, rows), taking_part), *holds.pairs(held, taking_part))
    instance = Instance(
        events=events,
        drivers=tuple(person for person in people if isinstance(person, Driver)),
        riders=tuple(person for person in people if isinstance(person, Rider)),
        minutes_per_volunteer=campaign.minutes_per_volunteer,
        crossings=CROSSING_MINUTES,
        apart=apart,
        together=friends.together(
            db, campaign, [row for row in rows if str(row[0].id) in taking_part], apart
        ),
        published=_published(db, campaign, day, ids),
    )
    left_out = tuple(sign_up for sign_up, _ in coming if str(sign_up) not in taking_part)
    if left_out:
        log.warning("sign-ups left out of a match: what is kept of them cannot be right", count=len(left_out))
    return Built(holds.with_pins(instance, held), left_out)


def _events(db: Session, campaign: Campaign, day: date) -> tuple[Event, ...]:
    known = constituencies.current(db)
    rows = [row for row in campaigns.events(db, campaign.id, day) if row.state == "open"]
    weights = {
        row.id: constituencies.event_weight(campaign, known.get(row.constituency), row.weight) for row in rows
    }
    return sound_events(event_of(row, weights[row.id]) for row in rows)


def _coming(
    rows: Iterable[Offer | Request], is_open: Collection[str]
) -> Iterator[tuple[UUID, Driver | Rider | None]]:
    """Who wants an event that is on, each with their sign-up; None for one that cannot be read."""
    for row in rows:
        found = readable(partial(_person, row, is_open))
        for person in (None,) if found is None else found:
            yield row.id, person


def _person(row: Offer | Request, is_open: Collection[str]) -> tuple[Driver | Rider, ...]:
    """Who the row is about; nobody if they want only events that are off."""
    wanted = None if row.event_ids is None else tuple(x for x in row.event_ids if x in is_open)
    if wanted == ():
        return ()
    return (plain(driver(row, wanted) if isinstance(row, Offer) else rider(row, wanted)),)


def _with_days_left(
    db: Session, campaign: Campaign, day: date, ids: Collection[UUID] | None
) -> list[sign_ups.Found]:
    """The day's confirmed sign-ups, without people who have as many lifts on other days as they want in all.

    Somebody with a lift on this very day stays in: it was promised.
    """
    rows = sign_ups.confirmed(db, campaign.id, day, ids)
    if all(sign_up.most_days is None for sign_up, _ in rows):
        return rows
    days = dict[object, set[date]]()
    for person, on in lifts.days_of_people(db, campaign.id):
        days.setdefault(sign_ups.identity(person), set()).add(on)
    return [
        (sign_up, person)
        for sign_up, person in rows
        if _has_days_left(sign_up, days.get(sign_ups.identity(person), set()))
    ]


def _has_days_left(sign_up: Offer | Request, taken: set[date]) -> bool:
    return sign_up.most_days is None or sign_up.day in taken or len(taken) < sign_up.most_days


def _apart(pairs: Iterable[tuple[str, str]], taking_part: set[str]) -> tuple[tuple[str, str], ...]:
    """The pairs both of whom take part: an instance names nobody else."""
    return tuple(pair for pair in pairs if taking_part.issuperset(pair))


def event_of(row: EventRow, weight: float) -> Event:
    return Event(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, starts_at=local(row.starts_at),
        ends_at=local(row.ends_at), wanted=row.wanted, capacity=row.capacity, weight=weight,
    )  # fmt: skip


def driver(row: Offer, events: tuple[str, ...] | None) -> Driver:
    return Driver(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, party=row.party, seats=row.seats,
        ready_at=_local(row.ready_at), home_by=_local(row.home_by), max_detour_minutes=row.max_detour_minutes,
        max_travel_minutes=row.max_travel_minutes, way_back=row.way_back, events=events, offers=row.offers,
        traits=tuple(row.traits), company=tuple(row.company),
    )  # fmt: skip


def rider(row: Request, events: tuple[str, ...] | None) -> Rider:
    return Rider(
        id=str(row.id), lat=row.lat, lon=row.lon, island=row.island, party=row.party,
        ready_at=_local(row.ready_at), home_by=_local(row.home_by), max_travel_minutes=row.max_travel_minutes,
        way_back=row.way_back, events=events, needs=tuple(need for need in row.needs if need not in NOT_OF_CARS),
        traits=tuple(row.traits), company=tuple(row.company), home_pickup=row.home_pickup,
        places=tuple(_place(place) for place in row.places), dwell_minutes=row.dwell_minutes, can_drive=_can_drive(row, events),
    )  # fmt: skip


def _can_drive(row: Request, events: tuple[str, ...] | None) -> CanDrive | None:
    """What somebody offers who would do either; the times are those of the lift they ask for."""
    if row.can_drive is None:
        return None
    return CanDrive(
        seats=row.can_drive["seats"], ready_at=_local(row.ready_at), home_by=_local(row.home_by), events=events,
        way_back=row.way_back, max_detour_minutes=row.can_drive["max_detour_minutes"],
        max_travel_minutes=row.can_drive["max_travel_minutes"], offers=row.can_drive["offers"],
    )  # fmt: skip


def _place(kept: Mapping[str, Any]) -> PickupPlace:
    return PickupPlace(kept["id"], kept["lat"], kept["lon"], walk_minutes=kept["walk_minutes"])


def _local(moment: Any) -> Any:
    return local(moment) if moment else None


def _published(
    db: Session, campaign: Campaign, day: date, ids: Collection[UUID] | None
) -> tuple[PublishedTrip, ...]:
    """What people were last told, so that the next plan changes it only for a gain."""
    return tuple(
        PublishedTrip(
            driver=str(lift.offer_id),
            event=str(lift.event_id),
            riders=tuple(str(request.id) for _, request, _ in riders),
        )
        for lift, _, riders in lifts.standing(db, campaign.id, day, ids)
    )
