"""Reads a page as a visitor without eyes would, and holds it to what every page of ours owes them."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from starlette.responses import Response

VOID = {"input", "img", "meta", "link", "br"}
FIELDS = {"input", "select", "textarea"}
Attributes = dict[str, str]


class Page(HTMLParser):
    """What is on a page: elements in order, the text, and the fields of its forms."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.pieces: list[str] = []
        self._silent = 0
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._silent += tag in ("script", "style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "title")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())

    def all(self, tag: str, **wanted: str) -> list[Attributes]:
        """The attributes of each such element."""
        return [
            own
            for name, own in self.elements
            if name == tag and all(own.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]

    def value(self, name: str) -> str | None:
        """What stands in a field."""
        return next((own.get("value") for own in self.all("input", name=name)), None)

    def checked(self, name: str) -> list[str]:
        """The ticked options of a field."""
        return [own.get("value", "on") for own in self.all("input", name=name) if "checked" in own]

    def hidden(self) -> dict[str, str]:
        """The hidden fields, the form's token among them."""
        return {own["name"]: own.get("value", "") for own in self.all("input", type="hidden")}

    def classes(self, name: str) -> list[Attributes]:
        return [own for _, own in self.elements if name in own.get("class", "").split()]


def read(response: Any) -> Page:
    """The page of an answer, after looking that it is fit for everybody. Any page a test comes by is looked at."""
    assert isinstance(response, Response) or hasattr(response, "text")
    page = Page(response.text)
    assert "text/html" in response.headers["content-type"]
    faults = [*_frame(page), *_names(page), *_strict(response.text)]
    assert not faults, faults
    return page


def _frame(page: Page) -> list[str]:
    """Language, one heading of the first rank, the landmarks, and a way past the top."""
    counts = Counter(tag for tag, _ in page.elements)
    faults = [
        f"{counts[tag]} × {tag}" for tag in ("h1", "main", "header", "footer", "title") if not counts[tag]
    ]
    faults += [f"{counts[tag]} × {tag}" for tag in ("h1", "main") if counts[tag] > 1]
    if page.all("html")[0].get("lang") not in ("en-GB", "cy"):
        faults.append("no language")
    ids = Counter(own["id"] for _, own in page.elements if "id" in own)
    faults += [f"id {name} is there {count} times" for name, count in ids.items() if count > 1]
    links = [own["href"] for own in page.all("a") if own.get("href", "").startswith("#")]
    return faults + [f"{link} leads nowhere" for link in links if link[1:] not in ids]


def _names(page: Page) -> list[str]:
    """Every field has a label, every picture its words, and whatever describes a field is there."""
    labelled = {own.get("for") for own in page.all("label")}
    ids = {own["id"] for _, own in page.elements if "id" in own}
    faults = []
    for tag, own in page.elements:
        if tag in FIELDS and own.get("type") != "hidden" and own.get("id") not in labelled:
            faults.append(f"{own.get('name')} has no label")
        if tag == "img" and "alt" not in own:
            faults.append(f"{own.get('src')} has no words")
        described = f"{own.get('aria-describedby', '')} {own.get('aria-labelledby', '')}".split()
        faults += [f"{own.get('id')} is described by {one}" for one in described if one not in ids]
    return faults


def _strict(markup: str) -> list[str]:
    """Nothing that the content security policy would refuse, and nothing from another host."""
    faults = re.findall(r"<[^>]+\s(?:style|on[a-z]+)=[^>]*>", markup)
    faults += re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|<style[^>]*>", markup)
    return faults + re.findall(r"""(?:src|action)=["'](?:https?:)?//[^"']*""", markup)
