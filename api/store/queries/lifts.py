"""Lifts and their stops. The partial unique indexes of the tables see to it that nobody is in two."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, text
from sqlmodel import Session, col, func, select, update

from api.store.queries.among import among
from api.store.tables import Event, Lift, LiftStop, Offer, Person, Request

MOST_IDS = 5000
"""So many fit into a statement."""
Rider = tuple[LiftStop, Request, Person]
Standing = tuple[Lift, Person, list[Rider]]
"""A lift, its driver and its riders in order."""


def lock_day(db: Session, campaign_id: UUID, day: date) -> None:
    """Whoever publishes or cancels in a campaign's day holds this until the commit, so that they take turns."""
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:day, 0))")
    db.connection().execute(lock, {"day": f"{campaign_id} {day.isoformat()}"})


def standing(
    db: Session, campaign_id: UUID, day: date, ids: Collection[UUID] | None = None
) -> list[Standing]:
    """All lifts of the day that stand, with their people, by departure. Two statements, however many there are.

    With `ids` of sign-ups only the lifts that one of them is in.
    """
    lifts = select(Lift, Person).join(Offer, col(Offer.id) == col(Lift.offer_id))
    lifts = lifts.join(Person, col(Person.id) == col(Offer.person_id))
    lifts = lifts.where(Lift.campaign_id == campaign_id, Lift.day == day, Lift.state == "published")
    stops = select(LiftStop, Request, Person).join(Request, col(Request.id) == col(LiftStop.request_id))
    stops = stops.join(Person, col(Person.id) == col(Request.person_id))
    stops = stops.where(Request.campaign_id == campaign_id, Request.day == day, LiftStop.state == "published")
    if ids is not None:
        theirs = select(LiftStop.lift_id).where(
            LiftStop.state == "published", among(LiftStop.request_id, ids)
        )
        lifts = lifts.where(or_(among(Lift.offer_id, ids), col(Lift.id).in_(theirs)))
        own = select(Lift.id).where(Lift.state == "published", among(Lift.offer_id, ids))
        stops = stops.where(or_(col(LiftStop.lift_id).in_(own), col(LiftStop.lift_id).in_(theirs)))
    riders: dict[UUID, list[Rider]] = {}
    for stop, request, person in db.exec(stops.order_by(col(LiftStop.position))).all():
        riders.setdefault(stop.lift_id, []).append((stop, request, person))
    rows = db.exec(lifts.order_by(col(Lift.departs_at), col(Lift.id))).all()
    return [(lift, driver, riders.get(lift.id, [])) for lift, driver in rows]


def campaigns_on(db: Session, day: date) -> Sequence[UUID]:
    """The campaigns with a lift that stands on this day."""
    return db.exec(
        select(Lift.campaign_id).where(Lift.day == day, Lift.state == "published").distinct()
    ).all()


def count_published(db: Session, campaign_id: UUID, day: date) -> int:
    count = select(func.count()).select_from(Lift)
    return db.exec(
        count.where(Lift.campaign_id == campaign_id, Lift.day == day, Lift.state == "published")
    ).one()


def people_by_event(db: Session, campaign_id: UUID, before: datetime) -> dict[UUID, int]:
    """Event → people with a lift that was published before a moment, drivers' and riders'."""
    lifts = select(Lift.event_id, Offer.party).join(Offer, col(Offer.id) == col(Lift.offer_id))
    lifts = lifts.where(
        Lift.campaign_id == campaign_id, Lift.state == "published", col(Lift.created_at) < before
    )
    stops = select(Lift.event_id, Request.party).join(LiftStop, col(LiftStop.lift_id) == col(Lift.id))
    stops = stops.join(Request, col(Request.id) == col(LiftStop.request_id)).where(
        LiftStop.state == "published"
    )
    stops = stops.where(
        Lift.campaign_id == campaign_id, Lift.state == "published", col(Lift.created_at) < before
    )
    people: dict[UUID, int] = {}
    for event_id, party in (*db.exec(lifts).all(), *db.exec(stops).all()):
        people[event_id] = people.get(event_id, 0) + party
    return people


