"""The square code on a leaflet, by ISO/IEC 18004: bytes, versions 1 to 6, for cameras of any telephone.

A web address fits. What stands here is no more of the standard than that takes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules, dark ones True, without the quiet zone around them."""

QUIET = 4
"""Light modules that have to be left free on every side."""
MEDIUM, LOW = 0, 1
"""How much of the code may be damaged: 15 % or 7 %, as the two bits that say so in it."""


@dataclass(frozen=True)
class _Form:
    """One size of code: `blocks` of equally many data and correction bytes, and the middle of its alignment mark."""

    version: int
    level: int
    blocks: int
    data: int
    correction: int

    @property
    def size(self) -> int:
        return 17 + 4 * self.version

    @property
    def capacity(self) -> int:
        """Bytes of text: the mode, the length and the end mark take two of the data's."""
        return self.blocks * self.data - 2


# The smallest first; the more robust level as long as it has room.
_FORMS = (
    _Form(1, MEDIUM, 1, 16, 10), _Form(2, MEDIUM, 1, 28, 16), _Form(3, MEDIUM, 1, 44, 26), _Form(4, MEDIUM, 2, 32, 18),
    _Form(5, MEDIUM, 2, 43, 24), _Form(6, MEDIUM, 4, 27, 16), _Form(6, LOW, 2, 68, 18),
)  # fmt: skip
LONGEST = _FORMS[-1].capacity


def qr_code(text: str) -> Matrix:
    """The code of a text of at most `LONGEST` bytes. Raises `ValueError` for a longer one."""
    content = text.encode()
    form = next((form for form in _FORMS if len(content) <= form.capacity), None)
    if form is None:
        raise ValueError(f"a code holds at most {LONGEST} bytes")
    grid, fixed = _marks(form)
    _lay(grid, fixed, _codewords(content, form))
    drawn = (_masked(grid, fixed, form, number) for number in range(len(_MASKS)))
    best = min(drawn, key=_penalty)
    return tuple(tuple(bool(module) for module in row) for row in best)


def svg_path(code: Matrix) -> str:
    """The dark modules as the `d` of a path, each a unit wide; the quiet zone is left and top of it."""
    runs: list[str] = []
    for y, row in enumerate(code):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x + QUIET} {y + QUIET}h{end - x}v1h-{end - x}z")
            x = max(end, x + 1)
    return "".join(runs)


# Bytes -------------------------------------------------------------------------------------------------------


