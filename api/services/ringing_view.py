"""Who rings somebody, for pages to show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class RingingView:
    """Who rings somebody since when, as far as anybody does; and what came of the last of so many `tries`."""

    who: UUID
    by: str
    since: datetime | None
    result: str | None
    result_at: datetime | None
    tries: int
