"""A Welsh that nobody speaks: every text of ours with ŵ for each letter. Whatever can still be read was never translated."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from api import language
from api.language import texts

GAP = re.compile(r"%\(\w+\)[sd]|%%|<[^>]+>")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"\b[A-Za-z]{3,}\b")


def hollow(said: str) -> str:
    """The text with its gaps and its markup, and no letter of its own."""
    between, kept = GAP.split(said), [*GAP.findall(said), ""]
    return "".join(LETTER.sub("ŵ", words) + gap for words, gap in zip(between, kept, strict=True))


def write(folder: Path) -> None:
    """A catalogue of all that is said, as `cy.po` in the folder."""
    welsh = Catalog(locale=language.LOCALES[language.WELSH])
    for message in texts.found():
        if isinstance(message.id, str):
            welsh.add(message.id, hollow(message.id))
        elif message.id:
            welsh.add(message.id, [hollow(message.id[-1])] * welsh.num_plurals)
    with (folder / "cy.po").open("wb") as file:
        write_po(file, welsh)


def words_left(said: str, *data: object) -> set[str]:
    """The words that can be read in what was said, but for those of the data: texts, or what holds some."""
    return set(WORD.findall(said)) - {word for text in _texts_in(data) for word in WORD.findall(text)}


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from chain.from_iterable(map(_texts_in, value))
    elif is_dataclass(value):
        yield from _texts_in(tuple(vars(value).values()))
