"""When a car is where: the minutes of a trip, out and back, unrounded, and by how much they break a limit.

This is the one place that turns an order of stops into times. The checker judges by it and the solver's trips
are written by it, so that the two cannot part.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from carpool.instance import Driver, Event, Instance, Rider
from carpool.plan import Drop, Stop, Trip

TOLERANCE_MINUTES = 0.001


@dataclass(frozen=True, slots=True)
class Pickup:
    """One stop on the way out. `minutes` is when the car gets there, 0 being the arrival at the event."""

    rider: Rider
    place: str | None
    minutes: float
    ride_minutes: float
    walk_minutes: float


@dataclass(frozen=True, slots=True)
class WayBack:
    """The way back: who is dropped when, in minutes after the event's end, and when the car is home."""

    drops: tuple[tuple[Pickup, float], ...]
    drive_minutes: float
    detour_minutes: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """A trip with its unrounded minutes, infinite if a leg has no way. `back` None: out only.

    `only_back`: everybody is at the event already. There is no way out, and its minutes are 0.
    """

    driver: Driver
    event: Event
    arrives_at: datetime
    pickups: tuple[Pickup, ...]
    drive_minutes: float
    detour_minutes: float
    back: WayBack | None
    only_back: bool = False

    @property
    def walk_minutes(self) -> float:
        """What the stops' walks sum to, each once, whatever the party."""
        return math.fsum(pickup.walk_minutes for pickup in self.pickups)

    @property
    def people(self) -> int:
        """How many volunteers this trip brings."""
        return 0 if self.only_back else self._everybody

    @property
    def people_home(self) -> int:
        """How many people who are at the event already this trip takes home."""
        return self._everybody if self.only_back else 0

    @property
    def paid_minutes(self) -> float:
        """The minutes that count in the score: the drive out, or home where that is all there is, and the walks."""
        home = self.back is not None and self.only_back
        return (self.back.drive_minutes if home and self.back else self.drive_minutes) + self.walk_minutes

    @property
    def _everybody(self) -> int:
        return self.driver.party + sum(pickup.rider.party for pickup in self.pickups)


class Limit(StrEnum):
    """The limits in minutes and hours that a trip may break, and the missing way that nothing heals."""

    NO_WAY = "no_way"
    DETOUR = "detour"
    TRAVEL = "travel"
    READY = "ready"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Excess:
    """A broken limit: which, whose, out or back, and by how many minutes (infinite without a way)."""

    limit: Limit
    who: str
    back: bool
    minutes: float


def make_schedule(
    instance: Instance, driver: Driver, event: Event, stops: Sequence[tuple[str, str | None]]
) -> Schedule:
    """The minutes of the trip of `driver` to `event` with `stops` in order: (rider id, place id or None).

    Who rides back follows from the instance: the riders with `way_back`, if the driver has it too. Nothing is
    judged here: a trip that breaks rules has a schedule, too. Raises `KeyError` for whom it lacks.
    """
    home, goal = instance.index[driver.id], instance.event_index[event.id]
    pickups, drive = _way_out(instance, home, goal, stops)
    return Schedule(
        driver=driver,
        event=event,
        arrives_at=_utc(event.starts_at) - timedelta(minutes=instance.arrive_before_minutes),
        pickups=pickups,
        drive_minutes=drive,
        detour_minutes=_less(drive, instance.travel.minutes(home, goal)),
        back=_way_back(instance, home, goal, pickups) if driver.way_back else None,
    )


def schedule_of(instance: Instance, trip: Trip) -> Schedule:
    """The minutes of a plan's trip. Raises `KeyError` for anybody or any place that the instance lacks."""
    driver, event = instance.driver_by_id[trip.driver], instance.event_by_id[trip.event]
    if driver.at is not None:
        return _way_home(instance, driver, event, trip)
    return make_schedule(instance, driver, event, [(stop.rider, stop.place) for stop in trip.stops])


