"""Roles, counts, needs and contacts as people write them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpool.tables import Unclear, contacts, numbers, roles, wishes
from carpool.tables.roles import Said


@pytest.mark.parametrize(
    ("text", "role", "seats"),
    [
        ("yes, 3", "driver", 3),
        ("Yes (3 seats)", "driver", 3),
        ("Y", "driver", None),
        ("driver", "driver", None),
        ("Driver + 3", "driver", 3),
        ("can take 2", "driver", 2),
        ("3", "driver", 3),
        ("3 seats", "driver", 3),
        ("yes - three", "driver", 3),
        ("yes - 3", "driver", 3),
        ("own car", "driver", None),
        ("offering a lift", "driver", None),
        ("✓", "driver", None),
        ("no", "rider", None),
        ("N", "rider", None),
        ("0", "rider", None),
        ("rider", "rider", None),
        ("passenger", "rider", None),
        ("needs a lift", "rider", None),
        ("lift please", "rider", None),
        ("no car", "rider", None),
        ("I don't drive", "rider", None),
        ("either", "either", None),
        ("maybe", "either", None),
        ("if needed, 4 seats", "either", 4),
        ("could drive or take a lift", "either", None),
        ("", None, None),
    ],
)
def test_who_drives_and_with_how_many_seats(text: str, role: str | None, seats: int | None) -> None:
    assert roles.driving(text) == Said(role, seats)  # type: ignore[arg-type]


def test_what_is_no_role_is_asked_about() -> None:
    with pytest.raises(Unclear, match="driver, rider or either"):
        roles.driving("Labour")


@pytest.mark.parametrize(
    ("drives", "needs", "seats", "role"),
    [
        ("yes", "no", None, "driver"),
        ("yes", "yes", None, "either"),
        ("no", "yes", None, "rider"),
        ("", "y", None, "rider"),
        ("no", "", None, "rider"),
        ("", "", 3, "driver"),
        ("", "no", None, None),
        ("no", "no", None, None),
        ("", "", None, None),
    ],
)
def test_two_columns_say_it_together(drives: str, needs: str, seats: int | None, role: str | None) -> None:
    if role is None:
        with pytest.raises(Unclear):
            roles.together(roles.driving(drives), roles.needing(needs), seats)
    else:
        assert roles.together(roles.driving(drives), roles.needing(needs), seats) == role


@pytest.mark.parametrize(
    ("how", "text", "expected"),
    [
        (numbers.seats, "3", 3),
        (numbers.seats, "up to 3", 3),
        (numbers.seats, "3-4", 3),
        (numbers.seats, "three", 3),
        (numbers.seats, "5 incl. me", 4),
        (numbers.seats, "none", 0),
        (numbers.seats, "3.0", 3),
        (numbers.people, "", 1),
        (numbers.people, "2", 2),
        (numbers.people, "+1", 2),
        (numbers.people, "me + 1", 2),
        (numbers.people, "me and two", 3),
        (numbers.people, "just me", 1),
        (numbers.people, "2 people", 2),
        (numbers.minutes, "20", 20),
        (numbers.minutes, "20 min", 20),
        (numbers.minutes, "half an hour", 30),
        (numbers.minutes, "1 hr", 60),
        (numbers.minutes, "1h30", 90),
    ],
)
def test_counts(how: Any, text: str, expected: int) -> None:
    assert how(text) == expected


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (numbers.seats, "some"),
        (numbers.seats, "30"),
        (numbers.seats, "-2"),
        (numbers.people, "12"),
        (numbers.people, "0"),
        (numbers.people, "a few"),
        (numbers.minutes, "300"),
        (numbers.minutes, "far"),
    ],
)
def test_counts_that_are_none(how: Any, text: str) -> None:
    with pytest.raises(Unclear):
        how(text)


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("child seat", {"child_seat"}),
        ("needs a booster seat please", {"child_seat"}),
        ("wheelchair (folding)", {"wheelchair"}),
        ("stays in wheelchair", {"wheelchair_place"}),
        ("guide dog", {"assistance_dog"}),
        ("step-free", {"step_free"}),
        ("women only", {"women_only"}),
        ("child seat, guide dog", {"child_seat", "assistance_dog"}),
        ("none", set()),
        ("No", set()),
        ("-", set()),
        ("", set()),
    ],
)
def test_needs_that_we_can_match(text: str, needs: set[str]) -> None:
    assert wishes.needs(text) == needs


@pytest.mark.parametrize(
    "text", ["front seat, bad knee", "oxygen", "wheelchair and a hoist", "gets car sick"]
)
def test_a_need_that_we_cannot_match_is_never_passed_over(text: str) -> None:
    with pytest.raises(Unclear, match="no such need"):
        wishes.needs(text)


def test_what_a_car_can_take() -> None:
    assert wishes.takes("2 child seats, wheelchair") == {"child_seat": 2, "wheelchair": 1}
    assert wishes.takes("1") == {"child_seat": 1} and wishes.takes("") == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("07700 900 123", "07700 900 123"),
        ("7700900123", "07700900123"),
        ("+44 7700 900123", "+44 7700 900123"),
        ("447700900123", "+447700900123"),
        ("00447700900123", "+447700900123"),
        ("tel: 0113 496 2345", "0113 496 2345"),
        ("07700 900123 (evenings)", "07700 900123"),
        ("07700900123.0", "07700900123"),
        ("(0113) 496-2345", "(0113) 496-2345"),
        ("", ""),
        ("-", ""),
        ("none", ""),
    ],
)
def test_phone_numbers(text: str, number: str) -> None:
    assert contacts.phone(text) == number


def test_a_number_that_a_spreadsheet_shortened_is_not_guessed() -> None:
    with pytest.raises(Unclear, match="shortened"):
        contacts.phone("7.7009E+09")
    with pytest.raises(Unclear, match="one phone number"):
        contacts.phone("ask her mum")


def test_two_ways_to_write_a_number_are_one() -> None:
    ways = ["07700 900 123", "+44 7700 900123", "+44 (0)7700 900123", "447700900123"]
    assert {contacts.digits(way) for way in ways} == {"07700900123"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jo@example.org", "jo@example.org"),
        ("Jo <jo@example.org>", "jo@example.org"),
        ("mailto:jo@example.org", "jo@example.org"),
        ("jo@example.org; JO@example.org", "jo@example.org"),
        ("", ""),
        ("n/a", ""),
        ("none", ""),
    ],
)
def test_addresses(text: str, address: str) -> None:
    assert contacts.email(text) == address


@pytest.mark.parametrize("text", ["jo@", "jo at example.org", "jo@example.org, al@example.org"])
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(Unclear, match="one e-mail"):
        contacts.email(text)


def test_postcodes_also_at_the_end_of_an_address() -> None:
    for text in ("LS6 2AB", "ls62ab", "12 High Street, Leeds LS6 2AB", "LS6 2AB, Leeds"):
        assert contacts.postcode(text) == "LS6 2AB"
    for text in ("LS6", "Leeds", "QQ1 1AA"):
        with pytest.raises(Unclear):
            contacts.postcode(text)


def test_names() -> None:
    assert contacts.name("Smith, Jo") == "Jo Smith"
    assert contacts.name("", "Jo", "Smith") == "Jo Smith"
    assert contacts.name("Siân O’Neill-Łukasz") == "Siân O’Neill-Łukasz"
    for text in ("", "123", "x" * 81):
        with pytest.raises(Unclear):
            contacts.name(text)


def test_what_keeps_a_cell_as_text_is_taken_off_and_a_formula_is_refused() -> None:
    assert contacts.text('="07700900123"') == "07700900123"
    assert contacts.text("'+44 7700 900123") == "+44 7700 900123"
    assert contacts.text("O'Neill") == "O'Neill"
    for text in ("=A1&B1", '=HYPERLINK("https://evil.example","x")', "@SUM(A1)"):
        with pytest.raises(Unclear, match="formula"):
            contacts.text(text)


@given(st.text(max_size=60))
def test_nothing_breaks_them(text: str) -> None:
    for how in (roles.driving, roles.needing, numbers.seats, numbers.people, numbers.minutes, wishes.needs, wishes.takes,
                contacts.text, contacts.name, contacts.email, contacts.phone, contacts.postcode):  # fmt: skip
        try:
            how(text)
        except Unclear as unclear:
            assert str(unclear)
