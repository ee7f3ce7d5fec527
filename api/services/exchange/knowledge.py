"""What is known of a campaign before the rows of a table are judged: looked up once, however many rows there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.services import constituencies
from api.services.local import now, today
from api.store.queries import campaigns
from api.store.queries import imports as queries
from api.store.tables import Campaign, Event
from carpool.geo.constituency import Constituency
from carpool.geo.place import Place
from carpool.geo.postcode import LocatedPostcode, locate_postcode


@dataclass(frozen=True)
class Known:
    """`contacts`: (address or number, day) → the state of what its owner sent in. `days`: with something to come to."""

    campaign_id: UUID
    events: Mapping[date, tuple[Event, ...]]
    contacts: Mapping[tuple[str, date], str]
    removed: frozenset[bytes]
    units: Mapping[str, tuple[float, float]]
    constituencies: Mapping[str, Constituency]

    @property
    def days(self) -> list[date]:
        return sorted(self.events)

    def place(self, postcode: str) -> LocatedPostcode:
        """Raises `UnknownPostcode`."""
        return locate_postcode(postcode, units=self._unit)

    def _unit(self, text: str) -> Place | None:
        found = self.units.get(text.replace(" ", ""))
        return Place(*found) if found else None


def coming(db: Session, campaign_id: UUID) -> dict[date, tuple[Event, ...]]:
    """Day → its events that are open and not over."""
    found: dict[date, tuple[Event, ...]] = {}
    for event in campaigns.events(db, campaign_id):
        if event.state == "open" and event.ends_at > now() and event.day >= today():
            found[event.day] = (*found.get(event.day, ()), event)
    return found


def known(db: Session, campaign: Campaign, postcodes: Iterable[str]) -> Known:
    """All of it, with the points of these postcodes."""
    contacts: dict[tuple[str, date], str] = {}
    for email, phone, day, state in queries.contacts(db, campaign.id):
        for contact in filter(None, (email, phone)):
            # What counts is what stands: of somebody who signed up twice, not the answers that were replaced.
            if contacts.get((contact, day)) != "active":
                contacts[contact, day] = state
    return Known(
        campaign_id=campaign.id,
        events=coming(db, campaign.id),
        contacts=contacts,
        removed=frozenset(queries.removed(db, campaign.id, now())),
        units=queries.units(db, (postcode.replace(" ", "") for postcode in postcodes)),
        constituencies=constituencies.current(db),
    )
