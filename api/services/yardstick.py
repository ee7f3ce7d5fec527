"""A campaign as large as any can be, to measure the public pages on: every constituency, and something on in each of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlmodel import Session

from api.services import campaigns, demo, drafts, login
from api.services.campaign_forms import CampaignForm
from api.services.demo_people import Draw
from api.services.local import at, today
from api.store.queries import campaigns as queries
from api.store.tables import Event
from carpool.geo.constituency import Constituency, constituencies

EMAIL = "figures@demo.example.org"
EVENTS = 10_000
DAYS = 14
DAYS_AHEAD = 7
TOKEN = "figures"  # noqa: S105  (a draft's key, of a database that lasts a minute)


@dataclass(frozen=True)
class Yardstick:
    """The campaign, a constituency and an event in it, and the token of a browser that has filled in both forms."""

    slug: str
    constituency: str
    event: UUID
    day: date
    token: str


def create(db: Session, password: str, events: int = EVENTS) -> Yardstick:
    """The campaign with as many events, spread over the constituencies and two weeks, and what a volunteer typed."""
    coordinator = login.add_coordinator(db, EMAIL, "Figures", password)
    form = CampaignForm(name="Every seat there is", organiser="Figures (invented)", contact_email=EMAIL)
    campaign = campaigns.find(db, campaigns.create(db, coordinator, form).slug)
    known = constituencies()
    queries.add_key_codes(db, campaign.id, [one.code for one in known])
    rows = [event(campaign.id, known[number % len(known)], number) for number in range(events)]
    queries.add_events(db, rows)
    first = rows[0]
    _fill_in(db, campaign.id, first.day, first.id)
    return Yardstick(campaign.slug, first.constituency, first.id, first.day, TOKEN)


def event(campaign_id: UUID, there: Constituency, number: int) -> Event:
    """The event of this number, in a constituency."""
    place = demo.PLACES[number % len(demo.PLACES)]
    day = today() + timedelta(days=DAYS_AHEAD + (number // 650 + number) % DAYS)
    return Event(
        campaign_id=campaign_id,
        constituency=there.code,
        title=f"{place.title} {number}",
        kind=place.kind,
        place_name=place.place_name,
        postcode=place.postcode,
        lat=there.place.lat,
        lon=there.place.lon,
        island=there.place.island,
        starts_at=at(day, place.starts),
        ends_at=at(day, place.ends),
        day=day,
        wanted=place.wanted,
    )


def _fill_in(db: Session, campaign_id: UUID, day: date, event_id: UUID) -> None:
    """Both forms to their last page, so that each of their pages can be looked at."""
    draw = Draw(Random(1), day, [event_id] * 3, lambda _: [])  # noqa: S311
    drafts.save(db, TOKEN, campaign_id, "offer", draw.offer(0).model_dump(mode="json"))
    drafts.save(db, TOKEN, campaign_id, "request", draw.request(1).model_dump(mode="json"))
