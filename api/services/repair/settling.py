"""What becomes of a repair's plan: what moves nobody is published at once, the rest waits for a coordinator or says "no lift".

Each step is one transaction that holds the day, and compares the plan with what people were told by then: who cancelled
since is left out, and whoever is left without a lift hears so, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import fitting, outbox, publishing
from api.services.by_road import with_known
from api.services.instances import build_instance
from api.services.local import now
from api.services.publishing import Changes
from api.services.repair import held, homeward, searching
from api.store.queries import campaigns, lifts, ways_home
from api.store.queries import repairs as queries
from api.store.tables import Campaign, Repair
from carpool.files import instance_from_json, plan_from_json
from carpool.plan import Trip

PlanFile = Mapping[str, Any]


@dataclass(frozen=True)
class Effect:
    """What a plan would do now: its changes, who of those that wait for an answer gets a lift, who is moved, and who at an
    event is taken home."""

    changes: Changes
    waiting: frozenset[UUID]
    moved: frozenset[UUID]
    home: tuple[homeward.Ride, ...]

    @property
    def helped(self) -> frozenset[UUID]:
        return (self.waiting & self.changes.after.keys()) | self._home_again

    @property
    def _home_again(self) -> frozenset[UUID]:
        return frozenset(ride.request.person_id for ride in self.home)

    def by_ids(self) -> dict[str, Any]:
        """Who gets which lift, and who gets another one, as it is kept: no names."""
        before = {person for row in self.changes.standing for person in publishing.people_of(row)}
        gets, moves = [], []
        for new in self.changes.new_lifts:
            both = {"driver": str(new.offer.id), "event": str(new.event_id)}
            for place in new.places:
                row = both | {"who": str(place.request.id), "at": place.pick_up_at.isoformat()}
                if place.person.id in self.waiting or place.person.id not in before:
                    gets.append(row)
                elif place.person.id in self.moved:
                    moves.append(row)
            if new.driver.id in self.moved:
                moves.append(both | {"who": str(new.offer.id), "at": new.departs_at.isoformat()})
        return {
            "gets": gets,
            "moves": moves,
            "home": [ride.by_ids() for ride in self.home],
            "out": sorted(str(x) for x in self.moved - self.changes.after.keys()),
        }

    @property
    def left(self) -> frozenset[UUID]:
        return self.waiting - self.changes.after.keys() - self._home_again


class Settling:
    """One repair in the hands of whoever settles it; the day is held."""

    def __init__(self, db: Session, repair: Repair, campaign: Campaign) -> None:
        self.db, self.repair, self.campaign = db, repair, campaign
        missing = queries.out_of_reach(db, repair.campaign_id, repair.day, now())
        found = lifts.standing(db, repair.campaign_id, repair.day, searching.people_in(repair) | missing)
        self.people = searching.people_in(repair) | {one for row in found for one in sign_ups_of(row)}
        self.missing = {row[0].offer_id for row in found} & missing
        self.told = {
            str(row[0].offer_id): held.told_trip(row) for row in found if row[0].offer_id not in missing
        }
        lost = {person.id for _, person in queries.unanswered(db, repair.campaign_id, repair.day)}
        for row in found:
            if row[0].offer_id in missing:
                lost |= publishing.people_of(row) - {row[1].id}
        self.at_events = ways_home.lost(db, repair.campaign_id, repair.day, now())
        self.waiting = frozenset(lost - {person.id for _, _, person in self._going_home()})

    def _going_home(self) -> list[ways_home.Passenger]:
        """Whoever is taken home from an event waits for nothing more."""
        return ways_home.of_day(self.db, self.repair.campaign_id, self.repair.day)

    def send_home(self, plan: PlanFile) -> None:
        """Publish the ways home of whoever is at an event and has lost the car; they wait for no lift to it."""
        homeward.publish(self.db, self.repair.id, self._home(plan))
        self.at_events = ways_home.lost(self.db, self.repair.campaign_id, self.repair.day, now())
        self.waiting -= {person.id for _, _, person in self._going_home()}

    def _home(self, plan: PlanFile) -> tuple[homeward.Ride, ...]:
        """Who would be taken home by the plan, as things are now."""
        standing = lifts.standing(self.db, self.repair.campaign_id, self.repair.day, self.people)
        return homeward.rides(plan, standing, self.at_events)

    def effect(self, plan: PlanFile, *, calm: bool = False) -> Effect:
        """Of the plan as it can still be; `calm`: of what is left of it when nobody is moved."""
        if self.repair.instance is None:
            raise ValueError("a repair has the people that its plan was made for")
        now_known = build_instance(self.db, self.campaign, self.repair.day, self.people)
        base = instance_from_json(self.repair.instance)
        found = plan_from_json(dict(plan))
        outward = replace(found, trips=tuple(trip for trip in found.trips if trip.departs_at is not None))
        fits = fitting.still_fitting(base, outward, now_known, partial(with_known, self.db))
        trips = held.settled(fits, self.told)
        return self._effect(self._calm(trips) if calm else self._with_all(trips), self._home(plan))

    def _calm(self, trips: Sequence[Trip]) -> tuple[Trip, ...]:
        return self._with_all(held.calm(trips, self.told))

    def _with_all(self, trips: Sequence[Trip]) -> tuple[Trip, ...]:
        """With the lifts that stand and that the plan says nothing of: their people are not touched."""
        people = {person for trip in trips for person in (trip.driver, *trip.riders)}
        others = (trip for trip in self.told.values() if people.isdisjoint((trip.driver, *trip.riders)))
        return (*trips, *others)

    def _effect(self, trips: Sequence[Trip], home: tuple[homeward.Ride, ...]) -> Effect:
        changes = publishing.compare(self.db, self.repair, trips, self.people)
        made = held.moved(trips, self.told)
        car_of = {rider: trip.driver for trip in trips for rider in trip.riders}
        for trip in self.told.values():
            made |= {rider for rider in trip.riders if car_of.get(rider, trip.driver) != trip.driver}
        people = {str(new.offer.id): new.driver.id for new in changes.new_lifts}
        people |= {
            str(place.request.id): place.person.id for new in changes.new_lifts for place in new.places
        }
        untouched = {
            person for row in changes.standing for person in publishing.people_of(row)
        } - self.waiting
        out = untouched - changes.after.keys() - self._missing_people(changes)
        moved = frozenset({people[one] for one in made if one in people} | out)
        return Effect(changes, self.waiting, moved, home)

    def _missing_people(self, changes: Changes) -> set[UUID]:
        rows = (row for row in changes.standing if row[0].offer_id in self.missing)
        return {row[1].id for row in rows}

    def publish(self, effect: Effect, *, say_no: bool) -> None:
        """Write the lifts and tell everybody; `say_no`: whoever is left is told that there is none."""
        lift_of = publishing.write_lifts(self.db, self.repair, effect.changes)
        for person_id, kind in effect.changes.news.items():
            about = lift_of.get(person_id)
            self._tell(person_id, kind, f"{kind}:{about or self.repair.id}:{person_id}", about)
        if say_no:
            self.say_no(effect.left - effect.changes.news.keys())
        going_home = {person.id for _, _, person in self._going_home()}
        newcomers = self._newcomers() - effect.changes.after.keys() - self.waiting - going_home
        for person_id in newcomers - effect.changes.news.keys():
            self._tell(person_id, "no_lift", f"no_lift:{person_id}", None)

    def say_no(self, people: frozenset[UUID]) -> None:
        """Plainly: there is none. Whoever had a lift that is being ended is told by that."""
        for person_id in people:
            self._tell(person_id, "no_lift", f"no_lift:{self.repair.id}:{person_id}", None)

    def _newcomers(self) -> set[UUID]:
        """Who was part of the search, has no lift and was never told so."""
        looked_at = searching.people_in(self.repair)
        standing = lifts.standing(self.db, self.repair.campaign_id, self.repair.day, looked_at)
        riding = {person for row in standing for person in publishing.people_of(row)}
        return publishing.still_without(self.db, self.repair, looked_at) - riding

    def _tell(self, person_id: UUID, kind: str, key: str, about: UUID | None) -> None:
        outbox.queue(self.db, person_id, self.repair.campaign_id, kind, key=key, subject_id=about)


def sign_ups_of(row: lifts.Standing) -> set[UUID]:
    """The sign-ups of everybody in a lift."""
    lift, _, riders = row
    return {lift.offer_id, *(request.id for _, request, _ in riders)}


def hold(db: Session, repair_id: UUID) -> Settling | None:
    """Take the day and the repair as it is now; None if it is gone."""
    repair = queries.by_id(db, repair_id)
    campaign = campaigns.by_id(db, repair.campaign_id) if repair else None
    if repair is None or campaign is None:
        return None
    lifts.lock_day(db, repair.campaign_id, repair.day)
    db.refresh(repair)
    return Settling(db, repair, campaign)


def settle_held(db: Session, repair_id: UUID, plan: PlanFile) -> bool:
    """With everybody held: publish what moves nobody, if the campaign lets us; True if somebody is left to look further for."""
    at = hold(db, repair_id)
    if at is None or at.repair.state != "running":
        return False
    if at.campaign.repairs_alone:
        at.send_home(plan)
    else:
        whole = at.effect(plan)
        if not whole.left:
            _propose(at, plan, whole)
            return False
        queries.step(db, repair_id, ("running",), plan=dict(plan))
        return True
    effect = at.effect(plan, calm=True)
    at.publish(effect, say_no=False)
    if not effect.left:
        _over(at, "published")
        return False
    queries.step(db, repair_id, ("running",), plan=dict(plan))
    return True


def settle_free(db: Session, repair_id: UUID, plan: PlanFile | None) -> None:
    """With everybody free to be moved: a proposal if it brings somebody a lift, else the plain word that there is none."""
    at = hold(db, repair_id)
    if at is None or at.repair.state != "running":
        return
    plans = [found for found in (at.repair.plan, plan) if found is not None]
    ranked = sorted(((at.effect(one), one) for one in plans), key=lambda pair: _worth(pair[0]), reverse=True)
    if not ranked or not ranked[0][0].helped:
        at.say_no(at.waiting)
        _over(at, "published")
        return
    effect, best = ranked[0]
    _propose(at, best, effect)


def _worth(effect: Effect) -> tuple[int, int]:
    return (len(effect.helped), -len(effect.moved))


def fail(db: Session, repair_id: UUID, message: str) -> None:
    """Note in plain words why there is no plan. Those who wait are told that there is no lift: never silence."""
    at = hold(db, repair_id)
    if at is not None and _over(at, "failed", error=message[:500]):
        at.say_no(at.waiting)


def _propose(at: Settling, plan: PlanFile, effect: Effect) -> None:
    """Let it wait for a coordinator. What changes nothing for anybody needs no answer."""
    if not effect.changes.news and not effect.home:
        at.say_no(at.waiting)
        _over(at, "published")
        return
    answer_by = now() + timedelta(minutes=at.campaign.repair_minutes)
    values = {"effect": effect.by_ids(), "answer_by": answer_by}
    queries.step(at.db, at.repair.id, ("running",), state="waiting", plan=dict(plan), **values)


def _over(at: Settling, state: str, **values: Any) -> bool:
    # The instance holds where people live, and is not needed any more.
    ended = {"state": state, "finished_at": now(), "instance": None, "plan": None, "error": None}
    return queries.step(at.db, at.repair.id, ("queued", "running"), **ended | values)
