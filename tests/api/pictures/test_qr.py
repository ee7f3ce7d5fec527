"""The code on a leaflet: what a camera needs of it, and what one that is not ours reads in it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from api.pictures.qr import QUIET, Code, qr_code

TEXTS = [
    "https://lifts.org",
    "https://lifts.example.org/c/polling-day-2029/places/E14001322",
    "https://lifts.example.org/c/" + "z" * 300,
]


def picture(code: Code) -> Image.Image:
    """The path as a browser draws it."""
    drawn = Image.new("L", (code.size, code.size), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path):
        ImageDraw.Draw(drawn).line((int(x), int(y), int(x) + int(width) - 1, int(y)), fill=0)
    return drawn


@pytest.mark.parametrize("text", TEXTS)
def test_its_finders_stand_in_three_corners_inside_the_quiet_zone(text: str) -> None:
    code = qr_code(text)
    drawn, far = picture(code), code.size - QUIET - 7
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for left, top in ((QUIET, QUIET), (far, QUIET), (QUIET, far)):
        found = [[drawn.getpixel((left + x, top + y)) == 0 for x in range(7)] for y in range(7)]
        assert ["".join(str(int(dark)) for dark in row) for row in found] == finder
    dark = drawn.point(lambda shade: 255 - shade).getbbox()
    assert dark == (QUIET, QUIET, code.size - QUIET, code.size - QUIET)


@pytest.mark.skipif(
    shutil.which("zbarimg") is None, reason="zbarimg, which reads codes, is not on this machine"
)
@pytest.mark.parametrize("text", TEXTS)
def test_a_camera_reads_the_address(text: str, tmp_path: Path) -> None:
    code = qr_code(text)
    picture(code).resize((code.size * 6,) * 2, Image.Resampling.NEAREST).save(tmp_path / "code.png")
    found = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "code.png"], capture_output=True, check=True)
    assert found.stdout.decode().strip() == text
