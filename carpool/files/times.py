"""Times of the formats: RFC 3339 with an offset, a little stricter than Python reads them."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

FIRST_YEAR, LAST_YEAR = 1900, 2200
EXPECTED = "expected a time such as 2029-05-03T10:00:00+01:00"

_TIME = re.compile(
    r"(\d{4})-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)",
    re.ASCII,
)


def time_from_text(text: str) -> datetime | None:
    """The time that `text` says, its digits after the sixth decimal dropped; None if it is no such time."""
    match = _TIME.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return None
    fraction, offset = (match[2] or "")[:7], match[3]
    try:
        return datetime.fromisoformat(f"{text[:19]}{fraction}{offset}")
    except ValueError:  # The 31st of a shorter month.
        return None


def text_from_time(moment: datetime) -> str:
    """The same time as text. An offset that the format cannot say becomes UTC."""
    return (moment if _can_be_said(moment.utcoffset()) else moment.astimezone(UTC)).isoformat()


@lru_cache(maxsize=1000)
def _can_be_said(offset: timedelta | None) -> bool:
    return offset is not None and offset.total_seconds() % 60 == 0 and abs(offset) <= timedelta(hours=14)
