"""Hosts of an event: who may open its page of arrivals, by a private link of their own, and when.

A key opens one event, from 12 hours before its start to 12 hours after its end. Outside that time its page says when.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound, Refused
from api.language import N_
from api.services import audit, constituencies, outbox
from api.services.campaign_forms import HostForm, NumberForm
from api.services.campaigns import event_view
from api.services.campaigns import view as campaign_view
from api.services.local import after_midnight, local, now
from api.services.outbox import LINK_DAYS_AFTER, hash_token
from api.services.views import CampaignView, EventView
from api.store.queries import campaigns
from api.store.queries import hosts as queries
from api.store.tables import Campaign, Coordinator, Event, Host

OPENS_BEFORE = CLOSES_AFTER = timedelta(hours=12)


class LinkUnknown(NotFound):
    """One answer for a link that never was, that has run out, and that was taken back."""

    words = N_(
        "This link does not work any more. Open the newest message that we sent you, or ask the campaign for a new link."
    )


class NotOpen(Refused):
    """It is not the time for it."""

    words = N_(
        "This page is open from 12 hours before the event until 12 hours after it. Nothing was changed."
    )


@dataclass(frozen=True)
class ClosedPage:
    """What a host sees outside the window. `is_over`: it does not open again."""

    campaign: CampaignView
    event: EventView
    opens_at: datetime
    closes_at: datetime
    is_over: bool


@dataclass(frozen=True)
class HostView:
    """A host as coordinators see them: without the address. `message` is the state of the newest link's message, or empty."""

    id: UUID
    name: str
    message: str


def add(
    db: Session,
    campaign: Campaign,
    coordinator: Coordinator,
    event_id: UUID,
    form: HostForm,
    *,
    write: bool = True,
) -> Host:
    """A new host of an event, to whom we `write`. Raises `Invalid` if the event has one of this address."""
    event = _event(db, campaign, event_id)
    if event.state != "open" or now() >= event.ends_at + CLOSES_AFTER:
        raise Conflict("This event is over or cancelled, so nobody can become its host.")
    host = Host(
        campaign_id=campaign.id, event_id=event.id, name=form.host_name, email=form.host_email.lower()
    )
    if not queries.add(db, host):
        known = "This event has a host with this address already. You can send them a new link below."
        raise Invalid({"host_email": known})
    audit.record(db, coordinator, "host added", campaign_id=campaign.id, subject_id=host.id)
    if write:
        _write(db, host)
    return host


def send_new_link(
    db: Session, campaign: Campaign, coordinator: Coordinator, event_id: UUID, host_id: UUID
) -> None:
    """Another link for a host. Those that they had open nothing from now on."""
    host = _host(db, campaign, event_id, host_id)
    queries.drop_keys(db, host.id)
    audit.record(db, coordinator, "host sent a new link", campaign_id=campaign.id, subject_id=host.id)
    _write(db, host)


def revoke(db: Session, campaign: Campaign, coordinator: Coordinator, event_id: UUID, host_id: UUID) -> None:
    """The host's links and devices open nothing any more. A second time changes nothing."""
    host = _host(db, campaign, event_id, host_id)
    if queries.revoke(db, host.id, now()):
        audit.record(db, coordinator, "host removed", campaign_id=campaign.id, subject_id=host.id)


def set_number(db: Session, campaign: Campaign, coordinator: Coordinator, form: NumberForm) -> None:
    """The number that the hosts of a campaign ring on the day."""
    campaign.phone = form.number
    db.add(campaign)
    audit.record(db, coordinator, "number for hosts changed", campaign_id=campaign.id)


def hosts(db: Session, event_id: UUID) -> list[HostView]:
    found = []
    for host in queries.of_event(db, event_id):
        message = queries.latest_message(db, host.id)
        found.append(HostView(host.id, host.name, message.state if message else ""))
    return found


def new_link(db: Session, host: Host, event: Event) -> str:
    """A fresh key to the event: 128 random bits, which are kept nowhere."""
    token = secrets.token_urlsafe(16)
    queries.add_link(db, host.id, hash_token(token), _expiry(event))
    return token


def exchange(db: Session, token: str) -> str:
    """Exchange a link's token for that of a cookie. It is written down: from here on somebody looks."""
    host = queries.of_link(db, hash_token(token), now())
    event = queries.event(db, host.event_id) if host else None
    if host is None or event is None:
        raise LinkUnknown
    cookie = secrets.token_urlsafe(32)
    queries.add_session(db, host.id, hash_token(cookie), _expiry(event))
    audit.record(db, host, "arrivals opened", campaign_id=host.campaign_id, subject_id=host.event_id)
    return cookie


def host_of(db: Session, cookie: str) -> Host | None:
    """Whose cookie this is, None if it is nobody's, has run out or was taken back."""
    return queries.of_session(db, hash_token(cookie), now())


def forget(db: Session, cookie: str) -> None:
    """The cookie opens nothing any more."""
    queries.drop_session(db, hash_token(cookie))


def event_of(db: Session, host: Host) -> Event:
    """The event that is the host's, whatever the time."""
    event = queries.event(db, host.event_id)
    if event is None:
        raise NotFound
    return event


def open_event_of(db: Session, host: Host) -> Event:
    """The same while its page is open. Raises `NotOpen`."""
    event = event_of(db, host)
    opens_at, closes_at = window(event)
    if not opens_at <= now() < closes_at:
        raise NotOpen
    return event


def window(event: Event) -> tuple[datetime, datetime]:
    """From when until when the page is open, local."""
    return local(event.starts_at - OPENS_BEFORE), local(event.ends_at + CLOSES_AFTER)


def closed_page(db: Session, host: Host) -> ClosedPage:
    event = event_of(db, host)
    campaign = campaigns.by_id(db, event.campaign_id)
    if campaign is None:
        raise NotFound
    opens_at, closes_at = window(event)
    view = event_view(event, constituencies.current(db))
    return ClosedPage(campaign_view(campaign), view, opens_at, closes_at, now() >= closes_at)


def _expiry(event: Event) -> datetime:
    """Keys outlive the window, so that the page can say that it is closed, and die with the data behind it."""
    return after_midnight(event.day, LINK_DAYS_AFTER + 1)


def _write(db: Session, host: Host) -> None:
    # Each press makes a link of its own, and whoever presses twice ends the first.
    outbox.queue_to_host(db, host.id, host.campaign_id, "host_link", key=f"host_link:{uuid4()}")


def _event(db: Session, campaign: Campaign, event_id: UUID) -> Event:
    event = campaigns.event_by_id(db, campaign.id, event_id)
    if event is None:
        raise NotFound("This campaign has no such event.")
    return event


def _host(db: Session, campaign: Campaign, event_id: UUID, host_id: UUID) -> Host:
    host = queries.by_id(db, host_id)
    if host is None or host.campaign_id != campaign.id or host.event_id != event_id or host.revoked_at:
        raise NotFound("This event has no such host any more.")
    return host
