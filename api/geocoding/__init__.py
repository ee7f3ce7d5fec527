"""From what somebody typed to a place: postcodes and towns by our own tables, other names by the operator's geocoder if any."""

import re
from collections.abc import Callable

from api.geocoding.answers import GeocoderDown, Named
from api.language import N_, gettext
from carpool.geo.constituency import postcode_districts
from carpool.geo.islands import island_of_district
from carpool.geo.place import Place, kilometres
from carpool.geo.postcode import LocatedPostcode, UnknownPostcode, locate_postcode
from carpool.geo.towns import locate_town

__all__ = ["GeocoderDown", "Named", "is_name", "locate"]

NO_SUCH_PLACE = N_("We do not know this place. Type a postcode such as LS6 2AB, or a larger town near you.")
NO_SUCH_ADDRESS = N_("We do not know this address. Type a postcode instead, for example LS6 2AB.")
LONGEST_NAME = 100

Ask = Callable[[str], Named | None]

_WORD = re.compile(r"[^\W\d_]{3,}")
_NO_NAME = re.compile(r"@|//|\d{6}")


def is_name(typed: str) -> bool:
    """Whether it may be the name of a place or an address: no half postcode, number or e-mail address is ever asked about."""
    return bool(_WORD.search(typed)) and not _NO_NAME.search(typed.replace(" ", ""))


def locate(
    typed: str, *, units: Callable[[str], Place | None], search: bool = False, ask: Ask | None = None
) -> LocatedPostcode:
    """The place of a postcode; with `ask`, which asks the geocoder, also of an address.

    In a search a district or a town will do. Raises `UnknownPostcode`, `SeveralTowns` or `GeocoderDown`.
    """
    try:
        return locate_postcode(typed, units=units, district_alone=search)
    except UnknownPostcode:
        # Names that we know ourselves are nobody else's business.
        if search and (town := _town(typed)) is not None:
            return town
        if ask is not None and is_name(typed):
            return _asked(typed, ask, search=search)
        if search and (town := _town(typed, loosely=True)) is not None:
            return town
        if search and typed.strip() and not any(c.isdigit() for c in typed):
            raise UnknownPostcode(NO_SUCH_PLACE, "postcode") from None
        raise


def _town(typed: str, *, loosely: bool = False) -> LocatedPostcode | None:
    return locate_town(typed, loosely=loosely) if any(c.isalpha() for c in typed) else None


def _asked(typed: str, ask: Ask, *, search: bool) -> LocatedPostcode:
    name = " ".join("".join(c if c.isprintable() else " " for c in typed).split())[:LONGEST_NAME]
    found = ask(name)
    if found is None:
        raise UnknownPostcode(NO_SUCH_PLACE if search else NO_SUCH_ADDRESS, "postcode")
    if found.precision == "town" and not search:
        raise UnknownPostcode(
            gettext("%(name)s is larger than a street. Type a postcode or a street with its town.")
            % {"name": found.name},
            "postcode",
        )
    district = found.postcode.partition(" ")[0] or _nearest_district(found.lat, found.lon)
    in_full = ", ".join(filter(None, (found.name, found.within)))
    spelled = (one for one in (found.name, in_full) if _same(one, name))
    return LocatedPostcode(
        next(spelled, name),
        district,
        Place(found.lat, found.lon, island_of_district(district)),
        found.precision,
        found=in_full,
        near_postcode=found.postcode or district,
    )


def _same(one: str, other: str) -> bool:
    """Whether two names are the same but for case, commas and spaces."""
    words, others = (text.casefold().replace(",", " ").split() for text in (one, other))
    return words == others


def _nearest_district(lat: float, lon: float) -> str:
    here = Place(lat, lon)
    return min(postcode_districts().items(), key=lambda item: kilometres(here, item[1]))[0]
