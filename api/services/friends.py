"""Friends travel together: one gives the other a word, who types it on their own page, and both are in one group.

A word that never was, that has run out, and one of somebody who is gone, whose day is another, or who is kept apart from
whoever types it, get one answer: nobody learns from a word who has signed up.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from api.errors import Conflict, Invalid
from api.services import safety
from api.services.local import now
from api.services.my_page import first_name, is_over
from api.settings import settings
from api.store.queries import campaigns, sign_ups
from api.store.queries import friends as queries
from api.store.queries import lifts as lift_queries
from api.store.tables import Campaign, Offer, Person, Request

LETTERS = "BCDFGHJKMNPQRSTVWXZ"
"""Without vowels, so that no word says anything, and without what is taken for another letter."""
LENGTH = 10
"""Of 19 letters: 42 bits."""
WORD_DAYS = 7
MOST_RIDERS = 4
"""So many people fit into one car beside its driver; where one of the group drives, the free seats count."""

NOT_KNOWN = (
    "This word opens nothing. Ask your friend for a new one, and whether you both signed up for the same day."
)

SignUp = Offer | Request
Member = tuple[SignUp, Person]


@dataclass(frozen=True)
class FriendsView:
    """Whom somebody travels with, by first name, and until when a word of theirs is good for."""

    names: tuple[str, ...]
    word_days: int = WORD_DAYS


def of(db: Session, person: Person) -> FriendsView:
    """The group of `person` as its members see it; once the day is long over, nobody's name."""
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None or is_over(sign_up):
        return FriendsView(())
    return FriendsView(tuple(first_name(other) for _, other in _group(db, person) if other.id != person.id))


def make_word(db: Session, person: Person) -> str:
    """A new word to give to friends; the one before opens nothing any more. It is shown once and kept as a hash alone."""
    _own(db, person)
    word = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    queries.put_word(db, person.id, _hash(word), now() + timedelta(days=WORD_DAYS))
    return f"{word[: LENGTH // 2]}-{word[LENGTH // 2 :]}"


def join(db: Session, person: Person, typed: str) -> None:
    """Into one group with whoever gave the word. Raises `Invalid` in words that suit whatever is the reason."""
    mine = _own(db, person)
    lift_queries.lock_day(db, mine.campaign_id, mine.day)
    friend = queries.of_word(db, _hash(typed), now())
    theirs = sign_ups.of_person(db, friend.id) if friend else None
    if friend is None or theirs is None or friend.id == person.id or not _same_day(mine, theirs):
        raise Invalid({"word": NOT_KNOWN})
    my_group, their_group = _group(db, person), _group(db, friend)
    everybody = {other.id: (sign_up, other) for sign_up, other in (*their_group, *my_group)}
    if len(everybody) == len(my_group):
        return  # They are together already.
    _may_be_one(db, list(everybody.values()))
    if len(my_group) > 1 and len(their_group) > 1:
        raise Invalid(
            {"word": "You both travel with others already. One of you has to leave their group first."}
        )
    group_id = queries.group_of(db, friend.id) if len(their_group) > 1 else queries.group_of(db, person.id)
    queries.put(db, everybody, group_id or uuid4(), now())


def leave(db: Session, person: Person) -> None:
    """Travel alone again. A second time changes nothing."""
    queries.leave(db, person.id)


def together(
    db: Session, campaign: Campaign, rows: Sequence[Member], apart: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], ...]:
    """The groups among these sign-ups, for the solver.

    A group that no car may hold would make the whole instance wrong. Its people are matched one by one: each of them
    rather has a lift than none, and whoever is kept apart stays so.
    """
    group_of = queries.groups(db, campaign.id)
    groups: dict[UUID, list[SignUp]] = {}
    for sign_up, person in rows:
        if person.id in group_of:
            groups.setdefault(group_of[person.id], []).append(sign_up)
    found = [(group, tuple(str(sign_up.id) for sign_up in group)) for group in groups.values()]
    return tuple(
        ids
        for group, ids in found
        if len(ids) > 1
        and sum(isinstance(sign_up, Offer) for sign_up in group) <= 1
        and not any(set(ids).issuperset(pair) for pair in apart)
    )


def _own(db: Session, person: Person) -> SignUp:
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None or sign_up.state != "active" or is_over(sign_up):
        raise Conflict("You are not signed up for a day to come, so there is no car to share.")
    return sign_up


def _same_day(mine: SignUp, theirs: SignUp) -> bool:
    return theirs.state == "active" and (mine.campaign_id, mine.day) == (theirs.campaign_id, theirs.day)


def _group(db: Session, person: Person) -> list[Member]:
    """Everybody of the group who still takes part, `person` among them; alone, who is in no group."""
    group_id = queries.group_of(db, person.id)
    people = queries.members(db, group_id) if group_id else [person]
    found = [(sign_ups.of_person(db, one.id), one) for one in people]
    return [(sign_up, one) for sign_up, one in found if sign_up is not None and sign_up.state == "active"]


def _may_be_one(db: Session, members: Sequence[Member]) -> None:
    """Raises `Invalid` for people whom no car may hold."""
    campaign = campaigns.by_id(db, members[0][1].campaign_id)
    if campaign is None or safety.apart(db, campaign, members):
        raise Invalid({"word": NOT_KNOWN})
    offers = [sign_up for sign_up, _ in members if isinstance(sign_up, Offer)]
    if len(offers) > 1:
        raise Invalid(
            {"word": "Two of you offer a car. Whoever rather rides along cancels, and asks for a lift."}
        )
    room = offers[0].seats if offers else MOST_RIDERS
    if sum(sign_up.party for sign_up, _ in members if isinstance(sign_up, Request)) > room:
        raise Invalid(
            {"word": f"Together you are too many for one car: there is room for {room} beside the driver."}
        )


def _hash(typed: str) -> bytes:
    """A word is short, and without our secret nobody can try them all. Case, spaces and strokes do not matter."""
    word = "".join(letter for letter in typed[:100].upper() if letter.isalnum())
    text = f"friend|{word}".encode(errors="replace")
    return hmac.new(settings().secret_key.encode(), text, hashlib.sha256).digest()
