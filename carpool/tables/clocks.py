"""Times of a day as people write them: from when, until when, or both.

A bare hour means what volunteers mean by it: `after 2` is in the afternoon, `until 6` in the evening, `9` in the morning.
"""

import re
from dataclasses import dataclass
from datetime import time

from carpool.tables.numbers import NUMBER_WORDS, is_nothing
from carpool.tables.table import Unclear

WORDS = "Write a time such as 9:30 or 2pm, or from when until when, such as 10:00-16:00."
BACKWARDS = "The end comes before the start. Write from when until when, such as 10:00-16:00."
_ANY = re.compile(
    r"(?:any ?time|all day|whole day|full day|any|flexible|whenever|open|always|no limit|don'?t mind|(?:at )?any hour)s?"
)
_BOTH = re.compile(
    r"(?:from |between |available )?(?P<one>.+?)\s*(?:-|–|—|\bto\b|\buntil\b|\btill?\b|'til\b|\band\b)\s*(?P<two>.+)"
)
_FROM = re.compile(
    r"(?:any ?time )?(?:after|from|not before|no earlier than|earliest|since|start(?:ing)?(?: at| from)?|post|past)"
    r"\s+(?P<one>.+)|(?P<late>.+?)(?:\s*(?:onwards?|\+)|\s+(?:or later|and after|and later|on))"
)
_UNTIL = re.compile(
    r"(?:any ?time )?(?:until|till?|'til|up to|before|by|no later than|latest|not after|home by|back by|"
    r"must be (?:home|back) by|to)\s+(?P<two>.+)|(?P<early>.+?)\s*(?:or earlier|at the latest|latest|and before)"
)
_QUARTERS = re.compile(
    r"(?P<part>half|quarter|five|ten|twenty|twenty[- ]five)\s*(?P<way>past|after|to|before)?\s+"
    r"(?P<hour>[a-z]+|\d{1,2})(?P<rest>.*)"
)
_CLOCK = re.compile(
    r"(?:at |around |about |approx\.? |c\.? ?|~)?(?P<hour>\d{1,2}|[a-z]+)"
    r"(?:\s*[:.h]\s*(?P<minute>\d\d)(?::\d\d(?:\.0+)?)?|(?P<close>\d\d))?\s*(?:o'?clock|hrs?|h|ish)?\s*"
    r"(?P<half>a\.?m\.?|p\.?m\.?|in the (?:morning|afternoon|evening))?(?:\s*ish)?"
)
_PARTS = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25, "twenty five": 25}
_EARLY, _LATE = 7, 12
"""Nobody sets out before the first of these hours, or says when they must be home before the second."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when and until when; None for no limit."""

    earliest: time | None = None
    latest: time | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """An hour as it was written. `sure`: with am or pm, or as on a 24-hour clock."""

    hour: int
    minute: int
    sure: bool


def window(text: str) -> Window:
    """What a cell says of both ends: a single time is the first. Raises `Unclear`."""
    plain = _plain(text)
    if is_nothing(plain) or _ANY.fullmatch(plain):
        return Window()
    if whole := _one(plain):
        return Window(earliest=_start(whole))
    if found := _UNTIL.fullmatch(plain):
        return Window(latest=_end(_must(found["two"] or found["early"]), None))
    if found := _FROM.fullmatch(plain):
        rest = found["one"] or found["late"]
        if found["one"] and _BOTH.fullmatch(rest) and not _one(rest):
            return window(rest)
        return Window(earliest=_start(_must(rest)))
    if found := _BOTH.fullmatch(plain):
        return _both(found["one"], found["two"])
    raise Unclear(WORDS)


def earliest(text: str) -> time | None:
    """From when, of a cell that says nothing else. Raises `Unclear`."""
    found = window(text)
    if found.earliest is None and found.latest is not None:
        raise Unclear("Here belongs from when somebody is free. Write a time such as 9:30.")
    return found.earliest


