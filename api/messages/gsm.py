"""The alphabet of text messages (GSM 03.38), and how many messages a text makes in it.

A single mark outside it would have the whole text sent in another alphabet, of 70 marks a message instead of 160. So
names are written in it as well as it can: what has no letter there loses its accent, in text messages only.
"""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")
"""Marks that take the place of two."""

ALONE, CONCATENATED = 160, 153
"""What fits in one message, and in each of several, where some room goes to putting them together."""

_INSTEAD = {
    "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "`": "'", "´": "'", "–": "-", "—": "-", "‐": "-",
    "‑": "-", "−": "-", "…": "...", "•": "-", "·": "-", "×": "x", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d",
    "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "œ": "oe", "Œ": "OE", "ẞ": "SS",
}  # fmt: skip


def plain(text: str) -> str:
    """`text` in the alphabet: circumflexes and the like are dropped, and so is what has nothing alike in it."""
    return "".join(map(_written, unicodedata.normalize("NFC", text)))


def septets(text: str) -> int:
    """How much room a text of the alphabet takes. Raises `ValueError` for any other."""
    if strange := sorted(set(text) - BASIC - EXTENDED):
        raise ValueError(f"not in the alphabet of text messages: {strange}")
    return sum(map(_width, text))


def segments(text: str) -> int:
    """How many messages a text of the alphabet makes. A mark that takes the place of two is not divided."""
    if septets(text) <= ALONE:
        return 1
    count, room = 1, CONCATENATED
    for mark in text:
        if _width(mark) > room:
            count, room = count + 1, CONCATENATED
        room -= _width(mark)
    return count


def clip(text: str, most: int, otherwise: str = "") -> str:
    """`text` in the alphabet and in at most that much room; `otherwise` if nothing of it is left."""
    written = " ".join(plain(text).split())
    if septets(written) > most:
        while septets(written) > most - 2:
            written = written[:-1]
        written = f"{written.rstrip(' ,.')}.."
    return written or otherwise


def _written(mark: str) -> str:
    if mark in BASIC or mark in EXTENDED:
        return mark
    if mark in _INSTEAD:
        return _INSTEAD[mark]
    parts = (part for part in unicodedata.normalize("NFKD", mark) if not unicodedata.combining(part))
    return "".join(part if part in BASIC or part in EXTENDED else _INSTEAD.get(part, "") for part in parts)


def _width(mark: str) -> int:
    return 2 if mark in EXTENDED else 1
