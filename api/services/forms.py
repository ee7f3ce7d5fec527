"""What a volunteer fills in: an input model for each step, and the two whole forms composed of them.

The pages check a step at a time, the JSON API the whole; both show the messages of `api.services.plain`.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from api.language import N_, gettext
from api.services import tidy
from api.services.local import at
from api.services.plain import NO_TEXTS, PLAIN
from api.services.tidy import Clock, Few, Line
from api.settings import settings

CONSENT_VERSION = "1"
"""The wording in force. It is stored with every sign-up, so that we can show what somebody agreed to."""

CONSENT_WORDINGS: Mapping[str, str] = {
    "1": N_(
        "I am 18 or over. I agree that %(organiser)s uses my answers to arrange lifts for this campaign. "
        "I know that taking part shows something about my political opinions, and I agree to that use of "
        "them. I can change my mind at any time."
    ),
}


class Step(BaseModel):
    """One page of a form. Unknown fields are refused, so that a misspelt one does not vanish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Where(Step):
    """Where a driver starts."""

    postcode: Annotated[Line, Field(max_length=100), AfterValidator(tidy.postcode)]


class WherePickup(Where):
    """Where a rider starts and may be picked up: public places, one of their own, their door, or several of these."""

    home: bool = False
    pickup: Annotated[Line, Field(max_length=200)] = ""
    own_place: Annotated[Line, Field(max_length=100)] = ""
    own_postcode: Annotated[
        Line, Field(max_length=100, validate_default=True), AfterValidator(tidy.postcode_if_any)
    ] = ""
    places: Annotated[list[UUID], Field(max_length=10, validate_default=True)] = []

    @field_validator("own_postcode")
    @classmethod
    def _of_own_place(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("own_place") and not value:
            raise ValueError(
                gettext("Type the postcode of the place that you named, so that we can find it.")
            )
        return value

    @field_validator("places")
    @classmethod
    def _somewhere(cls, value: list[UUID], info: ValidationInfo) -> list[UUID]:
        # Where one of the other answers is wrong, that is said there.
        elsewhere = info.data.get("own_postcode", "wrong") or info.data.get("home", "wrong")
        if not (value or elsewhere):
            raise ValueError(gettext("Choose at least one place where a car can pick you up."))
        return list(dict.fromkeys(value))


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
            raise ValueError(
                gettext("The time you want to be home by has to be later than the time you can leave.")
            )
        return value


class Group(Step):
    """How many people come together, the one who fills in the form included."""

    party: Annotated[int, Field(ge=1, le=8)] = 1


class Car(Group):
    """The driver's people and car. `seats` are those left for others."""

    seats: Few
    car: Annotated[Line, Field(max_length=60)] = ""
    plate: Annotated[Line, Field(max_length=20), AfterValidator(tidy.last_three)] = ""


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
            raise ValueError(
                gettext("A car for women only is for groups of women. Tick both boxes or neither.")
            )
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
    """Who somebody is and how to reach them: by e-mail or by text, which needs an address. Numbers stay as typed."""

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    reach: Literal["email", "text"] = "email"
    email: Annotated[Line, Field(max_length=254, validate_default=True), AfterValidator(tidy.email)] = ""
    phone: Annotated[Line, Field(max_length=40, validate_default=True), AfterValidator(tidy.phone)] = ""

    @field_validator("reach")
    @classmethod
    def _possible(cls, value: str) -> str:
        if value == "text" and not settings().sends_texts:
            raise ValueError(NO_TEXTS)
        return value

    @field_validator("email")
    @classmethod
    def _if_by_email(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.data.get("reach") == "email":
            raise ValueError(PLAIN["email"])
        return value

    @field_validator("phone")
    @classmethod
    def _if_by_text(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("reach") == "text":
            tidy.mobile(value)
        return value


class Consent(Step):
    """The agreement, never given by default, with the version of the wording that was shown."""

    consent: Annotated[Literal[True], BeforeValidator(tidy.ticked)]
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
