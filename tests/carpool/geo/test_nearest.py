"""The order of key constituencies follows the documented formula, and finding it loads nothing heavy."""

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.errors import CarpoolError
from carpool.geo.constituency import constituencies, marginal
from carpool.geo.nearest import (
    Ranking,
    as_row,
    default_weight,
    nearest,
    nearest_rows,
    reasons_in_words,
    travel_ease,
    wanted_share,
)
from carpool.geo.place import Place, kilometres
from carpool.geo.postcode import locate_postcode
from carpool.geo.travel import gb_road_minutes

PAGE = Path(__file__).parents[3] / "docs" / "nearest.md"
KEY = marginal(constituencies(), 5)
LEEDS = locate_postcode("LS6", district_alone=True).place

percent = st.floats(0, 100)
starts = st.sampled_from(["LS6", "SW1A", "BT1", "PO33", "CF10", "EH1", "TR1", "ZE1"]).map(
    lambda district: locate_postcode(district, district_alone=True).place
)


@given(percent, percent)
def test_a_smaller_majority_never_weighs_less_and_the_weight_is_bounded(a: float, b: float) -> None:
    small, large = sorted([a, b])
    assert 0.5 <= default_weight(large) <= default_weight(small) <= 3


def test_the_weight_formula() -> None:
    assert default_weight(0) == 3
    assert default_weight(4) == pytest.approx(1.5)
    assert default_weight(60) == 0.5
    assert default_weight(2, Ranking(weight_most=8, majority_half=1)) == pytest.approx(2)


def test_the_share_and_the_ease_formula() -> None:
    assert wanted_share(0) == 0 == wanted_share(-3)
    assert wanted_share(10) == pytest.approx(0.5) == wanted_share(None)
    assert wanted_share(20) == pytest.approx(0.75)
    assert travel_ease(45) == pytest.approx(0.5)


@given(starts, st.dictionaries(st.sampled_from([x.code for x in KEY]), st.integers(0, 60)))
def test_best_first_within_reach_and_the_full_ones_last(start: Place, wanted: dict[str, int]) -> None:
    found = nearest(start, KEY, still_wanted=wanted)
    assert [x.score for x in found] == sorted((x.score for x in found), reverse=True)
    full = [x.still_wanted == 0 for x in found]
    assert full == sorted(full)
    for x in found:
        assert x.minutes <= 120
        assert x.score == pytest.approx(x.weight * wanted_share(x.still_wanted) * travel_ease(x.minutes))


@given(starts)
def test_nothing_in_reach_is_left_out_or_shown_twice(start: Place) -> None:
    found = {x.constituency.code for x in nearest(start, KEY)}
    by_road = {
        x.code
        for x in KEY
        if x.place.island == start.island and gb_road_minutes(kilometres(start, x.place)) <= 120
    }
    assert found >= by_road
    assert len(nearest(start, KEY)) == len(found)


def test_the_nearest_is_not_always_first() -> None:
    found = nearest(LEEDS, KEY)
    assert [x.constituency.name for x in found[:2]] == ["Bradford West", "Blackburn"]
    assert found[1].minutes > found[2].minutes


def test_a_full_constituency_goes_to_the_end_and_full_ones_keep_their_order() -> None:
    order = [x.constituency.code for x in nearest(LEEDS, KEY)]
    found = nearest(LEEDS, KEY, still_wanted={order[0]: 0, order[3]: 0})
    assert [x.constituency.code for x in found][-2:] == [order[0], order[3]]
    all_full = nearest(LEEDS, KEY, still_wanted=dict.fromkeys(order, 0))
    assert [x.constituency.code for x in all_full] == order


def test_a_campaign_s_own_weights_minutes_and_reach() -> None:
    first, second = nearest(LEEDS, KEY, limit=2)
    code = second.constituency.code
    assert nearest(LEEDS, KEY, weights={code: 9})[0].constituency.code == code
    by_router = nearest(LEEDS, KEY, minutes={code: 3.0})[0]
    assert (by_router.constituency.code, by_router.minutes) == (code, 3.0)
    assert nearest(LEEDS, KEY, ranking=Ranking(reach_minutes=30)) == (first,)


def test_islands_pay_the_crossing_and_none_within_themselves() -> None:
    ryde, belfast = (locate_postcode(x, district_alone=True).place for x in ("PO33", "BT1"))
    havant = nearest(ryde, KEY)[0]
    assert (havant.constituency.name, havant.crossing_minutes) == ("Havant", 75)
    assert havant.minutes == pytest.approx(gb_road_minutes(havant.km) + 75)
    assert "crossing" in havant.reasons
    assert {x.constituency.country for x in nearest(belfast, KEY)} == {"Northern Ireland"}
    assert not any(x.constituency.country == "Northern Ireland" for x in nearest(LEEDS, constituencies()))
    with pytest.raises(CarpoolError, match="isle-of-wight"):
        nearest(ryde, KEY, crossings={})


def test_the_reasons_say_what_the_figures_are() -> None:
    code = nearest(LEEDS, KEY, limit=1)[0].constituency.code
    (wanted,) = nearest(LEEDS, KEY, still_wanted={code: 1}, weights={code: 99}, limit=1)
    assert reasons_in_words(wanted) == (
        "the majority was 707 votes",
        "1 person is still wanted",
        "it is 27 minutes away",
    )
    assert nearest(LEEDS, KEY, still_wanted={code: 0})[-1].reasons == ("majority", "full", "near")


def test_the_rows_are_json_and_limited() -> None:
    rows = nearest_rows("ls62ab", 3)
    assert json.loads(json.dumps(rows)) == rows
    assert [row["name"] for row in rows] == ["Bradford West", "Blackburn", "Pendle and Clitheroe"]
    assert nearest_rows("LS6", 200) == [as_row(x) for x in nearest(LEEDS, KEY)]
    assert nearest_rows("ZE1") == []
    assert len(nearest_rows("SW1")) == 5


@pytest.mark.parametrize(("postcode", "limit", "field"), [("ZZ9", 5, "postcode"), ("LS6", 0, "limit")])
def test_rows_refuse_what_cannot_be_answered(postcode: str, limit: int, field: str) -> None:
    with pytest.raises(CarpoolError) as refused:
        nearest_rows(postcode, limit)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes_half": 0},
        {"weight_most": float("nan")},
        {"reach_minutes": float("inf")},
        {"unknown_share": 1.5},
        {"weight_least": 4},
    ],
)
def test_parameters_out_of_range_are_refused_by_name(changes: dict[str, float]) -> None:
    with pytest.raises(CarpoolError) as refused:
        Ranking(**changes)
    assert refused.value.field == next(iter(changes))


def test_the_page_gives_the_parameters_of_the_code() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {name: float(value) for name, value in table.items()} == dataclasses.asdict(Ranking())


def test_the_page_s_example_is_what_the_code_finds() -> None:
    rows = re.findall(
        r"^\| ([A-Z][\w ]+) ((?:\| [\d.]+ )+)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = [(name, *map(float, re.findall(r"[\d.]+", figures))) for name, figures in rows]
    found = [
        (x["name"], x["minutes"], x["majority_pct"], round(x["weight"], 3), round(x["score"], 3))
        for x in nearest_rows("LS6", 4)
    ]
    assert told == found


def test_the_nearest_constituency_is_found_without_the_heavy_packages() -> None:
    program = (
        "import sys\n"
        "from carpool.geo.nearest import nearest_rows\n"
        "assert nearest_rows('LS6 2AB', 5)\n"
        "print(*sorted({'numpy', 'ortools', 'numba', 'scipy', 'pandas'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
