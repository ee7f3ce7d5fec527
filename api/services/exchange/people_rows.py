"""From a row of people as it was understood to a sign-up that can be kept, or to words about why not."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from api.services import tidy
from api.services.exchange import removal
from api.services.exchange.knowledge import Known
from api.services.forms import Answers, EitherAnswers, OfferAnswers, RequestAnswers
from api.services.plain import PLAIN, refusals
from api.settings import settings
from api.store.tables import Event
from carpool.geo.postcode import LocatedPostcode
from carpool.tables import PersonRow, Problem
from carpool.tables.names import named

FORMS: dict[str, type[Answers]] = {"driver": OfferAnswers, "rider": RequestAnswers, "either": EitherAnswers}
FIELDS = {
    "party": "people", "max_detour_minutes": "detour", "event_ids": "events", "women_only": "women_only", "home_by": "home_by",
}  # fmt: skip
"""Which column an answer comes from, where the names differ."""
COUNTS = {
    "child_seats": "child_seat", "wheelchairs": "wheelchair", "wheelchair_places": "wheelchair_place",
    "assistance_dogs": "assistance_dog",
}  # fmt: skip
NEEDS = ("child_seat", "wheelchair", "wheelchair_place", "assistance_dog", "step_free")
REMOVED = "They had themselves removed from this campaign, and are not to be added again."
TOGETHER = "Two who come together are one row with 2 people."
NOTHING_ON = "There is nothing on that day. Add an event first, or write another day."
THERE = {
    "active": "is on the list for this day already, so they are not added again.",
    "driving": "is on the list for this day already, so they are not added again.",
    "cancelled": "has cancelled for this day. Ask them before you sign them up again.",
    "replaced": "is on the list for this day already, so they are not added again.",
}


@dataclass(frozen=True)
class Brought:
    """Somebody who can be taken: how to reach them, and their answers for a day. `phone` is as it was written."""

    name: str
    email: str
    phone: str
    standard_phone: str | None
    reach: str
    answers: Answers
    day: date
    home: LocatedPostcode
    event_ids: list[str] | None


class Judge:
    """Judges the rows of one table in their order, and remembers whom it has seen."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._seen: dict[tuple[str, date], int] = {}

    def judge(self, number: int, row: PersonRow) -> Brought | tuple[Problem, ...]:
        """The person, or what is wrong. Only those who can be taken count as seen."""
        contact = _contact(row)
        events = self._events(row)
        problems = [found for found in (contact, events) if isinstance(found, Problem)]
        if isinstance(contact, Problem) or isinstance(events, Problem):
            return tuple(problems)
        email, phone, reach = contact
        again = self._again(email, phone, row.day)
        answers = _answers(row, events)
        if again is not None:
            return (again,)
        if isinstance(answers, tuple):
            return answers
        self._seen |= {(one, row.day): number for one in filter(None, (email.lower(), phone))}
        home = self._known.place(row.postcode)
        return Brought(row.name, email, row.phone, phone, reach, answers, row.day, home, events)

    def _again(self, email: str, phone: str | None, day: date) -> Problem | None:
        """Whether they are in the table or in the campaign already."""
        if set(removal.hashes((email, phone))) & self._known.removed:
            return Problem("", REMOVED)
        for field, contact, what in (
            ("email", email.lower(), "e-mail address"),
            ("phone", phone, "phone number"),
        ):
            if not contact:
                continue
            if row := self._seen.get((contact, day)):
                return Problem(field, f"The same {what} as in row {row}, for the same day. {TOGETHER}")
            if state := self._known.contacts.get((contact, day)):
                return Problem(field, f"Somebody with this {what} {THERE[state]}")
        return None

    def _events(self, row: PersonRow) -> list[str] | Problem | None:
        """The ids of the events that are named; None for any."""
        there = self._known.events.get(row.day, ())
        if not there:
            return Problem("day", NOTHING_ON)
        among = [(event, self._names(event)) for event in there]
        found: list[str] = []
        for name in row.events:
            ids = [str(event.id) for event in named(name, among)]
            if not ids:
                titles = ", ".join(sorted({event.title for event in there})[:5])
                return Problem("events", f"There is no such event on that day. There is: {titles}.")
            found += ids
        return list(dict.fromkeys(found)) or None

    def _names(self, event: Event) -> tuple[str, ...]:
        """By title, place or constituency."""
        constituency = self._known.constituencies.get(event.constituency)
        return (event.title, event.place_name, event.constituency, constituency.name if constituency else "")


def _contact(row: PersonRow) -> tuple[str, str | None, str] | Problem:
    """Address, number in its standard form, and how to reach them. Raises nothing: what is wrong is said."""
    try:
        email = tidy.email(row.email)
    except ValueError as error:
        return Problem("email", str(error))
    try:
        phone = tidy.standard_phone(row.phone)
    except ValueError:
        return Problem(
            "phone", "This is not a UK phone number. Write one such as 07700 900123, or leave it empty."
        )
    if email:
        return email, phone, "email"
    return email, phone, "text" if settings().sends_texts and _is_mobile(row.phone) else "call"


def _is_mobile(phone: str) -> bool:
    try:
        return bool(tidy.mobile(phone))
    except ValueError:
        return False


def _answers(row: PersonRow, event_ids: list[str] | None) -> Answers | tuple[Problem, ...]:
    """The row as the form that the person would have filled in; held to the same rules."""
    try:
        return FORMS[row.role].model_validate(_filled(row, event_ids))
    except ValidationError as error:
        wrong = refusals(error, PLAIN).items()
        return tuple(Problem(FIELDS.get(field, field), words) for field, words in wrong)


def _filled(row: PersonRow, event_ids: list[str] | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "postcode": row.postcode,
        "day": row.day,
        "event_ids": event_ids,
        "party": row.people,
        "ready_at": row.ready_at,
        "home_by": row.home_by,
        "way_back": row.way_back,
        "woman": row.women_only,
        "women_only": row.women_only,
    }
    if row.role != "rider":
        values |= {"seats": row.seats, "car": row.car, "plate": row.plate}
        values |= {name: row.takes.get(need, 0) for name, need in COUNTS.items()}
        if row.max_detour_minutes is not None:
            values["max_detour_minutes"] = row.max_detour_minutes
    if row.role != "driver":
        values |= {"home": True, "pickup": row.pickup, **{need: need in row.needs for need in NEEDS}}
    return values
