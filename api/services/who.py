"""Who somebody is, how to reach them, and what they agree to: the same in every form."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from api.language import N_
from api.services import tidy
from api.services.plain import NO_TEXTS, PLAIN
from api.services.tidy import Line
from api.settings import settings

CONSENT_VERSION = "2"
"""The wording in force. It is stored with every sign-up, so that we can show what somebody agreed to."""

CONSENT_WORDINGS: Mapping[str, str] = {
    "1": N_(
        "I am 18 or over. I agree that %(organiser)s uses my answers to arrange lifts for this campaign. "
        "I know that taking part shows something about my political opinions, and I agree to that use of "
        "them. I can change my mind at any time."
    ),
    "2": N_(
        "I am 18 or over. I agree that %(organiser)s uses my answers to arrange lifts for this campaign. "
        "I know that taking part shows something about my political opinions, and that what I need in a car may "
        "show something about my health. I agree to that use of them. I can change my mind at any time."
    ),
}


class Step(BaseModel):
    """One page of a form. Unknown fields are refused, so that a misspelt one does not vanish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class Called(Step):
    """Who somebody is that has no e-mail, and where to ring them."""

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    phone: Annotated[Line, Field(max_length=40), AfterValidator(tidy.phone_to_ring)]

    @property
    def email(self) -> str:
        return ""

    @property
    def reach(self) -> str:
        return "call"


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
