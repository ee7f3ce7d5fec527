"""Offers, requests and the people behind them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, text
from sqlmodel import Session, col, delete, select, update

from api.store.queries.among import among
from api.store.tables import LiftStop, Message, Offer, Person, PrivateLink, PrivateSession, Request

Found = tuple[Offer | Request, Person]
Table = TypeVar("Table", Offer, Request)
BY_KEY = text("""
SELECT 'offer' AS kind, id FROM offer WHERE idempotency_key = :key
UNION ALL SELECT 'request', id FROM request WHERE idempotency_key = :key
""")


def _rows(
    db: Session, table: type[Table], day: date, *conditions: ColumnElement[bool]
) -> list[tuple[Table, Person]]:
    """Sign-ups of one kind for the day with their people, oldest first."""
    rows = select(table, Person).join(Person, col(Person.id) == col(table.person_id))
    rows = rows.where(col(table.day) == day, *conditions)
    return [(row[0], row[1]) for row in db.exec(rows.order_by(col(table.created_at), col(table.id))).all()]


def _both(
    db: Session,
    day: date,
    active: bool,
    *conditions: ColumnElement[bool],
    ids: Collection[UUID] | None = None,
) -> list[Found]:
    """Offers, then requests."""
    offers = [col(Offer.state) == "active"] if active else []
    requests = [col(Request.state) == "active"] if active else []
    if ids is not None:
        offers.append(among(Offer.id, ids))
        requests.append(among(Request.id, ids))
    return [*_rows(db, Offer, day, *offers, *conditions), *_rows(db, Request, day, *requests, *conditions)]


def choose_too(db: Session, campaign_id: UUID, day: date, event_id: str, more: list[str]) -> None:
    """Whoever chose this event has chosen these too."""
    for sign_up, _ in _both(db, day, False, col(Person.campaign_id) == campaign_id):
        if sign_up.event_ids is not None and event_id in sign_up.event_ids:
            sign_up.event_ids = [*sign_up.event_ids, *more]
            sign_up.answers = sign_up.answers | {"event_ids": sign_up.event_ids}
            db.add(sign_up)
    db.flush()


def kind_of(sign_up: Offer | Request) -> str:
    return "offer" if isinstance(sign_up, Offer) else "request"


def by_key(db: Session, key: str) -> Offer | Request | None:
    """What was sent in under this idempotency key. Mostly there is nothing: one statement finds that."""
    found = db.connection().execute(BY_KEY, {"key": key}).first()
    if found is None:
        return None
    return db.get(Offer, found.id) if found.kind == "offer" else db.get(Request, found.id)


def lock_key(db: Session, key: str) -> None:
    """Whoever sends something in under this key holds it until the commit."""
    db.connection().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": key})


def add(db: Session, person: Person, sign_up: Offer | Request) -> None:
    """Insert both. Whoever does holds the sign-up's idempotency key (`lock_key`) and has looked for it since."""
    db.add(person)
    db.flush()
    db.add(sign_up)
    db.flush()


def all_of_person(db: Session, person_id: UUID) -> list[Offer | Request]:
    """What counts first. Whoever changed from driving to riding, or the other way round, has one of each."""
    offers = db.exec(select(Offer).where(Offer.person_id == person_id)).all()
    requests = db.exec(select(Request).where(Request.person_id == person_id)).all()
    found: list[Offer | Request] = [*offers, *requests]
    return sorted(found, key=lambda one: (one.state != "active", one.state in ("replaced", "driving")))


def of_person(db: Session, person_id: UUID) -> Offer | Request | None:
    return next(iter(all_of_person(db, person_id)), None)


def series_of(db: Session, person: Person) -> list[Person]:
    """The person of each day that somebody signed up for at once, this one first."""
    if person.series is None:
        return [person]
    others = select(Person).where(Person.series == person.series, Person.id != person.id)
    return [person, *db.exec(others.order_by(col(Person.created_at), col(Person.id))).all()]


