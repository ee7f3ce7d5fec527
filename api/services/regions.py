"""The region of a postcode district: that of the constituency nearest to its middle. Good for a filter, not for a border."""

from collections.abc import Mapping
from functools import cache
from math import cos, radians

from carpool.geo.constituency import Constituency, constituencies, postcode_districts
from carpool.geo.place import Place

NEAR_DEGREES = 1.0
"""Constituencies further north or south are looked at only where none is nearer."""


@cache
def region_of_districts() -> Mapping[str, str]:
    """District → region, of all of them. Made once, in a fraction of a second."""
    every = constituencies()
    return {district: _nearest(place, every).region for district, place in postcode_districts().items()}


@cache
def regions() -> tuple[str, ...]:
    return tuple(sorted({each.region for each in constituencies()}))


def districts_of(region: str) -> tuple[str, ...]:
    return tuple(district for district, its in region_of_districts().items() if its == region)


def _nearest(place: Place, every: tuple[Constituency, ...]) -> Constituency:
    near = [each for each in every if abs(each.place.lat - place.lat) < NEAR_DEGREES] or list(every)
    narrow = cos(radians(place.lat))
    return min(
        near,
        key=lambda c: (c.place.lat - place.lat) ** 2 + (narrow * (c.place.lon - place.lon)) ** 2,
    )
