"""Messages to hosts, coordinators and who is invited to be one, out of the same outbox as those to volunteers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import campaigns, constituencies, hosting, invitations
from api.services.colleagues import name_of
from api.services.local import local, now
from api.services.outbox import MOST_UNSURE_TRIES, claimed
from api.services.rights import REGIONAL, WHOLE
from api.services.team import ROLE_WORDS
from api.services.views import CampaignView, EventView
from api.store.queries import arrivals, lifts, safety, teams
from api.store.queries import campaigns as campaign_queries
from api.store.queries import hosts as queries
from api.store.queries import invitations as invitation_queries
from api.store.queries import messages as message_queries
from api.store.queries.messages import Reader
from api.store.tables import Campaign, Coordinator, Event, Host, Invitation, Message

KINDS: Mapping[str, Reader] = {
    "host_link": "host",
    "driver_missing": "coordinator",
    "broke_down": "coordinator",
    "report": "coordinator",
    "invitation": "invitation",
}
"""Who reads each kind."""


@dataclass(frozen=True)
class StaffEnvelope:
    """All that is needed to write and send one message. `path` leads to what it is about, or holds a new key.

    `event` is None for what is about no event.
    """

    message_id: UUID
    kind: str
    to: str
    name: str
    path: str
    campaign: CampaignView
    day: date
    event: EventView | None
    facts: dict[str, Any]
    channel: str = "email"
    is_last_unsure: bool = False


@dataclass(frozen=True)
class _Content:
    """What a message is about, while it is true."""

    path: str
    day: date
    event: Event | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def claim(db: Session, message_id: UUID) -> StaffEnvelope | None:
    """Take such a message for sending; None if it is none, is sent, given up, somebody else's, or no longer true."""
    known = message_queries.by_id(db, message_id)
    if known is None or known.kind not in KINDS:
        return None
    message, campaign = claimed(db, message_id, KINDS[known.kind])
    if message is None or campaign is None:
        return None
    reader = _reader(db, message)
    content = _content(db, message, campaign, reader) if reader else None
    if reader is None or content is None:
        message_queries.step(db, message_id, ("sending",), state="dropped")
        return None
    return StaffEnvelope(
        message_id=message.id,
        kind=message.kind,
        to=reader.email,
        name="" if isinstance(reader, Invitation) else reader.name,
        path=content.path,
        campaign=campaigns.view(campaign),
        day=content.day,
        event=campaigns.event_view(content.event, constituencies.current(db)) if content.event else None,
        facts=content.facts,
        is_last_unsure=message.unsure_tries + 1 >= MOST_UNSURE_TRIES,
    )


def _reader(db: Session, message: Message) -> Host | Coordinator | Invitation | None:
    """Whoever it is for, if they still are what they were."""
    if message.host_id is not None:
        host = queries.by_id(db, message.host_id)
        return host if host is not None and host.revoked_at is None else None
    if message.invitation_id is not None:
        invitation = invitation_queries.by_id(db, message.invitation_id)
        return invitation if invitation is not None and invitation.used_at is None else None
    found = campaign_queries.coordinator_by_id(db, message.coordinator_id) if message.coordinator_id else None
    membership = teams.membership(db, message.campaign_id, found.id) if found else None
    looks_after = membership is not None and membership.role in (*WHOLE, REGIONAL)
    return found if found is not None and found.disabled_at is None and looks_after else None


def _content(
    db: Session, message: Message, campaign: Campaign, reader: Host | Coordinator | Invitation
) -> _Content | None:
    """What it says; None if that is no longer true."""
    if isinstance(reader, Invitation):
        return _invitation(db, reader)
    if isinstance(reader, Host):
        return _key(db, reader)
    if message.subject_id is None:
        return None
    if message.kind == "report":
        return _report(db, campaign, message.subject_id)
    if message.kind == "broke_down":
        return _broke_down(db, campaign, message.subject_id)
    return _missing(db, campaign, message.subject_id)


def _key(db: Session, host: Host) -> _Content | None:
    event = hosting.event_of(db, host)
    opens_at, closes_at = hosting.window(event)
    if now() >= closes_at:
        return None
    facts = {"opens_at": opens_at, "closes_at": closes_at}
    return _Content(f"/h/{hosting.new_link(db, host, event)}", event.day, event, facts)


def _invitation(db: Session, invitation: Invitation) -> _Content | None:
    if now() >= invitation.expires_at:
        return None
    by = name_of(db, invitation.invited_by, "")
    until = local(invitation.expires_at)
    facts = {"by": by, "role": ROLE_WORDS[invitation.role].name, "expires_at": until}
    return _Content(f"/i/{invitations.new_link(db, invitation)}", until.date(), None, facts)


def _missing(db: Session, campaign: Campaign, lift_id: UUID) -> _Content | None:
    """A driver did not come; no longer true once a host took that back or the lift is off."""
    lift = lifts.by_id(db, campaign.id, lift_id)
    event = campaign_queries.event_by_id(db, campaign.id, lift.event_id) if lift else None
    if lift is None or event is None or not arrivals.is_missing(db, event.id, lift.offer_id):
        return None
    people = sum(request.party for _, request, _ in lifts.riders(db, lift.id))
    return _Content(f"/coordinate/{campaign.slug}/events/{event.id}", event.day, event, {"people": people})


def _broke_down(db: Session, campaign: Campaign, lift_id: UUID) -> _Content | None:
    """A car cannot go on. Its lift has ended, so the people are those who were in it last."""
    lift = lifts.any_by_id(db, campaign.id, lift_id)
    event = campaign_queries.event_by_id(db, campaign.id, lift.event_id) if lift else None
    if lift is None or event is None:
        return None
    people = sum(request.party for _, request, _ in lifts.riders(db, lift.id, standing=False))
    path = f"/coordinate/{campaign.slug}/{lift.day}/board"
    return _Content(path, lift.day, event, {"people": people})


def _report(db: Session, campaign: Campaign, report_id: UUID) -> _Content | None:
    """Somebody did not feel safe; no longer news once a coordinator looks after it."""
    found = safety.open_report(db, report_id)
    return _Content(f"/coordinate/{campaign.slug}/{found.day}", found.day) if found else None
