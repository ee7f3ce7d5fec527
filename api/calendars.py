"""Calendar files as RFC 5545 has them: what a phone's calendar takes in, updates by its UID, and takes out again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from api.messages.words import one_line

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
"""Bytes of a line; what is longer goes on in the next line, after a space."""


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
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Key Seat Carpool//EN", "METHOD:PUBLISH"]
    for entry in entries:
        lines += _lines(entry)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _lines(entry: Entry) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"DTSTAMP:{_moment(entry.made_at)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART:{_moment(entry.starts_at)}",
        f"DTEND:{_moment(entry.ends_at)}",
        f"SUMMARY:{_text(entry.title)}",
        f"LOCATION:{_text(entry.place)}",
        f"DESCRIPTION:{_text(entry.text)}",
        f"URL:{one_line(entry.url)}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Text that cannot end its line or its list: every line of it is tamed, and what has a meaning there is escaped."""
    tame = "\n".join(one_line(line) for line in words.split("\n"))
    for mark in "\\;,":
        tame = tame.replace(mark, f"\\{mark}")
    return tame.replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, none of which cuts a character."""
    pieces, room = [""], LONGEST_LINE
    for mark in line:
        size = len(mark.encode())
        if size > room:
            pieces.append("")
            # The space that starts a continued line counts.
            room = LONGEST_LINE - 1
        pieces[-1] += mark
        room -= size
    return "\r\n ".join(pieces)
