"""What the pages of the forms offer to choose from: days with their events, nearest first, and figures in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.errors import Invalid
from api.pages.volunteers import coming_days
from api.pages.wording import duration
from api.services.nearest import LIMIT, near
from api.services.views import EventView
from api.store.tables import Campaign

FIRST_PLACES = 5
"""So many constituencies of a day are shown at once, the others on demand."""

TRAVEL_TIMES = tuple((minutes, f"Up to {duration(minutes)}") for minutes in (45, 60, 90, 120, 180))
DETOURS = tuple((minutes, f"Up to {duration(minutes)}") for minutes in (10, 20, 30, 45))


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


def events_in(db: Session, campaign: Campaign, code: str) -> tuple[date, list[UUID]] | None:
    """The first day with an event in this constituency, and its events there."""
    for day, events in coming_days(db, campaign):
        if there := [event.id for event in events if event.constituency == code]:
            return day, there
    return None


def numbers(first: int, last: int) -> list[tuple[int, str]]:
    """Options from `first` to `last`."""
    return [(number, str(number)) for number in range(first, last + 1)]


def _in_reach(db: Session, campaign: Campaign, postcode: str) -> dict[str, int]:
    """ONS code → minutes by car, best first. Without a place there is no order."""
    try:
        found = near(db, postcode, campaign, limit=LIMIT)
    except Invalid:
        return {}
    return {row.code: row.minutes for row in found.constituencies}


def _places(events: list[EventView], minutes: dict[str, int]) -> tuple[PlaceOfDay, ...]:
    by_code: dict[str, list[EventView]] = {}
    for event in events:
        by_code.setdefault(event.constituency, []).append(event)
    rank = {code: position for position, code in enumerate(minutes)}
    codes = sorted(by_code, key=lambda code: (rank.get(code, len(rank)), by_code[code][0].constituency_name))
    return tuple(
        PlaceOfDay(by_code[code][0].constituency_name, minutes.get(code), tuple(by_code[code]))
        for code in codes
    )
