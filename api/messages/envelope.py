"""What a letter is made from, as far as this room reads it itself; the templates read more of it.

`api.services.outbox.Envelope` is one. Services know messages, not the other way round.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID


class Campaign(Protocol):
    @property
    def slug(self) -> str: ...
    @property
    def contact_email(self) -> str: ...


class SignUp(Protocol):
    """`kind` is offer or request."""

    @property
    def kind(self) -> str: ...
    @property
    def day(self) -> date: ...


class Stop(Protocol):
    @property
    def cancelled(self) -> bool: ...
    @property
    def mine(self) -> bool: ...


class Lift(Protocol):
    @property
    def stops(self) -> Sequence[Stop]: ...


class Page(Protocol):
    """The reader's private page, which the letter tells of."""

    @property
    def campaign(self) -> Campaign: ...
    @property
    def sign_up(self) -> SignUp: ...
    @property
    def lift(self) -> Lift | None: ...


class Envelope(Protocol):
    """A message with all that it is written from."""

    @property
    def message_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def link_token(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def page(self) -> Page: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
