"""From a postcode as somebody typed it to a place, how precise that is, and what to ask if in doubt."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from uk_postcodes_parsing import ukpostcode  # type: ignore[import-untyped]  # it ships no types

from carpool.errors import CarpoolError
from carpool.geo.constituency import postcode_districts
from carpool.geo.place import Place

Precision = Literal["unit", "district", "town", "street", "address"]

_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
# Jersey, Guernsey and Man have postcodes of the British kind.
_OTHER_ISLANDS = re.compile(r"(?:JE|GY|IM)[0-9].*")


class UnknownPostcode(CarpoolError):
    """What was typed is no postcode, or is one of a district that we do not know."""


@dataclass(frozen=True, slots=True)
class LocatedPostcode:
    """A postcode that we understood.

    `text` is its usual spelling (`LS6 2AB`, or `LS6` alone), `district` its first half, `place` its point and
    island. `precision` is `unit` where the point is that of the very postcode, `district` where it is that of
    the whole district (half of all postcodes lie within 1.5 km of it), `town` where a town was typed instead,
    `street` or `address` where that was. `question` asks the person to look again, or is None. Of a name that
    somebody else looked up, `found` says as what it was found, and `near_postcode` is the postcode there.
    """

    text: str
    district: str
    place: Place
    precision: Precision
    question: str | None = None
    found: str = ""
    near_postcode: str = ""

    @property
    def postcode(self) -> str:
        """The postcode, or the one nearest to what was typed instead."""
        return self.near_postcode or self.text


def locate_postcode(
    typed: str,
    *,
    units: Callable[[str], Place | None] | None = None,
    district_alone: bool = False,
    field: str = "postcode",
) -> LocatedPostcode:
    """Find a postcode typed in any case, spacing and punctuation.

    `units` looks one up by its usual spelling (a table's `get`, for instance) and knows its point; without,
    or where it knows nothing, the point is that of the district. Nothing is guessed: a letter O stays one.
    With `district_alone`, as in a search, `LS6` and `SW1` are accepted too. Raises `UnknownPostcode`, naming
    `field`.
    """
    text = _stripped(typed)
    if not text:
        raise UnknownPostcode("Type a postcode, for example LS6 2AB.", field)
    if _OTHER_ISLANDS.fullmatch(text):
        raise UnknownPostcode(
            "Jersey, Guernsey and the Isle of Man elect no members of the UK Parliament. To help all the same, type the "
            "postcode of a place on the mainland where you arrive, for example SO14 2AQ for the port of Southampton.",
            field,
        )
    # Asked first, because the parser writes what it does not understand into the log, and somebody may have
    # typed a phone number here.
    if text.isascii() and ukpostcode.is_valid(text):
        return _unit(text, units, field)
    if _DISTRICT.fullmatch(text):
        return _district(text, district_alone, field)
    raise UnknownPostcode("This is not a UK postcode. A postcode looks like LS6 2AB.", field)


def _stripped(typed: str) -> str:
    """Capitals and digits alone. Those of another script are kept, so that they are refused, not dropped."""
    text = "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isalnum())
    return text.upper() if text.isascii() else text


def _unit(text: str, units: Callable[[str], Place | None] | None, field: str) -> LocatedPostcode:
    parsed = ukpostcode.parse(text, attempt_fix=False)
    middle = parsed and postcode_districts().get(parsed.outcode)
    if parsed is None or middle is None:
        raise _unknown_district(text[:-3], field)
    exact = units(parsed.postcode) if units is not None else None
    if exact is not None:
        return LocatedPostcode(
            parsed.postcode, parsed.outcode, Place(exact.lat, exact.lon, middle.island), "unit"
        )
    # The parser brings a list of all postcodes without points. One that stands there is no slip of the pen,
    # even where the operator has imported no points or those of a few areas only.
    question = None if parsed.is_in_ons_postcode_directory else _doubt(parsed.outcode)
    return LocatedPostcode(parsed.postcode, parsed.outcode, middle, "district", question)


def _district(text: str, allowed: bool, field: str) -> LocatedPostcode:
    middle = postcode_districts().get(text) or _middle_of_parts(text)
    if middle is None:
        raise _unknown_district(text, field)
    if not allowed:
        raise UnknownPostcode(
            f"{text} is the first half of a postcode. Type all of it, for example LS6 2AB.", field
        )
    return LocatedPostcode(text, text, middle, "district")


def _middle_of_parts(text: str) -> Place | None:
    """The mean of SW1A, SW1E and so on for SW1, which people say but no postcode starts with."""
    parts = [
        place for name, place in postcode_districts().items() if name[:-1] == text and name[-1].isalpha()
    ]
    if not parts:
        return None
    lat, lon = sum(part.lat for part in parts) / len(parts), sum(part.lon for part in parts) / len(parts)
    return Place(lat, lon, parts[0].island)


def _doubt(district: str) -> str:
    return f"We know {district}, but not this exact postcode. Is it right?"


def _unknown_district(district: str, field: str) -> UnknownPostcode:
    return UnknownPostcode(
        f"We do not know the postcode district {district}. Is there a typing mistake?", field
    )
