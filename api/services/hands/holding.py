"""Whether a plan that was changed by hand, or has pins, may be published: every rule, for people as they are now.

A rule is checked when a change is taken, but people change their answers and find friends after that. What an override lets
through, a pin with force says, and it is let through here too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services.by_road import with_known
from api.services.hands import words
from api.services.hands.corner import Known
from api.services.hands.sides import travelling
from api.store.queries import campaigns, planned
from api.store.tables import Campaign, Run
from carpool import Instance, Plan, violations
from carpool.check import Rule, Violation
from carpool.hands import Corner
from carpool.plan import Stop, Trip

MOST_SAID = 3
_TO_DO = {
    Rule.PINNED: "Take the pin off, or put the car right by hand.",
    Rule.TOGETHER: "Put them into one car by hand, or take them all out.",
    Rule.APART: "Move one of them by hand.",
}
_ELSE = "Change this car by hand, or take the pin off."


def must_hold(
    db: Session,
    campaign: Campaign,
    run: Run,
    trips: Sequence[Trip],
    left: Sequence[Trip],
    now: Instance,
    about: set[UUID],
) -> None:
    """Raises `Conflict` if the plan breaks a rule; it names the car, the rule and what to do.

    `about`: whom changes by hand and pins are about, and who travels together with one of those. `trips` are their cars by
    hand, `left` what would be published of them, `now` is the day's instance with its pins. People who are gone are not
    looked at: their lifts are not published, and the others' times stay as if they had come. How many come to an event is
    for the caller to count: that is about all cars.
    """
    cars = _cars(left, now, about)
    here = with_known(db, _only(now, travelling(cars) | {str(one) for one in about}))
    broken = _broken(here, cars)
    if any(found.rule is Rule.PINNED for found in broken):
        # Somebody whom their car no longer fits is left out of it. Why it does not says more than that a pin is not kept.
        cars = _cars(trips, now, about)
        here = with_known(db, _only(now, travelling(cars) | {str(one) for one in about}))
        broken = [found for found in _broken(here, cars) if found.rule is not Rule.PINNED] or broken
    if broken:
        raise Conflict(_told(_known(db, campaign, run, here, cars), broken))


def _cars(trips: Iterable[Trip], now: Instance, about: set[UUID]) -> tuple[Trip, ...]:
    """The cars with these people, without times and without riders who are gone."""
    wanted = {str(one) for one in about}
    return tuple(_bare(now, trip) for trip in trips if wanted & travelling([trip]) and _is_known(now, trip))


def _broken(here: Instance, cars: tuple[Trip, ...]) -> list[Violation]:
    """But for capacities: not everybody who comes is here."""
    return [found for found in violations(here, Plan(trips=cars)) if found.rule is not Rule.CAPACITY]


def _is_known(now: Instance, trip: Trip) -> bool:
    return trip.driver in now.driver_by_id and trip.event in now.event_by_id


def _bare(now: Instance, trip: Trip) -> Trip:
    stops = (Stop(stop.rider, stop.place) for stop in trip.stops if stop.rider in now.rider_by_id)
    return Trip(trip.driver, trip.event, tuple(stops))


def _only(now: Instance, people: set[str]) -> Instance:
    """The instance of these people alone. Of a group those count who are in the plan."""
    groups = (tuple(one for one in group if one in people) for group in now.together)
    return replace(
        now,
        drivers=tuple(one for one in now.drivers if one.id in people),
        riders=tuple(one for one in now.riders if one.id in people),
        apart=tuple(pair for pair in now.apart if people.issuperset(pair)),
        together=tuple(group for group in groups if len(group) > 1),
        published=(),
    )


def _known(db: Session, campaign: Campaign, run: Run, here: Instance, trips: tuple[Trip, ...]) -> Known:
    people = planned.people(db, {UUID(one) for one in here.index} | _pinned(here))
    titles = {str(event.id): event.title for event in campaigns.events(db, campaign.id, run.day)}
    return Known(Corner(here, trips), people, titles, (), ())


def _pinned(here: Instance) -> set[UUID]:
    return {UUID(one) for pin in here.pinned for one in (pin.driver, *pin.riders)}


def _told(known: Known, broken: Sequence[Violation]) -> str:
    said = list(dict.fromkeys(_said(known, one) for one in broken))
    more = f" And {len(said) - MOST_SAID} more." if len(said) > MOST_SAID else ""
    return f"Nothing was published, for this plan breaks a rule. {' '.join(said[:MOST_SAID])}{more}"


def _said(known: Known, found: Violation) -> str:
    """Which car, which rule, and what to do."""
    trips = known.corner.trips
    car = _car(trips, found.who)
    where = f"{known.name(car.driver)}’s car to “{known.title(car.event)}”: " if car else ""
    return f"{where}{words.broken(known, found, trips)} {_TO_DO.get(found.rule, _ELSE)}"


def _car(trips: Iterable[Trip], who: str) -> Trip | None:
    return next((trip for trip in trips if who in (trip.driver, *trip.riders)), None)
