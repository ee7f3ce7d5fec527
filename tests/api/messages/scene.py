"""People, a campaign and a lift that letters are written about, and the letters to them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from api.messages.house import House
from api.messages.letter import Letter
from api.messages.letters import WITHOUT_LINK, write
from api.services.outbox import Envelope
from api.services.views import CampaignView, EventView, LiftView, MyPage, SignUpView, StopView

LONDON = ZoneInfo("Europe/London")
DAY = date(2029, 5, 3)
CODE = "408213"
TOKEN = "q3vXAJ0yqkHcJtFv0l2m1w"
HOUSE = House("https://lifts.hendon.org.uk", "Hendon Carpool", "operator@hendon.org.uk")
LINK = f"{HOUSE.url}/l/{TOKEN}"


def at(hour: int, minute: int) -> datetime:
    return datetime(2029, 5, 3, hour, minute, tzinfo=LONDON)


CAMPAIGN = CampaignView(
    id=UUID(int=1),
    slug="polling-day",
    name="Polling day 2029",
    organiser="Hendon Volunteers",
    contact_email="team@hendon.org.uk",
    imprint="Promoted by Hendon Volunteers, 1 High Street",
    open=True,
)
EVENT = EventView(
    id=UUID(int=2),
    title="Morning canvass",
    kind="canvass",
    place_name="Town Hall",
    postcode="NW4 4AX",
    constituency="E14001279",
    constituency_name="Hendon",
    day=DAY,
    starts_at=at(10, 0),
    ends_at=at(13, 0),
    wanted=40,
    capacity=None,
    cancelled=False,
    lat=53.82,
    lon=-1.57,
    over=False,
)
BEN = StopView(
    name="Ben",
    party=1,
    postcode="AL1 1AA",
    pickup="outside the station",
    needs=("a child seat",),
    pick_up_at=at(9, 4),
    drop_at=at(13, 50),
    mine=False,
    phone="07700 900123",
    cancelled=False,
)
CLEO = replace(
    BEN, name="Cleo", party=2, postcode="AL2 1AA", pickup="", needs=(), pick_up_at=at(9, 20), drop_at=None
)
LIFT = LiftView(
    id=UUID(int=3),
    role="driver",
    event=EVENT,
    match_word="badger",
    driver_name="Ann",
    driver_phone=None,
    car="blue Ford Fiesta",
    plate="XYZ",
    departs_at=at(8, 45),
    arrives_at=at(9, 50),
    drive_minutes=65,
    home_at=at(14, 20),
    stops=(BEN, CLEO),
    way_back=True,
)


def page(role: str, lift: LiftView | None, status: str = "matched") -> MyPage:
    kind = "offer" if role == "driver" else "request"
    sign_up = SignUpView(
        kind=kind, reference="ABCD-EFGH", state="active", day=DAY, answers=(("Postcode", "AL1 1AA"),)
    )
    return MyPage(CAMPAIGN, "Ann Other", status, sign_up, lift, date(2029, 6, 2))


def to_driver(kind: str, lift: LiftView | None = LIFT, **changes: Any) -> Letter:
    return write(envelope(kind, page("driver", lift), **changes), HOUSE)


def to_rider(kind: str, **changes: Any) -> Letter:
    mine = replace(BEN, mine=True, phone=None)
    lift = replace(LIFT, role="rider", driver_phone="07700 900456", stops=(replace(mine, **changes),))
    return write(envelope(kind, page("rider", lift)), HOUSE)


def envelope(
    kind: str,
    page: MyPage,
    name: str = "Ann Other",
    facts: dict[str, Any] | None = None,
    language: str = "en",
) -> Envelope:
    token = "" if kind in WITHOUT_LINK else TOKEN
    to = "ann@volunteers.org.uk"
    return Envelope(uuid4(), kind, to, name, language, token, CAMPAIGN, page, facts or {}, code=CODE)
