"""A postcode is understood however it is typed, never guessed, and placed as well as the tables allow."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.geo.constituency import postcode_districts
from carpool.geo.place import Place
from carpool.geo.postcode import UnknownPostcode, locate_postcode

UNITS = {"LS6 2AB": Place(53.8214, -1.5673), "PO30 1NA": Place(50.7002, -1.2951)}
KNOWN = ("LS6 2AB", "SW1A 1AA", "EC1A 1BB", "W1A 1AA", "BT1 1AA", "M1 1AE", "PO30 1NA")

noise = st.text(st.sampled_from(" .-_/,;:+'\"()\t\n\u00a0\u2013\u2019*#"), max_size=3)


@st.composite
def typings(draw: st.DrawFn, postcode: str) -> str:
    """The postcode in some mix of cases, with anything but letters and digits strewn between."""
    letters = [draw(st.sampled_from([c.lower(), c.upper()])) for c in postcode if c != " "]
    return draw(noise) + "".join(letter + draw(noise) for letter in letters)


@given(st.sampled_from(KNOWN).flatmap(lambda known: st.tuples(st.just(known), typings(known))))
def test_case_spacing_and_punctuation_do_not_matter(case: tuple[str, str]) -> None:
    known, typed = case
    assert locate_postcode(typed) == locate_postcode(known)
    assert locate_postcode(typed).text == known


@given(st.sampled_from(sorted(postcode_districts())).flatmap(lambda x: st.tuples(st.just(x), typings(x))))
def test_any_district_alone_is_understood_in_a_search(case: tuple[str, str]) -> None:
    district, typed = case
    found = locate_postcode(typed, district_alone=True)
    assert (found.text, found.precision, found.question) == (district, "district", None)
    assert found.place == postcode_districts()[district]


@given(st.text(max_size=12))
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    try:
        found = locate_postcode(typed, district_alone=True)
    except UnknownPostcode as refused:
        assert refused.field == "postcode" and refused.message
    else:
        assert found.text.isascii() and found.district in found.text


def test_with_a_unit_table_the_point_is_exact_and_lies_on_its_island() -> None:
    found = locate_postcode("po301na", units=UNITS.get)
    assert (found.precision, found.place) == ("unit", Place(50.7002, -1.2951, "isle-of-wight"))


def test_a_unit_that_no_list_has_is_accepted_with_a_question() -> None:
    found = locate_postcode("LS6 9ZZ", units=UNITS.get)
    assert (found.text, found.precision) == ("LS6 9ZZ", "district")
    assert found.place == postcode_districts()["LS6"]
    assert found.question is not None and "LS6" in found.question
    assert locate_postcode("LS6 9ZZ").question == found.question


def test_a_real_unit_without_a_point_raises_no_question() -> None:
    for units in (None, UNITS.get):
        found = locate_postcode("LS6 2AS", units=units)
        assert (found.precision, found.question) == ("district", None)


@pytest.mark.parametrize(
    ("typed", "district", "near"),
    [
        ("SW1A 2AA", "SW1A", Place(51.50, -0.13)),
        ("ec1a 1bb", "EC1A", Place(51.52, -0.10)),
        ("w1t1aa", "W1T", Place(51.52, -0.14)),
    ],
)
def test_districts_that_end_in_a_letter(typed: str, district: str, near: Place) -> None:
    found = locate_postcode(typed)
    assert found.district == district
    assert (found.place.lat, found.place.lon) == pytest.approx((near.lat, near.lon), abs=0.02)


def test_a_district_that_exists_only_in_parts_is_the_middle_of_them() -> None:
    parts = [
        place for name, place in postcode_districts().items() if name.startswith("SW1") and name[3:].isalpha()
    ]
    found = locate_postcode("sw1", district_alone=True)
    assert found.text == "SW1"
    assert found.place.lat == pytest.approx(sum(part.lat for part in parts) / len(parts))
    with pytest.raises(UnknownPostcode, match="SW1"):
        locate_postcode("SW1 1AA")


@pytest.mark.parametrize("typed", ["LS6", "sw1a", "W1"])
def test_a_district_alone_is_refused_where_all_of_it_is_needed(typed: str) -> None:
    with pytest.raises(UnknownPostcode, match="first half"):
        locate_postcode(typed)


@pytest.mark.parametrize("typed", ["ZZ9 9ZZ", "LS30 9ZZ", "BF1 3AA", "ZZ9"])
def test_an_unknown_district_is_refused_by_name(typed: str) -> None:
    with pytest.raises(UnknownPostcode, match="postcode district " + typed.split()[0]):
        locate_postcode(typed, district_alone=True)


@pytest.mark.parametrize("typed", ["JE2 3AB", "gy11aa", "IM1 1AA", "JE2"])
def test_islands_that_vote_elsewhere_are_told_what_to_type(typed: str) -> None:
    with pytest.raises(UnknownPostcode, match=r"elect no members of the UK Parliament.* on the mainland"):
        locate_postcode(typed, district_alone=True)


@pytest.mark.parametrize(
    "typed", ["", "  - ", "Leeds", "LS6 2A", "LS6 2ABC", "SW1A OAA", "1S6 2AB", "LS6 2A8", "GIR 0AA"]
)
def test_what_cannot_be_a_postcode_is_refused(typed: str) -> None:
    with pytest.raises(UnknownPostcode, match="LS6 2AB"):
        locate_postcode(typed, district_alone=True)


@pytest.mark.parametrize("typed", ["LS٦ 2AB", "LS6 ٢AB", "ß1 1AA", "ЅW1A 1AA", "LS6 2AB\u0416"])
def test_letters_and_digits_of_another_script_are_refused(typed: str) -> None:
    with pytest.raises(UnknownPostcode, match="LS6 2AB"):
        locate_postcode(typed, district_alone=True)


def test_the_field_is_the_caller_s() -> None:
    with pytest.raises(UnknownPostcode) as refused:
        locate_postcode("nowhere", field="home_postcode")
    assert refused.value.field == "home_postcode"


def test_nothing_typed_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for typed in ("07700 900123", "not a postcode", "LS6 9ZZ"):
            try:
                locate_postcode(typed)
            except UnknownPostcode as refused:
                assert typed not in refused.message
    assert caplog.records == []
