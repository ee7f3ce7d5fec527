"""Rows of a CSV file with their line numbers, read so that no file can fill the memory."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from api.importing.refusal import ImportRefused

MAX_LINE_BYTES = 20_000


def numbered_rows(stream: BinaryIO, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row of a CSV stream with the number of its last line; blank lines are passed over.

    Raises `ImportRefused` for text that is not UTF-8 (a BOM is accepted), for a line longer than
    `MAX_LINE_BYTES`, and for quotes that do not close.
    """
    reader = csv.reader(_lines(stream, file), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise ImportRefused(file, f"well-formed CSV ({error})", line=reader.line_num) from error


def _lines(stream: BinaryIO, file: str) -> Iterator[str]:
    number = 0
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise ImportRefused(file, f"lines of at most {MAX_LINE_BYTES:,} bytes", line=number)
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise ImportRefused(
                file, "text in UTF-8", line=number, value=repr(raw[error.start :][:8])
            ) from error