def _codewords(content: bytes, form: _Form) -> list[int]:
    """Text and correction, interleaved over the blocks, so that a scratch takes a little of each."""
    bits = f"0100{len(content):08b}" + "".join(f"{byte:08b}" for byte in content) + "0000"
    data = [int(bits[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(bits), 8)]
    room = form.blocks * form.data
    data = data[:room] + [(0xEC, 0x11)[n % 2] for n in range(room - len(data))]
    blocks = [data[at : at + form.data] for at in range(0, room, form.data)]
    checks = [_correction(block, form.correction) for block in blocks]
    return [byte for part in (blocks, checks) for column in zip(*part, strict=True) for byte in column]


def _powers() -> tuple[list[int], list[int]]:
    """Powers of 2 and logarithms in the field of 256 elements with the polynomial of the standard."""
    exp, log, value = [1] * 512, [0] * 256, 1
    for n in range(255):
        exp[n], log[value] = value, n
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    exp[255:510] = exp[:255]
    return exp, log


_EXP, _LOG = _powers()


def _times(one: int, other: int) -> int:
    return _EXP[_LOG[one] + _LOG[other]] if one and other else 0


def _correction(block: Sequence[int], count: int) -> list[int]:
    """The Reed-Solomon remainder of the block."""
    generator = [1]
    for n in range(count):
        shifted = [*generator, 0]
        for at, factor in enumerate(generator):
            shifted[at + 1] ^= _times(factor, _EXP[n])
        generator = shifted
    rest = [*block, *[0] * count]
    for at in range(len(block)):
        lead = rest[at]
        for n, factor in enumerate(generator):
            rest[at + n] ^= _times(factor, lead)
    return rest[len(block) :]


# Modules -----------------------------------------------------------------------------------------------------

Grid = list[list[int]]


def _marks(form: _Form) -> tuple[Grid, Grid]:
    """The grid with its finder, timing and alignment marks, and which modules are not for data."""
    size = form.size
    grid, fixed = ([[0] * size for _ in range(size)] for _ in range(2))
    for y in range(size):
        for x in range(size):
            corner = (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9)
            if corner or 6 in (x, y):
                fixed[y][x] = 1
                grid[y][x] = int(6 in (x, y) and (x + y) % 2 == 0)
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        _square(grid, fixed, top + 3, left + 3, (3, 1, 0))
    if form.version > 1:
        _square(grid, fixed, size - 7, size - 7, (2, 0))
    return grid, fixed


def _square(grid: Grid, fixed: Grid, middle_y: int, middle_x: int, dark: Sequence[int]) -> None:
    """Rings around a middle; those whose distance from it is in `dark` are dark."""
    reach = max(dark)
    for y in range(-reach, reach + 1):
        for x in range(-reach, reach + 1):
            grid[middle_y + y][middle_x + x] = int(max(abs(x), abs(y)) in dark)
            fixed[middle_y + y][middle_x + x] = 1


def _lay(grid: Grid, fixed: Grid, codewords: Sequence[int]) -> None:
    """Writes the bits into the free modules; the few that are left over stay light."""
    bits = (byte >> shift & 1 for byte in codewords for shift in range(7, -1, -1))
    for (y, x), bit in zip(_way(fixed), bits, strict=False):
        grid[y][x] = bit


def _way(fixed: Grid) -> Iterator[tuple[int, int]]:
    """The free modules in order: pairs of columns from the right, up and down in turn, past the timing column."""
    size = len(fixed)
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((y, x) for x in (right, right - 1) if not fixed[y][x])
        upwards = not upwards


_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


def _masked(grid: Grid, fixed: Grid, form: _Form, number: int) -> Grid:
    """The grid under one of the masks, with the bits that say which."""
    size = form.size
    drawn = [
        [bit ^ int(not fixed[y][x] and _MASKS[number](y, x)) for x, bit in enumerate(row)]
        for y, row in enumerate(grid)
    ]
    bits = format_bits(form.level, number)
    for n in range(15):
        bit = bits >> n & 1
        # Once around the first finder mark, once along the two others.
        y, x = ((n, 8) if n < 6 else (n + 1, 8)) if n < 8 else ((8, 7) if n == 8 else (8, 14 - n))
        drawn[y][x] = bit
        y, x = (8, size - 1 - n) if n < 8 else (size - 15 + n, 8)
        drawn[y][x] = bit
    drawn[size - 8][8] = 1
    return drawn


def format_bits(level: int, mask: int) -> int:
    """Level and mask with their own correction, under the pattern of the standard."""
    value = level << 3 | mask
    rest = value << 10
    for shift in range(4, -1, -1):
        if rest >> (shift + 10) & 1:
            rest ^= 0x537 << shift
    return (value << 10 | rest) ^ 0x5412


def _penalty(grid: Grid) -> int:
    """How hard the code is to read: long runs, blocks of one colour, what looks like a finder mark, and imbalance."""
    size = len(grid)
    lines = [
        *("".join(map(str, row)) for row in grid),
        *("".join(map(str, row)) for row in zip(*grid, strict=True)),
    ]
    runs = sum(
        len(run) - 2
        for line in lines
        for run in line.replace("01", "0 1").replace("10", "1 0").split()
        if len(run) > 4
    )
    blocks = sum(
        grid[y][x] == grid[y][x + 1] == grid[y + 1][x] == grid[y + 1][x + 1]
        for y in range(size - 1)
        for x in range(size - 1)
    )
    finders = sum(
        line[at : at + 11] in ("10111010000", "00001011101") for line in lines for at in range(size - 10)
    )
    dark = 100 * sum(map(sum, grid)) / size**2
    return runs + 3 * blocks + 40 * finders + 10 * int(abs(dark - 50) // 5)
