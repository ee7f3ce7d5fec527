"""What people type, tidied and understood: lines without what nobody can see, times, phone numbers, postcodes."""

import re
import unicodedata
from datetime import time
from typing import Annotated

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field

from api.geocoding import is_name
from api.services.local import on_the_wall
from api.services.plain import MOBILE_MISSING, NO_MOBILE, PLAIN
from api.settings import settings
from carpool.errors import CarpoolError
from carpool.geo.postcode import locate_postcode

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


def tidy_text(text: str) -> str:
    """Some lines, each without what nobody can see."""
    return "\n".join(filter(None, map(_tidy, text.splitlines())))


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


def mobile(typed: str) -> str:
    """A number that texts may go to, as `+447…`. Raises ValueError in plain words.

    Mobiles of the United Kingdom alone: those of the islands are dearer, and favourites of whoever makes money by texts.
    """
    text = standard_phone(typed)
    if text is None:
        raise ValueError(MOBILE_MISSING)
    number = phonenumbers.parse(text)
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    if not _DRAMA_NUMBERS.fullmatch(text) and not (
        is_mobile and phonenumbers.region_code_for_number(number) == "GB"
    ):
        raise ValueError(NO_MOBILE)
    return text


def address(typed: str) -> tuple[str, str]:
    """The channel that somebody means by an e-mail address or a mobile number, and it tidied; "" for what is neither."""
    text = _tidy(typed)
    if "@" in text:
        return "email", text
    try:
        return "text", mobile(text)
    except ValueError:
        return "email", ""


def phone(typed: str) -> str:
    standard_phone(typed)
    return typed


def email(typed: str) -> str:
    """The address, "" if nothing was typed."""
    if not typed:
        return ""
    try:
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError(PLAIN["email"]) from None


def postcode(typed: str) -> str:
    """Its usual spelling. With a geocoder an address does as well, as it was typed; whether there is one the services ask."""
    try:
        return locate_postcode(typed).text
    except CarpoolError as error:
        if settings().geocoder_url and is_name(typed):
            return typed
        raise ValueError(error.message) from None


def postcode_if_any(typed: str) -> str:
    return postcode(typed) if typed else ""


def ticked(value: object) -> object:
    return True if value in ("true", "on", "yes") else value


def last_three(typed: str) -> str:
    """Somebody who types the whole plate gives away no more than the last three characters of it."""
    return "".join(c for c in typed if c.isalnum()).upper()[-3:]


Line = Annotated[str, BeforeValidator(_tidy_if_text)]
Clock = Annotated[time | None, BeforeValidator(_clock), AfterValidator(on_the_wall)]
Few = Annotated[int, Field(ge=0, le=8)]
