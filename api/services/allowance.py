"""How many texts go out in a day, to one number, in one campaign and in all; and how many letters that nobody asked for.

Counted when one is handed over. Texts cost money, and anybody can type anybody's number or address into a form, from as
many networks as they have. Whoever erases everything and begins anew counts on: what is counted is a keyed hash, which no
sign-up owns.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from api.services.local import now
from api.settings import settings
from api.store.queries import attempts

DAY = timedelta(hours=24)
CONFIRMS_A_DAY = 3
"""So often in a day a number is asked whether it is theirs who gave it: whoever said nothing did not want to be asked."""
LETTERS_A_DAY = 10
"""The same for a mailbox, which a family may share. Letters with a link that was asked for again count by themselves."""


@dataclass(frozen=True)
class _Limit:
    what: str
    whose: str
    most: int
    words: str


def take(db: Session, address: str, campaign_id: UUID, kind: str, channel: str) -> str | None:
    """Count a message to a number or mailbox. If a limit is reached nothing is counted, and the answer says in words which."""
    at = now()
    with db.begin_nested() as counted:
        for limit in _limits(address, campaign_id, kind, channel):
            who = _key(limit)
            if attempts.add_within(db, limit.what, who, limit.most, at - DAY, at, alone=False) is not None:
                counted.rollback()
                called = "text messages" if channel == "text" else "letters"
                return f"The limit of {limit.most} {called} in 24 hours {limit.words} is reached. This one waits."
    return None


def give_back(db: Session, address: str, campaign_id: UUID, kind: str, channel: str) -> None:
    """It certainly did not leave, and does not count."""
    for limit in _limits(address, campaign_id, kind, channel):
        attempts.remove_newest(db, limit.what, _key(limit))


def _limits(address: str, campaign_id: UUID, kind: str, channel: str) -> Iterator[_Limit]:
    return _of_texts(address, campaign_id, kind) if channel == "text" else _of_letters(address, kind)


def _of_letters(address: str, kind: str) -> Iterator[_Limit]:
    """Only what a stranger can set off is counted; whoever has a lift hears of it however often it changes."""
    if kind in ("confirm", "new_contact"):
        yield _Limit("letter confirm", _mailbox(address), LETTERS_A_DAY, "to a mailbox that is not confirmed")
    elif kind == "link":
        yield _Limit(
            "letter link", _mailbox(address), LETTERS_A_DAY, "with a link asked for again, to one mailbox"
        )


def _mailbox(address: str) -> str:
    """Where a letter ends up: what stands after a plus is the reader's own business, and so are capitals."""
    name, _, host = address.casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def _of_texts(number: str, campaign_id: UUID, kind: str) -> Iterator[_Limit]:
    """The narrow ones first, always in this order: each is held until the commit, and nobody waits in a circle."""
    house = settings()
    if kind in ("confirm", "new_contact"):
        yield _Limit("text confirm", number, CONFIRMS_A_DAY, "to a number that is not confirmed")
    yield _Limit("text number", number, house.sms_a_day_number, "to one number")
    yield _Limit("text campaign", str(campaign_id), house.sms_a_day_campaign, "for one campaign")
    yield _Limit("text", "", house.sms_a_day, "for the whole service")


def _key(limit: _Limit) -> bytes:
    who = f"{limit.what}|{limit.whose}"
    return hmac.new(settings().secret_key.encode(), who.encode(), hashlib.sha256).digest()
