"""From what somebody typed to a place: postcodes and towns by our own tables, other names by the operator's geocoder if any."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from geopy.exc import GeopyError  # type: ignore[import-untyped]  # it ships no types
from geopy.geocoders import Nominatim  # type: ignore[import-untyped]

from api.language import N_
from api.settings import settings
from carpool.errors import CarpoolError
from carpool.geo.place import Place
from carpool.geo.postcode import LocatedPostcode, UnknownPostcode, locate_postcode
from carpool.geo.towns import locate_town

TIMEOUT_SECONDS = 3
NO_SUCH_PLACE = N_("We do not know this place. Type a postcode such as LS6 2AB, or a larger town near you.")
GEOCODER_DOWN = N_("We cannot look up place names just now. Type a postcode instead; the first half will do.")


class GeocoderDown(CarpoolError):
    """The operator's geocoder did not answer. Postcodes still work: they need nobody else."""


def locate(typed: str, *, units: Callable[[str], Place | None], search: bool = False) -> LocatedPostcode:
    """The place of a postcode. In a search a district or a town will do, and with a geocoder the name of any place.

    Raises `UnknownPostcode`, `SeveralTowns` or `GeocoderDown`.
    """
    try:
        return locate_postcode(typed, units=units, district_alone=search)
    except UnknownPostcode:
        found = _by_any_name(typed) if search and any(c.isalpha() for c in typed) else None
        if found is not None:
            return found
        if search and typed.strip() and not any(c.isdigit() for c in typed):
            raise UnknownPostcode(NO_SUCH_PLACE, "postcode") from None
        raise


def _by_any_name(typed: str) -> LocatedPostcode | None:
    """The operator's geocoder knows most names, so it is asked first; the names that we know ourselves need nobody."""
    url = settings().geocoder_url
    if url and (found := _by_name(url, " ".join(typed.split())[:100])):
        return found
    return locate_town(typed)


@lru_cache(maxsize=4)
def _geocoder(url: str) -> Nominatim:
    parts = urlsplit(url)
    return Nominatim(
        user_agent="keyseat-carpool", domain=parts.netloc + parts.path.rstrip("/"), scheme=parts.scheme, timeout=TIMEOUT_SECONDS
    )  # fmt: skip


def _by_name(url: str, name: str) -> LocatedPostcode | None:
    try:
        found = _geocoder(url).geocode(name, country_codes="gb", exactly_one=True)
    except GeopyError as error:
        raise GeocoderDown(GEOCODER_DOWN, "postcode") from error
    if found is None:
        return None
    return LocatedPostcode(name, name, Place(found.latitude, found.longitude), "town")
