"""What the routing solvers are told: vehicles from the drivers' homes to events that are fixed, riders as stops on the way.

The way is told backwards, from the event, where all arrive together, to the driver's home: so a rider's longest ride and
earliest hour are deadlines. Way out and way back have the same order of stops, and so the same times where the roads take
as long in both directions; the hours at which people must be home are then deadlines, too. Times are whole seconds,
rounded up for drives and down for limits.
"""

from dataclasses import dataclass

import numpy as np

from carpool.bench.rivals.arrays import Flags, Ints, Scene
from carpool.bench.rivals.draft import Draft
from carpool.bench.rivals.ground import minutes_table
from carpool.bench.rivals.state import IDLE

Slot = tuple[float, float]


@dataclass(frozen=True)
class Problem:
    """The vehicles and stops of a routing problem, in seconds.

    Places are those of the events, then of the vehicles' homes, then of the riders' stops: `seconds` (places, places)
    is from row to column when driven backwards. `cars` (vehicles,) and `halts` (riders,) say who and where in the scene,
    `riders` whose halt it is, `event` where a vehicle goes, whose place is `start`, and `slot` which hours it has; `longest`
    (vehicles,) is a vehicle's longest drive and `latest` (riders, slots) a rider's deadline, below 0 where the rider cannot
    come at all.
    `fits` (riders, vehicles) is false where hours, event, needs, way back, company or `apart` part rider and driver.
    """

    seconds: Ints
    cars: Ints
    halts: Ints
    riders: Ints
    event: Ints
    start: Ints
    slot: Ints
    longest: Ints
    latest: Ints
    dwell: Ints
    fits: Flags

    def part(self, event: int, riders: Ints) -> "Problem":
        """The problem of one event, with some of the riders, by their number here."""
        vehicles = np.flatnonzero(self.event == event)
        homes, stops = self.home(0) + vehicles, self.stop(0) + riders
        places = np.concatenate([[event], homes, stops])
        return Problem(
            seconds=self.seconds[np.ix_(places, places)],
            cars=self.cars[vehicles],
            halts=self.halts[riders],
            riders=self.riders[riders],
            event=self.event[vehicles],
            start=np.zeros_like(vehicles),
            slot=self.slot[vehicles],
            longest=self.longest[vehicles],
            latest=self.latest[riders],
            dwell=self.dwell[riders],
            fits=self.fits[np.ix_(riders, vehicles)],
        )

    def home(self, vehicle: int) -> int:
        """The place where the vehicle's driver lives."""
        return int(self.seconds.shape[0] - len(self.riders) - len(self.cars) + vehicle)

    def stop(self, rider: int) -> int:
        """The place of the rider's halt."""
        return int(self.seconds.shape[0] - len(self.riders) + rider)


def make_problem(draft: Draft) -> Problem:
    """The problem of the cars that go somewhere without riders so far, and of the riders without a lift who fit one."""
    scene, state = draft.scene, draft.state
    cars = np.flatnonzero((state.event != IDLE) & (state.stopping == 0) & ~state.closed)
    event = state.event[cars]
    hours = list(zip(scene.events.arrive.tolist(), scene.events.leave.tolist(), strict=True))
    slots = sorted(set(hours))
    slot = np.array([slots.index(hours[number]) for number in event], dtype=np.int64)
    riders = draft.free_riders
    latest = _latest(scene, riders, slots)
    fits = _fits(draft, riders, cars) & (latest[:, slot] >= 0)
    halts = scene.riders.first[riders]
    places = np.concatenate([scene.events.place, scene.cars.place[cars], scene.halts.place[halts]])
    seconds = _up(minutes_table(scene.ground, places, places).T)
    longest, dwell = _longest(scene, draft, cars), _up(scene.riders.dwell[riders])
    fits &= _on_the_way(seconds, event, longest, dwell, latest[:, slot])
    some = np.flatnonzero(fits.any(axis=1))
    kept = np.concatenate([np.arange(len(places) - len(riders)), len(places) - len(riders) + some])
    return Problem(
        seconds=seconds[np.ix_(kept, kept)],
        cars=cars,
        halts=halts[some],
        riders=riders[some],
        event=event,
        start=event,
        slot=slot,
        longest=longest,
        latest=latest[some],
        dwell=dwell[some],
        fits=fits[some],
    )


def _on_the_way(seconds: Ints, event: Ints, longest: Ints, dwell: Ints, latest: Ints) -> Flags:
    """Which car could take which rider if it were empty, (riders, vehicles): it spares the solvers a hopeless search."""
    riders, vehicles = latest.shape
    first = len(seconds) - riders
    ride = seconds[event, first:].T
    drive = ride + dwell[:, None] + seconds[first:, first - vehicles : first]
    fits: Flags = (ride <= latest) & (drive <= longest[None, :])
    return fits


def _up(minutes: "np.typing.NDArray[np.float64]") -> Ints:
    """Seconds, rounded up; no way is a day and a half."""
    seconds: Ints = np.ceil(np.minimum(minutes, 2160.0) * 60).astype(np.int64)
    return seconds


def _longest(scene: Scene, draft: Draft, cars: Ints) -> Ints:
    """Seconds that each car may drive, at least what it needs alone."""
    event = draft.state.event[cars]
    limit = np.minimum(draft.state.longest[cars], scene.events.arrive[event] - scene.cars.ready[cars])
    back = np.where(scene.cars.way_back[cars], scene.cars.home[cars] - scene.events.leave[event], np.inf)
    alone = _up(draft.state.minutes[cars])
    longest: Ints = np.maximum(alone, np.floor(np.minimum(limit, back) * 60).astype(np.int64))
    return longest


def _latest(scene: Scene, riders: Ints, slots: list[Slot]) -> Ints:
    """Seconds before the arrival at which each rider may get in at the earliest, by slot; −1: not at all."""
    people, walk = scene.riders, scene.halts.walk[scene.riders.first[riders]]
    columns = []
    for arrive, leave in slots:
        out = arrive - people.ready[riders] - walk - people.dwell[riders]
        back = np.where(people.way_back[riders], people.home[riders] - leave - walk, np.inf)
        minutes = np.minimum(np.minimum(out, back), people.max_travel[riders])
        columns.append(np.where(minutes < 0, -1, np.floor(minutes * 60)).astype(np.int64))
    return np.stack(columns, axis=1) if columns else np.zeros((len(riders), 0), dtype=np.int64)


def _fits(draft: Draft, riders: Ints, cars: Ints) -> Flags:
    """Which rider and driver no rule but the clock parts."""
    people, drivers = draft.scene.riders, draft.scene.cars
    fits: Flags = people.allowed[riders][:, draft.state.event[cars]]
    fits = fits & (drivers.way_back[cars][None, :] | ~people.way_back[riders][:, None])
    fits &= people.party[riders][:, None] <= drivers.seats[cars][None, :]
    for need in range(people.needs.shape[1]):
        fits &= ~people.needs[riders, need][:, None] | (drivers.offers[cars, need] > 0)[None, :]
    fits &= (people.company[riders][:, None] & ~drivers.traits[cars][None, :]) == 0
    fits &= (drivers.company[cars][None, :] & ~people.traits[riders][:, None]) == 0
    for one, other in draft.apart_pairs(riders, cars):
        fits[one, other] = False
    return fits
