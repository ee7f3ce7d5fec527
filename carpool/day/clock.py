"""Times on the wall in Britain as moments, as the format wants them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")


def at(day: date, clock: time) -> datetime:
    """The moment of a time on the wall. Of an hour that happens twice the first, of one that is skipped the one after."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC).astimezone(ZONE)


def full_day(day: date) -> str:
    """Thursday 3 May 2029."""
    return f"{day:%A} {day.day} {day:%B %Y}"
