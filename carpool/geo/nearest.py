"""Which key constituencies somebody should see first: one formula of need and travel (`docs/nearest.md`)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from carpool.errors import CarpoolError
from carpool.geo.constituency import Constituency, constituencies, marginal
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.place import Place, kilometres
from carpool.geo.postcode import locate_postcode
from carpool.geo.travel import crossing_minutes, gb_road_minutes

KEY_MAJORITY_PCT = 5.0
"""Without a campaign, every constituency with a smaller majority than this is a key constituency."""

Reason = Literal["majority", "wanted", "full", "near", "crossing"]

_NEAR_MINUTES = 30.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a campaign may change about the order. Raises `CarpoolError`, naming the field, if out of range.

    `weight_most` is the weight of a constituency won by nothing, `majority_half` the points of majority in %
    that halve it, `weight_least` what it never falls below; `people_half` the people still wanted at which
    half of the need counts; `unknown_share` the share that counts where nobody said how many are wanted;
    `minutes_half` the minutes of driving that halve the score; `reach_minutes` the longest drive shown.
    """

    weight_most: float = 3.0
    weight_least: float = 0.5
    majority_half: float = 4.0
    people_half: float = 10.0
    unknown_share: float = 0.5
    minutes_half: float = 45.0
    reach_minutes: float = 120.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 < getattr(self, field.name) < math.inf:
                raise CarpoolError("This is a number above 0.", field.name)
        if self.weight_least > self.weight_most:
            raise CarpoolError("The least weight is not above the greatest.", "weight_least")
        if self.unknown_share > 1:
            raise CarpoolError("This is a share of at most 1.", "unknown_share")


DEFAULT_RANKING = Ranking()


@dataclass(frozen=True, slots=True)
class RankedConstituency:
    """A key constituency in reach, `minutes` of driving and `km` as the crow flies away.

    `crossing_minutes` is what ferries add, `still_wanted` counts people (None: nobody said), `need` is weight
    times share wanted, `score` is need times ease of travel.
    """

    constituency: Constituency
    minutes: float
    km: float
    crossing_minutes: float
    weight: float
    still_wanted: int | None
    need: float
    score: float
    reasons: tuple[Reason, ...]


def default_weight(majority_pct: float, ranking: Ranking = DEFAULT_RANKING) -> float:
    """What an event counts for unless a coordinator says otherwise: max(least, most · 2^(−majority / half)).

    `majority_pct` is in % of the valid votes; the result lies in `weight_least` … `weight_most`.
    """
    return max(ranking.weight_least, ranking.weight_most * 2 ** (-majority_pct / ranking.majority_half))


def wanted_share(still_wanted: int | None, ranking: Ranking = DEFAULT_RANKING) -> float:
    """How much of the need is left: 1 − 2^(−people still wanted / half), 0 where a place is full."""
    if still_wanted is None:
        return ranking.unknown_share
    return 1 - 2 ** (-max(0, still_wanted) / ranking.people_half)


def travel_ease(minutes: float, ranking: Ranking = DEFAULT_RANKING) -> float:
    """What is left of the score after the drive: 2^(−minutes / half)."""
    return 2 ** (-minutes / ranking.minutes_half)


def nearest(
    start: Place,
    key: Iterable[Constituency],
    *,
    still_wanted: Mapping[str, int] | None = None,
    weights: Mapping[str, float] | None = None,
    minutes: Mapping[str, float] | None = None,
    crossings: Mapping[str, float] = CROSSING_MINUTES,
    ranking: Ranking = DEFAULT_RANKING,
    limit: int | None = None,
) -> tuple[RankedConstituency, ...]:
    """Rank the key constituencies in reach, best first: score = weight · share wanted · ease of travel.

    The mappings go by ONS code. `still_wanted` counts people, `weights` replace the default weight, `minutes`
    (from a router, ferries included) replace the built-in road time. A full constituency scores 0, so it
    stands below all that are not; among themselves the full ones are ordered as if they were not full. A page
    that everybody may see passes `still_wanted` in steps, so that the order does not tell one person apart.
    Raises `CarpoolError` for an island that `crossings` does not know.
    """
    still_wanted, weights, minutes = still_wanted or {}, weights or {}, minutes or {}
    found = (
        _ranked(
            start, x, still_wanted.get(x.code), weights.get(x.code), minutes.get(x.code), crossings, ranking
        )
        for x in key
    )
    in_reach = [x for x in found if x.minutes <= ranking.reach_minutes]
    in_reach.sort(key=lambda x: (-x.score, -x.weight * travel_ease(x.minutes, ranking), x.constituency.code))
    return tuple(in_reach[:limit])


