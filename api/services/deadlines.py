"""When the time to say "I am coming" is over: a coordinator rings, and a driver of whom nothing is heard is not counted on.

docs/decisions/0015-missed-deadline.md says why it is so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import audit, outbox
from api.services.local import at, local, now, today
from api.services.my_page import ANSWER_BY, TIME_TO_ANSWER, call_off_at, first_name
from api.services.repair import begun
from api.store.queries import campaigns, silence
from api.store.queries import lifts as queries
from api.store.tables import Campaign, Coordinator, Lift, Person

MOST_SHOWN = 20
"""So many are shown at once; the next come as these answer."""
GONE = "This driver has answered in the meantime, or the lift is gone. There is nobody to ring."


@dataclass(frozen=True)
class SilentDriver:
    """A driver who has not said that they come. `call_off_at`: when their lift is called off, None where it is not."""

    lift_id: UUID
    name: str
    departs_at: datetime
    people: int
    call_off_at: datetime | None


@dataclass(frozen=True)
class Unanswered:
    """Who has not answered in time, the first to leave, and how many `more` there are.

    Riders keep their place: a car that stops for nobody has lost some minutes.
    """

    drivers: tuple[SilentDriver, ...]
    riders: tuple[str, ...]
    more_drivers: int = 0
    more_riders: int = 0


@dataclass(frozen=True)
class CallView:
    """How to reach a driver of whom nothing was heard."""

    driver: SilentDriver
    phone: str
    email: str


def call_off_due(db: Session) -> int:
    """Call off what is due; how many lifts that were."""
    called_off = 0
    for day in (today(), today() + timedelta(days=1)):
        for campaign_id in queries.campaigns_on(db, day):
            campaign = campaigns.by_id(db, campaign_id)
            if campaign is not None:
                lifts = [row for row in _counted_on(db, campaign, day) if _is_due(row[0], campaign)]
                called_off += sum(_call_off(db, lift, driver) for lift, driver, _ in lifts)
    return called_off


def unanswered(
    db: Session, campaign: Campaign, day: date, events: Collection[UUID] | None = None
) -> Unanswered:
    """Who should have answered by now and travels with others, in cars that have not left yet; to some `events`, or to all."""
    if now() < at(day - timedelta(days=1), ANSWER_BY):
        return Unanswered((), ())
    which = (db, campaign.id, day, now() - TIME_TO_ANSWER, now(), events, MOST_SHOWN)
    all_drivers, drivers = silence.drivers(*which)
    all_riders, riders = silence.riders(*which)
    return Unanswered(
        tuple(_silent(campaign, lift, driver, people) for lift, driver, people in drivers),
        tuple(first_name(person) for person in riders),
        all_drivers - len(drivers),
        all_riders - len(riders),
    )


def ring(db: Session, campaign: Campaign, lift_id: UUID, coordinator: Coordinator) -> CallView:
    """How to reach the driver; that somebody looked is written down. Raises `Conflict` if there is no need any more."""
    lift = _unheard(db, campaign, lift_id)
    _, driver = queries.driver(db, lift)
    people = sum(request.party for _, request, _ in queries.riders(db, lift.id))
    audit.record(db, coordinator, "driver's number read", campaign_id=campaign.id, subject_id=lift.id)
    return CallView(_silent(campaign, lift, driver, people), driver.phone_typed, driver.email)


def comes(db: Session, campaign: Campaign, lift_id: UUID, coordinator: Coordinator) -> None:
    """The driver said on the telephone that they come."""
    lift = _unheard(db, campaign, lift_id)
    offer, _ = queries.driver(db, lift)
    queries.accept(db, offer, now())
    audit.record(db, coordinator, "driver comes", campaign_id=campaign.id, subject_id=lift.id)


def call_off(db: Session, campaign: Campaign, lift_id: UUID, coordinator: Coordinator) -> None:
    """The driver does not come, or cannot be reached."""
    lift = _unheard(db, campaign, lift_id)
    if not _call_off(db, lift, queries.driver(db, lift)[1]):
        raise Conflict(GONE)
    audit.record(db, coordinator, "lift called off", campaign_id=campaign.id, subject_id=lift.id)


def _counted_on(db: Session, campaign: Campaign, day: date) -> list[queries.Standing]:
    """The day's lifts that somebody rides in, to what has not been cancelled."""
    events = {event.id for event in campaigns.events(db, campaign.id, day) if event.state == "open"}
    return [row for row in queries.standing(db, campaign.id, day) if row[2] and row[0].event_id in events]


def _unheard(db: Session, campaign: Campaign, lift_id: UUID) -> Lift:
    lift = queries.by_id(db, campaign.id, lift_id)
    if lift is None or lift.accepted_at is not None:
        raise Conflict(GONE)
    return lift


def _is_due(lift: Lift, campaign: Campaign) -> bool:
    due = call_off_at(lift, campaign.call_off_hours)
    return lift.accepted_at is None and due is not None and due <= now() < lift.departs_at


def _call_off(db: Session, lift: Lift, driver: Person) -> bool:
    """Take a silent driver out of everything. Whoever counted on the car is told, and is matched again by the next run."""
    queries.lock_day(db, lift.campaign_id, lift.day)
    riders = queries.riders(db, lift.id)
    if not queries.end_unheard(db, lift.id, now()):
        return False
    begun.wanted(db, lift.campaign_id, lift.day, "called_off")
    told = [(driver, {"unheard": True}), *((person, {}) for _, _, person in riders)]
    for person, facts in told:
        key = f"lift_off:{lift.id}:{person.id}"
        outbox.queue(db, person.id, lift.campaign_id, "lift_off", key=key, subject_id=lift.id, facts=facts)
    return True


def _silent(campaign: Campaign, lift: Lift, driver: Person, people: int) -> SilentDriver:
    return SilentDriver(
        lift_id=lift.id,
        name=first_name(driver),
        departs_at=local(lift.departs_at),
        people=people,
        call_off_at=call_off_at(lift, campaign.call_off_hours),
    )
