"""How many text messages go out in a day: to one number, in one campaign and in all, counted when one is handed over.

Texts cost money, and anybody can type anybody's number into a form. Whoever erases everything and begins anew counts on:
what is counted is a keyed hash, which no sign-up owns.
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


@dataclass(frozen=True)
class _Limit:
    what: str
    whose: str
    most: int
    words: str


def take(db: Session, number: str, campaign_id: UUID, kind: str) -> str | None:
    """Count a text to `number`. If a limit is reached nothing is counted, and the answer says in words which."""
    at = now()
    with db.begin_nested() as counted:
        for limit in _limits(number, campaign_id, kind):
            who = _key(limit)
            if attempts.add_within(db, limit.what, who, limit.most, at - DAY, at, alone=False) is not None:
                counted.rollback()
                return f"The limit of {limit.most} text messages in 24 hours {limit.words} is reached. This one waits."
    return None


def give_back(db: Session, number: str, campaign_id: UUID, kind: str) -> None:
    """It certainly did not leave, and does not count."""
    for limit in _limits(number, campaign_id, kind):
        attempts.remove_newest(db, limit.what, _key(limit))


def _limits(number: str, campaign_id: UUID, kind: str) -> Iterator[_Limit]:
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