def latest(text: str, after: time | None = None) -> time | None:
    """Until when, of a cell that says nothing else; `after` is from when. Raises `Unclear`."""
    plain = _plain(text)
    if is_nothing(plain) or _ANY.fullmatch(plain):
        return None
    found = _UNTIL.fullmatch(plain)
    said = _one(plain) or (_one(found["two"] or found["early"]) if found else None)
    end = _end(said, after) if said else window(text).latest
    if end is None:
        raise Unclear("Here belongs until when somebody is free. Write a time such as 18:00.")
    return end


def _both(one: str, two: str) -> Window:
    start, end = _must(one), _must(two)
    if not start.sure and end.sure and start.hour < end.hour - 12:
        # `7-9pm` is an evening; `10-4pm` begins in the morning.
        start = _Said(start.hour + 12, start.minute, sure=True)
    first = _start(start)
    last = _end(end, first)
    if last <= first:
        raise Unclear(BACKWARDS)
    return Window(first, last)


def _start(said: _Said) -> time:
    hour = said.hour + 12 if not said.sure and said.hour < _EARLY else said.hour
    return time(hour % 24, said.minute)


def _end(said: _Said, after: time | None) -> time:
    """A bare hour is the first one after the start; without a start it is in the afternoon or evening."""
    if said.sure or said.hour >= _LATE:
        return time(said.hour % 24, said.minute)
    morning, evening = time(said.hour, said.minute), time(said.hour + 12, said.minute)
    return morning if after is not None and morning > after else evening


def _must(text: str | None) -> _Said:
    found = _one(_plain(text or ""))
    if found is None:
        raise Unclear(WORDS)
    return found


def _one(plain: str) -> _Said | None:
    """A single time, or None for what is none."""
    if plain in ("noon", "midday", "12 noon", "12noon", "lunch", "lunchtime"):
        return _Said(12, 0, sure=True)
    if plain in ("midnight", "24:00"):
        return _Said(23, 59, sure=True)
    if found := _QUARTERS.fullmatch(plain):
        return _quarters(found)
    found = _CLOCK.fullmatch(plain)
    if found is None:
        # A moment of a spreadsheet: the day is said elsewhere.
        stamp = re.fullmatch(r"\d{4}-\d\d-\d\d[ t](\d\d):(\d\d)(?::\d\d)?", plain)
        return _checked(int(stamp[1]), int(stamp[2]), None, sure=True) if stamp else None
    hour = _hour(found["hour"])
    minute = found["minute"] or found["close"]
    if hour is None or (found["close"] and not found["hour"].isdigit()):
        return None
    # Two digits with minutes are how a 24-hour clock is written, and how a spreadsheet gives a time.
    on_24 = bool(minute) and found["hour"].isdigit() and len(found["hour"]) == 2
    return _checked(hour, int(minute or 0), found["half"], sure=hour > 12 or on_24)


def _quarters(found: re.Match[str]) -> _Said | None:
    """Half past five, quarter to ten; half five is half past five in Britain."""
    hour, minutes = _hour(found["hour"]), _PARTS[found["part"]]
    rest = found["rest"].strip()
    if hour is None or (found["way"] is None and found["part"] != "half") or rest not in ("", "am", "pm"):
        return None
    if found["way"] in ("to", "before"):
        hour, minutes = (hour - 1 or 12), 60 - minutes
    return _checked(hour, minutes, rest or None, sure=hour > 12)


def _checked(hour: int, minute: int, half: str | None, *, sure: bool) -> _Said | None:
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        evening = half.startswith("p") or "noon" in half or "evening" in half
        return _Said(hour % 12 + (12 if evening else 0), minute, sure=True)
    return _Said(hour % 24, minute, sure=sure or hour == 0)


def _hour(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    return NUMBER_WORDS.get(text) if text not in ("no", "none", "nil", "zero", "couple") else None


def _plain(text: str) -> str:
    plain = text.casefold().replace("’", "'").replace("‘", "'")
    plain = re.sub(r"\b(?:please|if possible|roughly|approx(?:imately)?|about|around)\b", " ", plain)
    return " ".join(plain.split()).strip(" .,;!")
