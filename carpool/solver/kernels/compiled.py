"""How the inner loops are compiled: once, kept on disk, free of Python's lock, in full double precision."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_HERE = Path(__file__).parent


def compiled(function: Function) -> Function:
    """This function as machine code. Sums keep their order (no `fastmath`), so that results repeat and bounds are true."""
    return numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)  # type: ignore[no-any-return]


def inlined(function: Function) -> Function:
    """The same for what is called in the innermost loops: copied into its callers, which would else pass dozens of arrays."""
    return numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False, forceinline=True)(function)  # type: ignore[no-any-return]


def _fingerprint() -> str:
    """Of all kernels together: numba looks only at the file of a function, not at those that it calls."""
    sources = b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))
    return hashlib.sha256(sources + numba.__version__.encode()).hexdigest()[:16]


def _folders() -> Iterator[Path]:
    yield _HERE / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "carpool"
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


if not numba.config.CACHE_DIR:
    numba.config.CACHE_DIR = str(_cache_folder())
