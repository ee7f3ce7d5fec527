"""What a volunteer fills in: an input model for each step, and the two whole forms composed of them.

The pages check a step at a time, the JSON API the whole; both show the messages made here by `in_words`.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from api.services.local import at, on_the_wall
from api.settings import settings
from carpool.errors import CarpoolError
from carpool.geo.postcode import locate_postcode

CONSENT_VERSION = "1"
"""The wording in force. It is stored with every sign-up, so that we can show what somebody agreed to."""

CONSENT_WORDINGS: Mapping[str, str] = {
    "1": (
        "I am 18 or over. I agree that {organiser} uses my answers to arrange lifts for this campaign. "
        "I know that taking part shows something about my political opinions, and I agree to that use of "
        "them. I can change my mind at any time."
    ),
}

PLAIN: Mapping[str, str] = {
    "postcode": "Type your postcode, for example LS6 2AB.",
    "pickup": "Use at most 200 characters to say where the driver will find you.",
    "day": "Choose a day.",
    "event_ids": "Choose from the events in the list, or none if you would go to any of them.",
    "party": "Say how many people you are, yourself included, from 1 to 8.",
    "ready_at": "Type a time such as 9:30 or 14:15.",
    "home_by": "Type a time such as 18:00 or 21:30.",
    "max_travel_minutes": "Choose how long you would travel, from 10 minutes to 10 hours.",
    "way_back": "Say whether it is for the way back too.",
    "seats": "Say how many seats are free, from 0 to 8.",
    "max_detour_minutes": "Choose how much longer the drive may take, from 0 to 180 minutes.",
    "child_seats": "Say how many children's seats you have, from 0 to 8.",
    "wheelchairs": "Say how many wheelchairs fit in, from 0 to 8.",
    "car": "Use at most 60 characters to describe your car, for example blue Ford Fiesta.",
    "plate": "Type the last three letters or digits of your number plate.",
    "name": "Type your first name, with at most 80 characters.",
    "email": "Type your e-mail address, for example name@example.org.",
    "phone": "Type a UK phone number, for example 07700 900123, or leave it empty.",
    "consent": "Tick the box if you agree. We cannot arrange a lift for you without it.",
    "consent_version": "What you agree to has been worded anew. Read it again and tick the box.",
}
"""For each field what would have been right, which serves whatever is wrong with it."""

_UNSEEN = {"Cc", "Cs", "Co", "Cn"}
_BIDIRECTIONAL = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))? ?(am|pm)?")
_DRAMA_NUMBERS = re.compile(r"\+447700900\d{3}")


def _tidy(text: str) -> str:
    """One line without what nobody can see: such as a NUL or a mark that turns the writing round."""
    spaced = " ".join(text.split())
    return "".join(
        c for c in spaced if unicodedata.category(c) not in _UNSEEN and c not in _BIDIRECTIONAL
    ).strip()


def _tidy_if_text(value: object) -> object:
    return _tidy(value) if isinstance(value, str) else value


def _none_if_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _clock(value: object) -> object:
    """A time of day as people type it: 9, 9:30, 9.30, 0930, 2pm. Anything else pydantic judges."""
    typed = _none_if_empty(value)
    found = _CLOCK.fullmatch(typed.strip().lower()) if isinstance(typed, str) else None
    if found is None:
        return typed
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return typed
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return f"{hour:02}:{minute:02}"


def standard_phone(typed: str) -> str | None:
    """The number as `+447…`, None if nothing was typed. Raises ValueError in plain words."""
    if not typed:
        return None
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        raise ValueError(PLAIN["phone"]) from None
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if settings().test_phone_numbers and _DRAMA_NUMBERS.fullmatch(text):
        return text
    # By the country code, not the region: numbers of the Isle of Man or Jersey are as good.
    if number.country_code != 44 or not phonenumbers.is_valid_number(number):
        raise ValueError(PLAIN["phone"])
    return text


def _phone(typed: str) -> str:
    standard_phone(typed)
    return typed


def _email(typed: str) -> str:
    try:
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError(PLAIN["email"]) from None


def _postcode(typed: str) -> str:
    try:
        return locate_postcode(typed).text
    except CarpoolError as error:
        raise ValueError(error.message) from None


def _ticked(value: object) -> object:
    return True if value in ("true", "on", "yes") else value


def _last_three(typed: str) -> str:
    """Somebody who types the whole plate gives away no more than the last three characters of it."""
    return "".join(c for c in typed if c.isalnum()).upper()[-3:]


Line = Annotated[str, BeforeValidator(_tidy_if_text)]
Clock = Annotated[time | None, BeforeValidator(_clock), AfterValidator(on_the_wall)]
Few = Annotated[int, Field(ge=0, le=8)]


class Step(BaseModel):
    """One page of a form. Unknown fields are refused, so that a misspelt one does not vanish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Where(Step):
    """Where a driver starts."""

    postcode: Annotated[Line, Field(max_length=40), AfterValidator(_postcode)]


