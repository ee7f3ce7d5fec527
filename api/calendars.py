"""Calendar files as RFC 5545 has them: what a phone's calendar takes in, updates by its UID, and takes out again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

from api.messages.words import one_line

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Key Seat Carpool//EN"


@dataclass(frozen=True)
class Entry:
    """One entry. A later file with the same `uid` and a greater `sequence` takes the place of an earlier one."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    text: str
    url: str
    made_at: datetime
    sequence: int = 0
    cancelled: bool = False


def calendar_file(entries: Iterable[Entry]) -> bytes:
    """The entries as one file. Times are written in UTC, so that they need no table of time zones."""
    calendar = Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("method", "PUBLISH")):
        calendar.add(name, value)
    for entry in entries:
        calendar.add_component(_event(entry))
    file: bytes = calendar.to_ical()
    return file


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", _tame(entry.uid))
    event.add("dtstamp", entry.made_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", _tame(entry.title))
    event.add("location", _tame(entry.place))
    event.add("description", _tame(entry.text))
    event.add("url", one_line(entry.url))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event


def _tame(words: str) -> str:
    """Text whose lines are the ones we wrote, without what nobody can see; the library escapes the rest."""
    return "\n".join(one_line(line) for line in words.split("\n"))
