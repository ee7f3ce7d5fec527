"""What a coordinator may say before a run: how much a person is worth, for how long to search, what should stay."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from api.pages.wording import duration
from api.services.matching import USUAL_PENALTY

OWN = "own"
WORTHS = {
    1000: "Bring as many people as possible",
    300: "Weigh people against driving",
    60: "Spare the drivers",
}
"""Minutes of driving that one more person is worth, in words."""

KEEPS = {
    0: "Change whatever helps",
    1: "Change what helps, gladly",
    USUAL_PENALTY: "Change only what helps a lot",
    20: "Keep nearly everything",
}
"""How many more people must come for each who is told something else, in words."""

NOTHING = float("nan")
"""What is no number. It fits no setting, so that the service says which one it was."""


def options(usual: float) -> list[tuple[str, str, str]]:
    """The worths to choose from: value, words, and what they mean. `usual` is the campaign's own."""
    own = [] if usual in WORTHS else [(usual, "As the rules of your campaign say")]
    return [(f"{minutes:g}", words, worth(minutes)) for minutes, words in [*own, *WORTHS.items()]]


def worth(minutes: float) -> str:
    """What a setting means."""
    return f"One more person is worth up to {duration(minutes)} of driving."


def keeping(penalty: float) -> str:
    """What a setting means."""
    if penalty == 0:
        return "Lifts that people know of count for nothing."
    more = "one more person" if penalty == 1 else f"{penalty:g} more people"
    return f"For each person who is told something else, {more} must come."


def keeps() -> list[tuple[str, str, str]]:
    """The ways to treat what is published: value, words, and what they mean."""
    return [(f"{penalty:g}", words, keeping(penalty)) for penalty, words in KEEPS.items()]


def ordered(form: FormData) -> dict[str, float]:
    """The settings that were sent. What was not asked is not there; what is no number fits nothing."""
    chosen = str(form.get("minutes_per_volunteer", ""))
    typed = {
        "seconds": str(form.get("seconds", "")),
        "minutes_per_volunteer": str(form.get("own_minutes", "")) if chosen == OWN else chosen,
        "change_penalty": str(form.get("change_penalty", "")),
    }
    asked = {name: text for name, text in typed.items() if name in form}
    return {"seconds": NOTHING} | {name: _number(text) for name, text in asked.items()}


def as_typed(form: FormData) -> Mapping[str, Any]:
    """The form's fields as they were sent, to show them again."""
    return {name: str(value) for name, value in form.items() if name != "csrf"}


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "").strip())
    except ValueError:
        return NOTHING
