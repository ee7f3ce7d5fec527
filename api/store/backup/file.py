"""The file of a backup: 8 KiB that say what it is, then what pg_dump wrote. Under its name it is complete or not there.

What it says comes first, so that it can be read at a glance, and is written last, once its checksum is known.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from carpool.errors import CarpoolError

FORMAT = "keyseat-carpool-backup/1"
HEADER_BYTES = 8192
CHUNK = 1024 * 1024
UNFINISHED = ".unfinished"


class Damaged(CarpoolError):
    """The file is no backup, or not what it was when it was made."""


@dataclass(frozen=True)
class Header:
    """What a backup says of itself. `tables` counts rows; `record` is the last entry of the record, NUMBER:HASH."""

    made_at: str
    revision: str
    version: str
    server: str
    tables: dict[str, int] = field(default_factory=dict)
    record: str = ""
    bytes: int = 0
    sha256: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


class Writer:
    """Takes the dump in pieces and counts it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sum, self.bytes = file, hashlib.sha256(), 0

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._sum.update(piece)
        self.bytes += len(piece)

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[tuple[Writer, list[Header]]]:
    """A writer for the dump, and a list to put the header in. At the end of the block the file is there, on the disk."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.seek(HEADER_BYTES)
            header: list[Header] = []
            yield Writer(file), header
            file.seek(0)
            file.write(_packed(header[0]))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def sync_folder(folder: Path) -> None:
    """A name, too, is on the disk only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_header(path: Path) -> Header:
    """What the backup says of itself. Raises `Damaged`."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(HEADER_BYTES))
        own = said.pop("own")
        is_ours = said.pop("format") == FORMAT and own == _own(said)
        header = Header(**said)
    except OSError as error:
        raise Damaged(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        is_ours = False
    if not is_ours:
        raise Damaged(
            f"{path} is not a backup of this service, or is damaged at its beginning. Nothing was changed."
        )
    return header


def verify(path: Path) -> Header:
    """The same, once every byte was looked at."""
    header = read_header(path)
    found, length = hashlib.sha256(), 0
    for piece in dump_of(path):
        found.update(piece)
        length += len(piece)
    if length != header.bytes:
        raise Damaged(
            f"{path} is damaged: {length:,} of {header.bytes:,} bytes are there. Nothing was changed."
        )
    if found.hexdigest() != header.sha256:
        raise Damaged(f"{path} is damaged: its checksum is another. Nothing was changed.")
    return header


def dump_of(path: Path) -> Iterator[bytes]:
    """What pg_dump wrote, in pieces."""
    with path.open("rb") as file:
        file.seek(HEADER_BYTES)
        while piece := file.read(CHUNK):
            yield piece


def _packed(header: Header) -> bytes:
    said = asdict(header)
    packed = json.dumps({"format": FORMAT, **said, "own": _own(said)}).encode()
    if len(packed) >= HEADER_BYTES:
        raise ValueError("the header does not fit")
    return packed.ljust(HEADER_BYTES - 1) + b"\n"


def _own(said: dict[str, object]) -> str:
    """The checksum of the header itself."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
