"""A campaign's team: who is in it in which role. It never loses its last owner, whoever acts at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit, campaigns, codes, constituencies
from api.services.campaign_forms import RoleForm
from api.services.rights import COORDINATOR, HELPER, OWNER, READER, REGIONAL
from api.services.views import EventView
from api.store.queries import teams as queries
from api.store.tables import Campaign, Coordinator, Membership

LAST_OWNER = "A campaign needs an owner, and this is its last one. Make somebody else an owner first."
NO_MEMBER = "There is nobody like that in this team any more."
OWN_CODES_FIRST = "Set up codes for yourself first, on your account, or you would be locked out."
WHERE = "Choose at least one region or event that they look after."


@dataclass(frozen=True)
class RoleWords:
    """What a role is called, and what it means."""

    name: str
    means: str


ROLE_WORDS: Mapping[str, RoleWords] = MappingProxyType(
    {
        OWNER: RoleWords("Owner", "Everything, and who is in the team."),
        COORDINATOR: RoleWords(
            "Coordinator", "Everything but the team: events, matching, publishing, people."
        ),
        REGIONAL: RoleWords(
            "Regional coordinator",
            "Their own events: who comes, hosts, calls. No matching or publishing, which concerns everybody.",
        ),
        HELPER: RoleWords("Helper", "Rings people and signs up callers. Sees nobody else."),
        READER: RoleWords("Read-only", "Sees the days and events. Changes nothing, sees no numbers."),
    }
)


@dataclass(frozen=True)
class MemberView:
    """Somebody in the team. `where`: a regional coordinator's regions and events, in words."""

    id: UUID
    name: str
    email: str
    role: str
    where: str
    regions: tuple[str, ...]
    event_ids: tuple[str, ...]
    is_disabled: bool
    has_codes: bool

    @property
    def role_name(self) -> str:
        return ROLE_WORDS[self.role].name


def members(db: Session, campaign: Campaign) -> list[MemberView]:
    """By name."""
    titles = {str(event.id): event.title for event in campaigns.events(db, campaign)}
    return [_view(row, person, titles) for row, person in queries.members(db, campaign.id)]


def member(db: Session, campaign: Campaign, coordinator_id: UUID) -> MemberView:
    found = next((one for one in members(db, campaign) if one.id == coordinator_id), None)
    if found is None:
        raise NotFound(NO_MEMBER)
    return found


def regions(db: Session) -> list[str]:
    """All that there are."""
    return sorted({one.region for one in constituencies.current(db).values()})


def events_to_choose(db: Session, campaign: Campaign) -> list[EventView]:
    return [event for event in campaigns.events(db, campaign) if not event.over and not event.cancelled]


def change(db: Session, campaign: Campaign, who: Coordinator, coordinator_id: UUID, form: RoleForm) -> None:
    """Another role, from the next request on. Raises `Conflict` if it was the last owner's."""
    queries.lock(db, campaign.id)
    membership = _membership(db, campaign, coordinator_id)
    if form.role != OWNER:
        _keep_an_owner(db, campaign, coordinator_id)
    check_where(db, campaign, form)
    membership.role = form.role
    membership.regions, membership.event_ids = where(form)
    db.add(membership)
    audit.record(db, who, "role changed", campaign_id=campaign.id, subject_id=coordinator_id)


def remove(db: Session, campaign: Campaign, who: Coordinator, coordinator_id: UUID) -> None:
    """Out of the team: with their next request they see nothing of the campaign any more."""
    queries.lock(db, campaign.id)
    _membership(db, campaign, coordinator_id)
    _keep_an_owner(db, campaign, coordinator_id)
    queries.remove(db, campaign.id, coordinator_id)
    audit.record(db, who, "removed from the team", campaign_id=campaign.id, subject_id=coordinator_id)


def require_codes(db: Session, campaign: Campaign, who: Coordinator, wanted: bool) -> None:
    """Whether everybody in the team has to log in with codes. Raises `Conflict` for an owner who has none of their own."""
    if wanted and not codes.is_on(who):
        raise Conflict(OWN_CODES_FIRST)
    campaign.codes_required = wanted
    db.add(campaign)
    done = "codes at log-in asked for" if wanted else "codes at log-in left to each"
    audit.record(db, who, done, campaign_id=campaign.id)


def where(form: RoleForm) -> tuple[list[str], list[str]]:
    """Regions and events to keep: other roles have none."""
    return (form.regions, form.event_ids) if form.role == REGIONAL else ([], [])


def check_where(db: Session, campaign: Campaign, form: RoleForm) -> None:
    """Raises `Invalid` for a regional coordinator of nothing, or of what there is not."""
    if form.role != REGIONAL:
        return
    events = {str(event.id) for event in campaigns.events(db, campaign)}
    known = set(form.regions) <= set(regions(db)) and set(form.event_ids) <= events
    if not known or not (form.regions or form.event_ids):
        raise Invalid({"regions": WHERE})


def in_words(regions: list[str], event_ids: list[str], titles: Mapping[str, str]) -> str:
    """Where a regional coordinator's events are."""
    return ", ".join([*regions, *(titles[one] for one in event_ids if one in titles)])


def _membership(db: Session, campaign: Campaign, coordinator_id: UUID) -> Membership:
    found = queries.membership(db, campaign.id, coordinator_id)
    if found is None:
        raise NotFound(NO_MEMBER)
    db.refresh(found)
    return found


def _keep_an_owner(db: Session, campaign: Campaign, leaving: UUID) -> None:
    """An owner who may not log in any more is none that a campaign can rely on."""
    if all(owner.id == leaving for owner in queries.may_log_in(db, campaign.id, (OWNER,))):
        raise Conflict(LAST_OWNER)


def _view(row: Membership, person: Coordinator, titles: Mapping[str, str]) -> MemberView:
    return MemberView(
        id=person.id,
        name=person.name,
        email=person.email,
        role=row.role,
        where=in_words(row.regions, row.event_ids, titles),
        regions=tuple(row.regions),
        event_ids=tuple(row.event_ids),
        is_disabled=person.disabled_at is not None,
        has_codes=codes.is_on(person),
    )
