"""Never with: private text to the coordinators, who keep two people apart or close the note.

Whoever writes gets one answer whatever the name, so that it reveals nobody. Every look at a note is a press, and written down.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit, safety
from api.services.local import local, now
from api.services.my_page import first_name, is_over
from api.services.tidy import tidy_text
from api.store.queries import avoidances as queries
from api.store.queries import sign_ups
from api.store.tables import Avoidance, Campaign, Coordinator, Offer, Person, Request

LONGEST = 1000
MOST_NOTES = 10
MOST_FOUND = 20
GONE = "Somebody else has looked after this already, or it was erased."


@dataclass(frozen=True)
class NoteView:
    """That there is a note, for the page of the day: not yet what it says."""

    id: UUID
    name: str
    reference: str
    at: datetime


@dataclass(frozen=True)
class FoundView:
    """Somebody whom a note may mean."""

    id: UUID
    name: str
    kind: str
    district: str
    reference: str


@dataclass(frozen=True)
class OpenNote:
    """A note as its reader sees it. `found`: who it may mean, at most `MOST_FOUND`; `more`: whether there are others."""

    note: NoteView
    said: str
    found: tuple[FoundView, ...]
    more: bool


def write(db: Session, person: Person, typed: str) -> None:
    """Leave a note. Raises `Invalid` for an empty one and for more than anybody needs."""
    said = tidy_text(typed)[:LONGEST]
    if not said:
        raise Invalid({"said": "Write who it is, as far as you know."})
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None:
        raise NotFound
    if is_over(sign_up):
        raise Invalid(
            {"said": "This day is over, and you are in no car any more. Please write to the campaign itself."}
        )
    if queries.count(db, person.id) >= MOST_NOTES:
        raise Invalid(
            {"said": "You have written to us many times already. Please write to the campaign itself."}
        )
    queries.add(
        db, Avoidance(campaign_id=sign_up.campaign_id, person_id=person.id, day=sign_up.day, said=said)
    )


def waiting(db: Session, campaign: Campaign, day: date) -> list[NoteView]:
    """The day's notes that nobody has looked after yet."""
    return [_view(db, note, person) for note, person in queries.waiting(db, campaign.id, day)]


def read(
    db: Session, campaign: Campaign, note_id: UUID, coordinator: Coordinator, wanted: str = ""
) -> OpenNote:
    """What a note says, and whom it may mean: by the names that stand in it, or by what is `wanted`."""
    note, writer = _find(db, campaign, note_id)
    audit.record(db, coordinator, "never-with note read", campaign_id=campaign.id, subject_id=note.id)
    found = _candidates(db, campaign, note, writer, wanted)
    return OpenNote(_view(db, note, writer), note.said, tuple(found[:MOST_FOUND]), len(found) > MOST_FOUND)


def keep_apart(
    db: Session, campaign: Campaign, note_id: UUID, coordinator: Coordinator, who: Iterable[UUID]
) -> None:
    """The writer and these people are in no car together from now on; with that the note is looked after."""
    note, writer = _find(db, campaign, note_id)
    others = [person for _, person in sign_ups.listed(db, campaign.id, note.day) if person.id in set(who)]
    others = [other for other in others if other.id != writer.id]
    if not others:
        raise Invalid({"who": "Choose whom it means, or close the note."})
    _close(db, note)
    safety.keep_apart(db, campaign.id, writer, others)
    audit.record(db, coordinator, "people kept apart", campaign_id=campaign.id, subject_id=note.id)


def close(db: Session, campaign: Campaign, note_id: UUID, coordinator: Coordinator) -> None:
    """Nobody to keep apart."""
    note, _ = _find(db, campaign, note_id)
    _close(db, note)
    audit.record(db, coordinator, "never-with note closed", campaign_id=campaign.id, subject_id=note.id)


def _find(db: Session, campaign: Campaign, note_id: UUID) -> tuple[Avoidance, Person]:
    found = queries.by_id(db, campaign.id, note_id)
    if found is None:
        raise Conflict(GONE)
    return found


def _close(db: Session, note: Avoidance) -> None:
    if not queries.close(db, note.id, now()):
        raise Conflict(GONE)


def _view(db: Session, note: Avoidance, writer: Person) -> NoteView:
    sign_up = sign_ups.of_person(db, writer.id)
    return NoteView(note.id, first_name(writer), sign_up.reference if sign_up else "", local(note.created_at))


def _candidates(
    db: Session, campaign: Campaign, note: Avoidance, writer: Person, wanted: str
) -> list[FoundView]:
    """People of the day who have a word of the text in their name, or whose reference or address it is."""
    words = set(re.findall(r"[^\W\d_]{2,}", (wanted or note.said).casefold()))
    exact = tidy_text(wanted).casefold()
    rows: Sequence[tuple[Offer | Request, Person]] = sign_ups.listed(db, campaign.id, note.day)
    return [
        FoundView(
            person.id,
            person.name,
            sign_ups.kind_of(sign_up),
            sign_up.postcode.split()[0],
            sign_up.reference,
        )
        for sign_up, person in rows
        if person.email.lower() != writer.email.lower()
        and sign_up.state == "active"
        and (
            words.intersection(re.findall(r"[^\W\d_]{2,}", person.name.casefold()))
            or (exact and exact in (sign_up.reference.casefold(), person.email.casefold()))
        )
    ]
