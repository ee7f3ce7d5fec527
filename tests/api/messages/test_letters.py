"""What each letter says, to whom, and what hostile words in it cannot do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from api.messages.house import house_of
from api.messages.letter import Letter
from api.messages.letters import KINDS, WITHOUT_LINK, write
from api.settings import Settings
from tests.api.messages.scene import (
    BEN,
    CAMPAIGN,
    CLEO,
    CODE,
    EVENT,
    HOUSE,
    LIFT,
    LINK,
    at,
    envelope,
    page,
    to_driver,
    to_rider,
)

EVIL = 'Eve <script>alert(1)</script>\r\nBcc: eve@evil.org.uk\n\n" onload="x'


def both(letter: Letter) -> Iterator[str]:
    """The letter's two versions, with spaces as one."""
    yield " ".join(letter.text.split())
    yield " ".join(letter.html.split())


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("to", [to_driver, to_rider])
def test_every_letter_but_two_has_the_link_and_all_say_who_writes_and_name_the_day(
    kind: str, to: Any
) -> None:
    letter = to(kind)
    assert "Thursday 3 May" in letter.subject
    for version in both(letter):
        assert (LINK in version) == (kind not in WITHOUT_LINK)
        for said in (
            "Hendon Volunteers",
            "Polling day 2029",
            "team@hendon.org.uk",
            "1 High Street",
            HOUSE.url,
        ):
            assert said in version
        assert "operator@hendon.org.uk" in version
        # What nobody confirms is deleted long before the rest.
        deleted = (
            ("within two days",) if kind == "new_contact" else ("We delete what", "Saturday 2 June 2029")
        )
        assert all(said in version for said in deleted)
    assert letter.reply_to == "team@hendon.org.uk"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_subjects_give_nothing_away(kind: str) -> None:
    """They are shown on a locked telephone."""
    for letter in (to_driver(kind), to_rider(kind)):
        assert not re.search("Hendon|Polling|canvass|campaign|Ann|Ben", letter.subject)


@pytest.mark.parametrize("kind", ["matched", "changed", "rider_cancelled"])
def test_the_driver_reads_the_stops_in_order(kind: str) -> None:
    for version in both(to_driver(kind)):
        facts = [
            "10:00",
            "08:45",
            "09:04",
            "Ben",
            "1 person",
            "AL1 1AA",
            "outside the station",
            "a child seat",
        ]
        facts += [
            "13:50",
            "09:20",
            "Cleo",
            "2 people",
            "AL2 1AA",
            "does not ride back",
            "09:50",
            "14:20",
            "badger",
        ]
        assert in_order(version, facts)


@pytest.mark.parametrize("kind", ["matched", "changed"])
def test_the_rider_reads_where_to_be_and_whom_to_look_for(kind: str) -> None:
    for version in both(to_rider(kind)):
        facts = [
            "Morning canvass",
            "Town Hall",
            "NW4 4AX",
            "Hendon",
            "Thursday 3 May, 10:00",
            "Ann",
            "blue Ford Fiesta",
        ]
        facts += ["XYZ", "badger", "Thursday 3 May, 09:04", "AL1 1AA", "outside the station", "13:50"]
        assert in_order(version, facts)
    for version in both(to_rider(kind, drop_at=None)):
        assert "you asked for the way there only" in version


def test_the_evening_before_asks_and_the_morning_repeats() -> None:
    for to in (to_driver, to_rider):
        for version in both(to("reminder")):
            assert "I am coming" in version and "badger" in version
        for version in both(to("morning")):
            assert "badger" in version and "running late" in version


def test_the_thanks_say_how_everybody_gets_home() -> None:
    for version in both(to_driver("thanks")):
        assert in_order(version, ["Thank you for coming", "13:00", "14:20"])
    for version in both(to_rider("thanks")):
        assert in_order(version, ["Ann drives you back", "13:00", "13:50"])
    for version in both(to_rider("thanks", drop_at=None)):
        assert "way there only" in version


def test_a_driver_on_whom_people_count_reads_until_when_to_answer() -> None:
    lift = replace(LIFT, call_off_at=at(6, 30))
    for version in both(to_driver("reminder", lift)):
        assert "not heard from you by Thursday 3 May, 06:30" in version
    for version in both(to_driver("reminder")):
        assert "not heard from you" not in version


def test_a_driver_of_whom_nothing_was_heard_reads_why_and_how_to_come_after_all() -> None:
    for version in both(to_driver("lift_off", None, facts={"unheard": True})):
        assert "did not hear from you" in version and "do not set off" in version
        assert "I can come after all" in version and "still stands" not in version
    for version in both(to_driver("lift_off", None)):
        assert "did not hear" not in version and "Your offer still stands" in version


