"""I don't feel safe: out of the car quietly, a coordinator looks after it, and never again in one car.

Whoever is left hears no more than after any change of plans. Pairs are kept as keyed hashes of proven addresses and numbers,
so that they hold although somebody signs up anew or has everything erased, and tell nobody who they are.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.language import N_
from api.services import audit, lifts, outbox
from api.services.colleagues import name_of
from api.services.local import local, now
from api.services.my_page import first_name
from api.services.repair import begun
from api.services.tidy import tidy_text
from api.settings import settings
from api.store.queries import lifts as lift_queries
from api.store.queries import safety as queries
from api.store.queries import sign_ups
from api.store.queries.doubts import Proofs
from api.store.tables import Campaign, Coordinator, Offer, Person, Report, Request

APART_DAYS = 730
LONGEST = 1000
NOBODY = N_(
    "There is nobody in a car with you, so we do not know whom you mean. Please write to the campaign."
)


@dataclass(frozen=True)
class ReportView:
    """A report as its campaign's coordinators see it; `email` and `phone` for whoever took it on."""

    id: UUID
    name: str
    reference: str
    at: datetime
    said: str
    taken_by: str | None
    email: str
    phone: str


def others_in_car(db: Session, person: Person) -> list[Person]:
    """Everybody else of the lift that somebody is in, or was in last."""
    sign_up = sign_ups.of_person(db, person.id)
    found = lift_queries.latest(db, sign_up) if sign_up else None
    if found is None:
        return []
    lift, _ = found
    riders = [rider for _, _, rider in lift_queries.riders(db, lift.id, standing=False)]
    return [other for other in (lift_queries.driver(db, lift)[1], *riders) if other.id != person.id]


def report(db: Session, person: Person, who: Iterable[UUID], said: str) -> None:
    """Take `person` and whom they name out of one car and keep them apart. A second time changes nothing more.

    A rider need name nobody: then it is everybody in the car. A driver names riders. Raises `NotFound` without a lift.
    """
    sign_up = sign_ups.of_person(db, person.id)
    car = others_in_car(db, person)
    if sign_up is None or not car:
        raise NotFound(NOBODY)
    lift_queries.lock_day(db, sign_up.campaign_id, sign_up.day)
    named = set(who)
    meant = [other for other in car if other.id in named] if isinstance(sign_up, Offer) and named else car
    keep_apart(db, sign_up.campaign_id, person, meant)
    if not queries.has_reported(db, person.id):
        _tell_coordinators(db, sign_up, person, tidy_text(said)[:LONGEST])
    if isinstance(sign_up, Request):
        lifts.without_rider(db, sign_up, person)
        return
    for other in meant:
        _put_out(db, other)


def keep_apart(db: Session, campaign_id: UUID, person: Person, others: Iterable[Person]) -> None:
    """`person` is in no car with any of the others from now on."""
    pairs = [pair for other in others for pair in product(_hashes(person), _hashes(other))]
    queries.keep_apart(db, campaign_id, pairs, now() + timedelta(days=APART_DAYS))


def apart(
    db: Session, campaign: Campaign, rows: Sequence[tuple[Offer | Request, Person]]
) -> tuple[tuple[str, str], ...]:
    """Pairs of sign-ups that must not share a car, for the solver."""
    pairs = queries.kept_apart(db, campaign.id, now())
    if not pairs:
        return ()
    by_hash: dict[bytes, list[str]] = {}
    for sign_up, person in rows:
        for hashed in _hashes(person):
            by_hash.setdefault(hashed, []).append(str(sign_up.id))
    found = (
        (one, other)
        for low, high in pairs
        for one in by_hash.get(low, ())
        for other in by_hash.get(high, ())
        if one != other
    )
    # Two who both proved an address and a number are four pairs of hashes, and one pair of people.
    return tuple(dict.fromkeys(found))


def apart_since(
    db: Session, campaign: Campaign, since: datetime, people: Callable[[datetime | None], Sequence[Proofs]]
) -> set[UUID]:
    """Sign-ups of whom a pair may be kept apart that was not at that moment, because of a report or a proof that came later.

    `people`: everybody whom it may be about, or those who have proven something since a moment.
    """
    ends = queries.latest_apart(db, campaign.id)
    if ends is None:
        return set()
    pairs = queries.kept_apart(db, campaign.id, now())
    hashes = {one for pair in pairs for one in pair}
    is_new = ends - timedelta(days=APART_DAYS) >= since
    return {one.sign_up_id for one in people(None if is_new else since) if hashes.intersection(_hashes(one))}


def reports(db: Session, campaign: Campaign, day: date, coordinator: Coordinator) -> list[ReportView]:
    return [_view(db, row, person, coordinator) for row, person in queries.open_reports(db, campaign.id, day)]


def take(db: Session, campaign: Campaign, report_id: UUID, coordinator: Coordinator) -> None:
    """Look after a report: from then on this coordinator, alone, sees how to reach whoever made it."""
    if not queries.take(db, campaign.id, report_id, coordinator.id):
        raise Conflict("Somebody else has taken this on already, or it is gone.")
    audit.record(db, coordinator, "report taken", campaign_id=campaign.id, subject_id=report_id)


def _tell_coordinators(db: Session, sign_up: Offer | Request, person: Person, said: str) -> None:
    """On the page of the day, and by a mail to each that has no name and none of what was said."""
    made = Report(campaign_id=sign_up.campaign_id, person_id=person.id, day=sign_up.day, said=said)
    db.add(made)
    db.flush()
    outbox.queue_to_coordinators(
        db, sign_up.campaign_id, "report", key=f"report:{made.id}", subject_id=made.id
    )


def _put_out(db: Session, rider: Person) -> None:
    """Out of the car, with the words of any change of plans."""
    request = sign_ups.of_person(db, rider.id)
    found = lift_queries.of_request(db, request.id) if isinstance(request, Request) else None
    if request is None or found is None or not lift_queries.end_stop(db, found[1].id, "cancelled"):
        return
    if isinstance(request, Request):
        lifts.without_car(db, found[0], [request])
    begun.wanted(db, request.campaign_id, request.day, "rider_cancelled")
    outbox.queue(
        db, rider.id, request.campaign_id, "lift_off", key=f"lift_off:{found[1].id}", subject_id=found[0].id
    )


def _view(db: Session, row: Report, person: Person, coordinator: Coordinator) -> ReportView:
    sign_up = sign_ups.of_person(db, person.id)
    mine = row.taken_by == coordinator.id
    return ReportView(
        id=row.id,
        name=first_name(person),
        reference=sign_up.reference if sign_up else "",
        at=local(row.created_at),
        said=row.said,
        taken_by=name_of(db, row.taken_by, "") or None,
        email=person.email if mine else "",
        phone=person.phone_typed if mine else "",
    )


def _hashes(person: Person | Proofs) -> list[bytes]:
    """Of each address and number that is proven to be theirs."""
    proven = [person.email.lower()] if person.email_confirmed_at else []
    proven += [person.phone] if person.phone_confirmed_at and person.phone else []
    key = settings().secret_key.encode()
    return [hmac.new(key, f"apart|{who}".encode(errors="replace"), hashlib.sha256).digest() for who in proven]
