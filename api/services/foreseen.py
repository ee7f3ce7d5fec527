"""What publishing a run would do, said before it is done, and for whom: the very comparison that publishing makes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.services import publishing, reviewing
from api.services.local import local
from api.services.publishing import Published
from api.services.reviewing import LONGEST_SEARCH, NO_EVENT, PAGE, Names
from api.services.unfit import unfit
from api.services.views import RunView
from api.store.queries import campaigns
from api.store.queries import publishing as queries
from api.store.queries.publishing import GONE, KINDS, OTHER, EventSums, News, Side, Wanted
from api.store.tables import Campaign, Event

__all__ = ["KINDS", "OTHER", "Foreseen", "Sought", "foresee"]


@dataclass(frozen=True)
class LiftView:
    """A lift as somebody in it was told of it, or will be: driving some riders, or riding `with_` somebody."""

    drives: bool
    with_: str
    event: str
    at: datetime
    back_at: datetime | None
    riders: int


@dataclass(frozen=True)
class Told:
    """Somebody who gets a message. `other`: what differs between the two lifts, words of `OTHER`."""

    name: str
    district: str
    people: int
    kind: str
    before: LiftView | None
    after: LiftView | None
    other: tuple[str, ...]


@dataclass(frozen=True)
class EventEffect:
    """An event with people and cars before and after, and how many get which message about it."""

    id: UUID
    title: str
    place: str
    people: tuple[int, int]
    cars: tuple[int, int]
    told: dict[str, int]


@dataclass(frozen=True)
class Foreseen:
    """All that would happen. `people` are one page of `total` who were asked for, `event` is the one that was chosen.

    `lost`: who has no lift any more. `kinds` count the messages, hardest first, of all or of the chosen event.
    """

    figures: Published
    lost: int
    kinds: tuple[tuple[str, int], ...]
    total: int
    people: tuple[Told, ...]
    events: tuple[EventEffect, ...]
    event: EventEffect | None


@dataclass(frozen=True)
class Sought:
    """Who is looked for: by the message, the event, the beginning of a name or a postcode; and the page of the list."""

    kind: str = ""
    event_id: UUID | None = None
    search: str = ""
    page: int = 1


EVERYBODY = Sought()


def foresee(db: Session, campaign: Campaign, run: RunView, sought: Sought = EVERYBODY) -> Foreseen:
    """What `publishing.publish` would do now.

    Raises `Conflict` as publishing would: if a car that was changed by hand breaks a rule for people as they are now.
    """
    row = publishing.must_be_done(db, campaign, run.id)
    found = queries.effect(db, row, unfit(db, campaign, row), _wanted(sought))
    of_day = {event.id: event for event in campaigns.events(db, campaign.id, run.day)}
    titles = {event_id: event.title for event_id, event in of_day.items()}
    events = _events(found.events, of_day)
    chosen = next((event for event in events if event.id == sought.event_id), None)
    told = found.told if sought.event_id is None else chosen.told if chosen else {}
    known = reviewing.names(db, _ids(found.page))
    return Foreseen(
        figures=publishing.figures(found),
        lost=found.told.get(GONE, 0),
        kinds=tuple((name, told[name]) for name in KINDS if name in told),
        total=found.total,
        people=tuple(_told(news, known, titles) for news in found.page),
        events=events,
        event=chosen,
    )


def _wanted(sought: Sought) -> Wanted:
    return Wanted(
        kind=sought.kind if sought.kind in KINDS else "",
        event_id=sought.event_id,
        search=sought.search.strip()[:LONGEST_SEARCH].replace("\0", ""),
        first=PAGE * (sought.page - 1),
        most=PAGE,
    )


def _ids(page: Iterable[News]) -> Iterable[UUID]:
    for news in page:
        yield news.sign_up_id
        yield from (side.driver_id for side in (news.before, news.after) if side is not None)


def _told(news: News, known: Names, titles: dict[UUID, str]) -> Told:
    return Told(
        name=known.name(news.sign_up_id),
        district=known.district(news.sign_up_id),
        people=news.party,
        kind=news.kind,
        before=_lift(news.before, known, titles),
        after=_lift(news.after, known, titles),
        other=_other(news),
    )


def _lift(side: Side | None, known: Names, titles: dict[UUID, str]) -> LiftView | None:
    if side is None:
        return None
    return LiftView(
        drives=side.drives,
        with_=known.name(side.driver_id),
        event=titles.get(side.event_id, NO_EVENT),
        at=local(side.at),
        back_at=local(side.back_at) if side.back_at else None,
        riders=side.riders,
    )


def _other(news: News) -> tuple[str, ...]:
    """What is worth saying of a change: another event or car says it all, and new riders more than their new stops."""
    before, after = news.before, news.after
    if before is None or after is None or before.drives != after.drives:
        return ()
    if before.event_id != after.event_id:
        return ("event",)
    if before.driver_id != after.driver_id:
        return ("car",)
    return tuple(name for name in news.other if name != "stops" or news.other == ("stops",))


def _events(found: Iterable[EventSums], of_day: Mapping[UUID, Event]) -> tuple[EventEffect, ...]:
    """Those about which most are told first."""
    events = []
    for one in found:
        event = of_day.get(one.event_id)
        title, place = (event.title, event.place_name) if event else (NO_EVENT, "")
        events.append(EventEffect(one.event_id, title, place, one.people, one.cars, one.told))
    return tuple(sorted(events, key=lambda one: (-sum(one.told.values()), one.title, str(one.id))))