def _way_home(instance: Instance, driver: Driver, event: Event, trip: Trip) -> Schedule:
    """The minutes of a trip that only goes home, in the order of its drops."""
    pickups = []
    for drop in reversed(trip.back or ()):
        rider = instance.rider_by_id[drop.rider]
        pickups.append(Pickup(rider, drop.place, 0.0, 0.0, walk_minutes(rider, drop.place)))
    home, goal, riding = instance.index[driver.id], instance.event_index[event.id], tuple(pickups)
    back = _way_back(instance, home, goal, riding)
    return Schedule(driver, event, _utc(event.ends_at), riding, 0.0, 0.0, back, only_back=True)


def limit_excesses(schedule: Schedule) -> tuple[Excess, ...]:
    """The limits exceeded by more than the tolerance. Of a direction without a way, that alone is said."""
    return tuple(excess for excess in limit_margins(schedule) if excess.minutes > TOLERANCE_MINUTES)


def trip_from_schedule(schedule: Schedule) -> Trip:
    """The trip as it is written: times to the second, in the event's offsets; durations to 0.01 minutes.

    Raises `OverflowError` if there is no way.
    """
    if schedule.only_back and schedule.back is not None:
        return Trip(
            driver=schedule.driver.id,
            event=schedule.event.id,
            back=tuple(Drop(p.rider.id, time_back(schedule, m), p.place) for p, m in schedule.back.drops),
            home_at=time_back(schedule, schedule.back.drive_minutes),
        )
    return Trip(
        driver=schedule.driver.id,
        event=schedule.event.id,
        stops=tuple(
            Stop(p.rider.id, p.place, time_out(schedule, p.minutes), _hundredths(p.ride_minutes))
            for p in schedule.pickups
        ),
        departs_at=time_out(schedule, -schedule.drive_minutes),
        arrives_at=time_out(schedule, 0.0),
        drive_minutes=_hundredths(schedule.drive_minutes),
        detour_minutes=_hundredths(schedule.detour_minutes),
        back=tuple(Drop(p.rider.id, time_back(schedule, minutes)) for p, minutes in schedule.back.drops)
        if schedule.back
        else (),
        home_at=time_back(schedule, schedule.back.drive_minutes) if schedule.back else None,
    )


def time_out(schedule: Schedule, minutes: float) -> datetime:
    """`minutes` after the arrival at the event to the second, in the offset of its start."""
    return _written(schedule.arrives_at, minutes, schedule.event.starts_at)


def time_back(schedule: Schedule, minutes: float) -> datetime:
    """`minutes` after the event's end, to the second, in the offset of that end."""
    return _written(schedule.event.ends_at, minutes, schedule.event.ends_at)


def minutes_between(earlier: datetime, later: datetime) -> float:
    """Minutes from one aware time to another, by the instant and not by the clock on the wall."""
    # Two times of one time zone with summer time would be subtracted as if no clock had ever been changed.
    return (_utc(later) - _utc(earlier)).total_seconds() / 60


def _way_out(
    instance: Instance, home: int, goal: int, stops: Sequence[tuple[str, str | None]]
) -> tuple[tuple[Pickup, ...], float]:
    """The stops and the drive, worked out from the event backwards, as only the arrival there is fixed."""
    travel, minutes, following = instance.travel, 0.0, goal
    pickups = []
    for rider_id, place in reversed(stops):
        rider, here = instance.rider_by_id[rider_id], instance.place_index[rider_id, place]
        ride = minutes + travel.minutes(here, following)
        minutes, following = ride + dwell_minutes(instance, rider), here
        pickups.append(Pickup(rider, place, -minutes, ride, walk_minutes(rider, place)))
    return tuple(reversed(pickups)), minutes + travel.minutes(home, following)


def _way_back(instance: Instance, home: int, goal: int, pickups: tuple[Pickup, ...]) -> WayBack:
    travel, minutes, here = instance.travel, 0.0, goal
    drops = []
    for pickup in reversed([pickup for pickup in pickups if pickup.rider.way_back]):
        there = instance.place_index[pickup.rider.id, pickup.place]
        minutes += travel.minutes(here, there)
        drops.append((pickup, minutes))
        minutes, here = minutes + dwell_minutes(instance, pickup.rider), there
    drive = minutes + travel.minutes(here, home)
    return WayBack(tuple(drops), drive, _less(drive, travel.minutes(goal, home)))