def _ranked(
    start: Place,
    constituency: Constituency,
    still_wanted: int | None,
    weight: float | None,
    minutes: float | None,
    crossings: Mapping[str, float],
    ranking: Ranking,
) -> RankedConstituency:
    km = kilometres(start, constituency.place)
    ferry = crossing_minutes(start.island, constituency.place.island, crossings)
    drive = gb_road_minutes(km) + ferry if minutes is None else minutes
    heavy = default_weight(constituency.majority_pct, ranking) if weight is None else weight
    need = heavy * wanted_share(still_wanted, ranking)
    return RankedConstituency(
        constituency=constituency,
        minutes=drive,
        km=km,
        crossing_minutes=ferry,
        weight=heavy,
        still_wanted=still_wanted,
        need=need,
        score=need * travel_ease(drive, ranking),
        reasons=_reasons(drive, ferry, still_wanted),
    )


def _reasons(minutes: float, ferry: float, still_wanted: int | None) -> tuple[Reason, ...]:
    """Codes and not sentences, for a page that says them in another language."""
    reasons: list[Reason] = ["majority"]
    if still_wanted is not None:
        reasons.append("wanted" if still_wanted > 0 else "full")
    if minutes <= _NEAR_MINUTES:
        reasons.append("near")
    if ferry > 0:
        reasons.append("crossing")
    return tuple(reasons)


def reasons_in_words(ranked: RankedConstituency) -> tuple[str, ...]:
    """The reasons in English, a short phrase each."""
    people = "person is" if ranked.still_wanted == 1 else "people are"
    words: dict[Reason, str] = {
        "majority": f"the majority was {_votes(ranked.constituency.majority)}",
        "wanted": f"{ranked.still_wanted} {people} still wanted",
        "full": "everybody it asked for has been found",
        "near": f"it is {ranked.minutes:.0f} minutes away",
        "crossing": f"a ferry is on the way, {ranked.crossing_minutes:.0f} minutes of it",
    }
    return tuple(words[reason] for reason in ranked.reasons)


def nearest_rows(postcode: str, limit: int = 5) -> list[dict[str, Any]]:
    """The built-in key constituencies in reach of a postcode or district, best first, as JSON-ready rows.

    Minutes and km to one decimal, weight, need and score to four. Raises `CarpoolError` for a postcode that
    we cannot place and for a limit below 1.
    """
    if limit < 1:
        raise CarpoolError("The limit is 1 or more.", "limit")
    start = locate_postcode(postcode, district_alone=True).place
    return [as_row(x) for x in nearest(start, marginal(constituencies(), KEY_MAJORITY_PCT), limit=limit)]


def as_row(ranked: RankedConstituency) -> dict[str, Any]:
    """A ranked constituency as plain JSON values."""
    constituency = ranked.constituency
    return {
        "code": constituency.code,
        "name": constituency.name,
        "region": constituency.region,
        "minutes": round(ranked.minutes, 1),
        "km": round(ranked.km, 1),
        "first_party": constituency.first_party,
        "second_party": constituency.second_party,
        "majority": constituency.majority,
        "majority_pct": constituency.majority_pct,
        "still_wanted": ranked.still_wanted,
        "weight": round(ranked.weight, 4),
        "need": round(ranked.need, 4),
        "score": round(ranked.score, 4),
        "reasons": list(reasons_in_words(ranked)),
    }


def _votes(count: int) -> str:
    return "1 vote" if count == 1 else f"{count:,} votes"
