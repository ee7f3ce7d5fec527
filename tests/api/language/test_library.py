"""What the library says to volunteers is known word for word, so that it can be said in Welsh."""

from collections.abc import Callable

import pytest

from api import language
from api.language.library import TEXTS, translated
from carpool.errors import CarpoolError
from carpool.geo.postcode import locate_postcode
from carpool.geo.towns import locate_town
from tests.api.language.hollow import hollow

SAYS: tuple[tuple[Callable[[str], object], str, dict[str, str]], ...] = (
    (locate_postcode, " ", {}),
    (locate_postcode, "JE2 3AB", {}),
    (locate_postcode, "nowhere", {}),
    (locate_postcode, "LS6", {"district": "LS6"}),
    (locate_postcode, "LS99 9ZZ", {"district": "LS99"}),
    (locate_postcode, "ZZ9 9ZZ", {"district": "ZZ9"}),
    (locate_town, "Richmond", {"places": "Richmond, TW10; Richmond, DL10"}),
)
"""What makes the library say each text, in their order, and what it puts in."""


def said(ask: Callable[[str], object], typed: str) -> str:
    """The error or the question that comes of it."""
    try:
        return str(getattr(ask(typed), "question", None))
    except CarpoolError as error:
        return error.message


@pytest.mark.usefixtures("hollow_welsh")
@pytest.mark.parametrize(("text", "says"), list(zip(TEXTS, SAYS, strict=True)))
def test_each_is_a_text_of_the_library(
    text: str, says: tuple[Callable[[str], object], str, dict[str, str]]
) -> None:
    ask, typed, gaps = says
    english = said(ask, typed)
    assert english == text % gaps == translated(english)
    with language.speaking("cy"):
        assert translated(english) == hollow(text) % gaps


@pytest.mark.usefixtures("hollow_welsh")
def test_our_own_texts_are_translated_and_what_is_nobodys_stays() -> None:
    with language.speaking("cy"):
        assert translated("Please log in first.") == hollow("Please log in first.")
        assert translated("Ynys Môn") == "Ynys Môn" and translated("") == ""
