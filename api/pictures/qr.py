"""The square code on a leaflet, for the camera of any telephone."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET = 4
"""Light modules that the standard, ISO/IEC 18004, leaves free on every side."""


@dataclass(frozen=True)
class Code:
    """A code as a drawing: the dark modules as the `d` of a path, and the modules of a side, both with the quiet zone."""

    path: str
    size: int


def qr_code(text: str) -> Code:
    """The code of a text, which can be read while up to 15 % of it are damaged."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix_iter(border=QUIET)]
    return Code("".join(_runs(y, row) for y, row in enumerate(rows)), len(rows))


def _runs(y: int, row: bytes) -> str:
    """The dark runs of a row, each drawn as one box: single modules would show seams in print."""
    drawn = ""
    for dark, run in groupby(range(len(row)), key=row.__getitem__):
        if dark:
            first, *rest = run
            width = len(rest) + 1
            drawn += f"M{first} {y}h{width}v1h-{width}z"
    return drawn
