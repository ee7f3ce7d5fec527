"""What publishing does, worked out of everybody in memory: slow, and another way than the database's, to hold that to."""

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from api.services import fitting, matching, publishing
from api.services.hands import edited, holding
from api.services.publishing import Changes, Facts, Published
from api.store.queries import doubts, hands
from api.store.tables import Campaign


def changes(db: Session, campaign: Campaign, run_id: UUID) -> Changes:
    """The run's whole plan, judged for everybody as they are now, and compared with all that people were last told."""
    run = matching.find(db, campaign, run_id)
    instance, plan = matching.instance_and_plan(run)
    now_known = matching.build_instance(db, campaign, run.day)
    by_hand = edited.edited(db, run, plan)
    trips = fitting.still_fitting(instance, by_hand, now_known)
    if touched := doubts.by_hand(db, run):
        about = touched | hands.mates(db, run.id, touched)
        holding.must_hold(db, campaign, run, by_hand.trips, trips, now_known, about)
    found = publishing.compare(db, run, trips)
    told = {person_id for lift in found.standing for person_id in publishing.people_of(lift)}
    waiting = publishing.still_without(db, run) - told - found.after.keys()
    return replace(found, news=found.news | dict.fromkeys(waiting, "no_lift"))


def figures(found: Changes) -> Published:
    kinds = list(found.news.values())
    return Published(len(found.new_lifts), sum(kind in ("changed", "lift_off") for kind in kinds), len(kinds))


def told(db: Session, campaign: Campaign, run_id: UUID) -> dict[UUID, Facts]:
    """What everybody with a lift that stands has been told of it."""
    standing = publishing.compare(db, matching.find(db, campaign, run_id), ()).standing
    return {person: facts for lift in standing for person, facts in publishing.facts_of(lift).items()}
