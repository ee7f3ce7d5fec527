"""Long lists, a page at a time: which page somebody asks for, and where the others are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request

MOST_PAGES = 100_000


@dataclass(frozen=True)
class Listed:
    """One page of a list of `total` with what it was narrowed down to."""

    path: str
    chosen: Mapping[str, str]
    page: int
    total: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def address(self, **changes: Any) -> str:
        """The list with other choices; without a page in them the first one."""
        chosen = {name: str(value) for name, value in {**self.chosen, **changes}.items() if value}
        return f"{self.path}?{urlencode(chosen)}" if chosen else self.path


def page_asked(request: Request) -> int:
    """The page in the address; what is none is the first."""
    typed = request.query_params.get("page", "")
    return (
        min(max(int(typed), 1), MOST_PAGES)
        if typed.isascii() and typed.isdecimal() and len(typed) < 10
        else 1
    )


def id_asked(request: Request, name: str) -> UUID | None:
    """The id in the address under this name, None where there is none."""
    try:
        return UUID(request.query_params.get(name, ""))
    except ValueError:
        return None
