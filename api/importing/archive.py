"""Opens the CSV files of Code-Point Open: one file, a folder of them, or the zip as it is published."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from api.importing.refusal import ImportRefused

MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 1024**3

_CSV_FOLDER = ("Data", "CSV")


def tables(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """The name and the bytes of each CSV file at `path`, by name; each is closed when the next is asked for.

    A zip is known by its contents, whatever it is called; of its files only those in `Data/CSV/` count, and
    nothing is unpacked onto the disk. Raises `ImportRefused` where there is no such file, and for a zip that
    is damaged or locked, names files outside itself, or holds more than `MAX_MEMBERS` files or
    `MAX_UNPACKED_BYTES` of tables.
    """
    try:
        if path.is_dir():
            yield from _of_folder(path)
        elif zipfile.is_zipfile(path):
            yield from _of_zip(path)
        else:
            yield from _of_files([path])
    except OSError as error:
        raise ImportRefused(path.name, f"a file that can be read ({error.strerror or error})") from error


def _of_folder(folder: Path) -> Iterator[tuple[str, BinaryIO]]:
    inner = folder.joinpath(*_CSV_FOLDER)
    found = sorted(x for x in (inner if inner.is_dir() else folder).iterdir() if x.suffix.lower() == ".csv")
    if not found:
        raise ImportRefused(folder.name, "CSV files in the folder")
    yield from _of_files(found)


def _of_files(paths: list[Path]) -> Iterator[tuple[str, BinaryIO]]:
    for path in paths:
        with path.open("rb") as stream:
            yield path.name, stream


def _of_zip(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ImportRefused(path.name, "a zip that is not damaged") from error
    with archive:
        left = MAX_UNPACKED_BYTES
        for member in _members(archive, path.name):
            with _Counted(_opened(archive, member, path.name), left, path.name) as counted:
                yield member.filename, io.BufferedReader(counted)
                left = counted.left


def _members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise ImportRefused(name, f"at most {MAX_MEMBERS:,} files in the zip", value=str(len(members)))
    for member in members:
        # Nothing is written to the disk, so such a name does no harm; but no official zip has one.
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename:
            raise ImportRefused(name, "file names that stay inside the zip", value=member.filename)
    found = [x for x in members if _is_table(PurePosixPath(x.filename))]
    if not found:
        raise ImportRefused(name, "CSV files in Data/CSV/ of the zip")
    return sorted(found, key=lambda member: member.filename)


def _is_table(path: PurePosixPath) -> bool:
    return path.parent.parts[-2:] == _CSV_FOLDER and path.suffix.lower() == ".csv"


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> IO[bytes]:
    try:
        return archive.open(member)
    except (RuntimeError, zipfile.BadZipFile) as error:
        # RuntimeError is what the library says to a password or to a way of packing that it does not know.
        raise ImportRefused(name, "a zip without a password, not damaged", value=member.filename) from error


class _Counted(io.RawIOBase):
    """A stream that gives no more than is allowed, whatever the zip says of its size."""

    def __init__(self, inner: IO[bytes], allowed: int, name: str) -> None:
        self._inner = inner
        self.left = allowed
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ImportRefused(self._name, "a zip that is not damaged") from error
        self.left -= len(data)
        if self.left < 0:
            raise ImportRefused(self._name, f"at most {MAX_UNPACKED_BYTES:,} bytes of tables in the zip")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()
