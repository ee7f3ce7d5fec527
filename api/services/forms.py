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

from api.services import tidy
from api.services.local import at
from api.services.plain import PLAIN
from api.services.tidy import Clock, Few, Line

CONSENT_VERSION = "2"
"""The wording in force. It is stored with every sign-up, so that we can show what somebody agreed to."""

CONSENT_WORDINGS: Mapping[str, str] = {
    "1": (
        "I am 18 or over. I agree that {organiser} uses my answers to arrange lifts for this campaign. "
        "I know that taking part shows something about my political opinions, and I agree to that use of "
        "them. I can change my mind at any time."
    ),
    "2": (
        "I am 18 or over. I agree that {organiser} uses my answers to arrange lifts for this campaign. "
        "I know that taking part shows something about my political opinions, and that what I need in a car may "
        "show something about my health. I agree to that use of them. I can change my mind at any time."
    ),
}


class Step(BaseModel):
    """One page of a form. Unknown fields are refused, so that a misspelt one does not vanish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Where(Step):
    """Where a driver starts."""

    postcode: Annotated[Line, Field(max_length=40), AfterValidator(tidy.postcode)]


class WherePickup(Where):
    """Where a rider starts and may be picked up: public places, one of their own, their door, or several of these."""

    home: bool = False
    pickup: Annotated[Line, Field(max_length=200)] = ""
    own_place: Annotated[Line, Field(max_length=100)] = ""
    own_postcode: Annotated[
        Line, Field(max_length=40, validate_default=True), AfterValidator(tidy.postcode_if_any)
    ] = ""
    places: Annotated[list[UUID], Field(max_length=10, validate_default=True)] = []

    @field_validator("own_postcode")
    @classmethod
    def _of_own_place(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("own_place") and not value:
            raise ValueError("Type the postcode of the place that you named, so that we can find it.")
        return value

    @field_validator("places")
    @classmethod
    def _somewhere(cls, value: list[UUID], info: ValidationInfo) -> list[UUID]:
        # Where one of the other answers is wrong, that is said there.
        elsewhere = info.data.get("own_postcode", "wrong") or info.data.get("home", "wrong")
        if not (value or elsewhere):
            raise ValueError("Choose at least one place where a car can pick you up.")
        return list(dict.fromkeys(value))


class When(Step):
    """The day, and others on which the same answers hold. `event_ids` None: any event of these days.

    `most_days`: on so many of a campaign's days at most, None for all of them.
    """

    day: date
    also: Annotated[list[date], Field(max_length=13)] = []
    event_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = None
    most_days: Annotated[Annotated[int, Field(ge=1, le=14)] | None, BeforeValidator(tidy.none_if_empty)] = (
        None
    )

    @field_validator("also")
    @classmethod
    def _others(cls, value: list[date], info: ValidationInfo) -> list[date]:
        return sorted(set(value) - {info.data.get("day")})

    @field_validator("event_ids")
    @classmethod
    def _each_once(cls, value: list[UUID] | None) -> list[UUID] | None:
        return list(dict.fromkeys(value)) if value else None

    @property
    def days(self) -> list[date]:
        return sorted({self.day, *self.also})


class MayAsk(Step):
    """Of somebody who asks for a lift: whether they may be asked to drive instead."""

    may_ask: bool = False


class Role(Step):
    """Whether somebody drives, rides, or would do either: which of the forms this is. It is no answer of the form itself."""

    role: Literal["offer", "ask", "either"]


class RoleAndMayAsk(Role, MayAsk):
    """The same of somebody who asks for a lift, with whether they may be asked to drive."""


class Limits(Step):
    """How many come, and the times of a day, local.

    Who must be somewhere else afterwards names that place and a time: both or neither.
    """

    party: Annotated[int, Field(ge=1, le=8)] = 1
    ready_at: Clock = None
    way_back: bool = True
    home_by: Clock = None
    elsewhere: Annotated[Line, Field(max_length=40), AfterValidator(tidy.postcode_if_any)] = ""
    elsewhere_by: Annotated[Clock, Field(validate_default=True)] = None
    max_travel_minutes: Annotated[int, Field(ge=10, le=600)] = 120

    @field_validator("home_by")
    @classmethod
    def _after_ready(cls, value: time | None, info: ValidationInfo) -> time | None:
        if value and not _is_later(value, info):
            raise ValueError("The time you want to be home by has to be later than the time you can leave.")
        return value

    @field_validator("elsewhere_by")
    @classmethod
    def _of_elsewhere(cls, value: time | None, info: ValidationInfo) -> time | None:
        named = info.data.get("elsewhere")
        if named and not value:
            raise ValueError("Type by when you must be at that place.")
        if value and named == "":
            raise ValueError("Type the postcode of that place, or leave the time empty.")
        if value and not _is_later(value, info):
            raise ValueError("The time you must be there by has to be later than the time you can leave.")
        return value


def _is_later(value: time, info: ValidationInfo) -> bool:
    """Than the time somebody can leave; as moments where the day is known, for the days the clocks change."""
    ready_at, day = info.data.get("ready_at"), info.data.get("day")
    return ready_at is None or (at(day, value) > at(day, ready_at) if day else value > ready_at)


class Driving(Limits):
    """How many others a driver takes, and how far out of the way. `seats` are those left for others."""

    seats: Few
    max_detour_minutes: Annotated[int, Field(ge=0, le=180)] = 20


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
    """The car and what it can take: a number of riders with each need."""

    car: Annotated[Line, Field(max_length=60)] = ""
    plate: Annotated[Line, Field(max_length=20), AfterValidator(tidy.last_three)] = ""
    child_seats: Few = 0
    wheelchairs: Few = 0
    wheelchair_places: Few = 0
    assistance_dogs: Few = 0


class RiderNeeds(Company):
    """What a rider needs: of the car, of the place where it stops, and how much longer the stop takes.

    `wheelchair` folds, and whoever uses it sits on a seat; in a `wheelchair_place` somebody stays in theirs.
    """

    child_seat: bool = False
    wheelchair: bool = False
    wheelchair_place: bool = False
    assistance_dog: bool = False
    step_free: bool = False
    extra_minutes: Annotated[int, Field(ge=0, le=30)] = 0


class EitherComfort(RiderNeeds, DriverComfort):
    """What somebody needs as a rider, and what their car can take if they drive."""


class Contact(Step):
    """Who somebody is and how to reach them. The phone number stays as typed."""

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    email: Annotated[Line, Field(max_length=254), AfterValidator(tidy.email)]
    phone: Annotated[Line, Field(max_length=40), AfterValidator(tidy.phone)] = ""


class Called(Step):
    """Who somebody is that has no e-mail, and where to ring them."""

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    phone: Annotated[Line, Field(max_length=40), AfterValidator(tidy.phone_to_ring)]

    @property
    def email(self) -> str:
        return ""


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


# The last base's fields come first, so that a time is checked when its day is known.
class OfferAnswers(DriverComfort, Driving, When, Where):
    """What a driver says of the journey."""


class RequestAnswers(RiderNeeds, Limits, MayAsk, When, WherePickup):
    """What a rider says of the journey."""


class EitherAnswers(EitherComfort, Driving, MayAsk, When, WherePickup):
    """What somebody says who would like a lift, and drives if they are needed."""


class OfferForm(Consent, Contact, OfferAnswers):
    """A driver's whole form."""


class RequestForm(Consent, Contact, RequestAnswers):
    """A rider's whole form."""


class EitherForm(Consent, Contact, EitherAnswers):
    """The whole form of whoever would do either."""


class CalledOffer(Consent, Called, OfferAnswers):
    """A driver's form that a coordinator filled in on the phone."""


class CalledRequest(Consent, Called, RequestAnswers):
    """A rider's form that a coordinator filled in on the phone."""


class CalledEither(Consent, Called, EitherAnswers):
    """The form of whoever would do either, filled in on the phone."""


Answers = OfferAnswers | RequestAnswers | EitherAnswers
Form = OfferForm | RequestForm | EitherForm | CalledOffer | CalledRequest | CalledEither
