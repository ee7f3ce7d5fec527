"""Every message as its readers get it, with made-up people, so that whoever runs a campaign knows what is sent in its name."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from uuid import UUID

from api.errors import NotFound
from api.language import gettext as _
from api.language import spoken
from api.messages import gsm
from api.messages.house import house_of
from api.messages.letter import Letter
from api.messages.letters import KINDS, WITHOUT_LINK, write
from api.messages.staff_letters import write_to_staff
from api.services.campaigns import view as campaign_view
from api.services.local import at, today
from api.services.my_page import BASES, DELETED_AFTER_DAYS
from api.services.outbox import Envelope
from api.services.staff_mail import KINDS as STAFF_KINDS
from api.services.staff_mail import StaffEnvelope
from api.services.views import CampaignView, EventView, LiftView, MyPage, SignUpView, StopView
from api.settings import settings
from api.store.tables import Campaign

DAYS_AHEAD = 14
NOBODY = UUID(int=0)
# As long as a real one, so that the texts are as long as real ones.
TOKEN = "example-opens-nothing0"  # noqa: S105  (it opens nothing)
CODE = "123456"
ONLY_TO = {"can_you_drive": "request", "driver_cancelled": "request", "rider_cancelled": "offer"}
_FACTS = {"driver_name": "Ann", "rider_name": "Ben", "late_name": "Ann", "minutes": 20}


@dataclass(frozen=True)
class Preview:
    """A message to one kind of reader: `role` says who. `body` is its HTML, without its frame.

    `short` is empty where there is no text message; `texts` is how many it makes, `septets` how much room it takes.
    """

    role: str
    subject: str
    text: str
    body: str
    short: str
    texts: int
    septets: int


def previews(campaign: Campaign, kind: str) -> list[Preview]:
    """What drivers and riders read, or who runs things. Raises `NotFound` for a kind that there is not."""
    if kind not in KINDS and kind not in STAFF_KINDS:
        raise NotFound
    return [_preview(role, letter) for role, letter in _letters(campaign_view(campaign), kind)]


def _letters(campaign: CampaignView, kind: str) -> Iterator[tuple[str, Letter]]:
    house, day = house_of(settings()), today() + timedelta(days=DAYS_AHEAD)
    if kind in STAFF_KINDS:
        event = _event(day)
        facts = {"people": 2, "opens_at": event.starts_at, "closes_at": event.ends_at}
        facts |= {"by": "Alex Example", "role": "Coordinator", "expires_at": event.ends_at}
        keys = {"host_link": f"/h/{TOKEN}", "invitation": f"/i/{TOKEN}"}
        path = keys.get(kind, f"/coordinate/{campaign.slug}")
        envelope = StaffEnvelope(NOBODY, kind, "", "Sam Example", path, campaign, day, event, facts)
        yield STAFF_KINDS[kind], write_to_staff(envelope, house)
        return
    for role in ("offer", "request"):
        if ONLY_TO.get(kind, role) == role:
            page, token = _page(campaign, day, role), "" if kind in WITHOUT_LINK else TOKEN
            if kind == "added":
                how = BASES["form"]
                page = replace(page, status="waiting", lift=None, added_by="Sam Example", basis=_(how))
            letter = Envelope(
                NOBODY, kind, "", page.name, spoken(), token, campaign, page, dict(_FACTS), code=CODE
            )
            yield role, write(letter, house)


def _preview(role: str, letter: Letter) -> Preview:
    body = letter.html.partition("<body>")[2].partition("</body>")[0]
    return Preview(
        role=role,
        subject=letter.subject,
        text=letter.text,
        body=body,
        short=letter.short,
        texts=gsm.segments(letter.short),
        septets=gsm.septets(letter.short),
    )


def _page(campaign: CampaignView, day: date, role: str) -> MyPage:
    """Ann drives Ben and Cleo; each sees of the lift what they may."""
    stops = _stops(day)
    lift = _lift(day, stops)
    if role == "request":
        mine = replace(stops[0], mine=True, walk_minutes=6)
        lift = replace(lift, role="rider", stops=(mine,))
    sign_up = SignUpView(role, "ABCD-2345", "active", day, (("Postcode", "WF1 1AA"),))
    name = "Ann Example" if role == "offer" else "Ben Example"
    return MyPage(campaign, name, "matched", sign_up, lift, day + timedelta(days=DELETED_AFTER_DAYS))


def _stops(day: date) -> tuple[StopView, StopView]:
    ben = StopView(
        name="Ben",
        party=1,
        postcode="",
        pickup="",
        needs=(),
        pick_up_at=at(day, time(9, 5)),
        drop_at=at(day, time(13, 50)),
        mine=False,
        phone=None,
        cancelled=False,
        place="Library car park, Example Street",
    )
    return ben, replace(
        ben, name="Cleo", party=2, place="Station forecourt, Example", pick_up_at=at(day, time(9, 20))
    )


def _lift(day: date, stops: tuple[StopView, ...]) -> LiftView:
    return LiftView(
        id=NOBODY,
        role="driver",
        event=_event(day),
        match_word="lantern",
        driver_name="Ann",
        driver_phone=None,
        car="blue Ford Fiesta",
        plate="XYZ",
        departs_at=at(day, time(8, 50)),
        arrives_at=at(day, time(9, 50)),
        drive_minutes=60,
        home_at=at(day, time(14, 20)),
        stops=stops,
        way_back=True,
    )


def _event(day: date) -> EventView:
    return EventView(
        id=NOBODY,
        title="Morning canvass",
        kind="canvass",
        place_name="Example Town Hall",
        postcode="LS6 2AB",
        constituency="",
        constituency_name="Example North",
        day=day,
        starts_at=at(day, time(10)),
        ends_at=at(day, time(13)),
        wanted=20,
        capacity=None,
        cancelled=False,
        lat=0.0,
        lon=0.0,
        over=False,
    )
