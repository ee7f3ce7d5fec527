"""The picture of a shared page: the right size, different for different words, sound for any."""

import io

import pytest
from PIL import Image

from api.pictures.share import HIGH, MARGIN, MOST_LINES, TEXT_WIDE, WIDE, Card, share_picture
from carpool.geo.constituency import constituencies
from carpool.geo.place import Place

CARD = Card("Polling day", "Keighley and Ilkley", ("Won by 1,625 votes last time",), Place(53.9, -1.9))


def picture(card: Card) -> Image.Image:
    found = Image.open(io.BytesIO(share_picture(card)))
    found.load()
    return found


def test_it_is_a_png_of_the_size_that_networks_show_whole() -> None:
    found = picture(CARD)
    assert (found.format, found.size) == ("PNG", (WIDE, HIGH))
    assert len(share_picture(CARD)) < 300_000


def test_words_and_place_make_a_difference() -> None:
    other = [
        Card("Polling day", "Hull", CARD.below, CARD.place),
        Card("Polling day", CARD.title, CARD.below, None),
    ]
    assert len({share_picture(card) for card in (CARD, *other)}) == 3


@pytest.mark.parametrize("title", ["Ynys Môn", "W" * 300, "a\n\0b", "日本語", "", "‮x", "wide words " * 40])
def test_no_title_breaks_out(title: str) -> None:
    found = picture(Card(title, title, (title,)))
    ink = found.getpixel((0, 0))
    right = MARGIN + TEXT_WIDE + 6
    assert all(found.getpixel((x, y)) == ink for x in range(right, right + 10) for y in range(HIGH))


def test_the_longest_names_fit_whole() -> None:
    from PIL import ImageDraw

    from api.pictures.share import _fitting

    draw = ImageDraw.Draw(Image.new("RGB", (WIDE, HIGH)))
    for one in sorted(constituencies(), key=lambda x: -len(x.name))[:40]:
        size, lines = _fitting(draw, one.name)
        assert size >= 60 and len(lines) <= MOST_LINES
