"""The travel model of `carpool-instance/1`: by road, a matrix of minutes, or those of single pairs of places."""

import math
from typing import Any

from carpool.files.shapes import Reading, array, integer, nullable, number, record, text
from carpool.instance import Matrix
from carpool.pairs import ROADS, Pairs

MODELS = f'expected {{"model": "{ROADS}"}}, {{"model": "matrix", "minutes": …}} or {{"model": "pairs", "minutes": …}}'
_PAIR = "expected a list of two places and the minutes from one to the other, or null for no way"
_LARGEST_PLACE = 2**31 - 1


def _minutes(value: Any, path: str, reading: Reading) -> Matrix:
    """The rows of a matrix. They hold up to four million numbers, so types are looked at a row at a time."""
    rows = array(_row)(value, path, reading)
    return tuple(rows)


def _row(value: Any, path: str, reading: Reading) -> tuple[float | None, ...]:
    plain = type(value) is list and set(map(type, value)) <= {float, type(None)}
    # The sum is finite only if every number is; where it is not, they are looked at one by one.
    if plain and math.isfinite(sum(minutes for minutes in value if minutes is not None)):
        return tuple(value)
    return tuple(array(nullable(number))(value, path, reading))


def _drives(value: Any, path: str, reading: Reading) -> list[tuple[int, int, float | None]]:
    """Single drives, of which a national run has millions."""
    if type(value) is not list:
        reading.wrong(path, value, "expected a list")
        return []
    return [_drive(item, f"{path}[{position}]", reading) for position, item in enumerate(value)]


def _drive(value: Any, path: str, reading: Reading) -> tuple[int, int, float | None]:
    if type(value) is not list or len(value) != 3:
        reading.wrong(path, value, _PAIR)
        return 0, 0, None
    origin, destination, minutes = value
    return (
        _place(origin, f"{path}[0]", reading),
        _place(destination, f"{path}[1]", reading),
        None if minutes is None else number(minutes, f"{path}[2]", reading),
    )


def _place(value: Any, path: str, reading: Reading) -> int:
    place = integer(value, path, reading)
    if abs(place) > _LARGEST_PLACE:
        reading.wrong(path, value, "expected the number of a place")
        return 0
    return place


_matrix_model = record(dict, {"model": text, "minutes": _minutes}, required=frozenset({"minutes"}))
_pairs_model = record(
    dict,
    {"model": text, "minutes": _drives, "otherwise": nullable(text)},
    required=frozenset({"minutes", "otherwise"}),
)
_road_model = record(dict, {"model": text})


def travel(value: Any, path: str, reading: Reading) -> dict[str, Any]:
    """The members of an instance that say how long drives take; none for the road model."""
    model = value.get("model") if isinstance(value, dict) else None
    if model == ROADS:
        _road_model(value, path, reading)
        return {}
    if model == "matrix":
        return {"matrix": _matrix_model(value, path, reading)["minutes"]}
    if model == "pairs":
        found = _pairs_model(value, path, reading)
        return {"pairs": Pairs.of(found["minutes"], found["otherwise"])}
    reading.wrong(f"{path}.model" if model is not None else path, value if model is None else model, MODELS)
    return {"matrix": ()}


def travel_json(matrix: Matrix | None, pairs: Pairs | None) -> dict[str, Any]:
    """The member `travel` as JSON values, none for the road model."""
    if matrix is not None:
        return {"travel": {"model": "matrix", "minutes": [list(row) for row in matrix]}}
    if pairs is None:
        return {}
    drives = [[a, b, minutes if minutes < math.inf else None] for a, b, minutes in pairs]
    return {"travel": {"model": "pairs", "minutes": drives, "otherwise": pairs.otherwise}}