def in_order(text: str, facts: list[str]) -> bool:
    return re.search(".*".join(re.escape(fact) for fact in facts), text) is not None


def test_a_driver_without_riders_is_told_so() -> None:
    for version in both(to_driver("matched", replace(LIFT, stops=(), home_at=None, way_back=False))):
        assert "Nobody rides with you this time" in version
        assert "badger" not in version
        assert "home" not in version


def test_whoever_cancelled_is_no_stop_any_more_and_is_named() -> None:
    lift = replace(LIFT, stops=(replace(BEN, cancelled=True), CLEO))
    for version in both(to_driver("rider_cancelled", lift, facts={"rider_name": "Ben"})):
        assert "Ben does not come" in version
        assert "AL1 1AA" not in version
        assert "AL2 1AA" in version


def test_the_driver_who_cancelled_is_named() -> None:
    letter = write(envelope("driver_cancelled", page("rider", None), facts={"driver_name": "Ann"}), HOUSE)
    for version in both(letter):
        assert "your driver Ann cannot come on" in version
        assert "do not wait" in version


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_letter_holds_a_telephone_number(kind: str) -> None:
    """A letter stays in its mailbox for years; the private page hides the number a day after the event."""
    for letter in (to_driver(kind), to_rider(kind)):
        assert "07700" not in letter.text + letter.html


def test_the_letter_to_an_unproven_address_repeats_nothing_that_was_typed() -> None:
    hostile = page("driver", None, "unconfirmed")
    letter = write(envelope("confirm", hostile, name="Win money at www.evil.org.uk"), HOUSE)
    assert "evil" not in letter.text + letter.html + letter.subject


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_somebody_typed_stays_in_its_place(kind: str) -> None:
    campaign = replace(CAMPAIGN, name=EVIL, organiser=EVIL, imprint=EVIL)
    event = replace(EVENT, title=EVIL, place_name=EVIL, constituency_name=EVIL, postcode=EVIL)
    stop = replace(BEN, name=EVIL, pickup=EVIL, needs=(EVIL,), postcode=EVIL)
    for role in ("driver", "rider"):
        words: dict[str, Any] = {"match_word": EVIL, "driver_name": EVIL, "car": EVIL, "plate": EVIL}
        lift = replace(LIFT, role=role, event=event, stops=(replace(stop, mine=role == "rider"),), **words)
        hostile = replace(page(role, lift), campaign=campaign, name=EVIL)
        letter = write(
            envelope(kind, hostile, name=EVIL, facts={"rider_name": EVIL, "driver_name": EVIL}), HOUSE
        )
        assert not re.search("^ *Bcc:", letter.text, re.MULTILINE), "a typed line break makes no line"
        assert "\n" not in letter.subject + letter.reply_to
        assert "<script" not in letter.html
        assert 'onload="' not in letter.html


def test_a_letter_about_a_lift_that_is_gone_is_not_written() -> None:
    with pytest.raises(ValueError, match="a lift that is not there"):
        to_driver("matched", None)


def test_nobody_asked_for_this_kind() -> None:
    with pytest.raises(KeyError):
        to_driver("weather")


def test_the_house_is_what_the_settings_say() -> None:
    settings = Settings(
        base_url=HOUSE.url + "/", operator_name="Hendon Carpool", operator_contact=HOUSE.operator_contact
    )
    assert house_of(settings) == HOUSE


def test_a_new_address_gets_a_code_and_nothing_of_whose_it_is() -> None:
    letter = write(envelope("new_contact", page("rider", LIFT)), HOUSE)
    for version in (*both(letter), letter.short):
        assert CODE in version and "do nothing" in version.lower()
        for private in ("Ann", "ABCD-EFGH", "AL1 1AA", "badger", "/l/"):
            assert private not in version
    assert CODE not in letter.subject


def test_the_old_address_hears_that_a_change_was_asked_for_and_how_to_stop_it() -> None:
    for version in both(to_rider("contact_asked")):
        assert "another address or number" in version and "keep the old one" in version
        assert CODE not in version and "team@hendon.org.uk" in version


def test_whoever_was_added_reads_by_whom_why_and_how_to_be_removed() -> None:
    for role, what in (("driver", "people who drive others"), ("rider", "people who need a lift")):
        mine = replace(page(role, None, "waiting"), added_by="Sam Jones", basis="you said so on the phone")
        letter = write(envelope("added", mine), HOUSE)
        for text in (letter.text, letter.html):
            assert what in text and "Sam Jones" in text and "you said so on the phone" in text
            assert "Remove me" in text and LINK in text and "Sam Jones gave us this address" in text
            assert "because you signed up" not in text
        assert "Sam Jones put you on a list for lifts" in letter.short and LINK in letter.short
