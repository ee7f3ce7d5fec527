"""The coast of Britain and its neighbours, out of the world atlas that the set-up brings (Natural Earth, TopoJSON)."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

ATLAS = Path(__file__).parents[1] / "static" / "vendor" / "countries-10m.json"
UNITED_KINGDOM = ("826",)
COUNTRIES = (*UNITED_KINGDOM, "372", "833", "250")
"""By ISO number: the United Kingdom, Ireland, Man, and France, which lies within the frame across the sea."""
WEST, SOUTH, EAST, NORTH = -10.8, 49.0, 2.6, 61.2
DECIMALS = 3
"""Of a degree: about a hundred metres, which is finer than the atlas itself."""

Point = tuple[float, float]
"""Longitude, latitude."""
Ring = tuple[Point, ...]


@cache
def rings(countries: tuple[str, ...] = COUNTRIES) -> tuple[Ring, ...]:
    """The countries' shores as closed rings, islands and all; none where the set-up could not fetch the atlas."""
    if not ATLAS.is_file():
        return ()
    atlas = json.loads(ATLAS.read_bytes())
    arcs = [_unpacked(arc, atlas["transform"]) for arc in atlas["arcs"]]
    found = (
        _joined(ring, arcs) for ring in _rings_of(atlas["objects"]["countries"]["geometries"], countries)
    )
    return tuple(_framed(ring) for ring in found if any(_inside(point) for point in ring))


@cache
def geojson() -> bytes:
    """The same for a browser, as one GeoJSON geometry."""
    lines = [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring] for ring in rings()]
    shape = {"type": "MultiPolygon", "coordinates": [[line] for line in lines]}
    return json.dumps(shape, separators=(",", ":")).encode()


def _rings_of(geometries: Iterable[dict[str, Any]], countries: tuple[str, ...]) -> Iterator[Sequence[int]]:
    """The outer rings of the countries, each as numbers of arcs."""
    for country in geometries:
        if country.get("id") in countries:
            parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            yield from (part[0] for part in parts)


def _unpacked(arc: Sequence[Sequence[int]], transform: dict[str, Sequence[float]]) -> Ring:
    """An arc's points: each is stored as the whole-numbered step from the one before."""
    x = y = 0
    points: list[Point] = []
    for east, north, *_ in arc:
        x, y = x + east, y + north
        points.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return tuple(points)


def _joined(numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """The arcs one after another. A number below 0 is the complement of that of an arc that is run backwards."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return tuple(points)


def _framed(ring: Ring) -> Ring:
    """The ring with what lies outside the frame pressed against its edge, where it takes hardly any points."""
    points = ((min(max(x, WEST), EAST), min(max(y, SOUTH), NORTH)) for x, y in ring)
    return tuple(point for point, _ in groupby(points))


def _inside(point: Point) -> bool:
    return WEST <= point[0] <= EAST and SOUTH <= point[1] <= NORTH
