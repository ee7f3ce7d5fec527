"""The reasons why people are left, worked out again by somebody who asks the judge alone."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product
from typing import Any

from carpool.check import Rule, trip_violations, violations
from carpool.instance import Driver, Instance, Rider
from carpool.plan import Plan, Reason, Stop, Trip
from carpool.schedule import schedule_of
from carpool.score import score

ORDER = (
    (Reason.NOT_HOME_IN_TIME, Rule.HOME),
    (Reason.NOT_READY_IN_TIME, Rule.READY),
    (Reason.NEEDS_NOT_OFFERED, Rule.NEEDS),
    (Reason.COMPANY_NOT_MET, Rule.COMPANY),
)
GEOGRAPHY = {Rule.DETOUR, Rule.TRAVEL, Rule.NO_WAY, Rule.SEATS, Rule.WAY_BACK, Rule.EVENTS, Rule.PLACE}


class Oracle:
    """The reasons again, one trip after another, from what the judge says of each."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        bare = (Trip(t.driver, t.event, tuple(Stop(s.rider, s.place) for s in t.stops)) for t in plan.trips)
        self.instance, self.plan = instance, Plan(trips=tuple(bare))
        self.empty = replace(instance, pinned=(), apart=())
        self.people = dict.fromkeys(instance.event_by_id, 0)
        for trip in plan.trips:
            self.people[trip.event] += schedule_of(instance, trip).people

    def reasons(self, person: str) -> set[Reason]:
        """The reasons that may be given: one, or two where an insertion of several people is a matter of luck."""
        if not self.instance.events:
            return {Reason.NO_EVENT_ALLOWED}
        if not self._near(person):
            return {Reason.NO_EVENT_IN_REACH}
        if self._too_large(person):
            return {Reason.PARTY_TOO_LARGE}
        ways = [(trip, self._broken(trip)) for trip in self._ways(person)]
        ways = [(trip, broken) for trip, broken in ways if not broken & GEOGRAPHY]
        for reason, passes in self._tests(person):
            ways = [(trip, broken) for trip, broken in ways if passes(trip, broken)]
            if not ways:
                return {reason}
        if len(self._unit(person)) > 1 or self._brings_others(person):
            return {Reason.NOT_WORTH_THE_DRIVE, Reason.SEARCH_ENDED}
        # Without the triangle inequality somebody may fit in beside others who could not ride alone.
        best = max((self._rise(trip, person) for trip in self._cars(person)), default=-1.0)
        return {Reason.SEARCH_ENDED if best > 1e-9 else Reason.NOT_WORTH_THE_DRIVE}

    def _brings_others(self, person: str) -> bool:
        """Whether some car that is in no trip would only set off with others of its driver's group."""
        travels = {one for trip in self.plan.trips for one in (trip.driver, *trip.riders)}
        idle = {trip.driver for trip in self._cars(person)} - travels
        return any(len(self._unit(driver)) > 1 for driver in idle)

    def _tests(self, person: str) -> Iterator[tuple[Reason, Any]]:
        party = sum(map(self._party, self._unit(person)))
        yield Reason.NO_DRIVER_IN_REACH, lambda trip, broken: True
        yield Reason.EVENT_FULL, lambda trip, broken: self._room(trip.event) >= party
        for reason, rule in ORDER:
            yield reason, lambda trip, broken, rule=rule: rule not in broken
        yield Reason.TOGETHER_NOT_MET, lambda trip, broken: self._takes_unit(trip, person)
        yield Reason.KEPT_APART, lambda trip, broken: not self._apart(trip.driver, person)
        yield Reason.SEATS_TAKEN, lambda trip, broken: self._has_seats(trip.driver, person)

    def _near(self, person: str) -> bool:
        """Whether somebody with any car, or the own one, could go to some event."""
        rider = self.instance.rider_by_id.get(person)
        if rider is not None and any(
            self._bearable(rider, place, event) for place, event in self._ends(rider)
        ):
            return True
        own = [Trip(person, event) for event in self.people] if person in self.instance.driver_by_id else []
        return any(not self._broken(trip) & GEOGRAPHY for trip in own)

    def _ends(self, rider: Rider) -> list[tuple[str | None, str]]:
        places = [*([None] if rider.home_pickup else []), *(place.id for place in rider.places)]
        return list(product(places, rider.events if rider.events is not None else self.people))

    def _bearable(self, rider: Rider, place: str | None, event: str) -> bool:
        here, there = self.instance.place_index[rider.id, place], self.instance.event_index[event]
        minutes = self.instance.travel.minutes
        back = minutes(there, here) if rider.way_back else 0.0
        return max(minutes(here, there), back) <= rider.max_travel_minutes + 0.001

    def _too_large(self, person: str) -> bool:
        if any(trip.driver == person and not self._broken(trip) & GEOGRAPHY for trip in self._ways(person)):
            return False
        seats = [driver.seats for name, driver in self.instance.driver_by_id.items() if name != person]
        return bool(seats) and max(seats) < self._party(person)

    def _ways(self, person: str) -> list[Trip]:
        """The person at the own wheel, and alone in other cars from places near enough to the event."""
        rider = self.instance.rider_by_id.get(person)
        trips = self._cars(person)
        return [
            t for t in trips if not t.stops or (rider and self._bearable(rider, t.stops[0].place, t.event))
        ]

    def _cars(self, person: str) -> list[Trip]:
        own = [Trip(person, event) for event in self.people] if person in self.instance.driver_by_id else []
        rider = self.instance.rider_by_id.get(person)
        if rider is None:
            return own
        others = [driver for driver in self.instance.driver_by_id if driver != person]
        ends = self._ends(rider)
        return own + [Trip(k, event, (Stop(person, place),)) for k in others for place, event in ends]

    def _broken(self, trip: Trip) -> set[Rule]:
        return {violation.rule for violation in trip_violations(self.empty, trip)}

    def _party(self, person: str) -> int:
        people: tuple[Driver | Rider, ...] = (*self.instance.drivers, *self.instance.riders)
        return next(one.party for one in people if one.id == person)

    def _room(self, event: str) -> float:
        capacity = self.instance.event_by_id[event].capacity
        return float("inf") if capacity is None else capacity - self.people[event]

    def _unit(self, person: str) -> set[str]:
        unit = {person}
        for _ in self.instance.together:
            unit |= {p for group in self.instance.together if unit & set(group) for p in group}
        return unit

    def _takes_unit(self, trip: Trip, person: str) -> bool:
        others = self._unit(person) - {trip.driver}
        if self._unit(person) == {person}:
            return True
        if not others <= self.instance.rider_by_id.keys():
            return False
        judged = replace(self.instance, pinned=())
        for order in permutations(sorted(others)):
            riders = [self.instance.rider_by_id[name] for name in order]
            for places in product(*[[None, *(p.id for p in rider.places)] for rider in riders]):
                stops = tuple(Stop(name, place) for name, place in zip(order, places, strict=True))
                if not trip_violations(judged, Trip(trip.driver, trip.event, stops)):
                    return True
        return False

    def _apart(self, driver: str, person: str) -> bool:
        return driver != person and any({driver, person} <= set(group) for group in self.instance.apart)

    def _has_seats(self, driver: str, person: str) -> bool:
        riders = sum(self._party(one) for one in self._unit(person) if one != driver)
        return driver == person or riders <= self._seats(driver)

    def _seats(self, driver: str) -> int:
        if any(driver in trip.riders for trip in self.plan.trips):
            return 0
        if any(pin.driver == driver and (pin.full or pin.force) for pin in self.instance.pinned):
            return 0
        taken = [
            self._party(rider) for trip in self.plan.trips if trip.driver == driver for rider in trip.riders
        ]
        return self.instance.driver_by_id[driver].seats - sum(taken)

    def _rise(self, way: Trip, person: str) -> float:
        """The most that the score rises by with this person in this car, the others' order and places kept."""
        before = next((trip for trip in self.plan.trips if trip.driver == way.driver), None)
        if before is not None and before.event != way.event:
            return -1.0
        stops = before.stops if before is not None else ()
        rest = [trip for trip in self.plan.trips if trip is not before]
        now, best = score(self.instance, self.plan.trips), -1.0
        for position in range(len(stops) + 1):
            after = Trip(way.driver, way.event, (*stops[:position], *way.stops, *stops[position:]))
            if not violations(self.instance, Plan(trips=(*rest, after))):
                best = max(best, score(self.instance, [*rest, after]) - now)
        return best
