"""Pins that no plan can keep: bad input, told before any solving, one line a pin with the rule and by how much it is broken."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from carpool.check import LIMITS, Rule, trip_violations
from carpool.check.rides import forced_stops
from carpool.check.trip import describe
from carpool.check.violation import Violation
from carpool.errors import Fault
from carpool.homeward import part
from carpool.instance import Instance, PinnedTrip, Rider
from carpool.pins.orders import Budget, OrderSearch
from carpool.plan import Stop, Trip
from carpool.schedule import TOLERANCE_MINUTES, limit_excesses, schedule_of
from carpool.show import show

MOST_RULES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """The faults of the pins, and a trip for each of the others whose search came to an end: together they keep them all."""

    faults: tuple[Fault, ...]
    trips: tuple[Trip, ...]


def pin_faults(instance: Instance) -> list[Fault]:
    """A fault for each pin that no plan can keep, by itself or beside the pins before it."""
    return list(judge_pins(instance).faults)


def judge_pins(instance: Instance) -> Verdict:
    """Whether the pins can be kept. Every order and choice of places is tried, up to a budget; beyond it a pin passes.

    Where people are at events the trips are those of the two parts, and not given here.
    """
    if (parts := part(instance)) is not None:
        main, home = judge_pins(parts.main), judge_pins(parts.home)
        return Verdict(
            (*_renumbered(instance, parts.main, main), *_renumbered(instance, parts.home, home)), ()
        )
    judge = _Judge(instance)
    faults = []
    for number, pin in enumerate(instance.pinned):
        if broken := judge.broken(pin):
            name = f"{show(pin.driver)} to {show(pin.event)}"
            more = [f"and {len(broken) - MOST_RULES} more"] if len(broken) > MOST_RULES else []
            text = "; ".join(broken[:MOST_RULES] + more)
            faults.append(Fault(f"pinned[{number}]", name, f"no plan can keep it: {text}"))
    return Verdict(tuple(faults), tuple(judge.trips))


def _renumbered(whole: Instance, one: Instance, verdict: Verdict) -> Iterator[Fault]:
    """The faults of one part of an instance by the numbers of the whole, ways home in the words of ways home."""
    numbers = {pin.driver: number for number, pin in enumerate(whole.pinned)}
    for fault in verdict.faults:
        at = int(fault.path.removeprefix("pinned[").removesuffix("]"))
        driver, expected = one.pinned[at].driver, fault.expected
        if driver in whole.at_events:
            for word, turned in _BACKWARDS.items():
                expected = expected.replace(word, turned)
        yield Fault(f"pinned[{numbers[driver]}]", fault.value, expected)


_BACKWARDS = {
    "on the way out": "on the way back",
    "ready: ": "home: ",
    "starts before being ready by": "is home too late by",
}
"""What is said of a way home that was judged backwards, and what is meant."""


@dataclass
class _Judge:
    """Looks at one pin after the other. `people` are those whom the pins so far bring to each event.

    `joined` are riders who are in one of `trips` only because it is quicker with them, `joining` how many people they
    are at each event.
    """

    instance: Instance
    budget: Budget = field(default_factory=Budget)
    trips: list[Trip] = field(default_factory=list)
    people: Counter[str] = field(default_factory=Counter)
    joined: set[str] = field(default_factory=set)
    joining: Counter[str] = field(default_factory=Counter)

    @cached_property
    def least(self) -> Counter[str]:
        """How many people all pins together bring to each event at least."""
        people = Counter[str]()
        for pin in self.instance.pinned:
            riders, _ = self._car(pin)
            trip = _in_any_order(self.instance, pin, riders)
            people[pin.event] += schedule_of(self.instance, trip).people
        return people

    def broken(self, pin: PinnedTrip) -> list[str]:
        """What makes the pin impossible, in words; nothing if it can be kept."""
        riders, broken = self._car(pin)
        brought = [] if broken else self._brought(pin, riders)
        trip = _in_any_order(self.instance, pin, riders)
        broken += [str(v) for v in trip_violations(self.instance, trip) if v.rule not in LIMITS]
        broken += self._capacity(trip)
        if not broken:
            broken = self._forced(trip) if pin.force else self._in_time(pin, riders)
        if not broken:
            self.people[pin.event] += schedule_of(self.instance, trip).people
        return broken and brought + broken

    def _brought(self, pin: PinnedTrip, riders: list[Rider]) -> list[str]:
        """Whom the pin does not name and who is in the car nevertheless, in words."""
        names = [show(rider.id) for rider in riders if rider.id not in pin.riders]
        return [f"together brings {', '.join(names)}"] if names else []

    def _car(self, pin: PinnedTrip) -> tuple[list[Rider], list[str]]:
        """The riders who must be in this car, by the pin or by `together`, and why some of the latter cannot be."""
        instance = self.instance
        people, broken = dict.fromkeys((pin.driver, *pin.riders)), list[str]()
        queue = list(people)
        while queue:
            for group in instance.together_groups.get(queue.pop(), ()):
                new = [person for person in instance.together[group] if person not in people]
                people |= dict.fromkeys(new)
                queue += new
                why = ((person, self._why_not(pin, person)) for person in new)
                broken += [
                    f"together[{group}] brings {show(person)}, who {text}" for person, text in why if text
                ]
        riders = [instance.rider_by_id.get(person) for person in people if person != pin.driver]
        return [rider for rider in riders if rider is not None], broken

    def _why_not(self, pin: PinnedTrip, person: str) -> str | None:
        """Why somebody whom the pin does not name cannot be in its car."""
        if pin.full or pin.force:
            return "has no place in a full car"
        if person not in self.instance.rider_by_id:
            return "drives and does not ride"
        others = (other for other in self.instance.pinned if person in (other.driver, *other.riders))
        other = next(others, None)
        if other is None:
            return None
        return f"is pinned to {'drive' if other.driver == person else f'the car of {show(other.driver)}'}"

    def _capacity(self, trip: Trip) -> list[str]:
        event = self.instance.event_by_id[trip.event]
        before = self.people[event.id]
        people = before + schedule_of(self.instance, trip).people
        if event.capacity is None or people <= event.capacity:
            return []
        coming = "people coming, with the pins before it" if before else "people coming"
        text = f"{coming}: {people}, capacity: {event.capacity}, {people - event.capacity} too many"
        return [str(Violation(Rule.CAPACITY, event.id, text))]

    def _forced(self, trip: Trip) -> list[str]:
        """With force only a missing way is left to break."""
        broken = [str(violation) for violation in trip_violations(self.instance, trip)]
        if not broken:
            self.trips.append(trip)
        return broken

    def _in_time(self, pin: PinnedTrip, riders: list[Rider]) -> list[str]:
        """The limit that every order breaks, and by how much in the best one."""
        search = self._search(pin, riders)
        found, seen_all = search.best(TOLERANCE_MINUTES, self.budget)
        if found is not None:
            self.trips.append(found.trip)
        if found is not None or not seen_all or self._is_quicker_with_others(pin, riders):
            return []
        nearest, _ = search.best(math.inf, self.budget)
        trip = nearest.trip if nearest is not None else _in_any_order(self.instance, pin, riders)
        worst = max(limit_excesses(schedule_of(self.instance, trip)), key=lambda excess: excess.minutes)
        rule, text = Rule(worst.limit.value), describe(worst, pin.driver)
        return [str(Violation(rule, worst.who, text + (", in the best order" if len(riders) > 1 else "")))]

    def _is_quicker_with_others(self, pin: PinnedTrip, riders: list[Rider]) -> bool:
        """Whether fetching somebody else on the way keeps the limits, which needs a matrix, or may do so for all we know.

        Whoever joins an earlier pin's trip is left there. Where the pin can only be kept with one of them, it passes
        without a trip, because the earlier one may have another choice.
        """
        if pin.full or self.instance.travel.triangle:
            return False
        others, room = self._others(pin, riders), self._room(pin)
        free = [rider for rider in others if rider.id not in self.joined]
        beside = self._search(pin, riders, free, room - self.joining[pin.event])
        found, seen_all = beside.best(TOLERANCE_MINUTES, self.budget)
        if found is None:
            alone, seen_all = self._search(pin, riders, others, room).best(TOLERANCE_MINUTES, self.budget)
            return alone is not None or not seen_all
        required = {rider.id for rider in riders}
        new = [rider for rider in free if rider.id in found.trip.riders and rider.id not in required]
        self.trips.append(found.trip)
        self.joined.update(rider.id for rider in new)
        self.joining[pin.event] += sum(rider.party for rider in new)
        return True

    def _search(
        self, pin: PinnedTrip, riders: list[Rider], others: Sequence[Rider] = (), room: float = math.inf
    ) -> OrderSearch:
        driver, event = self.instance.driver_by_id[pin.driver], self.instance.event_by_id[pin.event]
        return OrderSearch(self.instance, driver, event, riders, others, room)

    def _others(self, pin: PinnedTrip, riders: list[Rider]) -> list[Rider]:
        """Who might join the car: riders whom no pin names."""
        taken = {person for other in self.instance.pinned for person in (other.driver, *other.riders)}
        taken |= {rider.id for rider in riders}
        return [rider for rider in self.instance.riders if rider.id not in taken]

    def _room(self, pin: PinnedTrip) -> float:
        """How many people may come to the event beside those whom the pins bring in any case."""
        capacity = self.instance.event_by_id[pin.event].capacity
        return math.inf if capacity is None else capacity - self.least[pin.event]


def _in_any_order(instance: Instance, pin: PinnedTrip, riders: list[Rider]) -> Trip:
    """A trip with these riders: as force has it, or in any order at their first places."""
    stops = [(rider.id, None if rider.home_pickup else rider.places[0].id) for rider in riders]
    if pin.force and len(riders) == len(pin.riders):
        stops = list(forced_stops(instance, pin))
    return Trip(pin.driver, pin.event, tuple(Stop(rider, place) for rider, place in stops))
