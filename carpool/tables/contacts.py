"""Names, addresses and numbers as they stand in tables: what a spreadsheet did to them is mended, nothing is made up."""

import re

from carpool.errors import CarpoolError
from carpool.geo.postcode import locate_postcode
from carpool.tables.table import Unclear

SHORTENED = "The spreadsheet has shortened this number. Format the column as text, type the number again, and save it."
FORMULA = "This cell holds a formula. Copy the column, paste its values only, and save it again."
NO_PHONE = "Write one phone number, for example 07700 900123."
NO_EMAIL = "Write one e-mail address, for example name@example.org."
_AS_TEXT = re.compile(r'="([^"]*)"')
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_EMAIL = re.compile(r"[^\s<>,;:()\[\]\"']+@[^\s<>,;:()\[\]\"']+\.[^\s<>,;:()\[\]\"'.]+")
_NUMBER = re.compile(r"(?:\+|00)?\(?\d[\d\s().\-–]{7,22}\d")
_SCIENTIFIC = re.compile(r"\d[.,]?\d*e\+?\d+", re.IGNORECASE)
_WHOLE_POSTCODE = re.compile(r"\b([A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2})\b")
_MARKS = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"


def text(cell: str) -> str:
    """A cell without the marks by which spreadsheets keep it as text. Raises `Unclear` for a formula."""
    plain = " ".join(cell.translate(dict.fromkeys(map(ord, _MARKS))).split())
    if kept := _AS_TEXT.fullmatch(plain):
        return kept[1].strip()
    if _GUARDED.match(plain):
        # So a careful program wrote a cell that begins like a formula; ours does, too.
        return plain[1:]
    if plain.startswith("=") or (plain.startswith("@") and "(" in plain):
        raise Unclear(FORMULA)
    return plain


def name(cell: str, first: str = "", last: str = "") -> str:
    """A whole name: from its parts where they are apart, the right way round where they are not. Raises `Unclear`."""
    whole = cell or " ".join(filter(None, (first, last)))
    parts = [part.strip() for part in whole.split(",")]
    if len(parts) == 2 and all(parts) and not re.search(r"\d", whole):
        whole = f"{parts[1]} {parts[0]}"
    if not any(c.isalpha() for c in whole):
        raise Unclear("Write a name.")
    if len(whole) > 80:
        raise Unclear("Write a name of at most 80 letters.")
    return whole


def email(cell: str) -> str:
    """The address alone, "" for none: of `Jo <jo@example.org>` what is between the marks. Raises `Unclear`."""
    if "@" not in cell:
        if re.search(r"\w", cell) and cell.casefold() not in (
            "none",
            "n/a",
            "na",
            "no",
            "no email",
            "no e-mail",
            "-",
        ):
            raise Unclear(NO_EMAIL)
        return ""
    found = _EMAIL.findall(re.sub(r"(?i)mailto:", " ", cell))
    if len(set(map(str.casefold, found))) != 1:
        raise Unclear(NO_EMAIL)
    return str(found[0]).strip(".")


def phone(cell: str) -> str:
    """The first number, "" for none, with the zero that a spreadsheet took from its front. Raises `Unclear`."""
    plain = re.sub(r"(?i)^(?:tel|t|m|mob|mobile|phone|p)\s*[:.]\s*", "", cell.strip())
    if (
        not plain
        or not re.search(r"\w", plain)
        or plain.casefold() in ("none", "n/a", "na", "no", "no phone")
    ):
        return ""
    if _SCIENTIFIC.fullmatch(plain):
        raise Unclear(SHORTENED)
    plain = re.sub(r"\.0$", "", plain)
    found = _NUMBER.search(plain)
    if found is None:
        raise Unclear(NO_PHONE)
    number = found[0].strip()
    digits = re.sub(r"\D", "", number)
    if len(digits) == 10 and digits[0] in "12378":
        return f"0{number}"
    if len(digits) == 12 and digits.startswith("44") and number[0] != "+":
        return f"+{number}"
    return re.sub(r"^00(?=44)", "+", number)


def digits(number: str) -> str:
    """A number so that two ways to write it are the same: without spaces, and without the country's."""
    plain = re.sub(r"\D", "", re.sub(r"\(0\)", "", number))
    return f"0{plain[2:]}" if plain.startswith("44") and len(plain) > 10 else plain


def postcode(cell: str) -> str:
    """A postcode in its usual spelling, also out of a whole address. Raises `Unclear`."""
    plain = cell.strip()
    whole = _WHOLE_POSTCODE.findall(plain)
    try:
        return locate_postcode(whole[-1] if whole else plain).text
    except CarpoolError as error:
        raise Unclear(error.message) from None
