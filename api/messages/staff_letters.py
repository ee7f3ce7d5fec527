"""Letters to those who run things: hosts of an event, coordinators, and who is invited to be one.

As in `letters`, subjects say little. To coordinators they name nobody: who it is stands behind the log-in alone.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

from api.messages.envelope import Campaign
from api.messages.house import House
from api.messages.letter import Letter
from api.messages.rendering import render
from api.messages.words import first_name, short_day


class StaffEnvelope(Protocol):
    """A message with all that it is written from. `path` is where its link leads on the service."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def campaign(self) -> Campaign: ...
    @property
    def day(self) -> date: ...
    @property
    def event(self) -> object: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


SUBJECTS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "host_link": "Your link as a host on {}".format,
        "driver_missing": "A driver did not come on {}".format,
        "broke_down": "A car has broken down on {}".format,
        "report": "Please look after somebody on {}".format,
        "invitation": "An invitation that is good until {}".format,
    }
)
"""The subject of each kind, by the day."""


def write_to_staff(envelope: StaffEnvelope, house: House) -> Letter:
    """The letter for a claimed message. Raises `KeyError` for a kind that has no subject."""
    return render(
        envelope.kind,
        SUBJECTS[envelope.kind](short_day(envelope.day)),
        envelope.campaign.contact_email,
        has_short=False,
        house=house,
        campaign=envelope.campaign,
        day=envelope.day,
        event=envelope.event,
        facts=envelope.facts,
        name=first_name(envelope.name),
        link=f"{house.url}{envelope.path}",
    )