def confirmed(db: Session, campaign_id: UUID, day: date, ids: Collection[UUID] | None = None) -> list[Found]:
    """Active offers, then active requests, of people who confirmed their address; oldest first. All, or those of `ids`.

    Without the drivers whose lift was called off because they had not answered: nobody counts on them twice.
    """
    own = col(Person.campaign_id) == campaign_id
    found = _both(db, day, True, own, col(Person.confirmed_at).is_not(None), ids=ids)
    return [row for row in found if not isinstance(row[0], Offer) or row[0].unheard_at is None]


def may_be_asked(
    db: Session, campaign_id: UUID, day: date, people: Collection[UUID] | None, first: int, most: int
) -> list[tuple[Request, Person]]:
    """Active riders without a lift who confirmed and said that somebody may ask them to drive, oldest first.

    Among some people, or among all; `most` of them from the `first` on.
    """
    rows = select(Request, Person).join(Person, col(Person.id) == col(Request.person_id))
    rows = rows.where(*may_be_asked_now(campaign_id, day, people))
    rows = rows.order_by(col(Request.created_at), col(Request.id)).offset(first).limit(most)
    return [(row[0], row[1]) for row in db.exec(rows).all()]


def count_may_be_asked(
    db: Session, campaign_id: UUID, day: date, people: Collection[UUID] | None = None
) -> int:
    count = select(func.count(col(Request.id))).join(Person, col(Person.id) == col(Request.person_id))
    return db.exec(count.where(*may_be_asked_now(campaign_id, day, people))).one()


def may_be_asked_now(
    campaign_id: UUID, day: date, people: Collection[UUID] | None = None
) -> tuple[ColumnElement[bool], ...]:
    """What holds of these requests and their people."""
    riding = select(LiftStop.id).where(LiftStop.request_id == Request.id, LiftStop.state == "published")
    asked = (
        col(Request.day) == day,
        col(Request.state) == "active",
        col(Request.may_ask).is_(True),
        col(Person.campaign_id) == campaign_id,
        col(Person.confirmed_at).is_not(None),
        ~riding.exists(),
    )
    return (*asked, *([col(Person.id).in_(people)] if people is not None else []))


def listed(db: Session, campaign_id: UUID, day: date) -> list[Found]:
    """Every offer and request of the day with its person, whatever its state."""
    return _both(db, day, False, col(Person.campaign_id) == campaign_id)


def same_person(db: Session, person: Person, day: date) -> list[Found]:
    """Other active sign-ups for the day by somebody of the same first name and address or number, proven by both."""
    same = []
    if person.email_confirmed_at is not None:
        theirs = func.lower(Person.email) == person.email.lower()
        same.append(and_(theirs, col(Person.email_confirmed_at).is_not(None)))
    if person.phone_confirmed_at is not None:
        same.append(and_(col(Person.phone) == person.phone, col(Person.phone_confirmed_at).is_not(None)))
    others = _both(
        db,
        day,
        True,
        col(Person.campaign_id) == person.campaign_id,
        or_(false(), *same),
        col(Person.id) != person.id,
    )
    return [(sign_up, other) for sign_up, other in others if identity(other) == identity(person)]


def of_address(db: Session, address: str) -> list[tuple[Person, Offer | Request]]:
    """Everybody who gave this e-mail address or number (`+44…`), in any campaign, with what they have active."""
    given = or_(func.lower(Person.email) == address.lower(), col(Person.phone) == address)
    people = db.exec(select(Person).where(given, address != "")).all()
    found = [(person, of_person(db, person.id)) for person in people]
    return [
        (person, sign_up) for person, sign_up in found if sign_up is not None and sign_up.state == "active"
    ]


def identity(person: Person) -> tuple[str, str]:
    """Who is the same: the address, or the number of whoever has none, and the first name, as families share both."""
    first = person.name.split()[0].casefold() if person.name.split() else ""
    return (person.email.lower() or person.phone or "", first)


def references(db: Session, ids: Collection[UUID]) -> list[str]:
    """The references of those of these sign-ups that are still there."""
    if not ids:
        return []
    offers, requests = (
        db.exec(select(table.reference).where(among(table.id, ids))).all() for table in (Offer, Request)
    )
    return sorted({*offers, *requests})


