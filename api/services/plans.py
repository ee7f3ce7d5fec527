"""A run's plan as its coordinator reviews it: first names and districts, times, who is left and why."""

from uuid import UUID

from sqlmodel import Session

from api.services import matching, publishing
from api.services.hands import edited
from api.services.local import local
from api.services.my_page import first_name
from api.services.plan_views import PlanView, TripView, UnmatchedView
from api.services.publishing import Published
from api.store.queries import campaigns, sign_ups
from api.store.tables import Campaign, Offer, Person, Request
from carpool import Plan
from carpool.plan import Trip

SignUps = dict[str, tuple[Offer | Request, Person]]


def plan(db: Session, campaign: Campaign, run_id: UUID) -> PlanView:
    """The plan, and what publishing it would do now."""
    run = matching.find(db, campaign, run_id)
    found = edited.edited(db, run, matching.instance_and_plan(run)[1])
    listed = sign_ups.listed(db, campaign.id, run.day)
    # Somebody who changed sides, or would do either and drives now, has one of each: the active one counts.
    listed.sort(key=lambda found: found[0].state == "active")
    known: SignUps = {str(row.id): (row, person) for row, person in listed}
    titles = {str(event.id): event.title for event in campaigns.events(db, campaign.id, run.day)}
    done = Published(0, 0, 0) if run.state == "published" else publishing.preview(db, campaign, run_id)
    return PlanView(
        trips=tuple(_trip(trip, known, titles) for trip in found.trips),
        unmatched=tuple(_unmatched(found, known)),
        lifts=done.lifts,
        changed=done.changed,
        messages=done.messages,
    )


def _trip(trip: Trip, known: SignUps, titles: dict[str, str]) -> TripView:
    people = [known[x][0].party for x in (trip.driver, *trip.riders) if x in known]
    return TripView(
        driver=_name(known, trip.driver),
        event=titles.get(trip.event, "an event that is gone"),
        departs_at=local(trip.departs_at) if trip.departs_at else None,
        arrives_at=local(trip.arrives_at) if trip.arrives_at else None,
        drive_minutes=round(trip.drive_minutes or 0),
        detour_minutes=round(trip.detour_minutes or 0),
        stops=tuple(
            (_name(known, stop.rider), _district(known, stop.rider), local(stop.at))
            for stop in trip.stops
            if stop.at
        ),
        people=sum(people),
    )


def _unmatched(found: Plan, known: SignUps) -> list[UnmatchedView]:
    return [
        UnmatchedView(
            name=_name(known, left.id),
            role="driver" if isinstance(known[left.id][0], Offer) else "rider",
            district=_district(known, left.id),
            reason=left.reason or "",
            text=left.text or "",
            fix=left.fix or "",
        )
        for left in found.unmatched or ()
        if left.id in known
    ]


def _name(known: SignUps, sign_up_id: str) -> str:
    return first_name(known[sign_up_id][1]) if sign_up_id in known else "somebody who is gone"


def _district(known: SignUps, sign_up_id: str) -> str:
    return known[sign_up_id][0].postcode.split()[0] if sign_up_id in known else ""
