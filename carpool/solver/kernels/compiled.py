"""How the inner loops are compiled: once, kept on disk, free of Python's lock, in full double precision."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_HERE = Path(__file__).parent


OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
"""Kept on disk, free of Python's lock, division as in C. Without numba's counting of references (`_nrt`) nothing can be
allocated, but a call is thirty times faster: every array in its arguments would be counted up and down. No `fastmath`:
sums keep their order, so that results repeat and bounds are true."""


def compiled(function: Function) -> Function:
    """This function as machine code."""
    return cast(Function, numba.njit(**OPTIONS)(function))


def inlined(function: Function) -> Function:
    """The same for what is called in the innermost loops: copied into its callers, which would else pass dozens of arrays."""
    return cast(Function, numba.njit(forceinline=True, **OPTIONS)(function))


def _fingerprint() -> str:
    """Of all kernels together: numba looks only at the file of a function, not at those that it calls."""
    sources = b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))
    return hashlib.sha256(sources + numba.__version__.encode()).hexdigest()[:16]


def _folders() -> Iterator[Path]:
    yield _HERE / "__pycache__"
    yield Path.home() / ".cache" / "carpool"
    yield Path(tempfile.gettempdir()) / f"carpool-{os.getuid()}"


def _cache_folder() -> Path:
    """The first place that can be written, so that an installation for reading only still compiles once."""
    for folder in _folders():
        place = folder / f"kernels-{_fingerprint()}"
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place, os.W_OK):
            return place
    return Path(tempfile.mkdtemp(prefix="carpool-kernels-"))


config: Any = numba.config
if not config.CACHE_DIR:
    config.CACHE_DIR = str(_cache_folder())
