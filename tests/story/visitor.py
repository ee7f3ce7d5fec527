"""A browser without a screen: it reads the forms of a page as they are, fills in what a person would, and presses buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

Attributes = dict[str, str]


@dataclass
class Form:
    """A form with what it would send if nobody touched it."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def filled(self, answers: dict[str, str]) -> dict[str, list[str]]:
        """What it sends after somebody gave those of the answers that it asks for."""
        return self.fields | {name: [value] for name, value in answers.items() if name in self.names}


class Forms(HTMLParser):
    """The forms of a page, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.pieces: list[str] = []
        self._select: str | None = None
        self._open = False
        self.feed(markup)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(own.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(own.get("action", ""), own.get("method", "get")))
            self._open = True
        elif self._open and tag in ("input", "select", "textarea"):
            self._field(tag, own)
        elif self._open and tag == "option" and self._select is not None:
            self._option(self._select, own)

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"
        self._select = None if tag == "select" else self._select

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def _field(self, tag: str, own: Attributes) -> None:
        form, name = self.forms[-1], own.get("name", "")
        form.names.add(name)
        if tag == "select":
            self._select = name
        elif own.get("type") in ("radio", "checkbox"):
            if "checked" in own:
                form.fields.setdefault(name, []).append(own.get("value", "on"))
        elif own.get("type") != "submit":
            form.fields[name] = [own.get("value", "")]

    def _option(self, name: str, own: Attributes) -> None:
        """The first option of a select is chosen until another says that it is."""
        fields = self.forms[-1].fields
        if "selected" in own or name not in fields:
            fields[name] = [own.get("value", "")]


class Visitor:
    """Somebody's device: it keeps its cookies, follows redirects, and says where a form comes from."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(
            base_url=url, follow_redirects=True, timeout=30.0, headers={"Origin": url}
        )
        self.address = "/"
        self.page = Forms("")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def text(self) -> str:
        return self.page.text

    def go(self, address: str) -> None:
        self._see(self._client.get(address))

    def press(self, to: str = "", **answers: str) -> None:
        """Fill in and send the form of this page that leads `to`, or the first that is sent by POST."""
        form = next(form for form in self.page.forms if form.method == "post" and to in form.action)
        action = urljoin(self.address, form.action)
        self._see(self._client.post(action, data=form.filled(answers)))

    def _see(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, (answer.url, answer.status_code, Forms(answer.text).text)
        self.address = urlsplit(str(answer.url)).path
        self.page = Forms(answer.text)
