"""One question to a Nominatim server, and its answer as ours."""

import math
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter  # type: ignore[import-untyped]  # it ships no types
from geopy.exc import GeocoderRateLimited, GeopyError  # type: ignore[import-untyped]
from geopy.geocoders import Nominatim  # type: ignore[import-untyped]

from api.geocoding.answers import Failed, Named, NamePrecision
from carpool.errors import CarpoolError
from carpool.geo.postcode import locate_postcode

TIMEOUT_SECONDS = 3
LONGEST_WORDS = 80
AFTER_FAILURE = timedelta(seconds=10)
AFTER_REFUSAL = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)

# Nominatim's ranks: https://nominatim.org/release-docs/latest/customize/Ranking/
STREET_RANK, HOUSE_RANK = 26, 28
NAMES = (
    "road", "pedestrian", "hamlet", "neighbourhood", "suburb", "quarter", "village", "town", "city", "municipality",
)  # fmt: skip
AROUND = ("village", "town", "city", "municipality", "county", "state")
# The server is somebody else's: an answer of another shape is no bug of ours.
NOT_AS_IT_SHOULD = (
    GeopyError, CarpoolError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -9.5, 2.5
"""A frame around the United Kingdom."""


def ask(url: str, contact: str, name: str) -> Named | None:
    """What the server at `url` knows by this name; None for nothing. Raises `Failed`."""
    try:
        found = _client(url, contact).geocode(
            name, country_codes="gb", exactly_one=True, addressdetails=True, language="en"
        )
        return _named(found.raw) if found is not None else None
    except GeocoderRateLimited as error:
        # Geopy understands the header; a number may be as large as it likes.
        wanted = error.retry_after or AFTER_REFUSAL.total_seconds()
        seconds = min(max(wanted, AFTER_FAILURE.total_seconds()), LONGEST_REST.total_seconds())
        raise Failed("GeocoderRateLimited", timedelta(seconds=seconds)) from None
    except NOT_AS_IT_SHOULD as error:
        raise Failed(type(error).__name__, AFTER_FAILURE) from None


@lru_cache(maxsize=4)
def _client(url: str, contact: str) -> Nominatim:
    """Says who asks and how to reach them, as the usage policy wants it."""
    parts = urlsplit(url)
    agent = f"keyseat-carpool/{version('keyseat-carpool')} ({contact})"
    # Named, as geopy takes another one wherever the library `requests` happens to lie, and that one obeys "come back in an
    # hour" by sleeping for an hour with the form that asked.
    return Nominatim(
        adapter_factory=URLLibAdapter,
        user_agent=agent.encode("ascii", "ignore").decode(),
        domain=parts.netloc + parts.path.rstrip("/"),
        scheme=parts.scheme,
        timeout=TIMEOUT_SECONDS,
    )


def _named(raw: Mapping[str, Any]) -> Named | None:
    lat, lon = float(raw["lat"]), float(raw["lon"])
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        if math.isfinite(lat) and math.isfinite(lon):
            return None
        raise ValueError(lat, lon)
    address = {key: _line(value) for key, value in (raw.get("address") or {}).items()}
    name = _name(raw, address)
    within = next((address[key] for key in AROUND if address.get(key) not in (None, name)), "")
    return Named(
        name[:LONGEST_WORDS],
        within[:LONGEST_WORDS],
        _postcode(address.get("postcode", "")),
        round(lat, 5),
        round(lon, 5),
        _precision(raw, address),
    )


def _name(raw: Mapping[str, Any], address: Mapping[str, str]) -> str:
    """The street with its number, else its own name, else the first words of how it is displayed."""
    if road := address.get("road"):
        return " ".join(filter(None, (address.get("house_number"), road)))
    named = _line(raw.get("name") or "") or next((address[key] for key in NAMES if address.get(key)), "")
    return named or _line(raw["display_name"]).partition(",")[0]


def _line(value: object) -> str:
    """One line of what can be seen, and kept."""
    return "".join(c if c.isprintable() else " " for c in str(value)).strip()


def _precision(raw: Mapping[str, Any], address: Mapping[str, str]) -> NamePrecision:
    if "house_number" in address:
        return "address"
    rank = int(raw.get("place_rank") or 0)
    if rank >= HOUSE_RANK:
        return "address"
    return "street" if rank >= STREET_RANK or (not rank and "road" in address) else "town"


def _postcode(text: str) -> str:
    """Its usual spelling, "" for none and for one that we do not understand."""
    try:
        return locate_postcode(text).text
    except CarpoolError:
        return ""
