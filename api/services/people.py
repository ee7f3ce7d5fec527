"""A volunteer without an account: the private link is the key, exchanged for a cookie by a press of a button."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.errors import NotFound
from api.language import N_
from api.services import drafts, lifts, my_page, next_one, outbox, tidy
from api.services.exchange import removal
from api.services.local import now
from api.services.outbox import hash_token
from api.services.truth import is_proven
from api.services.views import MyPage
from api.store.queries import erasing
from api.store.queries import hands as hand_queries
from api.store.queries import lifts as lift_queries
from api.store.queries import sign_ups as queries
from api.store.tables import Person, PrivateSession

COOKIE_DAYS = 90


@dataclass(frozen=True)
class Added:
    """Who put somebody on the list, on what basis, of which campaign, for which day."""

    by: str
    basis: str
    campaign: str
    organiser: str
    day: date


class LinkUnknown(NotFound):
    """One answer for a link that never was, that has run out, and that was revoked."""

    words = N_(
        "This link does not work any more. Open the newest message that we sent you, or sign up again."
    )


def exchange(db: Session, token: str) -> str:
    """Exchange a private link's token for that of a cookie.

    Whoever holds the link got our message: that proves the address or number it went to, and not the other.
    """
    link, person = queries.link(db, hash_token(token)), _person_of_link(db, token)
    if link is None or person is None:
        raise LinkUnknown
    take_as_confirmed(db, person, link.channel)
    return _cookie(db, person, min(link.expires_at, now() + timedelta(days=COOKIE_DAYS)))


def added(db: Session, token: str) -> Added | None:
    """Of somebody who did not sign up themselves: who put them on the list. None for anybody else and for no link."""
    person = _person_of_link(db, token)
    sign_up = queries.of_person(db, person.id) if person is not None and person.vouched_by else None
    if person is None or sign_up is None:
        return None
    mine = my_page.of(db, person)
    return Added(mine.added_by, mine.basis, mine.campaign.name, mine.campaign.organiser, sign_up.day)


def remove(db: Session, token: str) -> None:
    """Erase whom this link is of. A link that opens nothing has nobody left to erase."""
    person = _person_of_link(db, token)
    if person is not None:
        erase(db, person)


def _person_of_link(db: Session, token: str) -> Person | None:
    link = queries.link(db, hash_token(token))
    if link is None or link.revoked_at is not None or link.expires_at <= now():
        return None
    return queries.person(db, link.person_id)


def other_days(db: Session, person: Person) -> list[date]:
    """The other days that somebody signed up for at once, each with a page of its own."""
    found = [queries.of_person(db, other.id) for other in queries.series_of(db, person)[1:]]
    return sorted(sign_up.day for sign_up in found if sign_up is not None)


def turn_to(db: Session, person: Person, cookie: str, day: date) -> str:
    """The cookie of the page of another of their days; the one of this page opens nothing any more."""
    known = queries.private_session(db, hash_token(cookie))
    for other in queries.series_of(db, person)[1:]:
        sign_up = queries.of_person(db, other.id)
        if known is not None and sign_up is not None and sign_up.day == day:
            expires_at = known.expires_at
            forget(db, cookie)
            return _cookie(db, other, expires_at)
    raise NotFound("You did not sign up for that day together with this one.")


def _cookie(db: Session, person: Person, expires_at: datetime) -> str:
    cookie = secrets.token_urlsafe(32)
    db.add(PrivateSession(token_hash=hash_token(cookie), person_id=person.id, expires_at=expires_at))
    return cookie


def take_as_confirmed(db: Session, person: Person, channel: str) -> None:
    """The address or number is theirs, on all the days they signed up for at once."""
    for each in queries.series_of(db, person):
        if queries.confirm(db, each, now(), channel):
            _replace_earlier(db, each)


def person_of(db: Session, cookie: str) -> Person | None:
    """Whose cookie this is, None if it is nobody's or has run out."""
    known = queries.private_session(db, hash_token(cookie))
    if known is None or known.expires_at <= now():
        return None
    return queries.person(db, known.person_id)


def forget(db: Session, cookie: str) -> None:
    """The cookie opens nothing any more."""
    queries.drop_private_session(db, hash_token(cookie))


def page(db: Session, person: Person) -> MyPage:
    return my_page.of(db, person)


def cancel(db: Session, person: Person) -> None:
    """Take back what somebody sent in. A second time changes nothing."""
    sign_up = queries.of_person(db, person.id)
    if sign_up is not None:
        lifts.cancel(db, sign_up, person)


def erase(db: Session, person: Person) -> None:
    """Delete all that we know of somebody, on all the days they signed up for at once, at once.

    Whoever counted on them is told first, as after cancelling.
    """
    for each in queries.series_of(db, person):
        cancel(db, each)
        removal.note(db, each)
        next_one.forget(db, each)
        drafts.discard(db, drafts.change_token(each.id), each.campaign_id)
        erasing.forget_drafts(db, each.campaign_id, each.email, each.phone)
        _blur(db, each)
        db.flush()
        queries.delete_person(db, each.id)
    db.expire_all()


def _blur(db: Session, person: Person) -> None:
    """What is about others as well, and tells where and how somebody travels."""
    sign_ups = queries.all_of_person(db, person.id)
    ids = [one.id for one in sign_ups]
    hand_queries.forget(db, ids)
    # What was queued a moment ago is among it.
    db.flush()
    erasing.unname(db, person.campaign_id, ids, my_page.first_name(person))
    for one in sign_ups:
        erasing.blur(db, one.campaign_id, one.day, [one.id])
        erasing.forget_answers(db, one.lat, one.lon)


def send_link_again(db: Session, typed: str) -> None:
    """A new link for every sign-up of this address or mobile number that is not over, once an hour; nothing for others.

    Whoever asks learns nothing of it: there is no answer but the message.
    """
    hour = now().replace(minute=0, second=0, microsecond=0).isoformat()
    channel, address = tidy.address(typed)
    asked = set[UUID | None]()
    for person, sign_up in queries.of_address(db, address):
        # One letter confirms the address for all the days somebody signed up for at once.
        repeated = not is_proven(person, channel) and person.series is not None and person.series in asked
        if my_page.is_over(sign_up) or repeated:
            continue
        asked.add(person.series)
        # The first letter is the one for an address that is not proven: it repeats nothing that somebody typed.
        kind = "link" if is_proven(person, channel) else "confirm"
        outbox.queue(
            db, person.id, person.campaign_id, kind, key=f"again:{channel}:{person.id}:{hour}",
            subject_id=sign_up.id, channel=channel,
        )  # fmt: skip


def _replace_earlier(db: Session, person: Person) -> None:
    """Somebody who signs up again for the day means the newer answers, unless a lift was promised on the older ones."""
    sign_up = queries.of_person(db, person.id)
    if sign_up is None:
        return
    lift_queries.lock_day(db, sign_up.campaign_id, sign_up.day)
    for earlier, _ in queries.same_person(db, person, sign_up.day):
        promised = lift_queries.has_lift(db, earlier)
        if promised and lift_queries.has_lift(db, sign_up):
            # Both were promised, to others as well: the coordinators see to it.
            continue
        queries.set_state(db, sign_up if promised else earlier, "active", "replaced")
