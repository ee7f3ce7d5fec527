"""No cell that we write is ever a formula, and what we write we can read."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.services.exchange.csv_files import neutral, written
from carpool.tables import contacts


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 7700", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=cmd|'/C calc'!A0"]
)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral(text).startswith("'")


@pytest.mark.parametrize("text", ["Jo", "1-2", "a=b", "", None, 3])
def test_what_does_not_stays(text: object) -> None:
    assert neutral(text) == ("" if text is None else str(text))


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=4), max_size=4))
def test_any_cells_come_through_and_none_is_a_formula(rows: list[list[str]]) -> None:
    text = written(["a"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    for cells, expected in zip(read, rows, strict=True):
        assert not [cell for cell in cells if cell.strip() and cell.lstrip()[0] in "=+-@"]
        assert len(cells) == len(expected) or cells == []


def test_our_reader_takes_the_apostrophe_off_again() -> None:
    assert contacts.text(neutral("+44 7700 900123")) == "+44 7700 900123"
