"""Changing one's name and how one is reached. A new address counts once the code that went there was typed on the private page.

A code, not a link: whoever gets it by somebody's slip of the pen cannot do anything with it, and reads nothing of whose it is.
What happens is the same whether we know the address already or not.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from api.errors import Conflict, Invalid
from api.language import N_
from api.services import my_page, outbox, people
from api.services.local import now
from api.services.outbox import hash_token
from api.services.tidy import standard_phone
from api.services.truth import channel_to, code_of, is_proven
from api.services.who import Contact
from api.store.queries import contacts as queries
from api.store.queries import sign_ups
from api.store.tables import NewContact, Person

KEPT = timedelta(hours=24)
"""So long the code may be typed."""
MOST_TRIES = 5
AGAIN_AFTER = timedelta(minutes=10)
"""Within so long the same code is sent once, however often somebody asks."""

NOT_THE_CODE = N_("This is not the code that we sent. Look at the newest message from us and type it again.")
TOO_MANY_TRIES = N_(
    "This was typed wrong too often, and the code counts no more. Go back and save your contact again: then we send a new one."
)
NOTHING_WAITS = N_("There is no code to type any more. Save your contact again, and we send you a new one.")
TAKES_NO_PART = N_(
    "You have cancelled, or the day is over: we write to you no more. Sign up again if you can come."
)


@dataclass(frozen=True)
class ContactView:
    """Who somebody is and how they are reached; `waiting` is where the code went that they have to type."""

    name: str
    reach: str
    email: str
    phone: str
    waiting: str = ""
    waiting_channel: str = ""

    @property
    def address(self) -> str:
        return self.email if self.reach == "email" else self.phone


def of(db: Session, person: Person) -> ContactView:
    waits = queries.waiting(db, person.id, now())
    where = (waits.email if waits.reach == "email" else waits.phone_typed) if waits else ""
    return ContactView(
        person.name, channel_to(person), person.email, person.phone_typed, where, waits.reach if waits else ""
    )


def as_typed(db: Session, person: Person) -> dict[str, Any]:
    """What the form shows: what somebody typed last, proven or not."""
    latest = queries.waiting(db, person.id, now()) or person
    return {
        "name": person.name, "reach": latest.reach, "email": latest.email, "phone": latest.phone_typed
    }  # fmt: skip


def save(db: Session, person: Person, form: Contact) -> bool:
    """Keep the name, and the contact as far as it needs no proof. Whether a code has to be typed."""
    queries.lock(db, person)
    _check_takes_part(db, person)
    series, moment = sign_ups.series_of(db, person), now()
    for each in series:
        each.name = form.name
    new, waits = _columns(form), queries.waiting(db, person.id, moment)
    if waits is not None and all(getattr(waits, name) == value for name, value in new.items()):
        return True
    queries.drop_waiting(db, [each.id for each in series])
    if _is_known(person, new):
        _take(db, series, new)
        return False
    channel = channel_to(person)
    contact = NewContact(
        person_id=person.id,
        old_channel=channel,
        old_address=_address(person, channel),
        expires_at=moment + KEPT,
        **new,
    )
    queries.add(db, contact)
    # The old address first: it hears of it whatever becomes of the new one.
    _queue(db, person, contact, "contact_asked", channel)
    _queue(db, person, contact, "new_contact", contact.reach)
    return True


def send_again(db: Session, person: Person) -> None:
    """The code once more, to the same address."""
    contact = queries.waiting(db, person.id, now())
    if contact is not None:
        step = int((now() - contact.created_at) / AGAIN_AFTER)
        _queue(db, person, contact, "new_contact", contact.reach, f":{step}")


def keep_the_old(db: Session, person: Person) -> None:
    """Whoever asked, or got hold of the page, does not get their way: nothing changes."""
    queries.drop_waiting(db, [each.id for each in sign_ups.series_of(db, person)])


def prove(db: Session, person: Person, typed: str, cookie: str) -> None:
    """The code is right: from now on we write there. What went to the old address opens nothing any more.

    Raises `Invalid` for a wrong code, which counts as a try, and `Conflict` if there is none to type.
    """
    queries.lock(db, person)
    contact = queries.waiting(db, person.id, now())
    if contact is None:
        raise Conflict(NOTHING_WAITS)
    if not queries.count_try(db, contact.id, MOST_TRIES):
        raise Invalid({"code": TOO_MANY_TRIES})
    digits = "".join(c for c in typed if c.isascii() and c.isdigit())
    if not hmac.compare_digest(digits, code_of(contact.id)):
        raise Invalid({"code": NOT_THE_CODE})
    if queries.prove(db, contact.id, now()):
        _in_force(db, person, contact, cookie)


def _in_force(db: Session, person: Person, contact: NewContact, cookie: str) -> None:
    series = sign_ups.series_of(db, person)
    new = {name: getattr(contact, name) for name in ("reach", "email", "phone_typed", "phone")}
    _take(db, series, new)
    ids = [each.id for each in series]
    queries.revoke_links(db, ids, ("email", "text"))
    queries.forget_others(db, ids, hash_token(cookie))
    people.take_as_confirmed(db, person, contact.reach)
    sign_up = sign_ups.of_person(db, person.id)
    subject = sign_up.id if sign_up else None
    key = f"link to the new contact:{contact.id}"
    outbox.queue(
        db, person.id, person.campaign_id, "link", key=key, subject_id=subject, channel=contact.reach
    )


def _check_takes_part(db: Session, person: Person) -> None:
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None or sign_up.state != "active" or my_page.is_over(sign_up):
        raise Conflict(TAKES_NO_PART)


def _columns(form: Contact) -> dict[str, Any]:
    return {
        "reach": form.reach,
        "email": form.email,
        "phone_typed": form.phone,
        "phone": standard_phone(form.phone),
    }


def _is_known(person: Person, new: dict[str, Any]) -> bool:
    """Whether nobody has to prove anything: it is as before, or they read there already what we write."""
    if all(getattr(person, name) == value for name, value in new.items()):
        return True
    name = "email" if new["reach"] == "email" else "phone"
    return is_proven(person, new["reach"]) and getattr(person, name) == new[name]


def _take(db: Session, series: list[Person], new: dict[str, Any]) -> None:
    """Lay it over the earlier one; an address that is another now is unproven, and so is what went to the one before."""
    for each in series:
        for channel, name in (("email", "email"), ("text", "phone")):
            if getattr(each, name) != new[name]:
                setattr(each, f"{name}_confirmed_at", None)
                queries.revoke_links(db, [each.id], (channel,))
        each.sqlmodel_update(new)
        db.add(each)
    db.flush()


def _address(person: Person, channel: str) -> str:
    return person.email if channel == "email" else person.phone or ""


def _queue(db: Session, person: Person, contact: NewContact, kind: str, channel: str, more: str = "") -> None:
    key = f"{kind}:{contact.id}{more}"
    outbox.queue(
        db, person.id, person.campaign_id, kind, key=key, subject_id=contact.id, channel=channel
    )  # fmt: skip
