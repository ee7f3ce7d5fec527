"""Writing a file whole or not at all, and knowing before the work whether it can be written."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from carpool.errors import CarpoolError
from carpool.show import escaped


def check_output(path: Path, *inputs: Path) -> None:
    """Raises `CarpoolError` if nothing can be written to `path`, or if it is one of the inputs under whatever name."""
    for given in inputs:
        if path.exists() and given.exists() and path.samefile(given):
            raise _cannot_write(path, "it is the input")
    target = _target(path)
    try:
        if _is_stream(target):
            return
        if target.is_dir():
            raise _cannot_write(path, "it is a folder")
        if target.exists() and not os.access(target, os.W_OK):
            raise _cannot_write(path, "it may not be changed")
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise _cannot_write(path, error.strerror or str(error)) from None


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8: on the disk before it has its name, so that no reader ever sees a part of it.

    Raises `CarpoolError` if that fails; whatever stood at `path` is then untouched.
    """
    target = _target(path)
    data = text.encode()
    try:
        if _is_stream(target):
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise _cannot_write(path, error.strerror or str(error)) from None


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _mode(target))
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name last, where the file system can be asked to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _target(path: Path) -> Path:
    """What a link at `path` leads to, so that the file is replaced and not the link; a stream under its own name.

    A pipe behind `/dev/stdout` has no name that it could be opened by.
    """
    try:
        if _is_stream(path):
            return path
        return path.resolve()
    except (OSError, RuntimeError):  # A link that leads to itself.
        raise _cannot_write(path, "it is a link to nowhere") from None


def _is_stream(target: Path) -> bool:
    """Whether something other than a file or a folder stands there: a terminal, a pipe, /dev/null. It is written into."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _mode(target: Path) -> int:
    """The rights of the file that is replaced, or those that a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _cannot_write(path: Path, why: str) -> CarpoolError:
    return CarpoolError(f"{escaped(str(path))}: cannot be written: {why}", "out")