class WherePickup(Where):
    """Where a rider starts, and in words where the driver finds them."""

    pickup: Annotated[Line, Field(max_length=200)] = ""


class When(Step):
    """The day and its times, local. `event_ids` None: any event of the day."""

    day: date
    event_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = None
    ready_at: Clock = None
    way_back: bool = True
    home_by: Clock = None

    @field_validator("event_ids")
    @classmethod
    def _each_once(cls, value: list[UUID] | None) -> list[UUID] | None:
        return list(dict.fromkeys(value)) if value else None

    @field_validator("home_by")
    @classmethod
    def _after_ready(cls, value: time | None, info: ValidationInfo) -> time | None:
        ready_at, day = info.data.get("ready_at"), info.data.get("day")
        # As moments: on the day the clocks go forward a later time on the wall may be an earlier one.
        if value and ready_at and day and at(day, value) <= at(day, ready_at):
            raise ValueError("The time you want to be home by has to be later than the time you can leave.")
        return value


class Group(Step):
    """How many people come together, the one who fills in the form included."""

    party: Annotated[int, Field(ge=1, le=8)] = 1


class Car(Group):
    """The driver's people and car. `seats` are those left for others."""

    seats: Few
    car: Annotated[Line, Field(max_length=60)] = ""
    plate: Annotated[Line, Field(max_length=20), AfterValidator(_last_three)] = ""


class Riding(Group):
    """The rider's people and patience."""

    max_travel_minutes: Annotated[int, Field(ge=10, le=600)] = 120


class Company(Step):
    """With whom somebody travels. `woman` is said of everybody in the group."""

    woman: bool = False
    women_only: bool = False

    @field_validator("women_only")
    @classmethod
    def _among_women(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("woman", True):
            raise ValueError("A car for women only is for groups of women. Tick both boxes or neither.")
        return value


class DriverComfort(Company):
    """What a driver puts up with, and what the car can take: a number of riders with each need."""

    max_travel_minutes: Annotated[int, Field(ge=10, le=600)] = 120
    max_detour_minutes: Annotated[int, Field(ge=0, le=180)] = 20
    child_seats: Few = 0
    wheelchairs: Few = 0


class RiderNeeds(Company):
    """What a rider needs of the car."""

    child_seat: bool = False
    wheelchair: bool = False


class Contact(Step):
    """Who somebody is and how to reach them. The phone number stays as typed."""

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    email: Annotated[Line, Field(max_length=254), AfterValidator(_email)]
    phone: Annotated[Line, Field(max_length=40), AfterValidator(_phone)] = ""


class Consent(Step):
    """The agreement, never given by default, with the version of the wording that was shown."""

    consent: Annotated[Literal[True], BeforeValidator(_ticked)]
    consent_version: str

    @field_validator("consent_version")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in CONSENT_WORDINGS:
            raise ValueError(PLAIN["consent_version"])
        return value


class OfferForm(Where, When, Car, DriverComfort, Contact, Consent):
    """A driver's whole form."""


class RequestForm(WherePickup, When, Riding, RiderNeeds, Contact, Consent):
    """A rider's whole form."""


def in_words(error: ValidationError) -> dict[str, str]:
    """What to tell the person, by field, the first fault of each; never with the value that was typed."""
    return refusals(error, PLAIN)


def refusals(error: ValidationError, plain: Mapping[str, str]) -> dict[str, str]:
    """The same for any form whose fields have their words in `plain`; "" stands for the form as a whole."""
    words: dict[str, str] = {}
    for fault in error.errors(include_input=False, include_url=False, include_context=True):
        field = str(fault["loc"][0]) if fault["loc"] else ""
        own = fault.get("ctx", {}).get("error")
        words.setdefault(field, _say(plain.get(field), fault["type"], own))
    return words


def _say(plain: str | None, kind: str, own: object) -> str:
    if kind == "extra_forbidden":
        return "There is no such field."
    if isinstance(own, ValueError):
        return str(own)
    return plain or "This answer does not fit the question."