def dwell_minutes(instance: Instance, rider: Rider) -> float:
    """How long the car waits at this rider's stop, on the way out and on the way back."""
    return instance.dwell_minutes if rider.dwell_minutes is None else rider.dwell_minutes


def walk_minutes(rider: Rider, place: str | None) -> float:
    """The walk to one of the rider's places, 0 to the own."""
    return 0.0 if place is None else next(p.walk_minutes for p in rider.places if p.id == place)


def limit_margins(schedule: Schedule) -> Iterator[Excess]:
    """Every limit with the minutes by which the trip exceeds it, below 0 where there is time to spare."""
    driver = schedule.driver
    # A detour is infinite, too, when only the direct way is missing, and then the driver may not go.
    if math.isinf(schedule.detour_minutes):
        yield Excess(Limit.NO_WAY, driver.id, False, math.inf)
    elif not schedule.only_back:
        yield from _excesses_out(schedule)
    if schedule.back is None:
        return
    if math.isinf(schedule.back.detour_minutes):
        yield Excess(Limit.NO_WAY, driver.id, True, math.inf)
    else:
        yield from _excesses_back(schedule, schedule.back)


def _excesses_out(schedule: Schedule) -> Iterator[Excess]:
    driver, drive = schedule.driver, schedule.drive_minutes
    yield Excess(Limit.TRAVEL, driver.id, False, drive - driver.max_travel_minutes)
    yield Excess(Limit.DETOUR, driver.id, False, schedule.detour_minutes - driver.max_detour_minutes)
    if driver.ready_at is not None:
        ready = minutes_between(schedule.arrives_at, driver.ready_at)
        yield Excess(Limit.READY, driver.id, False, ready + drive)
    for pickup in schedule.pickups:
        rider = pickup.rider
        yield Excess(Limit.TRAVEL, rider.id, False, pickup.ride_minutes - rider.max_travel_minutes)
        if rider.ready_at is not None:
            ready = minutes_between(schedule.arrives_at, rider.ready_at) + pickup.walk_minutes
            yield Excess(Limit.READY, rider.id, False, ready - pickup.minutes)


def _excesses_back(schedule: Schedule, back: WayBack) -> Iterator[Excess]:
    driver, ends_at = schedule.driver, schedule.event.ends_at
    yield Excess(Limit.TRAVEL, driver.id, True, back.drive_minutes - driver.max_travel_minutes)
    yield Excess(Limit.DETOUR, driver.id, True, back.detour_minutes - driver.max_detour_minutes)
    if driver.home_by is not None:
        home = minutes_between(ends_at, driver.home_by)
        yield Excess(Limit.HOME, driver.id, True, back.drive_minutes - home)
    for pickup, minutes in back.drops:
        rider = pickup.rider
        yield Excess(Limit.TRAVEL, rider.id, True, minutes - rider.max_travel_minutes)
        if rider.home_by is not None:
            home = minutes_between(ends_at, rider.home_by)
            yield Excess(Limit.HOME, rider.id, True, minutes + pickup.walk_minutes - home)


def _less(minutes: float, direct: float) -> float:
    """The detour, infinite if either way is missing (the difference of two infinities is not a number)."""
    return minutes - direct if math.isfinite(direct) else math.inf


def _hundredths(minutes: float) -> float:
    return round(minutes, 2) + 0.0  # A detour of −1e-15 would otherwise be written as −0.0.


def _written(start: datetime, minutes: float, like: datetime) -> datetime:
    """The instant to the nearest second, in the fixed offset that `like` has."""
    instant = _utc(start) + timedelta(minutes=minutes, microseconds=500_000)
    return instant.replace(microsecond=0).astimezone(timezone(like.utcoffset() or timedelta()))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
