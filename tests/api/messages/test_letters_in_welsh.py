"""Letters to somebody who reads Welsh, in a Welsh without words: what can be read there was never put to be translated."""

import re
from dataclasses import replace
from typing import Any

import pytest

from api.messages.letter import Letter
from api.messages.letters import KINDS, write
from api.services.views import LiftView
from tests.api.language.hollow import words_left
from tests.api.messages.scene import CAMPAIGN, HOUSE, LIFT, LINK, envelope, page, to_driver

DAYS_IN_WELSH = "Dydd Iau Mai Sadwrn Mehefin"


def in_welsh(kind: str, role: str, facts: dict[str, Any], lift: LiftView = LIFT) -> Letter:
    stops = tuple(replace(stop, mine=role == "rider") for stop in lift.stops)
    sent = page(role, replace(lift, role=role, stops=stops))
    return write(envelope(kind, sent, facts=facts, language="cy"), HOUSE)


@pytest.mark.usefixtures("hollow_welsh")
@pytest.mark.parametrize(
    "facts", [{}, {"driver_name": "Ann", "rider_name": "Ben", "late_name": "Cleo", "minutes": 20}]
)
@pytest.mark.parametrize("role", ["driver", "rider"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_all_of_a_letter_speaks_its_readers_language(kind: str, role: str, facts: dict[str, Any]) -> None:
    data = (CAMPAIGN, LIFT, HOUSE, LINK, DAYS_IN_WELSH, "ABCD-EFGH")
    for lift in (LIFT, replace(LIFT, stops=(), home_at=None, car="")):
        letter = in_welsh(kind, role, facts, lift)
        assert '<html lang="cy">' in letter.html
        body = re.sub("<[^>]*>", " ", letter.html.partition("<body>")[2])
        for version in (letter.subject, letter.text, body):
            assert words_left(version, *data) == set()


def test_others_are_written_to_in_english() -> None:
    assert '<html lang="en-GB">' in to_driver("matched").html
