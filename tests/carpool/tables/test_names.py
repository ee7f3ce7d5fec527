"""Names of events and constituencies as people write them."""

import pytest

from carpool.geo.constituency import constituencies
from carpool.tables import Unclear
from carpool.tables.names import constituency_code, named

EVENTS = [(1, ("Morning canvass", "Market Square", "Leeds North West")), (2, ("Evening canvass", "Town Hall", ""))]  # fmt: skip
KNOWN = {one.code: one for one in constituencies()}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("morning  CANVASS!", [1]),
        ("town hall", [2]),
        ("Morning canvass & Evening canvass", [1, 2]),
        ("Leeds North West, Town Hall", [1, 2]),
        ("Morning canvass, Picnic", []),
        ("Picnic", []),
        ("", []),
    ],
)
def test_events_are_found_by_any_of_their_names(written: str, found: list[int]) -> None:
    assert named(written, EVENTS) == found


def test_constituencies_are_found_by_name_and_code_and_never_guessed() -> None:
    code = constituency_code("leeds  north west", KNOWN)
    assert KNOWN[code].name == "Leeds North West" and constituency_code(code, KNOWN) == code
    with pytest.raises(Unclear, match=r"Did you mean Leeds North West\?"):
        constituency_code("Leeds Nort West", KNOWN)
    with pytest.raises(Unclear, match="as it is called officially"):
        constituency_code("Narnia", KNOWN)
