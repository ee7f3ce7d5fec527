"""One question to an OSRM server, and its answer as ours: https://project-osrm.org/docs/v5.24.0/api/#table-service."""

import json
import math
import time
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from api.routing.blocks import Block
from api.routing.cells import Cells
from carpool.errors import CarpoolError
from carpool.geo.place import Place, kilometres

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 8 * 1024 * 1024
SNAP_KM = 1.0
"""A place further from any road of the server's than this is not on its map: it would answer for another place."""
LONGEST_SECONDS = 48 * 3600.0
UNKNOWN, NO_WAY = math.nan, math.inf
TOO_MUCH = ("TooBig", "NoSegment")
"""A smaller block may be answered: the server takes no larger one, or one of its places is nowhere near a road."""


class Failed(Exception):
    """The server did not answer as it should. `why` is fit for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TooMuch(Exception):
    """It is asked for too much at a time."""


@dataclass(frozen=True)
class Server:
    """An OSRM server and an open connection to it."""

    url: str
    client: httpx.Client

    def ask(self, cells: Cells, block: Block, ends: float) -> NDArray[np.float64]:
        """Seconds from each origin to each destination, `NO_WAY`, or `UNKNOWN` where a place is not on its map.

        Raises `Failed`, also once the stopwatch shows `ends`, and `TooMuch`.
        """
        names = [cells.name(cell) for cell in (*block.origins.tolist(), *block.destinations.tolist())]
        count = len(block.origins)
        numbers = [str(number) for number in range(len(names))]
        address = (
            f"{self.url.rstrip('/')}/table/v1/driving/{';'.join(names)}?annotations=duration&generate_hints=false"
            f"&sources={';'.join(numbers[:count])}&destinations={';'.join(numbers[count:])}"
        )
        status, body = self._get(address, ends)
        if status in (429, *range(500, 600)):
            raise Failed(f"status {status}")
        return _understood(body, cells, block)

    def _get(self, address: str, ends: float) -> tuple[int, bytes]:
        """The answer, read only as long as there is time and room for it."""
        left = min(TIMEOUT_SECONDS, ends - time.monotonic())
        if left <= 0:
            raise Failed("no time left")
        ends, body = time.monotonic() + left, bytearray()
        try:
            with self.client.stream("GET", address, timeout=left) as answer:
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST_ANSWER:
                        raise Failed("answer too long")
                    if time.monotonic() > ends:
                        raise Failed("answer too slow")
                return answer.status_code, bytes(body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Failed(type(error).__name__) from None


def _understood(body: bytes, cells: Cells, block: Block) -> NDArray[np.float64]:
    # The server is somebody else's: an answer of another shape is no bug of ours.
    try:
        answer = json.loads(body)
        code = answer["code"]
        if code in TOO_MUCH:
            raise TooMuch
        if code != "Ok":
            raise Failed(f"code {str(code)[:40]!a}")
        seconds = np.array(
            [[_seconds(value) for value in _list(row, len(block.destinations))] for row in
             _list(answer["durations"], len(block.origins))], dtype=np.float64
        )  # fmt: skip
        seconds[_off_the_map(answer["sources"], cells, block.origins), :] = UNKNOWN
        seconds[:, _off_the_map(answer["destinations"], cells, block.destinations)] = UNKNOWN
    except (ArithmeticError, CarpoolError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise Failed(type(error).__name__) from None
    return seconds


def _list(value: Any, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise ValueError("another shape than asked for")
    return value


def _seconds(value: Any) -> float:
    """The seconds of a drive. Null is the server's word for a way that there is not."""
    if value is None:
        return NO_WAY
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_SECONDS:
        raise ValueError("no seconds of a drive")
    return float(value)


def _off_the_map(points: Any, cells: Cells, asked: NDArray[np.int64]) -> list[int]:
    """The numbers of those that the server moved too far to find a road."""
    far = []
    for number, (point, cell) in enumerate(zip(_list(points, len(asked)), asked.tolist(), strict=True)):
        lon, lat = point["location"]
        if kilometres(Place(float(lat), float(lon)), Place(*cells.points[cell].tolist())) > SNAP_KM:
            far.append(number)
    return far
