"""The language that things are said in: English, or Welsh where the operator has had it read.

English texts are the keys. What a request or a letter speaks is kept in a context variable, so that whoever says something
asks for nothing: `gettext` where a text is said, `N_` where one is written down to be said later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

ENGLISH, WELSH = "en", "cy"
NAMES = {ENGLISH: "English", WELSH: "Cymraeg"}
"""The languages, each by its own name."""

LOCALES = {ENGLISH: "en_GB", WELSH: "cy"}
CATALOGUES = Path(__file__).parent

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def spoken() -> str:
    """The code of the language that is spoken now."""
    return _spoken.get()


def locale() -> str:
    """How dates are written in it."""
    return LOCALES[spoken()]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say everything in this language; in English if there is no such language."""
    token = _spoken.set(code if code in NAMES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(text: str) -> str:
    """The text in the language spoken; as it is where nobody translated it."""
    return _translations().gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """The text for so many, in the language spoken. Welsh has more forms than two."""
    return _translations().ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802 - what gettext's tools look for
    """Marks a text that is said later."""
    return text


def _translations() -> NullTranslations:
    return _compiled(CATALOGUES / f"{spoken()}.po", locale())


@cache
def _compiled(path: Path, locale: str) -> NullTranslations:
    """What was translated into a language, compiled from its texts when they are first asked for."""
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as texts:
        write_mo(compiled, read_po(texts, locale=locale))
    compiled.seek(0)
    return Translations(compiled)
