"""A campaign to look at: real constituencies, invented people whose addresses lead nowhere."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session

from api.language import N_
from api.services import campaigns, hosting, intake, login, pickups
from api.services.campaign_forms import CampaignForm, EventForm, HostForm
from api.services.demo_people import DISTRICTS, Draw
from api.services.local import now, today
from api.store.queries import campaigns as queries
from api.store.queries import hosts, logins, public_places, sign_ups
from api.store.tables import Campaign, Coordinator
from carpool.geo.constituency import postcode_districts

EMAIL = "coordinator@demo.example.org"
HOST = "host@demo.example.org"
NAME = "Demo: Yorkshire and around"
SLUG = "demo-yorkshire-and-around"
PEOPLE = 300
KEY_UNDER_PCT = 5.0
DAYS_AHEAD = 21
SATURDAY = 5
# Public figures are of people who confirmed a while ago.
CONFIRMED_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Place:
    """Where and when an event of the demonstration is. The constituency is the one at the postcode's district."""

    title: str
    kind: str
    constituency: str
    place_name: str
    postcode: str
    starts: time
    ends: time
    wanted: int
    capacity: int | None = None


PLACES = (
    Place("Morning canvass", "canvass", "Bradford West", "Manningham Park", "BD8 9AB", time(10), time(13), 45),
    Place("Canvass, two rounds", "canvass", "Keighley and Ilkley", "Town Hall", "BD21 3AB", time(10, 30), time(15), 60),
    Place("Market stall and leaflets", "leaflets", "Skipton and Ripon", "High Street", "BD23 1AB", time(9, 30),
          time(13), 30, 40),
    Place("Afternoon canvass", "canvass", "Rother Valley", "Miners' Welfare", "S25 2AB", time(13), time(17), 50),
    Place("Phone bank", "phone bank", "North East Derbyshire", "Civic Hall", "S18 1AB", time(14), time(18), 25, 25),
    Place("Late morning canvass", "canvass", "Beverley and Holderness", "Saturday Market", "HU17 8AB", time(11),
          time(15, 30), 55),
)  # fmt: skip


INVENTED_PLACES = (
    ("Station forecourt", "railway station", 0.0041, -0.0030),
    ("Library car park", N_("car park"), -0.0022, 0.0046),
    ("Stop at the Market Cross", "bus stop", 0.0009, 0.0031),
    ("Supermarket entrance", N_("supermarket"), -0.0063, -0.0051),
)
"""Name, kind, and degrees north and east of a district's middle."""


@dataclass(frozen=True)
class Demo:
    """The demonstration's campaign, the day to look at, and who may."""

    campaign: Campaign
    day: date
    coordinator: Coordinator


@dataclass(frozen=True)
class HostsPage:
    """A host's way in: the link's token, what it is for, and from when it shows who comes."""

    token: str
    title: str
    opens_at: datetime


def find(db: Session) -> Demo | None:
    """The demonstration, if there is one whose day is still to come."""
    coordinator = logins.coordinator_by_email(db, EMAIL)
    if coordinator is None:
        return None
    for campaign in queries.of_coordinator(db, coordinator.id):
        coming = [day for day in queries.days(db, campaign.id) if day > today()]
        if coming:
            return Demo(campaign, coming[0], coordinator)
    return None


def create(db: Session, password: str, people: int = PEOPLE, seed: int = 1) -> Demo:
    """Set everything up, people included, whose addresses count as confirmed."""
    coordinator = logins.coordinator_by_email(db, EMAIL)
    if coordinator is None:
        coordinator = login.add_coordinator(db, EMAIL, "Demo coordinator", password)
    form = CampaignForm(
        name=NAME,
        organiser="Demo Volunteers (invented)",
        contact_email=EMAIL,
        imprint="A demonstration. Everybody in it is invented.",
    )
    slug = campaigns.create(db, coordinator, form).slug
    campaign = campaigns.find(db, slug)
    campaigns.add_marginal(db, campaign, coordinator, KEY_UNDER_PCT)
    day = saturday_ahead(today())
    _add_events(db, campaign, coordinator, day)
    _add_places(db)
    _add_people(db, campaign, day, people, seed)
    return Demo(campaign, day, coordinator)


def hosts_page(db: Session, demo: Demo) -> HostsPage | None:
    """A new link for the host of the day's first event, who is added if there is none; nothing is written to them."""
    event = next((x for x in queries.events(db, demo.campaign.id, demo.day) if x.state == "open"), None)
    if event is None:
        return None
    host = next(iter(hosts.of_event(db, event.id)), None)
    if host is None:
        form = HostForm(host_name="Hana Demo", host_email=HOST)
        host = hosting.add(db, demo.campaign, demo.coordinator, event.id, form, write=False)
    return HostsPage(hosting.new_link(db, host, event), event.title, hosting.window(event)[0])


def saturday_ahead(start: date) -> date:
    """The first Saturday at least three weeks after `start`."""
    day = start + timedelta(days=DAYS_AHEAD)
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)


def _add_events(db: Session, campaign: Campaign, coordinator: Coordinator, day: date) -> None:
    codes = {
        constituency.name: constituency.code for constituency in campaigns.key_constituencies(db, campaign)
    }
    for place in PLACES:
        form = EventForm(
            title=place.title,
            kind=place.kind,
            constituency=codes[place.constituency],
            place_name=place.place_name,
            postcode=place.postcode,
            day=day,
            starts=place.starts,
            ends=place.ends,
            wanted=place.wanted,
            capacity=place.capacity,
        )
        campaigns.add_event(db, campaign, coordinator, form)


def _add_places(db: Session) -> None:
    """A few invented places in each district, some minutes from its middle, whose names say that they are invented."""
    districts = postcode_districts()
    public_places.replace(
        db,
        "demo",
        [
            (
                f"{name}, {district} (invented)",
                kind,
                districts[district].lat + north,
                districts[district].lon + east,
            )
            for district in DISTRICTS
            for name, kind, north, east in INVENTED_PLACES
        ],
    )


def _places_near(db: Session, postcode: str) -> list[UUID]:
    found = pickups.choices(db, postcode)
    return [place.id for place in found.places] if found else []


def _add_people(db: Session, campaign: Campaign, day: date, people: int, seed: int) -> None:
    """Through the same door as everybody, but for the link in the message."""
    events = [event.id for event in campaigns.events(db, campaign, day)]
    draw = Draw(random.Random(seed), day, events, lambda postcode: _places_near(db, postcode))  # noqa: S311
    for number in range(people):
        key = f"demo:{campaign.id}:{number}"
        if draw.is_driver():
            intake.receive(db, campaign, draw.offer(number), key)
        else:
            intake.receive(db, campaign, draw.request(number), key)
        sign_up = sign_ups.by_key(db, key)
        person = sign_ups.person(db, sign_up.person_id) if sign_up else None
        if person is not None:
            sign_ups.confirm(db, person, now() - CONFIRMED_BEFORE, person.reach)
