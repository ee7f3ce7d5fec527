"""A repair from its beginning to a plan: who is looked for, what is held, and from when on anything may change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.services.by_road import with_known
from api.services.instances import build_instance
from api.services.local import local, now
from api.services.repair import held, homeward, part
from api.store.queries import campaigns, lifts, ways_home
from api.store.queries import repairs as queries
from api.store.tables import Campaign, Repair
from carpool import Instance
from carpool.files import instance_to_json
from carpool.repair import repair_instance, with_less_room

SOLVE_SECONDS = 15
"""So long searching and writing down may take: what leaves within it is not touched any more."""
LAPSE_SECONDS = 90
"""So much later than its time is over a proposal may still become lifts: the clock's job looks once a minute."""


@dataclass(frozen=True)
class Search:
    """What the solver is given: everybody `held` where they are, or `free` to be moved for a gain."""

    free: Instance

    @property
    def held(self) -> Instance:
        return held.hold(self.free)


def begin(db: Session, repair_id: UUID) -> bool:
    """Take the repair, and what was proposed before off the table; False if it is over. A lost worker's begins again."""
    repair = queries.by_id(db, repair_id)
    if repair is None:
        return False
    lifts.lock_day(db, repair.campaign_id, repair.day)
    fresh = {"state": "running", "started_at": now(), "instance": None, "plan": None}
    if not queries.step(db, repair_id, ("queued", "running"), **fresh):
        return False
    queries.replace_proposals(db, repair.campaign_id, repair.day, now())
    return True


def search(db: Session, repair_id: UUID, *, proposed: bool) -> Search | None:
    """The day as it is now. `proposed`: what comes of it waits for an answer, so that nothing in it may be too soon then."""
    repair = queries.by_id(db, repair_id)
    campaign = campaigns.by_id(db, repair.campaign_id) if repair else None
    if repair is None or campaign is None or repair.state != "running":
        return None
    looked_at = part.of_day(db, campaign, repair.day, people_in(repair))
    ids = looked_at.people if looked_at else None
    everybody = build_instance(db, campaign, repair.day, ids)
    if looked_at:
        everybody = with_less_room(everybody, looked_at.coming)
    queries.step(db, repair_id, ("running",), instance=instance_to_json(everybody))
    gone = {str(found) for found in queries.out_of_reach(db, repair.campaign_id, repair.day, now())}
    lost = ways_home.lost(db, repair.campaign_id, repair.day, now())
    told = homeward.told(db, lifts.standing(db, repair.campaign_id, repair.day, ids), gone, lost)
    left = with_known(db, held.without(everybody, gone - told.there))
    return Search(repair_instance(left, told.trips, moment(campaign, proposed)))


def people_in(repair: Repair) -> frozenset[UUID]:
    """The sign-ups that the repair looks at; nobody before its first search."""
    of = repair.instance or {}
    return frozenset(UUID(one["id"]) for kind in ("drivers", "riders") for one in of.get(kind, ()))


def moment(campaign: Campaign, proposed: bool) -> datetime:
    """From when on anything may change."""
    wait = campaign.repair_minutes * 60 + LAPSE_SECONDS if proposed else 0
    return local(now() + timedelta(seconds=wait + SOLVE_SECONDS))


def proposes_only(db: Session, repair_id: UUID) -> bool:
    """Whether the campaign wants to be asked before anything is published."""
    repair: Repair | None = queries.by_id(db, repair_id)
    campaign = campaigns.by_id(db, repair.campaign_id) if repair else None
    return campaign is not None and not campaign.repairs_alone
