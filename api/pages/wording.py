"""How the pages say dates, times, durations and figures: in local time, in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

LONDON = ZoneInfo("Europe/London")
LOCALE = "en_GB"


def full_day(value: date | datetime) -> str:
    """Thursday 3 May 2029."""
    return format_date(_day_of(value), "EEEE d MMMM y", locale=LOCALE)


def short_day(value: date | datetime) -> str:
    """Thu 3 May."""
    return format_date(_day_of(value), "EEE d MMM", locale=LOCALE)


def clock(value: datetime) -> str:
    """10:00, local."""
    return value.astimezone(LONDON).strftime("%H:%M")


def moment(value: datetime) -> str:
    """Thursday 3 May 2029, 10:00."""
    return f"{full_day(value)}, {clock(value)}"


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """10:00 to 13:00, with the day of the end where it is another."""
    end = clock(ends_at) if _day_of(ends_at) == _day_of(starts_at) else moment(ends_at)
    return f"{clock(starts_at)} to {end}"


def duration(minutes: float) -> str:
    """1 hour 25 minutes; anything under a minute is a minute."""
    total = max(1, round(minutes))
    whole, rest = divmod(total, 60)
    parts = [_count(whole, "hour"), _count(rest, "minute")]
    return " ".join(part for part in parts if part)


def about(minutes: float) -> str:
    """A travel time as good as we know it: beyond 20 minutes to the nearest five."""
    return duration(minutes if minutes < 20 else 5 * round(minutes / 5))


def seconds(value: float) -> str:
    """45 seconds; 2 minutes."""
    return duration(value / 60) if value >= 60 else _count(max(1, round(value)), "second")


def people(count: int) -> str:
    """1 person, 1,250 people."""
    return "1 person" if count == 1 else f"{count:,} people"


def number(value: float) -> str:
    """1,250: with commas, whole."""
    return f"{round(value):,}"


def _day_of(value: date | datetime) -> date:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def _count(count: int, unit: str) -> str:
    if count == 0:
        return ""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def numbers(first: int, last: int) -> list[tuple[int, str]]:
    """Options from `first` to `last`."""
    return [(number, str(number)) for number in range(first, last + 1)]


TRAVEL_TIMES = tuple((minutes, f"Up to {duration(minutes)}") for minutes in (45, 60, 90, 120, 180))
DETOURS = tuple((minutes, f"Up to {duration(minutes)}") for minutes in (10, 20, 30, 45))
EXTRA_MINUTES = ((0, "None"), (5, "5 minutes"), (10, "10 minutes"), (15, "15 minutes"))
