"""From bytes to text, whatever wrote them: UTF-8, UTF-16 and Windows-1252, with a mark of the byte order or without."""

import codecs
import unicodedata

from carpool.tables.table import TableRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4_096
NO_TEXT = "This is not a table. Save your list as .xlsx or CSV, and choose that file."
BROKEN = "The letters of this file are damaged. Save it again as “CSV UTF-8”, and choose that file."


def text_of(content: bytes) -> str:
    """The text of a file. Raises `TableRefused` for what is no text."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _unmarked(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise TableRefused(BROKEN) from None
        # What is not UTF-8 was written by an old Excel. Its five unused bytes are nobody's letters.
        text = content.decode("cp1252", errors="replace")
    if _is_noise(text[:_SAMPLE]):
        raise TableRefused(NO_TEXT)
    return text


def _unmarked(content: bytes) -> str:
    """UTF-16 gives itself away: in a table every other byte is a zero."""
    sample = content[:_SAMPLE]
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) > half // 2:
        return "utf-16-le"
    if sample[0::2].count(0) > half // 2:
        return "utf-16-be"
    return "utf-8"


def _is_noise(sample: str) -> bool:
    """Whether it holds what no table does: more than a stray control character."""
    odd = sum(unicodedata.category(c) == "Cc" and c not in "\t\r\n\v\f" for c in sample)
    return odd > len(sample) // 200
