"""Letters as text messages: two at most, in their alphabet, with the link whole, whatever people are called."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.messages import gsm
from api.messages.house import House
from api.messages.letters import KINDS, WITHOUT_LINK, write
from api.messages.rendering import TEMPLATES
from api.messages.staff_letters import SUBJECTS
from api.settings import LONGEST_URL_IN_TEXTS
from carpool.match_words import MATCH_WORDS
from tests.api.messages.scene import BEN, CAMPAIGN, CODE, EVENT, LIFT, LONDON, TOKEN, envelope, page

MOST = 2
LONG_HOUSE = House(f"https://{'w' * (LONGEST_URL_IN_TEXTS - 8)}", "The operator", "operator@hendon.org.uk")
LONG_LINK = f"{LONG_HOUSE.url}/l/{TOKEN}"
# A Wednesday in September, and every time on another day, which is then named: nothing is longer.
DAY, EVE = date(2029, 9, 26), date(2029, 9, 25)
LONGEST_NAMES = ("Wilhelmina-Maximiliane" * 4, "€" * 80, "Ŵ" * 80, "Иван", "[]{}|~^\\" * 10)


def on(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 44, tzinfo=LONDON)


def short(kind: str, role: str, name: str, language: str = "en", **changes: Any) -> str:
    event = replace(EVENT, day=DAY, title=name, place_name=name, starts_at=on(EVE, 10), ends_at=on(EVE, 13))
    stop = replace(
        BEN, name=name, pickup=name * 2, pick_up_at=on(EVE, 9), drop_at=on(EVE, 14), mine=role == "rider"
    )
    values: dict[str, Any] = {"driver_name": name, "car": name[:60], "plate": name[:3]}
    values |= {"departs_at": on(EVE, 8), "arrives_at": on(EVE, 9), "home_at": on(EVE, 15)}
    values |= {"match_word": max(MATCH_WORDS, key=len), "stops": (stop,) * 7, "event": event, "role": role}
    mine = page(role, replace(LIFT, **{**values, **changes}))
    mine = replace(mine, name=name, sign_up=replace(mine.sign_up, day=DAY), added_by=name, basis=name)
    mine = replace(mine, campaign=replace(CAMPAIGN, name=name, organiser=name, imprint=name))
    facts = {"driver_name": name, "rider_name": name, "late_name": name, "minutes": 45}
    return write(envelope(kind, mine, name=name, facts=facts, language=language), LONG_HOUSE).short


@pytest.mark.parametrize("name", LONGEST_NAMES, ids=["long", "double", "circumflex", "cyrillic", "brackets"])
@pytest.mark.parametrize("role", ["driver", "rider"])
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", ["en", "cy"])
def test_two_messages_hold_the_longest_of_everything_and_the_link_whole(
    kind: str, role: str, name: str, language: str
) -> None:
    text = short(kind, role, name, language)
    assert gsm.segments(text) <= MOST, (gsm.septets(text), text)
    assert text.split().count(LONG_LINK) == (kind not in WITHOUT_LINK)
    assert (CODE in text.split()) == (kind == "new_contact")


@pytest.mark.parametrize("role", ["driver", "rider"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_text_gives_away_no_more_than_a_subject_and_promises_no_answer(kind: str, role: str) -> None:
    """It is shown on a locked telephone, and nobody reads what is sent back to a name."""
    text = short(kind, role, "Ann Other")
    for private in ("Hendon", "Polling", "canvass", "campaign", "Promoted", "07700"):
        assert private not in text
    assert "stop" not in text.lower().split()
    assert "reply" not in text.lower()


def test_every_template_has_its_three_versions() -> None:
    def names(ending: str) -> set[str]:
        return {Path(found).stem for found in TEMPLATES.glob(f"*.{ending}")}

    assert set(KINDS) <= names("sms")
    assert set(KINDS) | set(SUBJECTS) <= names("txt") & names("html")


def test_what_the_longest_texts_leave_out_is_no_more_than_it_must_be() -> None:
    text = short("matched", "rider", "Ann", plate="XYZ", car="blue Ford Fiesta")
    assert "Be ready 09:44 on Tuesday: AL1 1AA: AnnAnn. Ann drives, blue Ford Fiesta, plate ends XYZ." in text
    assert f"Word to say: {max(MATCH_WORDS, key=len)}." in text


def test_welsh_names_lose_their_circumflex_here_alone() -> None:
    mine = page("rider", replace(LIFT, role="rider", driver_name="Siân", stops=(replace(BEN, mine=True),)))
    letter = write(envelope("matched", mine), LONG_HOUSE)
    assert "Sian drives" in letter.short
    assert "Siân" in letter.text and "Siân" in letter.html


def test_the_text_to_an_unproven_number_repeats_nothing_that_was_typed() -> None:
    for role in ("driver", "rider"):
        assert "evil" not in short("confirm", role, "Win money at www.evil.org.uk")


def test_a_typed_line_break_makes_no_line() -> None:
    for kind in KINDS:
        lines = short(kind, "rider", "Eve\r\nhttps://evil.org.uk\n").splitlines()
        assert not [line for line in lines if line.startswith("https://evil")]
