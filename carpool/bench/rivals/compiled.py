"""How the rivals' inner loops are compiled: once, and kept on disk."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_HERE = Path(__file__).parent


def compiled(function: Function) -> Function:
    """This function as machine code."""
    return _compiled(function, inline="never")


def inlined(function: Function) -> Function:
    """The same for a function that is copied into its callers: handing all the arrays over takes longer than its work."""
    return _compiled(function, inline="always")


def _compiled(function: Function, inline: str) -> Function:
    config: Any = numba.config
    njit: Any = numba.njit
    usual = config.CACHE_DIR
    config.CACHE_DIR = _folder() or usual
    try:
        return njit(cache=True, nogil=True, inline=inline)(function)  # type: ignore[no-any-return]
    finally:
        config.CACHE_DIR = usual


@cache
def _folder() -> str:
    """A folder for the state of all these sources together, as numba sees no change in a function that is called.

    Empty where this installation cannot be written; numba then finds a place of its own.
    """
    sources = b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))
    folder = _HERE / "__pycache__" / f"rivals-{hashlib.sha256(sources).hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)
