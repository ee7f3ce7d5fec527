"""The constituencies with their latest official results: the built-in table, and over it what the operator imported."""

from dataclasses import replace

from sqlmodel import Session

from api.store.queries import constituencies as queries
from api.store.tables import Campaign
from carpool.geo.constituency import Constituency, constituencies
from carpool.geo.nearest import Ranking, default_weight


def current(db: Session) -> dict[str, Constituency]:
    """ONS code → constituency, by name. Where it lies and who lives there stay as built in."""
    imported = {row.code: row for row in queries.results(db)}
    found: dict[str, Constituency] = {}
    for built_in in constituencies():
        row = imported.get(built_in.code)
        found[built_in.code] = built_in if row is None else replace(
            built_in,
            name=row.name,
            first_party=row.first_party,
            second_party=row.second_party,
            electorate=row.electorate,
            majority=row.majority,
            majority_pct=round(100 * row.majority / max(row.valid_votes, 1), 3),
        )  # fmt: skip
    return found


def ranking(campaign: Campaign | None) -> Ranking:
    """The formula of need and travel, as the campaign changed it."""
    return Ranking(**campaign.rules) if campaign is not None else Ranking()


def event_weight(campaign: Campaign, constituency: Constituency | None, weight: float | None) -> float:
    """What an event counts for: what its coordinator said, else by the majority of its constituency."""
    if weight is not None:
        return weight
    return default_weight(constituency.majority_pct, ranking(campaign)) if constituency else 1.0