def request_by_id(db: Session, request_id: UUID) -> Request | None:
    return db.get(Request, request_id)


def put_offer(db: Session, offer: Offer) -> None:
    """Insert the offer, or lay it over the one of its id that somebody had before."""
    db.merge(offer)
    db.flush()


def put_request(db: Session, request: Request) -> None:
    """Insert a request beside the offer of the same id."""
    db.add(request)
    db.flush()


def put_offers(db: Session, offers: Sequence[Offer]) -> None:
    """The same for many: those who had none before in few statements."""
    had = set(db.exec(select(Offer.id).where(among(Offer.id, [one.id for one in offers]))).all())
    for offer in offers:
        if offer.id in had:
            db.merge(offer)
    db.add_all(one for one in offers if one.id not in had)
    db.flush()


def active_requests(db: Session, ids: Collection[UUID]) -> Sequence[Request]:
    found = select(Request).where(among(Request.id, ids), Request.state == "active")
    return db.exec(found.execution_options(populate_existing=True)).all()


def drive_now(db: Session, request_ids: Collection[UUID]) -> set[UUID]:
    """Who made these requests drives, so they are ones no longer; those of them that were active until now."""
    active = update(Request).where(among(Request.id, request_ids), col(Request.state) == "active")
    return set(db.exec(active.values(state="driving").returning(col(Request.id))).scalars())


def set_state(db: Session, sign_up: Offer | Request, before: str, after: str) -> bool:
    """Whether it was in state `before` until now: of two who try at once, one is told False."""
    table = type(sign_up)
    done = db.exec(
        update(table).where(col(table.id) == sign_up.id, col(table.state) == before).values(state=after)
    )
    db.refresh(sign_up)
    return bool(done.rowcount)


def confirm(db: Session, person: Person, at: datetime, channel: str = "email") -> bool:
    """Whether the address or number was unproven until now. It says nothing of the other one."""
    name = "email_confirmed_at" if channel == "email" else "phone_confirmed_at"
    first = update(Person).where(col(Person.id) == person.id, col(getattr(Person, name)).is_(None))
    done = db.exec(first.values({name: at, "confirmed_at": func.coalesce(Person.confirmed_at, at)}))
    db.refresh(person)
    return bool(done.rowcount)


def taking_part(db: Session, campaign_id: UUID, first_day: date, before: datetime) -> list[Offer | Request]:
    """Active sign-ups from `first_day` on of people who confirmed before a moment: what public figures are made of."""
    confirmed = col(Person.confirmed_at) < before
    offers = select(Offer).join(Person, col(Person.id) == col(Offer.person_id))
    offers = offers.where(Offer.campaign_id == campaign_id, Offer.state == "active", Offer.day >= first_day)
    requests = select(Request).join(Person, col(Person.id) == col(Request.person_id))
    requests = requests.where(
        Request.campaign_id == campaign_id, Request.state == "active", Request.day >= first_day
    )
    return [*db.exec(offers.where(confirmed)).all(), *db.exec(requests.where(confirmed)).all()]


def link(db: Session, token_hash: bytes) -> PrivateLink | None:
    return db.get(PrivateLink, token_hash)


def private_session(db: Session, token_hash: bytes) -> PrivateSession | None:
    return db.get(PrivateSession, token_hash)


def drop_private_session(db: Session, token_hash: bytes) -> None:
    db.exec(delete(PrivateSession).where(col(PrivateSession.token_hash) == token_hash))


def person(db: Session, person_id: UUID) -> Person | None:
    return db.get(Person, person_id)


def delete_person(db: Session, person_id: UUID) -> None:
    """Delete a person and all that is theirs.

    Their messages first: whoever sends one holds it and then needs the person, so that the other order is a deadlock.
    """
    db.exec(delete(Message).where(col(Message.person_id) == person_id))
    db.exec(delete(Person).where(col(Person.id) == person_id))
