"""Plans for instances of any size: best-insertion greedy, then rounds of taking a few cars out and putting them back.

The rounds are large neighbourhood search after Shaw (1998) and Pisinger and Ropke (2007), in its plainest form: related
cars are removed, repaired greedily, and the new plan is kept if it is no worse.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from carpool.plan import Trip
from carpool.solver.candidates import Scene
from carpool.solver.column import Column, column_of, forced_column
from carpool.solver.enumeration import closure, exact_trip
from carpool.solver.insertion import Inserter
from carpool.solver.layout import Layout
from carpool.solver.limits import Pair

MOST_CANDIDATES = 48
"""Riders looked at for one car and event, those on the way first."""

MOST_EVENTS = 4
"""Events tried for one driver, the most promising first."""

NEIGHBOURS = 24

NO_LOSS = 1e-9
"""Scores closer than this count as equal."""


class Search:
    """One search. Everything random comes from `seed`."""

    def __init__(self, scene: Scene, seed: int, over: Callable[[], bool]) -> None:
        self.data, self.limits, self.reach, self.crowd = scene.data, scene.limits, scene.reach, scene.crowd
        self.over = over
        self.random = random.Random(seed)  # noqa: S311 - a search, not a secret
        self.inserter = Inserter(self.data, self.limits)
        self.layout = Layout(self.data)
        self._candidates: dict[tuple[int, int], list[int]] = {}
        self._neighbours: dict[int, list[int]] = {}
        self._hurry = 0.0
        self._homes = self.data.times.many(sorted(self.data.cars))

    def place_pins(self, trips: Iterable[Trip]) -> bool:
        """Put a trip for every pin into the plan, one of `trips` if they have it; whether all of them were found."""
        known = [column_of(self.data, self.limits, trip) for trip in trips]
        by_driver = {column.driver: column for column in known}
        for driver in self.data.pins:
            trip = by_driver.get(driver) or self._pinned(driver)
            if trip is None or not all(map(self.layout.free, trip.members)):
                return False
            self.layout.put(trip)
        return True

    def construct(self) -> None:
        """The rest of a first plan: published trips that still pay, then every car in turn, the largest first."""
        for driver in [driver for driver, pin in self.data.pins.items() if not pin.force]:
            self._again([driver])
        self._keep_published()
        for driver in sorted(self.data.cars, key=lambda driver: -self.data.cars[driver].seats):
            if self.over():
                return
            if self.layout.free(driver):
                self._drive(driver)

    def improve(self, rounds: int | None, seen: Callable[[], None]) -> None:
        """Rounds until they are done or the time is over. `seen` is called after each that made the plan better."""
        drivers = sorted(self.data.cars)
        done = 0
        while drivers and (rounds is None or done < rounds) and not self.over():
            done += 1
            before = self.layout.score
            self._round(self.random.choice(drivers))
            if self.layout.score > before + NO_LOSS:
                seen()

    def start_from(self, columns: Sequence[Column]) -> None:
        """Go on from this plan."""
        self.layout = Layout(self.data, columns)

    def _round(self, driver: int) -> None:
        """Take out this driver and a few neighbours, put them back in another order, keep the better plan."""
        chosen = self._some_cars(driver)
        self.random.shuffle(chosen)
        self._hurry = self.random.random() * 4
        self._again(chosen)

    def _again(self, chosen: Sequence[int]) -> None:
        """Take the trips of these drivers out and send them anew in this order; back to the old trips if that is worse."""
        layout = self.layout
        before = layout.score
        removed = [layout.take(driver) for driver in chosen if driver in layout.trips]
        for driver in chosen:
            if layout.free(driver):
                self._drive(driver)
        lost = any(column.driver in self.data.pins and layout.free(column.driver) for column in removed)
        if lost or layout.score < before - NO_LOSS:
            for driver in chosen:
                if driver in layout.trips:
                    layout.take(driver)
            for column in removed:
                layout.put(column)

    def _some_cars(self, driver: int) -> list[int]:
        """This driver and one to four others who live near, those without a trip included; no forced trip."""
        near = self._near(driver)
        others = self.random.sample(near, min(len(near), self.random.randint(1, 4)))
        return [k for k in (driver, *others) if k not in self.data.pins or not self.data.pins[k].force]

    def _near(self, driver: int) -> list[int]:
        if driver not in self._neighbours:
            order = np.argsort(self._homes.reached_from(driver), kind="stable")[: NEIGHBOURS + 1]
            self._neighbours[driver] = [k for k in self._homes.places[order].tolist() if k != driver]
        return self._neighbours[driver]

    def _keep_published(self) -> None:
        """Trips that were published, as far as they are still possible and worth it."""
        ids = self.data.instance.index
        event_number = {event.id: e for e, event in enumerate(self.data.instance.events)}
        for trip in self.data.instance.published:
            driver, event = ids.get(trip.driver), event_number.get(trip.event)
            if (
                driver is None
                or event is None
                or driver not in self.data.cars
                or not self.layout.free(driver)
            ):
                continue
            pairs = [pair for pair in self.reach.pairs(driver) if pair.event == event]
            told = [ids[rider] for rider in trip.riders if rider in ids]
            for pair in pairs:
                self._put_if_useful(self._filled(pair, told))

    def _drive(self, driver: int) -> None:
        """Send this driver where it gains most, if anywhere. A pinned one goes if a trip is found."""
        near = sorted(self.reach.pairs(driver), key=self._hope, reverse=True)[: 2 * MOST_EVENTS]
        options = sorted(near, key=self._promise, reverse=True)[:MOST_EVENTS]
        trips = [
            trip for pair in options if (trip := self._filled(pair, self._candidates_of(pair))) is not None
        ]
        best = max(trips, key=self.layout.gain, default=None)
        if driver not in self.data.pins:
            self._put_if_useful(best)
        elif best is not None and math.isfinite(self.layout.gain(best)):
            self.layout.put(best)

    def _put_if_useful(self, trip: Column | None) -> None:
        if trip is not None and self.layout.gain(trip) > NO_LOSS:
            self.layout.put(trip)

    def _hope(self, pair: Pair) -> float:
        """What the pair's trip would gain with every seat taken and no minutes but the direct."""
        return self._worth_of(pair, pair.car.seats)

    def _promise(self, pair: Pair) -> float:
        """The same with only those of the nearest riders who are still free."""
        waiting = self._candidates_of(pair)[: pair.car.seats + 6]
        riders = sum(self.data.passengers[r].party for r in waiting if self.layout.free(r))
        return self._worth_of(pair, min(riders, pair.car.seats))

    def _worth_of(self, pair: Pair, riders: int) -> float:
        room = pair.goal.capacity - self.layout.people[pair.event]
        people = min(pair.car.party + riders, room)
        return (
            self.layout.value_of(pair.event, people)
            - pair.direct_out / self.data.instance.minutes_per_volunteer
        )

    def _filled(self, pair: Pair, candidates: Sequence[int]) -> Column | None:
        """The pair's trip with those who must be in it, then with every free candidate who raises its gain."""
        trip, layout, inserter = self.inserter.empty(pair), self.layout, self.inserter
        if trip is None or not all(layout.free(person) for person in trip.members):
            return None
        gain = layout.gain(trip)
        for person in self._in_some_order(candidates):
            if trip.people - pair.car.party >= pair.car.seats:
                break
            unit = inserter.unit(person)
            if not all(layout.free(member) for member in unit) or unit & set(trip.members):
                continue
            joined = inserter.with_people(pair, trip, sorted(unit))
            if joined is not None and (better := layout.gain(joined)) > gain + NO_LOSS:
                trip, gain = joined, better
        return trip if math.isfinite(trip.minutes) else None

    def _in_some_order(self, candidates: Sequence[int]) -> Sequence[int]:
        """The candidates, nearest first, shaken a little in the rounds so that these do not repeat themselves."""
        if not self._hurry:
            return candidates
        shaken = [
            (place + self._hurry * self.random.random(), person) for place, person in enumerate(candidates)
        ]
        return [person for _, person in sorted(shaken)]

    def _candidates_of(self, pair: Pair) -> list[int]:
        key = (pair.car.person, pair.event)
        if key not in self._candidates:
            self._candidates[key] = self.crowd.candidates(pair, MOST_CANDIDATES)
        return self._candidates[key]

    def _pinned(self, driver: int) -> Column | None:
        """A pinned trip with nobody in it but those who must be, None if no order was found."""
        if self.data.pins[driver].force:
            return forced_column(self.data, self.limits, driver)
        pair = self.limits.pair(driver, self.data.pins[driver].event)
        if pair is None:
            return None
        trip = self.inserter.empty(pair)
        if trip is not None and math.isfinite(trip.minutes):
            return trip
        return exact_trip(self.data, self.limits, pair, closure(self.data, driver))
