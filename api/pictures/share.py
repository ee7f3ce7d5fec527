"""The picture that appears where somebody shares a page: the place, why it matters, and where it lies."""

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

from PIL import Image, ImageDraw, ImageFont

from api.pictures import coast
from carpool.geo.place import Place

WIDE, HIGH = 1200, 630
INK, BLOSSOM, PAPER, SOFT, LAND = "#1f2233", "#f6c3cd", "#ffffff", "#c6c2cc", "#34384f"
MARGIN = 72
TEXT_WIDE = 730
MAP = (836, 24, 1182, 606)
"""Left, top, right and bottom of the map."""
MIDDLE_LATITUDE = 54.5
LARGEST, SMALLEST, STEP = 84, 40, 4
MOST_LINES = 3
TWICE = 2
"""The map is drawn this much larger and then reduced, which smooths the shores."""


@dataclass(frozen=True)
class Card:
    """What the picture says: a small line above, the title, and a few lines below. `place` None: no mark on the map."""

    above: str
    title: str
    below: tuple[str, ...]
    place: Place | None = None


@lru_cache(maxsize=256)
def share_picture(card: Card) -> bytes:
    """The card as a PNG of 1200 by 630, the measure that every network shows whole."""
    picture = Image.new("RGB", (WIDE, HIGH), INK)
    _draw_map(picture, card.place)
    draw = ImageDraw.Draw(picture)
    y = _line(draw, MARGIN, _cut(draw, _plain(card.above), 30), 30, BLOSSOM) + 14
    size, lines = _fitting(draw, card.title)
    for line in lines:
        y = _line(draw, y, line, size, PAPER, bold=True)
    y += 26
    below = [line for words in card.below for line in _wrapped(draw, words, 36)]
    for line in below[: (HIGH - MARGIN - 50 - y) // 48]:
        y = _line(draw, y, line, 36, SOFT) + 4
    _line(draw, HIGH - MARGIN - 30, "Key Seat Carpool", 30, BLOSSOM)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so that it has no letters of this size")
    return font


def _plain(words: str) -> str:
    """The letters that Pillow's own font has: accents go, so that Ynys Môn reads Ynys Mon and not Ynys M□n."""
    plain = unicodedata.normalize("NFKD", words.replace("–", "-"))
    return "".join(c for c in plain if 32 <= ord(c) < 127 or c in "‘’“”·")


def _line(
    draw: ImageDraw.ImageDraw, y: int, words: str, size: int, colour: str, *, bold: bool = False
) -> int:
    """Writes one line at `y`; where the next one goes. The font has one weight: a stroke makes the other."""
    draw.text(
        (MARGIN, y), _plain(words), fill=colour, font=_font(size), stroke_width=int(bold), stroke_fill=colour
    )
    return y + round(size * 1.22)


def _wrapped(draw: ImageDraw.ImageDraw, words: str, size: int) -> list[str]:
    """The words in lines that fit beside the map; a word that is too long for a line is cut."""
    lines = [""]
    for word in _plain(words).split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, _font(size)) <= TEXT_WIDE:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_cut(draw, line, size) for line in lines if line]


def _cut(draw: ImageDraw.ImageDraw, line: str, size: int) -> str:
    while line and draw.textlength(line, _font(size)) > TEXT_WIDE:
        line = line[:-1]
    return line


def _fitting(draw: ImageDraw.ImageDraw, title: str) -> tuple[int, list[str]]:
    """The largest letters in which the title takes few enough lines; past the smallest the rest is left out."""
    for size in range(LARGEST, SMALLEST - 1, -STEP):
        lines = _wrapped(draw, title, size)
        # A word that does not fit whole makes do with smaller letters as long as there are any.
        if len(lines) <= MOST_LINES and "".join(lines).replace(" ", "") == _plain(title).replace(" ", ""):
            return size, lines
    return SMALLEST, _wrapped(draw, title, SMALLEST)[:MOST_LINES]


def _draw_map(picture: Image.Image, place: Place | None) -> None:
    left, top, right, bottom = MAP
    wide, high = (right - left) * TWICE, (bottom - top) * TWICE
    sheet = Image.new("RGB", (wide, high), INK)
    draw = ImageDraw.Draw(sheet)
    for ring in coast.rings(coast.UNITED_KINGDOM):
        draw.polygon([_spot(lat, lon, wide, high) for lon, lat in ring], fill=LAND)
    if place is not None:
        x, y = _spot(place.lat, place.lon, wide, high)
        for radius, colour in ((44, BLOSSOM), (32, INK), (20, PAPER)):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    picture.paste(sheet.resize((right - left, bottom - top), Image.Resampling.LANCZOS), (left, top))


def _spot(lat: float, lon: float, wide: int, high: int) -> tuple[float, float]:
    """Where a point is on the map, which shows Great Britain whole: degrees of longitude are as short as in its middle."""
    scale = high / (60.9 - 49.7)
    return (lon + 8.4) * scale * cos(radians(MIDDLE_LATITUDE)), (60.9 - lat) * scale
