"""Campaigns: setting one up, its key constituencies and events, and the figures of a day."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.errors import Invalid, NotAllowed, NotFound
from api.geocoding import locate
from api.language import N_
from api.services import audit, constituencies
from api.services.campaign_forms import CampaignForm, EventForm, RulesForm
from api.services.local import at, local, now
from api.services.views import CampaignView, EventView
from api.store.queries import campaigns as queries
from api.store.queries import constituencies as places
from api.store.tables import Campaign, Coordinator, Event, Membership
from carpool.errors import CarpoolError
from carpool.geo.constituency import Constituency, marginal
from carpool.geo.place import Place

RESERVED = {"new"}
"""Names that addresses need for something else."""

NO_OWN_CAMPAIGNS = "Your account is for the campaigns that you were invited to, and begins none of its own."
NO_CAMPAIGN = N_("We know no campaign of that name. The address may be mistyped, or the campaign is over.")


def create(db: Session, coordinator: Coordinator, form: CampaignForm) -> CampaignView:
    """A new campaign, whose coordinator owns it. Who was invited to other people's campaigns begins none of their own."""
    if not coordinator.may_create:
        raise NotAllowed(NO_OWN_CAMPAIGNS)
    campaign = Campaign(slug=_free_slug(db, form.name), **form.model_dump())
    db.add(campaign)
    db.flush()
    db.add(Membership(coordinator_id=coordinator.id, campaign_id=campaign.id, role="owner"))
    audit.record(db, coordinator, "campaign created", campaign_id=campaign.id)
    db.flush()
    return view(campaign)


def open_campaigns(db: Session) -> list[CampaignView]:
    return [view(campaign) for campaign in queries.open_ones(db)]


def of_coordinator(db: Session, coordinator: Coordinator) -> list[CampaignView]:
    return [view(campaign) for campaign in queries.of_coordinator(db, coordinator.id)]


def find(db: Session, slug: str) -> Campaign:
    campaign = queries.by_slug(db, slug)
    if campaign is None:
        raise NotFound(NO_CAMPAIGN)
    return campaign


def find_for(db: Session, slug: str, coordinator: Coordinator) -> Campaign:
    """The campaign, if this coordinator may run it: of one that somebody else runs we do not even say that it exists."""
    campaign = find(db, slug)
    if not queries.may_run(db, coordinator.id, campaign.id):
        raise NotFound(NO_CAMPAIGN)
    return campaign


def set_rules(db: Session, campaign: Campaign, coordinator: Coordinator, form: RulesForm) -> None:
    """Change the formulas of need and travel for this campaign, and when lifts are called off."""
    rules = form.model_dump()
    campaign.minutes_per_volunteer = rules.pop("minutes_per_volunteer")
    campaign.call_off_hours = rules.pop("call_off_hours")
    campaign.rules = rules
    db.add(campaign)
    audit.record(db, coordinator, "rules changed", campaign_id=campaign.id)


def rules(campaign: Campaign) -> RulesForm:
    own = {"minutes_per_volunteer": campaign.minutes_per_volunteer, "call_off_hours": campaign.call_off_hours}
    return RulesForm(**campaign.rules, **own)


def set_open(db: Session, campaign: Campaign, coordinator: Coordinator, is_open: bool) -> None:
    """Whether people may sign up."""
    campaign.open = is_open
    db.add(campaign)
    audit.record(
        db, coordinator, "campaign opened" if is_open else "campaign closed", campaign_id=campaign.id
    )


def add_marginal(db: Session, campaign: Campaign, coordinator: Coordinator, under_pct: float) -> int:
    """Take every constituency with a smaller majority as a key constituency; how many were not one yet."""
    if not 0 < under_pct <= 100:
        raise Invalid({"under_pct": "Type a percentage above 0, at most 100."})
    codes = [x.code for x in marginal(constituencies.current(db).values(), under_pct)]
    audit.record(db, coordinator, "key constituencies added", campaign_id=campaign.id)
    return queries.add_key_codes(db, campaign.id, codes)


