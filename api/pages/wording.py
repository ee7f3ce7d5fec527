"""How the pages say dates, times, durations and figures: in local time, in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from api.language import gettext as _
from api.language import locale, ngettext

LONDON = ZoneInfo("Europe/London")


def full_day(value: date | datetime) -> str:
    """Thursday 3 May 2029."""
    return format_date(_day_of(value), "EEEE d MMMM y", locale=locale())


def short_day(value: date | datetime) -> str:
    """Thu 3 May."""
    return format_date(_day_of(value), "EEE d MMM", locale=locale())


def clock(value: datetime) -> str:
    """10:00, local."""
    return value.astimezone(LONDON).strftime("%H:%M")


def moment(value: datetime) -> str:
    """Thursday 3 May 2029, 10:00."""
    return f"{full_day(value)}, {clock(value)}"


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """10:00 to 13:00, with the day of the end where it is another."""
    end = clock(ends_at) if _day_of(ends_at) == _day_of(starts_at) else moment(ends_at)
    return _("%(start)s to %(end)s") % {"start": clock(starts_at), "end": end}


def duration(minutes: float) -> str:
    """1 hour 25 minutes; anything under a minute is a minute."""
    total = max(1, round(minutes))
    whole, rest = divmod(total, 60)
    parts = [ngettext("%(num)d hour", "%(num)d hours", whole) % {"num": whole}] if whole else []
    if rest:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", rest) % {"num": rest})
    return " ".join(parts)


def about(minutes: float) -> str:
    """A travel time as good as we know it: beyond 20 minutes to the nearest five."""
    return duration(minutes if minutes < 20 else 5 * round(minutes / 5))


def seconds(value: float) -> str:
    """45 seconds; 2 minutes."""
    whole = max(1, round(value))
    return (
        duration(value / 60)
        if value >= 60
        else ngettext("%(num)d second", "%(num)d seconds", whole) % {"num": whole}
    )


def people(count: int) -> str:
    """1 person, 1,250 people."""
    return ngettext("1 person", "%(num)s people", count) % {"num": f"{count:,}"}


def number(value: float) -> str:
    """1,250: with commas, whole."""
    return f"{round(value):,}"


def _day_of(value: date | datetime) -> date:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def numbers(first: int, last: int) -> list[tuple[int, str]]:
    """Options from `first` to `last`."""
    return [(number, str(number)) for number in range(first, last + 1)]


def travel_times() -> list[tuple[int, str]]:
    """How long people may say they would travel."""
    return _up_to(45, 60, 90, 120, 180)


def detours() -> list[tuple[int, str]]:
    """How much longer a drive may take."""
    return _up_to(10, 20, 30, 45)


def _up_to(*minutes: int) -> list[tuple[int, str]]:
    return [(most, _("Up to %(time)s") % {"time": duration(most)}) for most in minutes]
