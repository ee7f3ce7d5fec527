"""Values in messages are short, on one line, and harmless to a terminal."""

import pytest

from carpool.show import LONGEST, escaped, member, show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("d1", '"d1"'),
        ("", '""'),
        ("Ynys Môn 🚗", '"Ynys Môn 🚗"'),
        ("a\nb\x1b[31m\x7f", r'"a\u000ab\u001b[31m\u007f"'),
        ("\u202egnp\u2028", r'"\u202egnp\u2028"'),
        ("\ud800\U000e0001", r'"\ud800\U000e0001"'),
        (None, "null"),
        (True, "true"),
        (3.0, "3.0"),
        (float("nan"), "NaN"),
        ([1, 2], "a list of 2"),
        ({}, "an object"),
        pytest.param(10**5000, "a number of thousands of digits", id="huge"),
    ],
)
def test_show(value: object, shown: str) -> None:
    assert show(value) == shown


def test_nothing_is_long() -> None:
    assert len(show("x" * 10**6)) == LONGEST == len(show(10**400))
    assert show("x" * 100).endswith("x…")


def test_paths() -> None:
    assert member("$", "dwell_minutes") == "dwell_minutes"
    assert member("drivers[0]", "offers") == "drivers[0].offers"
    assert member("crossings", "isle-of-wight") == "crossings.isle-of-wight"
    assert member("crossings", "a.b") == 'crossings["a.b"]'
    assert member("$", "a\n") == r'["a\u000a"]'
    assert escaped("plain") == "plain"
