"""Calendar files: what RFC 5545 asks of them, whatever somebody typed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.calendars import Entry, calendar_file

LONDON = ZoneInfo("Europe/London")
START = datetime(2029, 5, 3, 10, tzinfo=LONDON)


def entry(**changes: object) -> Entry:
    values = {
        "uid": "event-1@keyseat-carpool", "starts_at": START, "ends_at": START + timedelta(hours=3), "title": "Canvass",
        "place": "Market Square, LS6 2AB", "text": "Offer a lift", "url": "https://lifts.example.org/c/x",
        "made_at": START, "sequence": 0, "cancelled": False,
    }  # fmt: skip
    return Entry(**{**values, **changes})  # type: ignore[arg-type]  # a test gives what fits


def unfolded(file: bytes) -> list[str]:
    """The lines as a calendar reads them."""
    return file.decode().replace("\r\n ", "").split("\r\n")


def test_times_are_moments_and_the_summer_is_an_hour_behind() -> None:
    lines = unfolded(calendar_file([entry()]))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20290503T090000Z" in lines and "DTEND:20290503T120000Z" in lines
    assert "LOCATION:Market Square\\, LS6 2AB" in lines
    assert "STATUS:CONFIRMED" in lines


def test_a_cancelled_entry_keeps_its_name_and_counts_on() -> None:
    lines = unfolded(calendar_file([entry(cancelled=True, sequence=1)]))
    assert {"UID:event-1@keyseat-carpool", "SEQUENCE:1", "STATUS:CANCELLED"} <= set(lines)


@pytest.mark.parametrize(
    "title", ["a\r\nATTACH:http://x.example", "a\nEND:VEVENT", "a\u2028BEGIN:VALARM", "a;b,c\\d", "x\x00y"]
)
def test_no_text_leaves_its_line(title: str) -> None:
    (summary,) = [x for x in unfolded(calendar_file([entry(title=title)])) if x.startswith("SUMMARY:")]
    assert not [
        x for x in unfolded(calendar_file([entry(title=title)])) if x.startswith(("ATTACH", "BEGIN:VA"))
    ]
    assert "\x00" not in summary
    assert unfolded(calendar_file([entry(title=title)])).count("END:VEVENT") == 1


def test_long_lines_are_folded_between_characters() -> None:
    file = calendar_file([entry(title="Ynys Môn · 𝕏 " * 30)])
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert "Ynys Môn · 𝕏 Ynys" in "".join(unfolded(file))
