"""A day's offers, requests, lifts and arrivals as tables that leave the house: approved by somebody, and recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any, Literal

from sqlalchemy import Row
from sqlmodel import Session

from api.errors import Invalid
from api.services import audit
from api.services.days import CampaignDay
from api.services.exchange import csv_files
from api.services.local import local
from api.services.my_page import DELETED_AFTER_DAYS
from api.services.pickups import named
from api.store.queries import campaigns
from api.store.queries import exports as queries

Contents = Literal["offers", "requests", "lifts", "arrivals"]
NOT_APPROVED = "Tick the box if you need this and answer for it. Without that nothing leaves the service."
NEEDS = {
    "child_seat": "child seat",
    "wheelchair": "folding wheelchair",
    "wheelchair_place": "stays in a wheelchair",
    "assistance_dog": "assistance dog",
    "step_free": "no steps",
}
STATES = {"arrived": "here", "no_show": "did not come"}
COMMON = (
    "Name", "E-mail", "Phone", "Postcode", "Role", "How many people", "Day", "Can leave from", "Home by", "Way back too?",
    "Events", "Car of women only?",
)  # fmt: skip
"""Headings that a table for bringing in may have as well, so that the file can be brought into another campaign."""
HEADINGS: Mapping[Contents, Sequence[str]] = {
    "offers": (
        *COMMON, "Free seats", "The car can take", "Most detour, minutes", "Car", "Number plate", "Placed", "Confirmed",
        "Reference",
    ),
    "requests": (*COMMON, "Needs", "Where to pick up", "Free seats", "Placed", "Confirmed", "Reference"),
    "lifts": (
        "Event", "Where", "Lift", "Word to say", "Role", "Name", "Phone", "E-mail", "People", "Time", "Place", "Arrives",
        "Home at", "Needs", "Car", "Number plate", "Said: I am coming",
    ),
    "arrivals": ("Event", "Where", "Expected", "Lift", "Role", "Name", "People", "Car", "Number plate", "Came"),
}  # fmt: skip


@dataclass(frozen=True)
class Sizes:
    """What there is of a day: rows, and until when it may be kept elsewhere, as it is deleted here then."""

    offers: int
    requests: int
    lifts: int
    deleted_on: date


def sizes(db: Session, at: CampaignDay) -> Sizes:
    found = queries.counts(db, at.campaign.id, at.day)
    return Sizes(**found, deleted_on=at.day + timedelta(days=DELETED_AFTER_DAYS))


def approve(db: Session, at: CampaignDay, what: str, *, agreed: bool) -> None:
    """Somebody answers for what leaves: on record before a row is read. Raises `Invalid` if they did not say so."""
    if not agreed:
        raise Invalid({"agreed": NOT_APPROVED})
    audit.record(db, at.coordinator, what, campaign_id=at.campaign.id)


def table(db: Session, at: CampaignDay, contents: Contents, *, agreed: bool) -> IO[bytes]:
    """The file. Raises `Invalid` for one that nobody answers for."""
    approve(db, at, f"{contents} exported", agreed=agreed)
    return csv_files.spooled(HEADINGS[contents], _rows(db, at, contents))


def _rows(db: Session, at: CampaignDay, contents: Contents) -> Iterator[Sequence[Any]]:
    if contents == "lifts":
        return _lifts(db, at)
    if contents == "arrivals":
        return _arrivals(db, at)
    titles = {str(event.id): event.title for event in campaigns.events(db, at.campaign.id, at.day)}
    if contents == "offers":
        return (_offer(row, at.day, titles) for row in queries.offers(db, at.campaign.id, at.day))
    return (_request(row, at.day, titles) for row in queries.requests(db, at.campaign.id, at.day))


def _common(row: Row[Any], day: date, titles: Mapping[str, str], role: str) -> tuple[Any, ...]:
    wanted = None if row.event_ids is None else [titles[one] for one in row.event_ids if one in titles]
    events = "any" if wanted is None else "; ".join(dict.fromkeys(wanted))
    return (
        row.name, row.email, row.phone_typed, row.postcode, role, row.party, f"{day:%d/%m/%Y}", _clock(row.ready_at),
        _clock(row.home_by), _yes(row.way_back), events, _yes(row.company),
    )  # fmt: skip


def _offer(row: Row[Any], day: date, titles: Mapping[str, str]) -> tuple[Any, ...]:
    takes = ", ".join(f"{count} {NEEDS.get(need, need)}" for need, count in row.offers.items() if count)
    detour = f"{row.max_detour_minutes:g}"
    return (
        *_common(row, day, titles, "driver"), row.seats, takes, detour, row.car, row.plate, _placed(row),
        _yes(row.confirmed_at), row.reference,
    )  # fmt: skip


def _request(row: Row[Any], day: date, titles: Mapping[str, str]) -> tuple[Any, ...]:
    places = [place["name"] for place in row.places]
    pickup = "; ".join(filter(None, [*places, row.pickup if row.home_pickup else ""]))
    role, seats = ("either", row.can_drive["seats"]) if row.can_drive else ("rider", "")
    return (
        *_common(row, day, titles, role), _needs(row.needs), pickup, seats, _placed(row), _yes(row.confirmed_at),
        row.reference,
    )  # fmt: skip


def _lifts(db: Session, at: CampaignDay) -> Iterator[Sequence[Any]]:
    """A row for each person: the driver first, then the riders as they get in."""
    for number, is_new, row in _numbered(db, at):
        lift = (row.title, row.place_name, number, row.match_word)
        if is_new:
            yield (
                *lift, "driver", row.driver_name, row.driver_phone_typed, row.driver_email, row.driver_party,
                _clock(row.departs_at), row.driver_postcode, _clock(row.arrives_at), _clock(row.home_at), "", row.car,
                row.plate, _yes(row.driver_accepted_at),
            )  # fmt: skip
        if row.rider_name is not None:
            place = named(row.places, row.place_id)
            where = place["name"] if place else ": ".join(filter(None, (row.rider_postcode, row.pickup)))
            yield (
                *lift, "rider", row.rider_name, row.rider_phone_typed, row.rider_email, row.rider_party,
                _clock(row.pick_up_at), where, _clock(row.arrives_at), _clock(row.drop_at), _needs(row.needs), row.car,
                row.plate, _yes(row.rider_accepted_at),
            )  # fmt: skip


def _arrivals(db: Session, at: CampaignDay) -> Iterator[Sequence[Any]]:
    """Who is expected in which car, and who has come."""
    for number, is_new, row in _numbered(db, at):
        lift = (row.title, row.place_name, _clock(row.arrives_at), number)
        if is_new:
            own = ("driver", row.driver_name, row.driver_party, row.car, row.plate)
            yield (*lift, *own, STATES.get(row.come, ""))
        if row.rider_name is not None:
            own = ("rider", row.rider_name, row.rider_party, row.car, row.plate)
            yield (*lift, *own, STATES.get(row.came, ""))


def _numbered(db: Session, at: CampaignDay) -> Iterator[tuple[int, bool, Row[Any]]]:
    """Each row with the number of its lift, and whether it is the lift's first."""
    number, before = 0, None
    for row in queries.lifts(db, at.campaign.id, at.day):
        number += row.id != before
        yield number, row.id != before, row
        before = row.id


def _clock(moment: datetime | None) -> str:
    return f"{local(moment):%H:%M}" if moment else ""


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _needs(needs: Sequence[str]) -> str:
    return ", ".join(NEEDS.get(need, need) for need in needs)


def _placed(row: Row[Any]) -> str:
    """How well we know where they start."""
    return "roughly" if row.precision == "district" else "exactly"