def days_of_people(db: Session, campaign_id: UUID) -> list[tuple[Person, date]]:
    """Everybody of a campaign who is in a lift that stands, with its day."""
    drivers = select(Person, col(Lift.day)).join(Offer, col(Offer.person_id) == col(Person.id))
    drivers = drivers.join(Lift, col(Lift.offer_id) == col(Offer.id))
    stops = select(Person, col(Lift.day)).join(Request, col(Request.person_id) == col(Person.id))
    stops = stops.join(LiftStop, col(LiftStop.request_id) == col(Request.id))
    stops = stops.join(Lift, col(Lift.id) == col(LiftStop.lift_id)).where(LiftStop.state == "published")
    mine = (Lift.campaign_id == campaign_id, Lift.state == "published")
    return [(row[0], row[1]) for found in (drivers, stops) for row in db.exec(found.where(*mine)).all()]


def riders(db: Session, lift_id: UUID, *, standing: bool = True) -> list[Rider]:
    """The stops of a lift in order, with who gets in there."""
    stops = select(LiftStop, Request, Person).join(Request, col(Request.id) == col(LiftStop.request_id))
    stops = stops.join(Person, col(Person.id) == col(Request.person_id)).where(LiftStop.lift_id == lift_id)
    if standing:
        stops = stops.where(LiftStop.state == "published")
    return [(row[0], row[1], row[2]) for row in db.exec(stops.order_by(col(LiftStop.position))).all()]


def driver(db: Session, lift: Lift) -> tuple[Offer, Person]:
    found = (
        select(Offer, Person)
        .join(Person, col(Person.id) == col(Offer.person_id))
        .where(Offer.id == lift.offer_id)
    )
    row = db.exec(found).one()
    return row[0], row[1]


def of_offer(db: Session, offer_id: UUID) -> Lift | None:
    return db.exec(select(Lift).where(Lift.offer_id == offer_id, Lift.state == "published")).first()


def of_request(db: Session, request_id: UUID) -> tuple[Lift, LiftStop] | None:
    found = select(Lift, LiftStop).join(LiftStop, col(LiftStop.lift_id) == col(Lift.id))
    found = found.where(
        LiftStop.request_id == request_id, LiftStop.state == "published", Lift.state == "published"
    )
    row = db.exec(found).first()
    return (row[0], row[1]) if row else None


def all_of(db: Session, sign_up: Offer | Request) -> list[tuple[Lift, LiftStop | None]]:
    """Every lift that somebody was ever in, newest first, whether it stands or not; for a rider with the stop."""
    newest = col(Lift.created_at).desc()
    if isinstance(sign_up, Offer):
        own = select(Lift).where(Lift.offer_id == sign_up.id).order_by(newest)
        return [(lift, None) for lift in db.exec(own).all()]
    found = select(Lift, LiftStop).join(LiftStop, col(LiftStop.lift_id) == col(Lift.id))
    rows = db.exec(found.where(LiftStop.request_id == sign_up.id).order_by(newest)).all()
    return [(row[0], row[1]) for row in rows]


def latest(db: Session, sign_up: Offer | Request) -> tuple[Lift, LiftStop | None] | None:
    """The newest lift that somebody was ever in, whether it stands or not, and for a rider the stop."""
    return next(iter(all_of(db, sign_up)), None)


def event_end(db: Session, lift: Lift) -> datetime:
    return db.exec(select(Event.ends_at).where(Event.id == lift.event_id)).one()


def any_to(db: Session, event_id: UUID) -> bool:
    """Whether a lift to this event stands."""
    found = select(Lift.id).where(Lift.event_id == event_id, Lift.state == "published")
    return db.exec(found.limit(1)).first() is not None


def end_lift(db: Session, lift_id: UUID, state: str) -> bool:
    """Whether the lift stood until now; its standing stops end with it."""
    ended = update(Lift).where(col(Lift.id) == lift_id, col(Lift.state) == "published").values(state=state)
    if not db.exec(ended).rowcount:
        return False
    stops = update(LiftStop).where(col(LiftStop.lift_id) == lift_id, col(LiftStop.state) == "published")
    db.exec(stops.values(state=state))
    return True


def end_lifts(db: Session, lift_ids: Sequence[UUID], state: str) -> None:
    """The same for many, in few statements: each statement looks through every row that the session knows."""
    for start in range(0, len(lift_ids), MOST_IDS):
        part = lift_ids[start : start + MOST_IDS]
        lifts = update(Lift).where(col(Lift.id).in_(part), col(Lift.state) == "published")
        stops = update(LiftStop).where(col(LiftStop.lift_id).in_(part), col(LiftStop.state) == "published")
        for ended in (lifts, stops):
            db.exec(ended.values(state=state))


