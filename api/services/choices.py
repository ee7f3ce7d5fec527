"""What there is to choose from: the days on which something is on, and their events with the best places first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlmodel import Session

from api.errors import Invalid
from api.services import campaigns
from api.services.nearest import LIMIT, near
from api.services.views import EventView
from api.store.tables import Campaign

FIRST_PLACES = 5
"""So many constituencies of a day are shown at once, the others on demand."""


@dataclass(frozen=True)
class PlaceOfDay:
    """A constituency with its events of one day. `minutes` by car, None if it is out of reach or unknown."""

    name: str
    minutes: int | None
    events: tuple[EventView, ...]


@dataclass(frozen=True)
class DayToChoose:
    """A day with its constituencies, the most useful first. `more_open`: something beyond the first ones is ticked."""

    day: date
    places: tuple[PlaceOfDay, ...]
    more_open: bool


def coming_days(db: Session, campaign: Campaign) -> list[tuple[date, list[EventView]]]:
    """The campaign's events that people can still come to, by day."""
    coming = [x for x in campaigns.events(db, campaign) if not x.cancelled and not x.over]
    return [(day, list(of_day)) for day, of_day in groupby(coming, key=lambda event: event.day)]


def days_to_choose(
    db: Session, campaign: Campaign, postcode: str, ticked: Iterable[str]
) -> list[DayToChoose]:
    """The days on which something is on, with the events ordered by what is best from this postcode."""
    minutes = _in_reach(db, campaign, postcode)
    chosen = set(ticked)
    days = []
    for day, events in coming_days(db, campaign):
        places = _places(events, minutes)
        hidden = {str(event.id) for place in places[FIRST_PLACES:] for event in place.events}
        days.append(DayToChoose(day, places, bool(hidden & chosen)))
    return days


def events_in(db: Session, campaign: Campaign, wanted: str) -> tuple[date, list[UUID]] | None:
    """The day of the event with this id, and the event; or the first day with one in this constituency, and all there."""
    for day, events in coming_days(db, campaign):
        if there := [event.id for event in events if wanted in (event.constituency, str(event.id))]:
            return day, there
    return None


def _in_reach(db: Session, campaign: Campaign, postcode: str) -> dict[str, int]:
    """ONS code → minutes by car, best first. Without a place there is no order."""
    try:
        found = near(db, postcode, campaign, limit=LIMIT)
    except Invalid:
        return {}
    return {row.code: row.minutes for row in found.constituencies}


def _places(events: Sequence[EventView], minutes: dict[str, int]) -> tuple[PlaceOfDay, ...]:
    by_code: dict[str, list[EventView]] = {}
    for event in events:
        by_code.setdefault(event.constituency, []).append(event)
    rank = {code: position for position, code in enumerate(minutes)}
    codes = sorted(by_code, key=lambda code: (rank.get(code, len(rank)), by_code[code][0].constituency_name))
    return tuple(
        PlaceOfDay(by_code[code][0].constituency_name, minutes.get(code), tuple(by_code[code]))
        for code in codes
    )
