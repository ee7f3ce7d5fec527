"""Two runs of one day side by side: their figures, event by event, and who has something else in the other."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.services import reviewing
from api.services.local import local
from api.services.reviewing import NO_EVENT, PAGE, Names
from api.services.views import RunView
from api.store.queries import planned as queries
from api.store.queries.planned import GAINS, LOSES, OTHER_CAR, OTHER_EVENT, Side
from api.store.tables import Campaign, Planned

KINDS = (LOSES, OTHER_EVENT, OTHER_CAR, GAINS)
"""What may become of somebody, hardest first."""


@dataclass(frozen=True)
class EventPair:
    """An event with the people and cars of either run."""

    title: str
    people: tuple[int, int]
    cars: tuple[int, int]


@dataclass(frozen=True)
class PlaceView:
    """Where one run has somebody: driving or riding (`with_`: whose car), or left over for a `reason`."""

    drives: bool
    with_: str
    event: str
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class Change:
    """Somebody for whom something changes; None on a side: not signed up when that run was made."""

    name: str
    district: str
    people: int
    kind: str
    before: PlaceView | None
    after: PlaceView | None


@dataclass(frozen=True)
class Kind:
    """How many change in one way: sign-ups, and people."""

    name: str
    sign_ups: int
    people: int


@dataclass(frozen=True)
class Comparison:
    """Two runs. `changes` is one page of `total`."""

    events: tuple[EventPair, ...]
    kinds: tuple[Kind, ...]
    total: int
    changes: tuple[Change, ...]


def compare(
    db: Session, campaign: Campaign, one: RunView, other: RunView, kind: str = "", page: int = 1
) -> Comparison:
    """What is different in `other`. `kind`: only those who change in that way; anything else means all of them."""
    wanted = kind if kind in KINDS else ""
    counts, rows = queries.changed(db, one.id, other.id, wanted, PAGE * (page - 1), PAGE)
    sides = [side for _, *both in rows for side in both if side is not None]
    known = reviewing.names(db, [found for side in sides for found in (side.sign_up_id, side.driver_id)])
    titles = reviewing.titles_of(db, campaign, one)
    kinds = tuple(Kind(name, *counts[name]) for name in KINDS if name in counts)
    return Comparison(
        events=_events(db, one, other, titles),
        kinds=kinds,
        total=sum(found.sign_ups for found in kinds if wanted in ("", found.name)),
        changes=tuple(_change(what, before, after, known, titles) for what, before, after in rows),
    )


def _events(db: Session, one: RunView, other: RunView, titles: dict[UUID, str]) -> tuple[EventPair, ...]:
    """Every event that either run brings somebody to, where they differ most first."""
    before, after = ({event.id: event for event in reviewing.events(db, run, titles)} for run in (one, other))
    pairs = []
    for event_id in before.keys() | after.keys():
        both = (before.get(event_id), after.get(event_id))
        people = tuple(event.people if event else 0 for event in both)
        cars = tuple(event.cars if event else 0 for event in both)
        pairs.append(EventPair(titles.get(event_id, NO_EVENT), (people[0], people[1]), (cars[0], cars[1])))
    return tuple(sorted(pairs, key=lambda pair: (-abs(pair.people[1] - pair.people[0]), pair.title)))


def _change(what: str, before: Side, after: Side, known: Names, titles: dict[UUID, str]) -> Change:
    somebody = after or before
    assert somebody is not None, "whoever changes is in one of the two"
    return Change(
        name=known.name(somebody.sign_up_id),
        district=known.district(somebody.sign_up_id),
        people=somebody.people,
        kind=what,
        before=_place(before, known, titles),
        after=_place(after, known, titles),
    )


def _place(side: Planned | None, known: Names, titles: dict[UUID, str]) -> PlaceView | None:
    if side is None:
        return None
    return PlaceView(
        drives=side.position == 0,
        with_=known.name(side.driver_id) if side.driver_id else "",
        event=titles.get(side.event_id, NO_EVENT) if side.event_id else "",
        at=local(side.at) if side.at else None,
        reason=side.reason or "",
    )
