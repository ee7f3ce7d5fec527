"""What hosts and coordinators of an event are written, and that hostile words in it stay words."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from api.messages.staff_letters import SUBJECTS, write_to_staff
from api.services.staff_mail import KINDS, StaffEnvelope
from tests.api.messages.scene import CAMPAIGN, EVENT, HOUSE, TOKEN
from tests.api.messages.test_letters import EVIL

LINK = StaffEnvelope(
    message_id=UUID(int=9),
    kind="host_link",
    to="hana@example.org",
    name="Hana Host",
    path=f"/h/{TOKEN}",
    campaign=CAMPAIGN,
    day=EVENT.day,
    event=EVENT,
    facts={
        "opens_at": EVENT.starts_at - timedelta(hours=12),
        "closes_at": EVENT.ends_at + timedelta(hours=12),
    },
)
MISSING = replace(
    LINK,
    kind="driver_missing",
    name="Priya Shah",
    path="/coordinate/polling-day/events/2",
    facts={"people": 3},
)


INVITATION = replace(
    LINK,
    kind="invitation",
    name="",
    path=f"/i/{TOKEN}",
    event=None,
    facts={"by": "Priya Shah", "role": "Helper", "expires_at": EVENT.ends_at},
)
BROKEN = replace(MISSING, kind="broke_down", path="/coordinate/polling-day/2029-05-03/board")
REPORT = replace(MISSING, kind="report", path="/coordinate/polling-day/2029-05-03", event=None, facts={})


def test_every_kind_is_tried_here_and_has_a_subject() -> None:
    assert set(KINDS) == set(SUBJECTS) == {LINK.kind, MISSING.kind, BROKEN.kind, REPORT.kind, INVITATION.kind}


def test_a_host_reads_when_the_page_opens_and_where() -> None:
    letter = write_to_staff(LINK, HOUSE)
    assert (
        letter.subject == "Your link as a host on Thursday 3 May" and letter.reply_to == "team@hendon.org.uk"
    )
    for text in (letter.text, letter.html):
        assert f"{HOUSE.url}/h/{TOKEN}" in text and "Morning canvass" in text and "Hello Hana" in text
        assert "open from Wednesday 2 May, 22:00 to Friday 4 May, 01:00" in text
        assert "private page" not in text and "signed up" not in text


def test_of_a_car_that_cannot_go_on_a_coordinator_reads_where_to_look() -> None:
    letter = write_to_staff(BROKEN, HOUSE)
    assert letter.subject == "A car has broken down on Thursday 3 May"
    for text in (letter.text, letter.html):
        assert "3 people had a place in it" in text and "A search for other lifts has begun" in text
        assert f"{HOUSE.url}/coordinate/polling-day/2029-05-03/board" in text
    alone = write_to_staff(replace(BROKEN, facts={"people": 0}), HOUSE)
    assert "Its driver may need help" in alone.text


def test_a_coordinator_reads_how_many_and_no_name() -> None:
    letter = write_to_staff(MISSING, HOUSE)
    assert letter.subject == "A driver did not come on Thursday 3 May"
    for text in (letter.text, letter.html):
        assert "3 people had a place in that car" in text
        assert f"{HOUSE.url}/coordinate/polling-day/events/2" in text
    alone = write_to_staff(replace(MISSING, facts={"people": 0}), HOUSE)
    assert "Nobody else had a place in that car." in alone.text


def test_an_invitation_says_by_whom_to_what_and_until_when() -> None:
    letter = write_to_staff(INVITATION, HOUSE)
    assert letter.subject == "An invitation that is good until Thursday 3 May"
    for text in (letter.text, letter.html):
        assert "Priya Shah asks you into the team" in text and "Helper" in text and "Hello," in text
        assert f"{HOUSE.url}/i/{TOKEN}" in text and "13:00" in text
        assert "help to run an event" not in text


@pytest.mark.parametrize("envelope", [LINK, MISSING, REPORT, INVITATION], ids=lambda one: one.kind)
def test_hostile_words_stay_words(envelope: StaffEnvelope) -> None:
    event, campaign = (
        replace(EVENT, title=EVIL, place_name=EVIL),
        replace(CAMPAIGN, name=EVIL, organiser=EVIL),
    )
    letter = write_to_staff(replace(envelope, name=EVIL, event=event, campaign=campaign), HOUSE)
    assert "<script" not in letter.html
    assert not any(line.startswith("Bcc:") for line in letter.text.splitlines())
