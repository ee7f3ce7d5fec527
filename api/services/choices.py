"""What there is to choose from: the days on which something is on, and their events with the best places first.

A campaign may have ten thousand events. Places are counted first, and only the events that are shown are loaded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.errors import Invalid
from api.services import campaigns, constituencies
from api.services.local import now
from api.services.nearest import LIMIT, near
from api.services.views import EventView
from api.store.queries import campaigns as queries
from api.store.tables import Campaign

FIRST_PLACES = 5
"""So many constituencies of a day are shown at once to choose from, the others on demand."""
MOST_EVENTS = 400
"""About so many events are there to choose from, all days together: a page that holds them all is heavy for a telephone."""
PLACES_AT_A_GLANCE = 6
"""So many constituencies of a day are shown to whoever looks around."""

Counts = Mapping[date, Mapping[str, int]]
"""Day → constituency → its coming events."""


@dataclass(frozen=True)
class PlaceOfDay:
    """A constituency with its events of one day. `minutes` by car, None if it is out of reach or unknown."""

    code: str
    name: str
    minutes: int | None
    events: tuple[EventView, ...]


@dataclass(frozen=True)
class DayToChoose:
    """A day with its constituencies, the most useful first. `more_open`: something beyond the first ones is ticked.

    `left`: so many more constituencies are not in the list.
    """

    day: date
    places: tuple[PlaceOfDay, ...]
    more_open: bool
    left: int


@dataclass(frozen=True)
class DayAtAGlance:
    """A day with its first constituencies by name, and the names of all of them with how many events each has."""

    day: date
    places: tuple[PlaceOfDay, ...]
    count: int


@dataclass(frozen=True)
class PlaceInList:
    """A constituency of a day, without its events."""

    code: str
    name: str
    count: int


def at_a_glance(db: Session, campaign: Campaign) -> list[DayAtAGlance]:
    """The coming days of a campaign, each with its first places."""
    counts, names = _counts(db, campaign), _names(db)
    shown = {
        day: sorted(of_day, key=lambda code: names.get(code, code))[:PLACES_AT_A_GLANCE]
        for day, of_day in counts.items()
    }
    events = _events(db, campaign, {code for codes in shown.values() for code in codes})
    return [
        DayAtAGlance(
            day, tuple(_place(names, code, None, events[day, code]) for code in codes), len(counts[day])
        )
        for day, codes in shown.items()
    ]


def places_of_day(db: Session, campaign: Campaign, day: date) -> list[PlaceInList]:
    """Every constituency in which something is on that day, by name."""
    names = _names(db)
    rows = [
        PlaceInList(code, names.get(code, code), n) for code, n in _counts(db, campaign).get(day, {}).items()
    ]
    return sorted(rows, key=lambda row: row.name)


def days_to_choose(
    db: Session, campaign: Campaign, postcode: str, ticked: Iterable[str]
) -> list[DayToChoose]:
    """The days on which something is on, with the events ordered by what is best from this postcode.

    What is ticked is always among them.
    """
    counts, names, minutes = _counts(db, campaign), _names(db), _in_reach(db, campaign, postcode)
    rank = {code: position for position, code in enumerate(minutes)}
    chosen = _chosen(db, campaign, ticked)
    budget = MOST_EVENTS // max(len(counts), 1)
    shown: dict[date, list[str]] = {}
    for day, of_day in counts.items():
        order = sorted(of_day, key=lambda code: (rank.get(code, len(rank)), names.get(code, code)))
        shown[day] = _within(order, of_day, budget, chosen[day])
    events = _events(db, campaign, {code for codes in shown.values() for code in codes})
    return [
        DayToChoose(
            day,
            tuple(_place(names, code, minutes.get(code), events[day, code]) for code in codes),
            bool(chosen[day].intersection(codes[FIRST_PLACES:])),
            len(counts[day]) - len(codes),
        )
        for day, codes in shown.items()
    ]


def events_in(db: Session, campaign: Campaign, wanted: str) -> tuple[date, list[UUID]] | None:
    """The day of the event with this id, and the event; or the first day with one in this constituency, and all there."""
    if (event_id := _uuid(wanted)) is not None:
        event = queries.event_by_id(db, campaign.id, event_id)
        coming = event is not None and event.state == "open" and event.ends_at > now()
        return (event.day, [event.id]) if event is not None and coming else None
    known = wanted in constituencies.current(db)
    there = queries.coming_events(db, campaign.id, [wanted], now()) if known else ()
    if not there:
        return None
    first = min(event.day for event in there)
    return first, [event.id for event in there if event.day == first]


def _counts(db: Session, campaign: Campaign) -> Counts:
    """In the order of the days."""
    counts: dict[date, dict[str, int]] = {}
    for day, code, count in queries.count_coming(db, campaign.id, now()):
        counts.setdefault(day, {})[code] = count
    return counts


def _names(db: Session) -> dict[str, str]:
    return {code: one.name for code, one in constituencies.current(db).items()}


def _events(
    db: Session, campaign: Campaign, codes: Iterable[str]
) -> Mapping[tuple[date, str], list[EventView]]:
    known = constituencies.current(db)
    found: dict[tuple[date, str], list[EventView]] = defaultdict(list)
    for event in queries.coming_events(db, campaign.id, codes, now()):
        found[event.day, event.constituency].append(campaigns.event_view(event, known))
    return found


def _place(
    names: Mapping[str, str], code: str, minutes: int | None, events: Sequence[EventView]
) -> PlaceOfDay:
    return PlaceOfDay(code, names.get(code, code), minutes, tuple(events))


def _within(order: Sequence[str], counts: Mapping[str, int], budget: int, chosen: set[str]) -> list[str]:
    """The best places as far as the budget of events goes, the first ones in any case, and those that are chosen."""
    kept, used = [], 0
    for position, code in enumerate(order):
        used += counts[code]
        if position < FIRST_PLACES or used <= budget or code in chosen:
            kept.append(code)
    return kept


def _chosen(db: Session, campaign: Campaign, ticked: Iterable[str]) -> Mapping[date, set[str]]:
    """Day → the constituencies of the events that are ticked."""
    ids = [found for one in ticked if (found := _uuid(one)) is not None]
    chosen: dict[date, set[str]] = defaultdict(set)
    for event in queries.events_by_ids(db, campaign.id, ids):
        chosen[event.day].add(event.constituency)
    return chosen


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _in_reach(db: Session, campaign: Campaign, postcode: str) -> dict[str, int]:
    """ONS code → minutes by car, best first. Without a place there is no order."""
    try:
        found = near(db, postcode, campaign, limit=LIMIT)
    except Invalid:
        return {}
    return {row.code: row.minutes for row in found.constituencies}
