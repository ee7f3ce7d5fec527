"""The Welsh texts: complete, and with the same gaps to fill as the English ones."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from api import language
from api.language import texts
from tests.api.language.hollow import GAP


@pytest.fixture(scope="module")
def welsh() -> Catalog:
    with (language.CATALOGUES / "cy.po").open("rb") as file:
        return read_po(file, locale="cy")


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def gaps(text: str) -> set[str]:
    return set(GAP.findall(text))


def test_texts_are_found_where_they_are_said() -> None:
    found = texts.found()
    assert "Skip to the content" in found and "%(start)s to %(end)s" in found
    assert not any("coordinators" in path for message in found for path, _ in message.locations)


def test_letters_have_the_same_sentences_as_text_and_as_html() -> None:
    """But for those that have a link within them, or a list that is none in a text."""
    said = {kind: _said_in_letters(kind) for kind in ("html", "txt")}
    assert said["txt"] - said["html"] == {
        "Your private page, where you see your lift, change your mind or cancel:",
        "Was it you? Then open this link and press the button.",
    }
    assert len(said["html"] - said["txt"]) == 4


def _said_in_letters(kind: str) -> set[str]:
    place = re.compile(rf"api/templates/mail/\w+\.{kind}")
    return {
        str(message.id)
        for message in texts.found()
        if any(place.fullmatch(path) for path, _ in message.locations)
    }


def test_everything_that_is_said_is_said_in_welsh(welsh: Catalog) -> None:
    said = {message.id for message in texts.found() if message.id}
    known = {message.id for message in welsh if message.id}
    assert (said - known, known - said) == (set(), set()), "run `make texts`"
    assert texts.missing_in(welsh) == []


def test_welsh_has_the_same_gaps_to_fill(welsh: Catalog) -> None:
    wrong: list[str] = []
    for message in welsh:
        if message.id:
            said = message.id if isinstance(message.id, str) else message.id[1]
            # A single one may be said in words.
            wrong += [form for form in forms(message) if gaps(form) - gaps(said)]
            wrong += [said for form in forms(message)[-1:] if gaps(said) - gaps(form)]
    assert wrong == []


def test_every_form_of_every_text_can_be_filled(welsh: Catalog) -> None:
    with language.speaking("cy"):
        assert language.ngettext("1 person", "%(num)s people", 3) % {"num": 3} == "3 o bobl"
        assert language.gettext("") == ""
