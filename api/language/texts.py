"""All texts of the public side, found where they are said: what a catalogue has to have.

Coordinators' pages stay English; so do the JSON interface and the commands.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file

HERE = Path(__file__).parents[1]
FILES = ("errors.py", "importing/places.py", "language/library.py")
ROOMS = ("geocoding", "edge", "messages", "pages", "services", "templates")
NOT_PUBLIC = ("pages/coordinators", "templates/coordinators", "templates/login/", "templates/docs.html")
MARKED = {**DEFAULT_KEYWORDS, "N_": None}
OPTIONS = {
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}
METHODS = {".py": "python", ".html": "jinja2", ".txt": "jinja2", ".sms": "jinja2"}


def files() -> Iterator[Path]:
    """Every file that may say something to a volunteer, a host or a visitor."""
    yield from (HERE / name for name in FILES)
    for room in ROOMS:
        for path in sorted((HERE / room).rglob("*")):
            name = path.relative_to(HERE).as_posix()
            if path.suffix in METHODS and not name.startswith(NOT_PUBLIC):
                yield path


def found() -> Catalog:
    """The texts, each with the files in which it is said; without lines, which would change with every edit."""
    texts = Catalog()
    for path in files():
        method = METHODS[path.suffix]
        options = OPTIONS if method == "jinja2" else {}
        for _line, said, _comments, _context in extract_from_file(
            method, path, keywords=MARKED, options=options
        ):
            texts.add(said, locations=[(path.relative_to(HERE.parent).as_posix(), 0)])
    return texts


def missing_in(catalogue: Catalog) -> list[str]:
    """The texts that the catalogue has no words for, in one of their forms or in all."""
    missing = (message.id for message in catalogue if _is_missing(message))
    return [said if isinstance(said, str) else said[0] for said in missing]


def _is_missing(message: Message) -> bool:
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(message.id) and not all(forms)
