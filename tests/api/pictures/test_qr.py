"""The code on a leaflet, read back by a reader of our own that shares nothing with the writer but the standard."""

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from api.pictures.qr import LONGEST, QUIET, Matrix, format_bits, qr_code, svg_path

TEXTS = [
    "A", "https://lifts.org", "https://lifts.example.org/c/polling-day", "https://lifts.example.org/c/polling-day-2029/places/E14001322",
    "x" * 84, "y" * 106, "https://lifts.example.org/c/" + "z" * 100, "Ynys Môn 🚗",
]  # fmt: skip
# Size → blocks, data bytes of each, correction bytes of each, by level (0: 15 %, 1: 7 %), from the tables of the standard.
SHAPES = {
    (21, 0): (1, 16, 10), (25, 0): (1, 28, 16), (29, 0): (1, 44, 26), (33, 0): (2, 32, 18), (37, 0): (2, 43, 24),
    (41, 0): (4, 27, 16), (41, 1): (2, 68, 18),
}  # fmt: skip


def masks(number: int, y: int, x: int) -> bool:
    return (
        (y + x) % 2, y % 2, x % 3, (y + x) % 3, (y // 2 + x // 3) % 2, y * x % 2 + y * x % 3,
        (y * x % 2 + y * x % 3) % 2, ((y + x) % 2 + y * x % 3) % 2,
    )[number] == 0  # fmt: skip


def times(one: int, other: int) -> int:
    """The product in the field of 256 elements, by long multiplication."""
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return product


def read(code: Matrix) -> str:
    """The text in a code, whose correction must hold without any error."""
    size = len(code)
    around = [code[y][8] for y in (0, 1, 2, 3, 4, 5, 7, 8)] + [code[8][x] for x in (7, 5, 4, 3, 2, 1, 0)]
    split = [code[8][x] for x in range(size - 1, size - 9, -1)] + [code[y][8] for y in range(size - 7, size)]
    assert around == split
    form = sum(bit << n for n, bit in enumerate(around)) ^ 0x5412
    level, mask = form >> 13, form >> 10 & 7
    assert format_bits(level, mask) == form ^ 0x5412
    blocks, data, correction = SHAPES[size, level]
    bits = [code[y][x] ^ masks(mask, y, x) for y, x in way(size)]
    words = [
        sum(bit << (7 - n) for n, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits) - 7, 8)
    ]
    content: list[int] = []
    for block in range(blocks):
        own = words[block : blocks * data : blocks]
        whole = own + words[blocks * data + block : blocks * (data + correction) : blocks]
        assert [syndrome(whole, power) for power in range(correction)] == [0] * correction
        content += own
    text = "".join(f"{byte:08b}" for byte in content)
    assert text[:4] == "0100"
    length = int(text[4:12], 2)
    return bytes(int(text[12 + 8 * n : 20 + 8 * n], 2) for n in range(length)).decode()


def syndrome(words: list[int], power: int) -> int:
    """The block as a polynomial, at a power of 2."""
    at, total = 1, 0
    for _ in range(power):
        at = times(at, 2)
    for word in words:
        total = times(total, at) ^ word
    return total


def way(size: int) -> list[tuple[int, int]]:
    """The modules of data in the order of the standard."""
    middle = size - 7

    def is_free(y: int, x: int) -> bool:
        finder = (y < 9 and (x < 9 or x > size - 9)) or (y > size - 9 and x < 9)
        aligned = size > 21 and abs(y - middle) < 3 and abs(x - middle) < 3
        return not (finder or aligned or y == 6 or x == 6)

    columns = [x for x in range(size - 1, 0, -1) if x != 6]
    pairs = list(zip(columns[::2], [*columns[1::2], 0], strict=False))
    return [
        (y, x)
        for turn, pair in enumerate(pairs)
        for y in (range(size) if turn % 2 else range(size - 1, -1, -1))
        for x in pair
        if is_free(y, x)
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_can_be_read(text: str) -> None:
    assert read(qr_code(text)) == text


def test_the_marks_are_where_a_camera_looks_for_them() -> None:
    code = qr_code(TEXTS[1])
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for top, left in ((0, 0), (0, len(code) - 7), (len(code) - 7, 0)):
        assert ["".join(str(int(x)) for x in row[left : left + 7]) for row in code[top : top + 7]] == finder
    assert [code[6][x] for x in range(8, len(code) - 8)] == [x % 2 == 0 for x in range(8, len(code) - 8)]


def test_the_bits_of_the_form_are_those_of_the_standards_table() -> None:
    assert [format_bits(0, mask) for mask in range(3)] == [
        0b101010000010010,
        0b101000100100101,
        0b101111001111100,
    ]
    assert format_bits(1, 0) == 0b111011111000100


def test_what_is_too_long_is_refused() -> None:
    qr_code("x" * LONGEST)
    with pytest.raises(ValueError, match="at most 134 bytes"):
        qr_code("x" * (LONGEST + 1))


def test_the_path_draws_every_dark_module_beside_the_quiet_zone() -> None:
    code = qr_code("A")
    drawn = set()
    for run in svg_path(code).split("z")[:-1]:
        corner, _, rest = run[1:].partition("h")
        x, y = map(int, corner.split())
        drawn |= {(y - QUIET, x - QUIET + n) for n in range(int(rest.partition("v")[0]))}
    assert drawn == {(y, x) for y, row in enumerate(code) for x, dark in enumerate(row) if dark}


@pytest.mark.skipif(
    shutil.which("zbarimg") is None, reason="zbarimg, which reads codes, is not on this machine"
)
@pytest.mark.parametrize("text", TEXTS[:-1])
def test_a_reader_of_somebody_elses_reads_it(text: str, tmp_path: Path) -> None:
    code = qr_code(text)
    picture = Image.new("L", (len(code) + 2 * QUIET,) * 2, 255)
    for y, row in enumerate(code):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET, y + QUIET), 0)
    picture.resize((picture.width * 6,) * 2, Image.Resampling.NEAREST).save(tmp_path / "code.png")
    found = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "code.png"], capture_output=True, check=True)
    assert found.stdout.decode().strip() == text
