"""The alphabet of text messages: what is kept, what is dropped, and how many messages a text makes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.messages.gsm import BASIC, EXTENDED, clip, plain, segments, septets


def test_the_alphabet_is_as_large_as_the_standard_says() -> None:
    """128 places, of which one is the escape to the ten marks that take two (the form feed is left out)."""
    assert len(BASIC) == 127
    assert len(EXTENDED) == 9
    assert not BASIC & EXTENDED


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Siân Llŷr o'r Tŵr", "Sian Llyr o'r Twr"),
        ("w\u0302 in two parts", "w in two parts"),
        ("Zoë, Jürgen, René, Ångström", "Zoe, Jürgen, René, Ångström"),
        ("Łukasz Œuvre – “quoted” … it’s", 'Lukasz OEuvre - "quoted" ... it\'s'),
        ("Ciarán Ó Sé", "Ciaran O Sé"),
        ("€5 [here]", "€5 [here]"),
        ("Иван 李 😀", "  "),
    ],
)
def test_names_are_written_in_it_as_well_as_it_can(typed: str, written: str) -> None:
    assert plain(typed) == written


@given(st.text())
def test_whatever_is_typed_ends_in_the_alphabet(typed: str) -> None:
    assert septets(plain(typed)) >= 0
    assert plain(plain(typed)) == plain(typed)


@given(st.text(), st.integers(3, 60))
def test_what_is_clipped_has_no_more_room_than_it_was_given(typed: str, most: int) -> None:
    found = clip(typed, most)
    assert septets(found) <= most
    assert "\n" not in found


def test_what_is_clipped_says_so_and_what_is_nothing_has_another_word() -> None:
    assert clip("Christopher", 20) == "Christopher"
    assert clip("Christopher", 8) == "Christ.."
    assert clip("€€€€", 6) == "€€.."
    assert clip("Иван", 20, "Your driver") == "Your driver"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 151 + "€" + "a" * 153, 2),
    ],
)
def test_how_many_messages_it_makes(text: str, count: int) -> None:
    """A mark of two places is not divided between messages: in the last but one it begins the next message."""
    assert segments(text) == count


@pytest.mark.parametrize("strange", ["ŵ", "’", "😀", unicodedata.normalize("NFD", "é"), "\t"])
def test_other_marks_are_never_counted_as_if_they_were_in_it(strange: str) -> None:
    with pytest.raises(ValueError, match="alphabet"):
        septets(f"abc{strange}")
