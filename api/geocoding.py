"""From what somebody typed to a place: postcodes by our own tables, place names by the operator's geocoder if there is one."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from geopy.exc import GeopyError  # type: ignore[import-untyped]  # it ships no types
from geopy.geocoders import Nominatim  # type: ignore[import-untyped]

from api.settings import settings
from carpool.errors import CarpoolError
from carpool.geo.place import Place
from carpool.geo.postcode import LocatedPostcode, UnknownPostcode, locate_postcode

TIMEOUT_SECONDS = 3


class GeocoderDown(CarpoolError):
    """The operator's geocoder did not answer. Postcodes still work: they need nobody else."""


def locate(typed: str, *, units: Callable[[str], Place | None], search: bool = False) -> LocatedPostcode:
    """The place of a postcode. In a search a district or, with a geocoder, the name of a place will do.

    Raises `UnknownPostcode` or `GeocoderDown`.
    """
    try:
        return locate_postcode(typed, units=units, district_alone=search)
    except UnknownPostcode:
        url = settings().geocoder_url
        if not (search and url and any(c.isalpha() for c in typed)):
            raise
        found = _by_name(url, " ".join(typed.split())[:100])
        if found is None:
            raise
        return found


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
        raise GeocoderDown(
            "We cannot look up place names just now. Type a postcode instead; the first half will do.",
            "postcode",
        ) from error
    if found is None:
        return None
    return LocatedPostcode(name, name, Place(found.latitude, found.longitude), "district")