def add_key(db: Session, campaign: Campaign, coordinator: Coordinator, code: str) -> int:
    """Take one constituency as a key constituency."""
    if code not in constituencies.current(db):
        raise Invalid({"code": "Choose a constituency from the list."})
    audit.record(db, coordinator, "key constituency added", campaign_id=campaign.id)
    return queries.add_key_codes(db, campaign.id, [code])


def remove_key(db: Session, campaign: Campaign, coordinator: Coordinator, code: str) -> None:
    queries.remove_key_code(db, campaign.id, code)
    audit.record(db, coordinator, "key constituency removed", campaign_id=campaign.id)


def key_constituencies(db: Session, campaign: Campaign) -> list[Constituency]:
    """The smallest majority first."""
    codes = queries.key_codes(db, campaign.id)
    return sorted(
        (x for x in constituencies.current(db).values() if x.code in codes),
        key=lambda x: (x.majority_pct, x.name),
    )


def unit_place(db: Session, postcode: str) -> Place | None:
    """Where a unit postcode lies, if the operator imported its area."""
    found = places.unit(db, postcode.replace(" ", ""))
    return Place(*found) if found else None


def add_event(db: Session, campaign: Campaign, coordinator: Coordinator, form: EventForm) -> EventView:
    """A new event in one of the constituencies; its place is that of its postcode."""
    known = constituencies.current(db)
    if form.constituency not in known:
        raise Invalid({"constituency": "Choose a constituency from the list."})
    try:
        place = locate(form.postcode, units=lambda text: unit_place(db, text))
    except CarpoolError as error:
        raise Invalid({"postcode": error.message}) from None
    event = Event(
        campaign_id=campaign.id,
        postcode=place.text,
        lat=place.place.lat,
        lon=place.place.lon,
        island=place.place.island,
        starts_at=at(form.day, form.starts),
        ends_at=at(form.day, form.ends),
        **form.model_dump(exclude={"postcode", "starts", "ends"}),
    )
    db.add(event)
    audit.record(db, coordinator, "event added", campaign_id=campaign.id, subject_id=event.id)
    db.flush()
    return event_view(event, known)


def cancel_event(db: Session, campaign: Campaign, coordinator: Coordinator, event_id: UUID) -> None:
    """Nobody is matched to it from now on. Lifts that are published to it are ended by the next publishing."""
    if queries.event_by_id(db, campaign.id, event_id) is None:
        raise NotFound("This campaign has no such event.")
    if queries.cancel_event(db, event_id):
        audit.record(db, coordinator, "event cancelled", campaign_id=campaign.id, subject_id=event_id)


def events(db: Session, campaign: Campaign, day: date | None = None) -> list[EventView]:
    known = constituencies.current(db)
    return [event_view(event, known) for event in queries.events(db, campaign.id, day)]


def days(db: Session, campaign: Campaign) -> list[date]:
    return queries.days(db, campaign.id)


def view(campaign: Campaign) -> CampaignView:
    return CampaignView(
        id=campaign.id,
        slug=campaign.slug,
        name=campaign.name,
        organiser=campaign.organiser,
        contact_email=campaign.contact_email,
        imprint=campaign.imprint,
        open=campaign.open,
    )


def event_view(event: Event, known: dict[str, Constituency]) -> EventView:
    constituency = known.get(event.constituency)
    return EventView(
        id=event.id,
        title=event.title,
        kind=event.kind,
        place_name=event.place_name,
        postcode=event.postcode,
        constituency=event.constituency,
        constituency_name=constituency.name if constituency else event.constituency,
        day=event.day,
        starts_at=local(event.starts_at),
        ends_at=local(event.ends_at),
        wanted=event.wanted,
        capacity=event.capacity,
        cancelled=event.state == "cancelled",
        lat=event.lat,
        lon=event.lon,
        over=event.ends_at <= now(),
        step_free=event.step_free,
        toilet=event.toilet,
        seated=event.seated,
    )


def open_events(views: Sequence[EventView]) -> list[EventView]:
    return [event for event in views if not event.cancelled]


def _free_slug(db: Session, name: str) -> str:
    """The name in lower-case ASCII, with a number where another campaign has it already."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    start = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "campaign"
    taken = queries.slugs_like(db, start) | RESERVED
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := start if n == 1 else f"{start}-{n}") not in taken
    )
