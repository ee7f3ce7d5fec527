"""Letters to those who run an event: its hosts and its coordinators. As in `letters`, subjects say little."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from api.messages.envelope import Campaign
from api.messages.house import House
from api.messages.letter import Letter
from api.messages.rendering import render
from api.messages.words import first_name, short_day


class Event(Protocol):
    @property
    def day(self) -> date: ...


class EventEnvelope(Protocol):
    """A message with all that it is written from. `path` is where its link leads on the service."""

    @property
    def message_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def campaign(self) -> Campaign: ...
    @property
    def event(self) -> Event: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


def write_event(envelope: EventEnvelope, house: House) -> Letter:
    """The letter for a claimed message. Raises `KeyError` for a kind that nobody wrote a function for."""
    return KINDS[envelope.kind](envelope, house)


def host_link(envelope: EventEnvelope, house: House) -> Letter:
    """Brings a host the key to their event."""
    return _letter("host_link", f"Your link as a host on {short_day(envelope.event.day)}", envelope, house)


def driver_missing(envelope: EventEnvelope, house: House) -> Letter:
    """Tells a coordinator that a driver did not come. Who it is stands behind the log-in alone."""
    return _letter(
        "driver_missing", f"A driver did not come on {short_day(envelope.event.day)}", envelope, house
    )


KINDS: Mapping[str, Callable[[EventEnvelope, House], Letter]] = MappingProxyType(
    {"host_link": host_link, "driver_missing": driver_missing}
)


def _letter(template: str, subject: str, envelope: EventEnvelope, house: House) -> Letter:
    return render(
        template,
        subject,
        envelope.campaign.contact_email,
        has_short=False,
        house=house,
        campaign=envelope.campaign,
        event=envelope.event,
        facts=envelope.facts,
        name=first_name(envelope.name),
        link=f"{house.url}{envelope.path}",
    )
