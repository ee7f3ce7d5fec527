"""What a browser fetches for a page when it is first loaded, read from its HTML and its style sheets."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

LOADING_LINKS = frozenset(
    {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest", "preconnect"}
)
SOURCES = {
    "script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "iframe": ("src",), "embed": ("src",),
    "video": ("src", "poster"), "audio": ("src",), "track": ("src",), "object": ("data",), "input": ("src",),
    "image": ("href",), "use": ("href",),
}  # fmt: skip
"""Element → the attributes that are fetched without anybody pressing anything."""

_IN_STYLE = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""", re.IGNORECASE)
_IN_SCRIPT = re.compile(r"""^\s*import\s(?:[^'"]*\sfrom\s)?['"]([^'"]+)['"]""", re.MULTILINE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        if tag == "link" and LOADING_LINKS & set(own.get("rel", "").lower().split()):
            self.found.append(own.get("href", ""))
        for name in SOURCES.get(tag, ()):
            if value := own.get(name):
                parts = value.split(",") if name == "srcset" else [value]
                self.found += [part.split()[0] for part in parts if part.split()]
        self.found += of_style(own.get("style", ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.found += of_style(data)


def of_page(markup: str) -> list[str]:
    reader = _Reader()
    reader.feed(markup)
    return reader.found


def of_style(text: str) -> list[str]:
    return [one or other for one, other in _IN_STYLE.findall(text)]


def of_script(text: str) -> list[str]:
    """The modules that it imports at its top; what it loads on a press comes later."""
    return list(_IN_SCRIPT.findall(text))


def within(address: str, kind: str, text: str) -> Iterator[str]:
    """The full addresses that a page, style sheet or script of this content type at `address` makes the browser fetch."""
    readers = {"text/html": of_page, "text/css": of_style, "text/javascript": of_script}
    read = readers.get(kind.partition(";")[0].strip())
    for found in read(text) if read else ():
        if found and not found.startswith(("data:", "#")):
            yield urljoin(address, found)
