"""Local time: what people type and read is the time on the wall in Britain, what we store is a moment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.language import gettext

ZONE = ZoneInfo("Europe/London")


def now() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(ZONE).date()


def at(day: date, clock: time) -> datetime:
    """The moment of a time on the wall. Of an hour that happens twice the first, of one that is skipped the one after."""
    wall = datetime.combine(day, clock, ZONE)
    return wall.astimezone(UTC).astimezone(ZONE)


def on_the_wall(clock: time | None) -> time | None:
    """The time as it is, for pydantic. Raises `ValueError` if it names a zone: the day and the country say which."""
    if clock is not None and clock.tzinfo is not None:
        raise ValueError(gettext("Give the time on the wall, such as 09:30, without a time zone."))
    return clock


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)


def after_midnight(day: date, days: int = 0) -> datetime:
    """The start of the day `days` after `day`."""
    return at(day + timedelta(days=days), time())
