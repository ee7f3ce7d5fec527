"""Islands that a car reaches by ferry: what a crossing takes, and the postcodes and constituencies there."""

import re
from collections.abc import Mapping
from types import MappingProxyType

# Estimates of boarding, waiting and sailing together. A campaign or an operator may set their own.
CROSSING_MINUTES: Mapping[str, float] = MappingProxyType(
    {
        "isle-of-wight": 75.0,
        "northern-ireland": 240.0,
        "arran": 90.0,
        "bute": 60.0,
        "mull": 90.0,
        "islay": 180.0,
        "western-isles": 240.0,
        "orkney": 150.0,
        "shetland": 780.0,
        "isles-of-scilly": 240.0,
    }
)

# Postcode area, first and last district number, island. Anglesey, Skye and Hayling have bridges: not here.
_DISTRICTS = (
    ("PO", 30, 41, "isle-of-wight"),
    ("BT", 0, 99, "northern-ireland"),
    ("KA", 27, 27, "arran"),
    ("PA", 20, 20, "bute"),
    ("PA", 64, 75, "mull"),
    ("PA", 42, 49, "islay"),
    ("PA", 60, 60, "islay"),
    ("HS", 0, 99, "western-isles"),
    ("KW", 15, 17, "orkney"),
    ("ZE", 0, 99, "shetland"),
    ("TR", 21, 25, "isles-of-scilly"),
)

_CONSTITUENCIES = {
    "E14001303": "isle-of-wight",  # Isle of Wight East
    "E14001304": "isle-of-wight",  # Isle of Wight West
    "S14000027": "western-isles",  # Na h-Eileanan an Iar
    "S14000051": "orkney",  # Orkney and Shetland, whose reference point is on Orkney
}

_DISTRICT = re.compile(r"([A-Z]{1,2})([0-9]{1,2})[A-Z]?")


def island_of_district(district: str) -> str | None:
    """The island of a postcode district such as `PO30`, in capitals without spaces; None for the mainland."""
    match = _DISTRICT.fullmatch(district)
    if match is None:
        return None
    area, number = match[1], int(match[2])
    return next(
        (island for a, first, last, island in _DISTRICTS if a == area and first <= number <= last), None
    )


def island_of_constituency(code: str) -> str | None:
    """The island of the reference point of a constituency, by its ONS code; None for the mainland."""
    return "northern-ireland" if code.startswith("N") else _CONSTITUENCIES.get(code)
