"""Public figures: in steps, and from a snapshot that changes at most hourly.

So no two figures, and no two moments, differ by one person, and nobody can ask of a figure whether somebody signed up.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlmodel import Session

from api.language import N_
from api.services.local import local, now
from api.store.queries import campaigns, lifts, sign_ups
from api.store.tables import Event, Offer
from carpool.geo.place import Place, kilometres
from carpool.geo.travel import gb_road_minutes

STEPS = (50, 20, 10, 5)
NONE_YET = N_("none yet")


def in_steps(count: int) -> str:
    """`none yet`, `5+`, `10+`, `20+` or `50+`. The pages translate it."""
    step = step_of(count)
    return f"{step}+" if step else NONE_YET


def step_of(count: int) -> int:
    """The greatest step that `count` reaches, 0 below the first."""
    return next((step for step in STEPS if count >= step), 0)


@dataclass(frozen=True)
class Figures:
    """People counted by constituency (ONS code) at the start of an hour."""

    offers: dict[str, int]
    requests: dict[str, int]
    coming: dict[str, int]


def this_hour() -> datetime:
    return now().replace(minute=0, second=0, microsecond=0)


def snapshot(db: Session, campaign_id: UUID) -> Figures:
    """The figures as of the start of this hour, counted once an hour in each process."""
    hour = this_hour()
    kept = _keep(campaign_id, hour)
    if not kept:
        kept.append(_count(db, campaign_id, hour))
    return kept[0]


def still_wanted(wanted: Mapping[str, int], counted: Figures) -> dict[str, int]:
    """Constituency → people still wanted, in steps; one with events that nobody is wanted at any more is full."""
    return {code: step_of(count - counted.coming.get(code, 0)) for code, count in wanted.items()}


@lru_cache(maxsize=256)
def _keep(campaign_id: UUID, hour: datetime) -> list[Figures]:
    """A place for one hour's figures; old hours fall out of the cache."""
    return []


def _count(db: Session, campaign_id: UUID, hour: datetime) -> Figures:
    events = [x for x in campaigns.events(db, campaign_id) if x.state == "open" and x.ends_at > hour]
    by_event = lifts.people_by_event(db, campaign_id, hour)
    coming: dict[str, int] = defaultdict(int)
    for event in events:
        coming[event.constituency] += by_event.get(event.id, 0)
    counted: dict[type, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sign_up in sign_ups.taking_part(db, campaign_id, local(hour).date(), hour):
        start = Place(sign_up.lat, sign_up.lon, sign_up.island)
        fit = [x for x in events if sign_up.event_ids is None or str(x.id) in sign_up.event_ids]
        in_reach = {x.constituency for x in fit if _minutes(start, x) <= sign_up.max_travel_minutes}
        for code in in_reach:
            counted[type(sign_up)][code] += sign_up.party
    offers = counted.pop(Offer, {})
    requests = next(iter(counted.values()), {})
    return Figures(dict(offers), dict(requests), dict(coming))


def _minutes(start: Place, event: Event) -> float:
    return gb_road_minutes(kilometres(start, Place(event.lat, event.lon, event.island)))
