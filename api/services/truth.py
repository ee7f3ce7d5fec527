"""Whether a message still says what is the case when it is about to be sent, and may go where it would go."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from api.services import my_page
from api.services.local import now
from api.store.queries import lifts
from api.store.queries import messages as queries
from api.store.tables import Message, Offer, Person, Request

_ALWAYS: Sequence[str] = ("cancelled_by_you",)
_ABOUT_A_LIFT: Sequence[str] = ("matched", "changed")
_ABOUT_THIS_LIFT: Sequence[str] = ("rider_cancelled", "late", "thanks")
_BEFORE_THE_EVENT: Sequence[str] = ("reminder", "morning")
_ABOUT_NO_LIFT: Sequence[str] = ("driver_cancelled", "lift_off", "no_lift")


def is_proven(person: Person, channel: str) -> bool:
    """Whether somebody opened a link that came to this address of theirs. The one says nothing of the other."""
    return (person.email_confirmed_at if channel == "email" else person.phone_confirmed_at) is not None


def channel_to(person: Person) -> str:
    """How to reach somebody: as they prefer, but rather at an address that is proven than at one that is not."""
    if person.reach == "call":
        return "call"
    other = "email" if person.reach == "text" else "text"
    return other if is_proven(person, other) and not is_proven(person, person.reach) else person.reach


def is_true(db: Session, message: Message, person: Person, sign_up: Offer | Request) -> bool:
    """Whether the message still says what is the case. Nothing but the question whose it is goes to an unproven address."""
    if (message.kind == "confirm") == is_proven(person, message.channel):
        return False
    if message.kind in _ALWAYS:
        return True
    if sign_up.state != "active" or my_page.is_over(sign_up):
        return False
    return message.kind in ("confirm", "link", "added") or _is_true_of(db, message, _lift_id(db, sign_up))


def _is_true_of(db: Session, message: Message, lift_id: UUID | None) -> bool:
    """The same for a message about a lift, by the lift that its reader is in now."""
    if message.kind in _ABOUT_NO_LIFT:
        return lift_id is None
    if message.kind not in (*_ABOUT_A_LIFT, *_ABOUT_THIS_LIFT, *_BEFORE_THE_EVENT):
        raise ValueError(f"no rule says when a message of kind {message.kind} is true")
    if lift_id is None:
        return False
    if message.kind in _ABOUT_A_LIFT:
        return _tells_of(db, message, lift_id)
    is_late = message.kind in _BEFORE_THE_EVENT and lifts.has_arrived(db, lift_id, now())
    return lift_id == message.subject_id and not is_late


def _tells_of(db: Session, message: Message, lift_id: UUID) -> bool:
    """Whether this is the message for the lift: its own, or of one that was published anew without a change for its reader."""
    return lift_id == message.subject_id or not queries.is_about(db, message.person_id, lift_id)


def _lift_id(db: Session, sign_up: Offer | Request) -> UUID | None:
    if isinstance(sign_up, Offer):
        lift = lifts.of_offer(db, sign_up.id)
        return lift.id if lift else None
    found = lifts.of_request(db, sign_up.id)
    return found[0].id if found else None
