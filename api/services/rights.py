"""Who may do what in a campaign: the one table that pages and programs ask. docs/decisions/0019-rights.md says why it is so.

A route declares the right it needs (`api.auth.needs`); without one the service does not start. What belongs to single
events is also a matter of whose events they are: a regional coordinator has theirs, and everybody else all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlmodel import Session

from api.errors import NotFound
from api.services import codes, constituencies
from api.services.campaigns import NO_CAMPAIGN
from api.store.queries import campaigns, teams
from api.store.tables import Campaign, Coordinator, Event, Membership
from carpool.geo.constituency import Constituency


class Right(StrEnum):
    """What somebody may do."""

    LOOK = "look"
    """See the campaign: its events, key constituencies and what its messages say. Nobody's data."""
    DAY = "day"
    """See everybody's day: figures, plans, first names, what became of messages."""
    PART = "part"
    """See the own part of a day: events and their lifts, whom to ring."""
    CALLS = "calls"
    """Ring people, read their numbers for it, and sign up callers."""
    DRIVERS = "drivers"
    """Ring drivers who have not answered, and say for them that they come or not."""
    CARE = "care"
    """Read private notes and reports, and look after whoever wrote them."""
    EVENT = "event"
    """See who arrives at an event."""
    HOSTS = "hosts"
    """Add and remove the hosts of an event."""
    EVENTS = "events"
    """Add, cut and cancel events."""
    MATCH = "match"
    """Start and stop runs, and change plans by hand."""
    PUBLISH = "publish"
    """Publish plans: everybody gets messages."""
    IMPORT = "import"
    """Bring in people and events from files."""
    EXPORT = "export"
    """Take people's data out."""
    SETTINGS = "settings"
    """Change the rules, the key constituencies, and whether people may sign up."""
    RECORD = "record"
    """Read who did what."""
    TEAM = "team"
    """Invite and remove people, change their roles, and ask for codes at log-in."""


OWNER, COORDINATOR, REGIONAL, HELPER, READER = ROLES = (
    "owner",
    "coordinator",
    "regional",
    "helper",
    "reader",
)

RIGHTS: Mapping[str, frozenset[Right]] = MappingProxyType(
    {
        OWNER: frozenset(Right),
        COORDINATOR: frozenset(Right) - {Right.TEAM},
        REGIONAL: frozenset(
            {Right.LOOK, Right.PART, Right.CALLS, Right.DRIVERS, Right.EVENT, Right.HOSTS}
        ),
        HELPER: frozenset({Right.LOOK, Right.PART, Right.CALLS}),
        READER: frozenset({Right.LOOK, Right.DAY, Right.EVENT}),
    }
)  # fmt: skip
"""The rights of each role."""

WHOLE = (OWNER, COORDINATOR)
"""Who runs a campaign as a whole."""

CONFIRMED = frozenset({Right.PUBLISH, Right.EXPORT})
"""What somebody does only who showed within the last minutes that it is they."""

OF_SINGLE_EVENTS = frozenset({Right.PART, Right.CALLS, Right.DRIVERS, Right.EVENT, Right.HOSTS})
"""Rights that a regional coordinator has at their own events alone."""


@dataclass(frozen=True)
class Access:
    """What a coordinator may do in a campaign. `events`: to which events that is limited, None for all."""

    campaign: Campaign
    role: str
    events: frozenset[UUID] | None

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


def lacks_codes(access: Access, coordinator: Coordinator) -> bool:
    """Whether the campaign lets in only those who log in with codes, and this one does not."""
    return access.campaign.codes_required and not codes.is_on(coordinator)


def access(db: Session, slug: str, coordinator: Coordinator) -> Access:
    """Raises `NotFound` for a campaign that somebody else runs: we do not even say that it exists."""
    campaign = campaigns.by_slug(db, slug)
    membership = teams.membership(db, campaign.id, coordinator.id) if campaign else None
    if campaign is None or membership is None:
        raise NotFound(NO_CAMPAIGN)
    return Access(campaign, membership.role, _events(db, membership))


def events_of(db: Session, campaign: Campaign, coordinator: Coordinator) -> frozenset[UUID] | None:
    """The events that somebody's rights are limited to; None for all, and none for who has no rights here."""
    membership = teams.membership(db, campaign.id, coordinator.id)
    return _events(db, membership) if membership else frozenset()


def responsible(db: Session, campaign_id: UUID, event_id: UUID | None) -> list[Coordinator]:
    """Whom to tell what happened: who runs the campaign as a whole, and whose event it is about."""
    found = list(teams.may_log_in(db, campaign_id, WHOLE))
    if event_id is not None:
        regional = [one for one, _ in teams.members(db, campaign_id) if one.role == REGIONAL]
        theirs = {one.coordinator_id for one in regional if event_id in (_events(db, one) or ())}
        found += [one for one in teams.may_log_in(db, campaign_id, (REGIONAL,)) if one.id in theirs]
    return found


def must_be_theirs(db: Session, access: Access, named: Mapping[str, object]) -> None:
    """Raises `NotFound` unless what the address names belongs to one of the events that the rights are limited to."""
    if access.events is None:
        return
    event_ids = [_id(named["event_id"])] if "event_id" in named else []
    if "lift_id" in named:
        event_ids.append(teams.event_of_lift(db, access.campaign.id, _id(named["lift_id"])))
    if "message_id" in named:
        person_id = teams.person_of_message(db, access.campaign.id, _id(named["message_id"]))
        event_ids.append(_event_of(db, access, person_id))
    if "request_id" in named:
        person_id = teams.person_of_request(db, access.campaign.id, _id(named["request_id"]))
        event_ids.append(_event_of(db, access, person_id))
    if not all(event_id in access.events for event_id in event_ids):
        raise NotFound


def _event_of(db: Session, access: Access, person_id: UUID | None) -> UUID | None:
    """One of the events that the rights are limited to, if this person is of any of them."""
    events = access.events or frozenset()
    theirs = person_id is not None and person_id in teams.people_of(db, access.campaign.id, events)
    return next(iter(events), None) if theirs else None


def _events(db: Session, membership: Membership) -> frozenset[UUID] | None:
    if membership.role != REGIONAL:
        return None
    known = constituencies.current(db)
    return frozenset(
        event.id
        for event in campaigns.events(db, membership.campaign_id)
        if str(event.id) in membership.event_ids or _region(event, known) in membership.regions
    )


def _region(event: Event, known: Mapping[str, Constituency]) -> str | None:
    found = known.get(event.constituency)
    return found.region if found else None


def _id(named: object) -> UUID | None:
    try:
        return UUID(str(named))
    except ValueError:
        return None
