"""Counts, yes and no, as people write them."""

import re

from carpool.tables.table import Unclear

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "no",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
} | {"none": 0, "nil": 0, "zero": 0, "couple": 2}
NOTHING = frozenset(
    {"", "-", "–", "—", "n/a", "na", "none", "nil", "?", "tbc", "tba", "x", ".", "not sure", "unknown"}
)
YES = frozenset(
    {"yes", "y", "ye", "yep", "yeah", "true", "t", "1", "x", "✓", "✔", "ok", "sure", "please", "definitely"}
)
NO = frozenset({"no", "n", "nope", "false", "f", "0", "never", "na", "n/a", "none", "-", "–", "—"})


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing, in one of the ways in which people leave one empty."""
    return text.casefold().strip() in NOTHING


def yes_or_no(text: str, default: bool) -> bool:
    """Raises `Unclear`."""
    first = re.split(r"[\s,;.:!(]+", text.casefold().strip(), maxsplit=1)[0]
    if text.casefold().strip() in ("", "?"):
        return default
    if first in YES:
        return True
    if first in NO:
        return False
    raise Unclear("Write yes or no.")


def count(text: str, words: str, most: int) -> int:
    """A whole number somewhere in the text: `3`, `three`, `up to 3`, `3-4` (the lower one). Raises `Unclear(words)`."""
    plain = text.casefold().strip()
    digits = [
        int(found)
        for found in re.findall(r"\d{1,6}", re.sub(r"(?<=\d),(?=\d{3}\b)|(?<=\d)\.0+\b", "", plain))
    ]
    if not digits:
        digits = [NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", plain) if word in NUMBER_WORDS][:1]
    if not digits or len(digits) > 2 or re.match(r"-\s*\d", plain):
        raise Unclear(words)
    found = min(digits)
    if found > most:
        raise Unclear(words)
    return found


def seats(text: str) -> int:
    """Seats for others. Who counts themselves says so: `5 incl. me` are 4. Raises `Unclear`."""
    found = count(text, "Write how many seats are free for others, from 0 to 8.", 9)
    with_driver = re.search(r"\binc|\bwith (?:me|driver)|\btotal", text.casefold()) and found > 0
    found -= 1 if with_driver else 0
    if found > 8:
        raise Unclear("Write how many seats are free for others, from 0 to 8.")
    return found


def people(text: str) -> int:
    """How many travel, whoever wrote it included: `me + 1` and `+1` are 2. Raises `Unclear`."""
    words = "Write how many people they are, themselves included, from 1 to 8."
    plain = text.casefold().strip()
    if is_nothing(plain) or plain in ("me", "just me", "only me", "myself", "single", "solo", "just myself"):
        return 1
    others = re.search(r"(?:\+|\bplus\b|\band\b)\s*(\d|a|one|two|three|four|five|six|seven)\b", plain)
    if others and (plain[0] == "+" or plain.startswith(("me", "myself", "self", "i ", "plus", "1"))):
        found = 1 + (int(others[1]) if others[1].isdigit() else NUMBER_WORDS.get(others[1], 1))
    else:
        found = count(plain, words, 8)
    if not 1 <= found <= 8:
        raise Unclear(words)
    return found


def minutes(text: str) -> int:
    """Minutes: `20`, `20 min`, `half an hour`, `1 hr`, `1h30`. Raises `Unclear`."""
    plain = text.casefold().strip()
    words = "Write how many minutes more the drive may take, from 0 to 180."
    if "half an hour" in plain or "half hour" in plain:
        return 30
    if "quarter of an hour" in plain:
        return 15
    hours = re.fullmatch(
        r"(\d|an?|one|two)\s*(?:h|hr|hrs|hour|hours)\s*(?:(\d{1,2})\s*(?:m|min|mins|minutes)?)?", plain
    )
    if hours:
        whole = int(hours[1]) if hours[1].isdigit() else NUMBER_WORDS.get(hours[1], 1)
        found = 60 * whole + int(hours[2] or 0)
    else:
        found = count(plain, words, 180)
    if found > 180:
        raise Unclear(words)
    return found
