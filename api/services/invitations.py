"""Invitations to a campaign's team, by a link that dies after seven days and once it is used.

The page behind the link, and what the inviter reads, are the same whether the address has an account or not.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit, campaigns, login, outbox, team
from api.services.campaign_forms import InvitationForm
from api.services.colleagues import name_of
from api.services.local import local, now
from api.services.outbox import hash_token
from api.services.views import CampaignView
from api.store.queries import campaigns as campaign_queries
from api.store.queries import invitations as queries
from api.store.queries import logins
from api.store.tables import Campaign, Coordinator, Invitation, InvitationLink, Membership

LASTS = timedelta(days=7)
TOKEN_BYTES = 16
NO_INVITATION = "This invitation is not waiting any more. Somebody may have withdrawn it, or it was used."


class LinkUnknown(NotFound):
    """One answer for a link that never was, that has run out, that was used and that was withdrawn."""

    words = "This invitation does not work any more. Please ask whoever invited you for a new one."


@dataclass(frozen=True)
class Waiting:
    """An invitation that nobody has used yet. `message` is the state of its message, or empty."""

    id: UUID
    email: str
    role: str
    where: str
    expires_at: datetime
    message: str


@dataclass(frozen=True)
class Invited:
    """What the invited person reads."""

    campaign: CampaignView
    email: str
    role: str
    by: str
    expires_at: datetime


def invite(db: Session, campaign: Campaign, who: Coordinator, form: InvitationForm) -> None:
    """Ask somebody into the team. Again to the same address, it is the newer invitation that counts."""
    email = login.tidy_email(form.email)
    if queries.is_member(db, campaign.id, email):
        raise Invalid({"email": "Somebody with this address is in the team already."})
    team.check_where(db, campaign, form)
    regions, event_ids = team.where(form)
    made = Invitation(
        campaign_id=campaign.id,
        email=email,
        role=form.role,
        regions=regions,
        event_ids=event_ids,
        invited_by=who.id,
        expires_at=now() + LASTS,
    )
    _write(db, queries.put(db, made))
    audit.record(db, who, "somebody invited", campaign_id=campaign.id)


def send_again(db: Session, campaign: Campaign, who: Coordinator, invitation_id: UUID) -> None:
    """Another link, good for seven days from now. Those before it open nothing any more."""
    found = _waiting(db, campaign, invitation_id)
    found.expires_at = now() + LASTS
    db.add(found)
    queries.drop_links(db, found.id)
    _write(db, found)
    audit.record(db, who, "invitation sent again", campaign_id=campaign.id, subject_id=found.id)


def withdraw(db: Session, campaign: Campaign, who: Coordinator, invitation_id: UUID) -> None:
    found = _waiting(db, campaign, invitation_id)
    if not queries.withdraw(db, found.id):
        raise Conflict(NO_INVITATION)
    audit.record(db, who, "invitation withdrawn", campaign_id=campaign.id, subject_id=invitation_id)


def waiting(db: Session, campaign: Campaign) -> list[Waiting]:
    titles = {str(event.id): event.title for event in campaigns.events(db, campaign)}
    found = []
    for row in queries.waiting(db, campaign.id, now()):
        message = queries.latest_message(db, row.id)
        where = team.in_words(row.regions, row.event_ids, titles)
        state = message.state if message else ""
        found.append(Waiting(row.id, row.email, row.role, where, local(row.expires_at), state))
    return found


def new_link(db: Session, invitation: Invitation) -> str:
    """A fresh key to the invitation: 128 random bits, which are kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = InvitationLink(
        token_hash=hash_token(token), invitation_id=invitation.id, expires_at=invitation.expires_at
    )
    queries.add_link(db, link)
    return token


def look(db: Session, token: str) -> Invited:
    """Raises `LinkUnknown`. Nothing is changed by it."""
    found = _of_link(db, token)
    campaign = campaign_queries.by_id(db, found.campaign_id)
    if campaign is None:
        raise LinkUnknown
    view = campaigns.view(campaign)
    return Invited(view, found.email, found.role, name_of(db, found.invited_by, ""), local(found.expires_at))


def has_account(db: Session, invited: Invited) -> bool:
    """Whether the address has one: for the page to know what to do with a password, never to be shown."""
    return logins.coordinator_by_email(db, invited.email) is not None


def new_account(db: Session, invited: Invited, name: str, password: str) -> Coordinator:
    """An account for the invited person, who may not begin campaigns of their own. Raises `Invalid`, or `Conflict`."""
    return login.add_coordinator(db, invited.email, name, password, may_create=False)


def accept(db: Session, token: str, who: Coordinator) -> str:
    """The invitation's own reader joins the team; the campaign's slug. Of two at once, one does (`LinkUnknown`)."""
    found = _of_link(db, token)
    if found.email != who.email or not queries.use(db, found.id, now()):
        raise LinkUnknown
    campaign = campaign_queries.by_id(db, found.campaign_id)
    if campaign is None:
        raise LinkUnknown
    queries.put_member(
        db,
        Membership(
            coordinator_id=who.id,
            campaign_id=campaign.id,
            role=found.role,
            regions=found.regions,
            event_ids=found.event_ids,
        ),
    )
    audit.record(db, who, "joined the team", campaign_id=campaign.id, subject_id=found.id)
    return campaign.slug


def _of_link(db: Session, token: str) -> Invitation:
    found = queries.of_link(db, hash_token(token), now())
    if found is None:
        raise LinkUnknown
    return found


def _waiting(db: Session, campaign: Campaign, invitation_id: UUID) -> Invitation:
    found = queries.by_id(db, invitation_id)
    if found is None or found.campaign_id != campaign.id or found.used_at is not None:
        raise NotFound(NO_INVITATION)
    return found


def _write(db: Session, invitation: Invitation) -> None:
    outbox.queue_to_invited(
        db, invitation.id, invitation.campaign_id, "invitation", key=f"invitation:{uuid4()}"
    )
