"""The key constituencies worth going to from a place, with what is on there."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.errors import Invalid
from api.language.library import translated
from api.services import constituencies, figures, whereabouts
from api.services.campaigns import event_view, view
from api.services.local import now
from api.services.views import FoundPlace, Near, NearView
from api.store.queries import campaigns as queries
from api.store.tables import Campaign, Event
from carpool.geo.constituency import Constituency, marginal
from carpool.geo.nearest import KEY_MAJORITY_PCT, RankedConstituency, nearest
from carpool.geo.postcode import LocatedPostcode

LIMIT = 50
EventsAt = dict[tuple[UUID, str], list[Event]]
"""Campaign and constituency → its coming events."""
NOTHING_COUNTED = figures.Figures({}, {}, {})


@dataclass(frozen=True)
class _Ranked:
    """A constituency in the order of its campaign, None where no campaign is open, with that campaign's figures."""

    row: RankedConstituency
    campaign: Campaign | None
    counted: figures.Figures


def near(db: Session, postcode: str, campaign: Campaign | None = None, limit: int = 5) -> Near:
    """Rank the key constituencies of a campaign, or of all open ones, from a postcode, a district or a town.

    Where no campaign is open, every constituency under 5 % majority is a key constituency. Raises `Invalid` for what we
    cannot place.
    """
    if not 1 <= limit <= LIMIT:
        raise Invalid({"limit": f"The limit is a number from 1 to {LIMIT}."})
    found = whereabouts.looked_for(db, postcode)
    known = constituencies.current(db)
    rows: list[_Ranked] = []
    campaigns = [campaign] if campaign else list(queries.open_ones(db))
    for each in campaigns:
        rows.extend(_of_campaign(db, found, each, known))
    if not campaigns:
        ranked = nearest(found.place, marginal(known.values(), KEY_MAJORITY_PCT))
        rows = [_Ranked(x, None, NOTHING_COUNTED) for x in ranked]
    # What scores the same, such as all that are full, stays in the order of its campaign.
    rows.sort(key=lambda x: -x.row.score)
    best = rows[:limit]
    events = _events_at(db, best)
    return Near(place=_place(found), constituencies=tuple(_row(x, events, known) for x in best))


def _of_campaign(
    db: Session, found: LocatedPostcode, campaign: Campaign, known: dict[str, Constituency]
) -> list[_Ranked]:
    counted = figures.snapshot(db, campaign.id)
    wanted = queries.wanted_by_constituency(db, campaign.id, now())
    codes = queries.key_codes(db, campaign.id) | wanted.keys()
    ranked = nearest(
        found.place,
        [x for x in known.values() if x.code in codes],
        still_wanted=figures.still_wanted(wanted, counted),
        ranking=constituencies.ranking(campaign),
    )
    return [_Ranked(x, campaign, counted) for x in ranked]


def _events_at(db: Session, rows: Iterable[_Ranked]) -> EventsAt:
    """The coming events of what is shown, and of nothing else: there may be thousands."""
    codes: dict[UUID, list[str]] = {}
    for one in rows:
        if one.campaign is not None:
            codes.setdefault(one.campaign.id, []).append(one.row.constituency.code)
    found: EventsAt = {}
    for campaign_id, shown in codes.items():
        for event in queries.coming_events(db, campaign_id, shown, now()):
            found.setdefault((campaign_id, event.constituency), []).append(event)
    return found


def _row(one: _Ranked, events: EventsAt, known: dict[str, Constituency]) -> NearView:
    x, campaign = one.row.constituency, one.campaign
    own = events.get((campaign.id, x.code), []) if campaign else []
    return NearView(
        code=x.code,
        name=x.name,
        region=x.region,
        place=x.place,
        minutes=round(one.row.minutes),
        majority=x.majority,
        majority_pct=x.majority_pct,
        score=one.row.score,
        full="full" in one.row.reasons,
        wanted=figures.in_steps(one.row.still_wanted or 0),
        offers=figures.in_steps(one.counted.offers.get(x.code, 0)),
        requests=figures.in_steps(one.counted.requests.get(x.code, 0)),
        campaign=view(campaign) if campaign else None,
        events=tuple(event_view(event, known) for event in own),
    )


def _place(found: LocatedPostcode) -> FoundPlace:
    return FoundPlace(
        postcode=found.text,
        precision=found.precision,
        lat=found.place.lat,
        lon=found.place.lon,
        island=found.place.island,
        question=translated(found.question) if found.question else None,
        found=found.found,
    )
