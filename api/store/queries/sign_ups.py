"""Offers, requests and the people behind them."""

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from api.store.tables import Offer, Person, PrivateLink, PrivateSession, Request

Found = tuple[Offer | Request, Person]
Table = TypeVar("Table", Offer, Request)


def _rows(
    db: Session, table: type[Table], day: date, *conditions: ColumnElement[bool]
) -> list[tuple[Table, Person]]:
    """Sign-ups of one kind for the day with their people, oldest first."""
    rows = select(table, Person).join(Person, col(Person.id) == col(table.person_id))
    rows = rows.where(col(table.day) == day, *conditions)
    return [(row[0], row[1]) for row in db.exec(rows.order_by(col(table.created_at), col(table.id))).all()]


def _both(db: Session, day: date, active: bool, *conditions: ColumnElement[bool]) -> list[Found]:
    """Offers, then requests."""
    offers = [col(Offer.state) == "active"] if active else []
    requests = [col(Request.state) == "active"] if active else []
    return [*_rows(db, Offer, day, *offers, *conditions), *_rows(db, Request, day, *requests, *conditions)]


def kind_of(sign_up: Offer | Request) -> str:
    return "offer" if isinstance(sign_up, Offer) else "request"


def by_key(db: Session, key: str) -> Offer | Request | None:
    """What was sent in under this idempotency key."""
    offer = db.exec(select(Offer).where(Offer.idempotency_key == key)).first()
    return offer or db.exec(select(Request).where(Request.idempotency_key == key)).first()


def lock_key(db: Session, key: str) -> None:
    """Whoever sends something in under this key holds it until the commit."""
    db.connection().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": key})


def add(db: Session, person: Person, sign_up: Offer | Request) -> bool:
    """Insert both; False, and neither is there, if the idempotency key came in meanwhile from another transaction."""
    try:
        with db.begin_nested():
            db.add(person)
            db.flush()
            db.add(sign_up)
            db.flush()
    except IntegrityError as error:
        if "idempotency_key" not in str(error.orig):
            raise
        return False
    return True


def of_person(db: Session, person_id: UUID) -> Offer | Request | None:
    offer = db.exec(select(Offer).where(Offer.person_id == person_id)).first()
    return offer or db.exec(select(Request).where(Request.person_id == person_id)).first()


def confirmed(db: Session, campaign_id: UUID, day: date) -> list[Found]:
    """Active offers, then active requests, of people who confirmed their address; oldest first.

    Without the drivers whose lift was called off because they had not answered: nobody counts on them twice.
    """
    own = col(Person.campaign_id) == campaign_id
    found = _both(db, day, True, own, col(Person.confirmed_at).is_not(None))
    return [row for row in found if not isinstance(row[0], Offer) or row[0].unheard_at is None]


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
    return [(sign_up, other) for sign_up, other in others if _first(other) == _first(person)]


def of_address(db: Session, address: str) -> list[tuple[Person, Offer | Request]]:
    """Everybody who gave this e-mail address or number (`+44…`), in any campaign, with what they have active."""
    given = or_(func.lower(Person.email) == address.lower(), col(Person.phone) == address)
    people = db.exec(select(Person).where(given, address != "")).all()
    found = [(person, of_person(db, person.id)) for person in people]
    return [
        (person, sign_up) for person, sign_up in found if sign_up is not None and sign_up.state == "active"
    ]


def _first(person: Person) -> str:
    return person.name.split()[0].casefold() if person.name.split() else ""


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
    name = "phone_confirmed_at" if channel == "text" else "email_confirmed_at"
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
    db.exec(delete(Person).where(col(Person.id) == person_id))