def end_unheard(db: Session, lift_id: UUID, at: datetime) -> bool:
    """Call off a standing lift whose driver has not said that they come; whether it was so until now.

    Of this and the driver's answer, whichever comes first counts: both are one conditional UPDATE of the same row.
    """
    unheard = update(Lift).where(
        col(Lift.id) == lift_id, col(Lift.state) == "published", col(Lift.accepted_at).is_(None)
    )
    offer_id = db.exec(unheard.values(state="cancelled").returning(col(Lift.offer_id))).scalar_one_or_none()
    if offer_id is None:
        return False
    stops = update(LiftStop).where(col(LiftStop.lift_id) == lift_id, col(LiftStop.state) == "published")
    db.exec(stops.values(state="cancelled"))
    db.exec(update(Offer).where(col(Offer.id) == offer_id).values(unheard_at=at))
    return True


def heard(db: Session, offer_id: UUID) -> bool:
    """The driver can come after all; whether that is news."""
    again = update(Offer).where(col(Offer.id) == offer_id, col(Offer.unheard_at).is_not(None))
    return bool(db.exec(again.values(unheard_at=None)).rowcount)


def any_by_id(db: Session, campaign_id: UUID, lift_id: UUID) -> Lift | None:
    """A lift of this campaign, whether it stands or not."""
    return db.exec(select(Lift).where(Lift.id == lift_id, Lift.campaign_id == campaign_id)).first()


def by_id(db: Session, campaign_id: UUID, lift_id: UUID) -> Lift | None:
    """A lift of this campaign that stands."""
    own = select(Lift).where(Lift.id == lift_id, Lift.campaign_id == campaign_id, Lift.state == "published")
    return db.exec(own).one_or_none()


def end_stop(db: Session, stop_id: UUID, state: str) -> bool:
    """Whether the stop stood until now."""
    ended = update(LiftStop).where(col(LiftStop.id) == stop_id, col(LiftStop.state) == "published")
    return bool(db.exec(ended.values(state=state)).rowcount)


def set_late(db: Session, lift_id: UUID, minutes: int) -> bool:
    """Note by how much the driver of a standing lift is late; whether that is news."""
    said = update(Lift).where(
        col(Lift.id) == lift_id, col(Lift.state) == "published", col(Lift.late_minutes) != minutes
    )
    return bool(db.exec(said.values(late_minutes=minutes)).rowcount)


def accept(db: Session, sign_up: Offer | Request, at: datetime) -> None:
    """Note that a driver or rider comes, in the lift that stands; the first time counts."""
    table = Lift if isinstance(sign_up, Offer) else LiftStop
    own = col(Lift.offer_id) if isinstance(sign_up, Offer) else col(LiftStop.request_id)
    said = update(table).where(
        own == sign_up.id, col(table.state) == "published", col(table.accepted_at).is_(None)
    )
    db.exec(said.values(accepted_at=at))


def set_stop_late(db: Session, stop_id: UUID, minutes: int) -> bool:
    """The same for a rider."""
    said = update(LiftStop).where(col(LiftStop.id) == stop_id, col(LiftStop.state) == "published")
    return bool(
        db.exec(said.where(col(LiftStop.late_minutes) != minutes).values(late_minutes=minutes)).rowcount
    )


def has_arrived(db: Session, lift_id: UUID, at: datetime) -> bool:
    found = select(Lift.id).where(Lift.id == lift_id, col(Lift.arrives_at) <= at)
    return db.exec(found).first() is not None


def has_lift(db: Session, sign_up: Offer | Request) -> bool:
    """Whether a lift stands that this offer or request is in."""
    if isinstance(sign_up, Offer):
        return of_offer(db, sign_up.id) is not None
    return of_request(db, sign_up.id) is not None


def add_all(db: Session, lifts: Sequence[tuple[Lift, Sequence[LiftStop]]]) -> None:
    """Insert the lifts, then their stops, which refer to them; in few statements, however many there are."""
    db.add_all([lift for lift, _ in lifts])
    db.flush()
    db.add_all([stop for _, stops in lifts for stop in stops])
    db.flush()
