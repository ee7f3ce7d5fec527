"""Towns by the names of constituencies: found however they are typed, and never guessed between."""

import pytest

from carpool.errors import CarpoolError
from carpool.geo.place import Place, kilometres
from carpool.geo.towns import SeveralTowns, locate_town


@pytest.mark.parametrize(
    ("typed", "name", "near"),
    [
        ("leeds", "Leeds", Place(53.80, -1.55)),
        ("  LEEDS! ", "Leeds", Place(53.80, -1.55)),
        ("hull", "Hull", Place(53.74, -0.34)),
        ("ynys mon", "Ynys Môn", Place(53.25, -4.3)),
        ("St Albans", "St Albans", Place(51.75, -0.34)),
        ("stoke-on-trent", "Stoke on Trent", Place(53.0, -2.18)),
        ("Newcastle upon Tyne", "Newcastle upon Tyne", Place(54.97, -1.61)),
    ],
)
def test_a_town_is_the_middle_of_the_constituencies_that_bear_its_name(
    typed: str, name: str, near: Place
) -> None:
    found = locate_town(typed)
    assert found is not None
    assert (found.text, found.precision, found.question) == (name, "town", None)
    assert kilometres(found.place, near) < 10


@pytest.mark.parametrize("typed", ["", "north", "North West", "and", "nowhere", "LS6 2AB", "Lee", "📍", "1"])
def test_what_is_no_towns_name_is_found_nowhere(typed: str) -> None:
    assert locate_town(typed) is None


@pytest.mark.parametrize("typed", ["Newcastle", "Richmond"])
def test_between_two_towns_nothing_is_guessed(typed: str) -> None:
    with pytest.raises(SeveralTowns, match=f"more than one place of that name: {typed}") as caught:
        locate_town(typed)
    assert isinstance(caught.value, CarpoolError) and caught.value.field == "postcode"
