"""The key constituencies worth going to from a place, with what is on there."""

from collections.abc import Sequence

from sqlmodel import Session

from api.errors import Invalid
from api.geocoding import locate
from api.services import constituencies, figures
from api.services.campaigns import event_view, unit_place, view
from api.services.local import today
from api.services.views import FoundPlace, Near, NearView
from api.store.queries import campaigns as queries
from api.store.tables import Campaign, Event
from carpool.errors import CarpoolError
from carpool.geo.constituency import Constituency, marginal
from carpool.geo.nearest import KEY_MAJORITY_PCT, RankedConstituency, nearest
from carpool.geo.postcode import LocatedPostcode

LIMIT = 50


def near(db: Session, postcode: str, campaign: Campaign | None = None, limit: int = 5) -> Near:
    """Rank the key constituencies of a campaign, or of all open ones, from a postcode, a district or a place name.

    Where no campaign is open, every constituency under 5 % majority is a key constituency. Raises `Invalid` for what we
    cannot place.
    """
    if not 1 <= limit <= LIMIT:
        raise Invalid({"limit": f"The limit is a number from 1 to {LIMIT}."})
    try:
        found = locate(postcode, units=lambda text: unit_place(db, text), search=True)
    except CarpoolError as error:
        raise Invalid({"postcode": error.message}) from None
    known = constituencies.current(db)
    rows: list[NearView] = []
    campaigns = [campaign] if campaign else list(queries.open_ones(db))
    for each in campaigns:
        rows.extend(_of_campaign(db, found, each, known))
    if not campaigns:
        ranked = nearest(found.place, marginal(known.values(), KEY_MAJORITY_PCT))
        rows = [_row(x, None, (), figures.Figures({}, {}, {}), known) for x in ranked]
    rows.sort(key=lambda row: (-row.score, row.minutes, row.code))
    return Near(place=_place(found), constituencies=tuple(rows[:limit]))


def _of_campaign(
    db: Session, found: LocatedPostcode, campaign: Campaign, known: dict[str, Constituency]
) -> list[NearView]:
    first = today()
    events = tuple(x for x in queries.events(db, campaign.id) if x.state == "open" and x.day >= first)
    counted = figures.snapshot(db, campaign.id, events)
    codes = queries.key_codes(db, campaign.id) | {event.constituency for event in events}
    ranked = nearest(
        found.place,
        [x for x in known.values() if x.code in codes],
        still_wanted=_still_wanted(events, counted),
        ranking=constituencies.ranking(campaign),
    )
    return [_row(x, campaign, events, counted, known) for x in ranked]


def _still_wanted(events: Sequence[Event], counted: figures.Figures) -> dict[str, int]:
    """Constituency → people still wanted, in steps; one with events that nobody is wanted at any more is full."""
    wanted: dict[str, int] = {}
    for event in events:
        wanted[event.constituency] = wanted.get(event.constituency, 0) + event.wanted
    return {code: figures.step_of(count - counted.coming.get(code, 0)) for code, count in wanted.items()}


def _row(
    ranked: RankedConstituency,
    campaign: Campaign | None,
    events: Sequence[Event],
    counted: figures.Figures,
    known: dict[str, Constituency],
) -> NearView:
    x = ranked.constituency
    return NearView(
        code=x.code,
        name=x.name,
        region=x.region,
        minutes=round(ranked.minutes),
        majority=x.majority,
        majority_pct=x.majority_pct,
        score=ranked.score,
        full="full" in ranked.reasons,
        wanted=figures.in_steps(ranked.still_wanted or 0),
        offers=figures.in_steps(counted.offers.get(x.code, 0)),
        requests=figures.in_steps(counted.requests.get(x.code, 0)),
        campaign=view(campaign) if campaign else None,
        events=tuple(event_view(event, known) for event in events if event.constituency == x.code),
    )


def _place(found: LocatedPostcode) -> FoundPlace:
    return FoundPlace(
        postcode=found.text,
        precision=found.precision,
        lat=found.place.lat,
        lon=found.place.lon,
        island=found.place.island,
        question=found.question,
    )
