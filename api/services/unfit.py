"""Who no longer fits into a plan: judged as every plan is, but of the few cars alone where something may have changed since."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import fitting, safety
from api.services.by_road import with_known
from api.services.hands import edited, holding
from api.services.instances import build_instance
from api.store.queries import doubts
from api.store.queries import hands as queries
from api.store.tables import Campaign, Run
from carpool import Plan
from carpool.files import instance_from_json, plan_from_json
from carpool.plan import Trip

CLOCKS = timedelta(minutes=1)
"""What the clocks of service and database may differ by, and a change may take. Who is judged in vain only costs time."""


def unfit(db: Session, campaign: Campaign, run: Run) -> set[UUID]:
    """Who is in the plan and is left out when it is published, because they, or their car, have changed since.

    Raises `Conflict` if the plan was changed by hand, or has pins, and breaks a rule for people as they are now, and if an
    event has fewer places than the plan brings people.
    """
    left_out = _unfit(db, campaign, run)
    if full := doubts.full(db, run, left_out):
        raise Conflict(_full(*full[0]))
    return left_out


def _full(title: str, places: int, people: int) -> str:
    return (
        f"“{title}” has places for {places:,} people now, and the plan brings {people:,}. Start a new run, take people out by "
        "hand, or change the number of places on the event's page. Nothing was published."
    )


def _unfit(db: Session, campaign: Campaign, run: Run) -> set[UUID]:
    since = run.created_at - CLOCKS
    touched = doubts.by_hand(db, run)
    about = touched | queries.mates(db, run.id, touched) if touched else set[UUID]()
    apart = safety.apart_since(db, campaign, since, lambda proven: doubts.proofs(db, run, proven))
    drivers = doubts.cars(db, run, since, about | apart)
    if not (drivers or touched):
        return set()
    trips = _trips(db, run, drivers)
    people = {one for trip in trips for one in (trip.driver, *trip.riders)}
    ids = {UUID(one) for one in people} | about
    now_known = build_instance(db, campaign, run.day, ids=ids | doubts.mates(db, run, ids))
    planned_from = instance_from_json(doubts.instance(db, run, people))
    left = fitting.still_fitting(planned_from, Plan(trips=trips), now_known, partial(with_known, db))
    if touched:
        holding.must_hold(db, campaign, run, trips, left, now_known, about)
    fit = {one for trip in left for one in (trip.driver, *trip.riders)}
    return {UUID(one) for one in people - fit}


def _trips(db: Session, run: Run, drivers: list[UUID]) -> tuple[Trip, ...]:
    """Their cars, with everything that was changed by hand."""
    planned = plan_from_json({"format": "carpool-plan/1", "trips": doubts.trips(db, run, drivers)})
    wanted = {str(driver) for driver in drivers}
    return tuple(trip for trip in edited.edited(db, run, planned).trips if trip.driver in wanted)
