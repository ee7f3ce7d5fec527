"""One question to a Nominatim server: who asks, what is understood of the answer, and what every failure becomes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from api.geocoding import nominatim
from api.geocoding.answers import Failed, Named
from tests.nominatim import HOUSE, STREET, Fault, Nominatim


def ask(server: Nominatim, name: str = "Otley Road, Leeds") -> Named | None:
    return nominatim.ask(server.url, "ops@example.org", name)


def saying(server: Nominatim, answer: Any) -> Nominatim:
    server.faults.append(Fault(json.dumps(answer).encode()))
    return server


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Otley Road, Leeds", Named("Otley Road", "Leeds", "LS6 3PX", 53.8263, -1.5793, "street")),
        ("12 Otley Road, Leeds", Named("12 Otley Road", "Leeds", "LS6 2AD", 53.8201, -1.5793, "address")),
        ("Timble", Named("Timble", "Leeds", "", 53.9054, -1.692, "town")),
        ("Nowhereham", None),
    ],
)
def test_what_is_found(map_server: Nominatim, name: str, found: Named | None) -> None:
    assert ask(map_server, name) == found


def test_it_says_who_asks_and_asks_about_this_country_alone(map_server: Nominatim) -> None:
    ask(map_server)
    path, query, headers = map_server.requests[0]
    assert path == "/search"
    assert query["countrycodes"] == ["gb"] and query["limit"] == ["1"] and query["q"] == ["Otley Road, Leeds"]
    agent = {name.lower(): value for name, value in headers.items()}["user-agent"]
    assert agent.startswith("keyseat-carpool/") and "ops@example.org" in agent
    assert "cookie" not in {name.lower() for name in headers}


def test_a_station_is_a_place_and_a_street_without_rank_a_street(map_server: Nominatim) -> None:
    station = {
        "lat": "53.7",
        "lon": "-1.5",
        "place_rank": 30,
        "name": "Leeds",
        "display_name": "Leeds, Leeds",
    }
    found = ask(saying(map_server, [station]))
    assert found is not None and (found.precision, found.name, found.within) == ("address", "Leeds", "")
    found = ask(saying(map_server, [{key: STREET[key] for key in STREET if key != "place_rank"}]))
    assert found is not None and found.precision == "street"


def test_what_is_not_in_this_country_is_not_found(map_server: Nominatim) -> None:
    assert ask(saying(map_server, [HOUSE | {"lat": "48.85", "lon": "2.35"}])) is None


def test_a_postcode_that_we_do_not_understand_is_left_out(map_server: Nominatim) -> None:
    odd = HOUSE | {"address": {"road": "Otley Road", "postcode": "LS6 3PX;LS6 3PY"}}
    found = ask(saying(map_server, [odd]))
    assert found is not None and found.postcode == ""


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>down for maintenance", b"[", b"null", b"7", b"{}", b'"x"', b"[7]", b"[{}]", b"\xff\xfe", b"[" * 3000,
        b'[{"lat": "north", "lon": "-1"}]', b'[{"lat": "nan", "lon": "-1", "display_name": "x"}]',
        b'[{"lat": "53", "lon": "-1", "display_name": "x", "address": 7}]', b'{"error": "Unable to geocode"}',
        b'[{"lat": "53", "lon": "-1", "display_name": "x", "place_rank": "high"}]',
    ],
)  # fmt: skip
def test_rubbish_is_a_failure_or_nothing_and_never_a_bug(map_server: Nominatim, body: bytes) -> None:
    map_server.faults.append(Fault(body))
    try:
        assert ask(map_server) is None
    except Failed as failed:
        assert failed.pause == nominatim.AFTER_FAILURE
    assert ask(map_server) is not None


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {}, nominatim.AFTER_REFUSAL),
        (429, {"Retry-After": "120"}, timedelta(minutes=2)),
        (429, {"Retry-After": "999999999"}, nominatim.LONGEST_REST),
        (429, {"Retry-After": "9" * 30}, nominatim.LONGEST_REST),
        (429, {"Retry-After": "soon"}, nominatim.AFTER_REFUSAL),
        (429, {"Retry-After": "1"}, nominatim.AFTER_FAILURE),
        (403, {}, nominatim.AFTER_FAILURE),
        (500, {}, nominatim.AFTER_FAILURE),
        (503, {}, nominatim.AFTER_FAILURE),
    ],
)
def test_a_refusal_says_how_long_to_leave_it_in_peace(
    map_server: Nominatim, status: int, headers: dict[str, str], pause: timedelta
) -> None:
    map_server.faults.append(Fault(b"no", status, headers))
    with pytest.raises(Failed) as caught:
        ask(map_server)
    assert caught.value.pause == pause


def test_one_that_hangs_is_given_up(map_server: Nominatim) -> None:
    map_server.faults.append(Fault(hang=60))
    with pytest.raises(Failed, match="GeocoderTimedOut"):
        ask(map_server)


def test_one_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(Failed):
        nominatim.ask("http://127.0.0.1:9", "ops@example.org", "Leeds")
