"""People who rang and have no page of their own: a coordinator looks after what they sent in for them.

What is done for them is theirs as if they had pressed the button themselves, and is written down.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import audit, changes, lifts, my_page
from api.services.forms import Answers
from api.services.views import MyPage
from api.store.queries import day_people, sign_ups
from api.store.queries import lifts as lift_queries
from api.store.tables import Campaign, Coordinator, Person

MOST = 20
WANTED = day_people.Wanted(state="rang")


@dataclass(frozen=True)
class Caller:
    """Somebody without a page of their own, as the list of the day has them."""

    person_id: UUID
    name: str
    reference: str
    kind: str
    district: str
    has_lift: bool


@dataclass(frozen=True)
class Callers:
    """The first of them by name, and how many more there are."""

    first: tuple[Caller, ...]
    more: int


def of_day(db: Session, campaign: Campaign, day: date) -> Callers:
    """Who takes part in the day and has to ring to change anything, in the order of their names."""
    rows = day_people.page(db, campaign.id, day, WANTED, "name", down=False, limit=MOST, offset=0)
    found = [
        Caller(
            row.person_id,
            row.name.split()[0],
            row.reference,
            "offer" if row.role == "driver" else "request",
            row.district,
            row.event_id is not None,
        )
        for row in rows
    ]
    full = len(rows) == MOST
    more = day_people.count(db, campaign.id, day, WANTED) - len(rows) if full else 0
    return Callers(tuple(found), more)


def find(db: Session, campaign: Campaign, person_id: UUID) -> Person:
    """A caller of this campaign. Whoever has a page of their own is nobody's to act for."""
    person = sign_ups.person(db, person_id)
    if person is None or person.campaign_id != campaign.id or person.reach != "call":
        raise NotFound
    return person


def page(db: Session, campaign: Campaign, person_id: UUID) -> MyPage:
    """What they would see on their own page."""
    return my_page.of(db, find(db, campaign, person_id), campaign)


def cancel(db: Session, campaign: Campaign, person_id: UUID, who: Coordinator) -> date:
    """Cancel for somebody who rang; their day. The others in the car are told. Of two who press at once one does it."""
    person = find(db, campaign, person_id)
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None:
        raise NotFound
    lift_queries.lock_day(db, campaign.id, sign_up.day)
    db.refresh(sign_up)
    if sign_up.state != "active" or my_page.is_over(sign_up):
        raise Conflict("They have cancelled already, or the day is over. Nothing was changed.")
    lifts.cancel(db, sign_up, person)
    audit.record(db, who, "cancelled for a caller", campaign_id=campaign.id, subject_id=sign_up.id)
    return sign_up.day


def begin_change(db: Session, campaign: Campaign, person_id: UUID, who: Coordinator) -> str:
    """Fill the pages of the form with what they said; which of the ways that is. That somebody looked is written down."""
    person = find(db, campaign, person_id)
    way = changes.begin(db, person)
    audit.record(db, who, "answers looked at", campaign_id=campaign.id, subject_id=person_id)
    return way


def draft_token(db: Session, campaign: Campaign, person_id: UUID) -> str:
    """Of the draft that holds the changes until they are saved, whichever of the coordinators is on the phone."""
    return changes.token(find(db, campaign, person_id))


def meaning(db: Session, campaign: Campaign, person_id: UUID, answers: Answers) -> changes.Meaning:
    """What saving these answers would do to their lift."""
    return changes.meaning(db, find(db, campaign, person_id), answers)


def save_change(
    db: Session, campaign: Campaign, person_id: UUID, who: Coordinator, answers: Answers, *, agreed: bool
) -> None:
    """Lay the answers over the earlier ones, as if they had."""
    changes.save(db, find(db, campaign, person_id), answers, agreed=agreed)
    audit.record(db, who, "answers changed for a caller", campaign_id=campaign.id, subject_id=person_id)
