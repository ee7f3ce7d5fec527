"""Which texts are times, and which only look like it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.files.times import text_from_time, time_from_text

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.timedeltas(timedelta(0), timedelta(days=300 * 365)), ZONES)
def test_round_trip(since: timedelta, zone: timezone) -> None:
    moment = (datetime(1900, 1, 2, tzinfo=UTC) + since).astimezone(zone)
    found = time_from_text(text_from_time(moment))
    assert found == moment and found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2029-05-03T10:00:00Z", datetime(2029, 5, 3, 10, tzinfo=UTC)),
        ("2029-05-03T10:00:00-00:00", datetime(2029, 5, 3, 10, tzinfo=UTC)),
        ("2029-05-03T10:00:00+14:00", datetime(2029, 5, 2, 20, tzinfo=UTC)),
        ("2029-05-03T10:00:00-13:59", datetime(2029, 5, 3, 23, 59, tzinfo=UTC)),
        ("2029-05-03T10:00:00.5Z", datetime(2029, 5, 3, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2029-05-03T10:00:00.1234567890123Z", datetime(2029, 5, 3, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("1900-01-01T00:00:00+14:00", datetime(1899, 12, 31, 10, tzinfo=UTC)),
        ("2028-02-29T23:59:59Z", datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_times(text: str, expected: datetime) -> None:
    assert time_from_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2029-05-03t10:00:00Z", "2029-05-03T10:00:00z", "2029-05-03 10:00:00Z", "2029-05-03T10:00Z", "2029-05-03T10:00:00",
        "2029-05-03T10:00:60Z", "2029-05-03T24:00:00Z", "2029-05-03T10:60:00Z", "2029-05-03T10:00:00.Z",
        "2029-05-03T10:00:00,5Z", "2029-05-03T10:00:00+0100", "2029-05-03T10:00:00+01", "2029-05-03T10:00:00+14:01",
        "2029-05-03T10:00:00+01:60", "2029-05-03T10:00:00+01:00:00", "2029-02-29T10:00:00Z", "2029-13-01T10:00:00Z",
        "2029-00-10T10:00:00Z", "1899-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "20290503T100000Z", "2029-W18-4T10:00:00Z",
        "2029-05-03T10:00:00Z\n", " 2029-05-03T10:00:00Z", "٢029-05-03T10:00:00Z", "", "now",
    ],
)  # fmt: skip
def test_no_times(text: str) -> None:
    assert time_from_text(text) is None
