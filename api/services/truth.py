"""Whether a message still says what is the case when it is about to be sent, and may go where it would go."""

import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from api.services import my_page
from api.services.local import now
from api.settings import settings
from api.store.queries import contacts, lifts
from api.store.queries import messages as queries
from api.store.tables import Message, Offer, Person, Request

_ALWAYS: Sequence[str] = ("cancelled_by_you",)
_ABOUT_A_LIFT: Sequence[str] = ("matched", "changed")
_ABOUT_THIS_LIFT: Sequence[str] = ("rider_cancelled", "late", "thanks")
_BEFORE_THE_EVENT: Sequence[str] = ("reminder", "morning")
_ABOUT_NO_LIFT: Sequence[str] = ("driver_cancelled", "lift_off", "no_lift")
_ASKS_TO_DRIVE = "can_you_drive"
_ABOUT_A_CONTACT: Sequence[str] = ("new_contact", "contact_asked")
_WHERE_ASKED: Sequence[str] = ("confirm", "link", *_ABOUT_A_CONTACT)
"""What goes to one address and no other."""
CODE_DIGITS = 6


def is_proven(person: Person, channel: str) -> bool:
    """Whether somebody opened a link that came to this address of theirs. The one says nothing of the other."""
    return (person.email_confirmed_at if channel == "email" else person.phone_confirmed_at) is not None


def channel_to(person: Person) -> str:
    """How to reach somebody: as they prefer, but rather at an address that is proven than at one that is not."""
    if person.reach == "call":
        return "call"
    other = "email" if person.reach == "text" else "text"
    return other if is_proven(person, other) and not is_proven(person, person.reach) else person.reach


def channel_now(message: Message, person: Person) -> str:
    """How a message goes that was queued for a channel by which its reader is not reached any more."""
    if message.kind in _WHERE_ASKED or message.channel == "call" or is_proven(person, message.channel):
        return message.channel
    now_by = channel_to(person)
    return now_by if now_by != "call" and is_proven(person, now_by) else message.channel


def address_of(db: Session, message: Message, person: Person) -> str | None:
    """Where the message goes. What is about a change of address knows both, and goes where it was meant to."""
    if message.kind not in _ABOUT_A_CONTACT:
        return person.phone if message.channel == "text" else person.email
    contact = contacts.by_id(db, message.subject_id)
    if contact is None:
        return None
    if message.kind == "contact_asked":
        return contact.old_address
    return contact.phone if contact.reach == "text" else contact.email


def code_of(contact_id: UUID | None) -> str:
    """The code that proves a contact. It is kept nowhere, and is the same each time that it is sent."""
    text = f"contact|{contact_id}".encode()
    number = int.from_bytes(hmac.new(settings().secret_key.encode(), text, hashlib.sha256).digest())
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def is_true(db: Session, message: Message, person: Person, sign_up: Offer | Request) -> bool:
    """Whether the message still says what is the case. Nothing but the question whose it is goes to an unproven address."""
    if message.kind in _ABOUT_A_CONTACT:
        return sign_up.state == "active" and _is_asked(db, message)
    if (message.kind == "confirm") == is_proven(person, message.channel):
        return False
    if message.kind in _ALWAYS:
        return True
    if sign_up.state != "active" or my_page.is_over(sign_up):
        return False
    if message.kind == _ASKS_TO_DRIVE:
        return isinstance(sign_up, Request) and sign_up.may_ask and _lift_id(db, sign_up) is None
    return message.kind in ("confirm", "link", "added") or _is_true_of(db, message, _lift_id(db, sign_up))


def _is_asked(db: Session, message: Message) -> bool:
    """The same of a change of address. The old one is told of it even if the new one is proven by now."""
    contact = contacts.by_id(db, message.subject_id)
    waits = contact is not None and contact.proven_at is None and contact.expires_at > now()
    return waits or (contact is not None and message.kind == "contact_asked")


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
