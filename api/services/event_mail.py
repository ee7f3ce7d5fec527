"""Messages to hosts and coordinators of an event, out of the same outbox as those to volunteers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import campaigns, constituencies, hosting
from api.services.local import now
from api.services.outbox import CLAIM_SECONDS, MOST_UNSURE_TRIES
from api.services.views import CampaignView, EventView
from api.store.queries import arrivals, lifts
from api.store.queries import campaigns as campaign_queries
from api.store.queries import hosts as queries
from api.store.queries import messages as message_queries
from api.store.queries.messages import Reader
from api.store.tables import Campaign, Coordinator, Event, Host, Message

KINDS: Mapping[str, Reader] = {"host_link": "host", "driver_missing": "coordinator"}
"""Who reads each kind."""


@dataclass(frozen=True)
class EventEnvelope:
    """All that is needed to write and send one message. `path` leads to what it is about; a host's holds a new key."""

    message_id: UUID
    kind: str
    to: str
    name: str
    path: str
    campaign: CampaignView
    event: EventView
    facts: dict[str, Any]
    channel: str = "email"
    is_last_unsure: bool = False


def claim(db: Session, message_id: UUID) -> EventEnvelope | None:
    """Take such a message for sending; None if it is none, is sent, given up, somebody else's, or no longer true."""
    message = message_queries.by_id(db, message_id)
    if message is None or message.kind not in KINDS:
        return None
    moment = now()
    stale = moment - timedelta(seconds=CLAIM_SECONDS)
    if not message_queries.claim(db, message_id, moment, stale, reader=KINDS[message.kind]):
        return None
    campaign = campaign_queries.by_id(db, message.campaign_id)
    envelope = campaign and (
        _to_host(db, message, campaign) if message.host_id else _to_coordinator(db, message, campaign)
    )
    if not envelope:
        message_queries.step(db, message_id, ("sending",), state="dropped")
        return None
    return envelope


def _to_host(db: Session, message: Message, campaign: Campaign) -> EventEnvelope | None:
    host = queries.by_id(db, message.host_id) if message.host_id else None
    if host is None or host.revoked_at is not None:
        return None
    event = hosting.event_of(db, host)
    opens_at, closes_at = hosting.window(event)
    if now() >= closes_at:
        return None
    facts = {"opens_at": opens_at, "closes_at": closes_at}
    path = f"/h/{hosting.new_link(db, host, event)}"
    return _envelope(db, message, campaign, event, to=host, path=path, facts=facts)


def _to_coordinator(db: Session, message: Message, campaign: Campaign) -> EventEnvelope | None:
    """About a driver who did not come; no longer true once a host took that back or the lift is off."""
    coordinator = (
        campaign_queries.coordinator_by_id(db, message.coordinator_id) if message.coordinator_id else None
    )
    lift = lifts.by_id(db, campaign.id, message.subject_id) if message.subject_id else None
    if coordinator is None or coordinator.disabled_at is not None or lift is None:
        return None
    event = campaign_queries.event_by_id(db, campaign.id, lift.event_id)
    if event is None or not arrivals.is_missing(db, event.id, lift.offer_id):
        return None
    people = sum(request.party for _, request, _ in lifts.riders(db, lift.id))
    path = f"/coordinate/{campaign.slug}/events/{event.id}"
    return _envelope(db, message, campaign, event, to=coordinator, path=path, facts={"people": people})


def _envelope(
    db: Session,
    message: Message,
    campaign: Campaign,
    event: Event,
    *,
    to: Host | Coordinator,
    path: str,
    facts: dict[str, Any],
) -> EventEnvelope:
    return EventEnvelope(
        message_id=message.id,
        kind=message.kind,
        to=to.email,
        name=to.name,
        path=path,
        campaign=campaigns.view(campaign),
        event=campaigns.event_view(event, constituencies.current(db)),
        facts=facts,
        is_last_unsure=message.unsure_tries + 1 >= MOST_UNSURE_TRIES,
    )
