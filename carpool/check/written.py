"""What a plan says about itself against what the rules give: times, durations, way back, totals, bound, gap, status."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from carpool.check.rides import Ride
from carpool.check.violation import Rule, Violation
from carpool.instance import Instance
from carpool.plan import Plan, Status, Trip
from carpool.schedule import Schedule, WayBack
from carpool.score import ScoreParts, score_parts
from carpool.show import show

# The format's own measures, and a little for the noise of their arithmetic.
TIME_SECONDS = 0.5 + 1e-5
DURATION_MINUTES = 0.01 + 1e-9
SCORE_SHARE = 1e-6
GAP = 1e-9


def written_violations(instance: Instance, plan: Plan, rides: Sequence[Ride]) -> list[Violation]:
    """Every written number that is not the recomputed one. What is not written is not compared."""
    found = [violation for ride in rides for violation in _trip(ride.trip, ride.schedule)]
    recomputed = plan.score
    if len(rides) == len(plan.trips):
        parts = score_parts(instance, [ride.schedule for ride in rides])
        if math.isfinite(parts.score):
            found.extend(_totals(plan, parts))
            recomputed = parts.score
    found.extend(_claims(plan, recomputed))
    return found


def _trip(trip: Trip, schedule: Schedule) -> Iterator[Violation]:
    if schedule.only_back:
        yield from _no_way_out(trip)
    elif math.isfinite(schedule.drive_minutes):
        yield from _way_out(trip, schedule)
    if schedule.back is None:
        yield from _stays(trip)
    elif math.isfinite(schedule.back.drive_minutes):
        yield from _way_back(trip, schedule, schedule.back)


def _way_out(trip: Trip, schedule: Schedule) -> Iterator[Violation]:
    who, end = trip.driver, schedule.arrives_at
    yield from _time(who, "departs_at", trip.departs_at, end, -schedule.drive_minutes)
    yield from _time(who, "arrives_at", trip.arrives_at, end, 0.0)
    yield from _duration(who, "drive_minutes", trip.drive_minutes, schedule.drive_minutes)
    if math.isfinite(schedule.detour_minutes):
        yield from _duration(who, "detour_minutes", trip.detour_minutes, schedule.detour_minutes)
    for stop, pickup in zip(trip.stops, schedule.pickups, strict=True):
        yield from _time(stop.rider, "at", stop.at, end, pickup.minutes)
        yield from _duration(stop.rider, "ride_minutes", stop.ride_minutes, pickup.ride_minutes)


def _no_way_out(trip: Trip) -> Iterator[Violation]:
    for name in ("departs_at", "arrives_at", "drive_minutes", "detour_minutes"):
        if getattr(trip, name) is not None:
            yield Violation(Rule.AT, trip.driver, f"has no way out, so {name} must be left out")


def _stays(trip: Trip) -> Iterator[Violation]:
    if trip.back:
        yield Violation(Rule.BACK, trip.driver, "drives out only, so back must be empty")
    if trip.home_at is not None:
        yield Violation(Rule.BACK, trip.driver, "drives out only, so home_at must be null")


def _way_back(trip: Trip, schedule: Schedule, back: WayBack) -> Iterator[Violation]:
    start = schedule.event.ends_at
    if trip.no_return:
        yield Violation(Rule.BACK, trip.driver, "drives home, so home_at must not be null")
    yield from _time(trip.driver, "home_at", trip.home_at, start, back.drive_minutes)
    if trip.back is None:
        return
    expected = [pickup.rider.id for pickup, _ in back.drops]
    if [drop.rider for drop in trip.back] != expected:
        names = ", ".join(map(show, expected)) or "nobody"
        yield Violation(Rule.BACK, trip.driver, f"drops {names} on the way back, in this order")
        return
    for drop, (pickup, minutes) in zip(trip.back, back.drops, strict=True):
        if drop.place not in (None, pickup.place):
            yield Violation(Rule.BACK, drop.rider, "leaves the car where it stopped on the way out")
        yield from _time(drop.rider, "at on the way back", drop.at, start, minutes)


def _time(
    who: str, name: str, written: datetime | None, start: datetime, minutes: float
) -> Iterator[Violation]:
    """A violation if `written` is not `minutes` after `start`, to half a second."""
    if written is None:
        return
    try:
        exact = start.astimezone(UTC) + timedelta(minutes=minutes)
    except (
        OverflowError
    ):  # A forced trip may take more than a million minutes a leg, and so leave the calendar.
        yield Violation(Rule.TIME, who, f"{name} is {written.isoformat()}, but lies beyond all calendars")
        return
    if abs((written - exact).total_seconds()) > TIME_SECONDS:
        expected = exact.astimezone(written.tzinfo).isoformat(timespec="milliseconds")
        yield Violation(Rule.TIME, who, f"{name} is {written.isoformat()}, but should be {expected}")


def _duration(who: str, name: str, written: float | None, exact: float) -> Iterator[Violation]:
    if written is not None and abs(written - exact) > DURATION_MINUTES:
        yield Violation(Rule.DURATION, who, f"{name} is {written:g}, but should be {exact:.2f}")


def _totals(plan: Plan, parts: ScoreParts) -> Iterator[Violation]:
    if plan.volunteers is not None and plan.volunteers != parts.volunteers:
        yield _wrong(Rule.VOLUNTEERS, plan.volunteers, parts.volunteers)
    if plan.weighted_volunteers is not None and not _same(
        plan.weighted_volunteers, parts.weighted_volunteers
    ):
        yield _wrong(Rule.WEIGHTED, plan.weighted_volunteers, parts.weighted_volunteers)
    if plan.score is not None and not _same(plan.score, parts.score):
        yield _wrong(Rule.SCORE, plan.score, parts.score)


def _claims(plan: Plan, recomputed: float | None) -> Iterator[Violation]:
    """Bound, gap and status hang together with the written score, or the recomputed one where none is written."""
    score, gap = plan.score if plan.score is not None else recomputed, plan.gap
    if plan.bound is not None and score is not None:
        noise = 0.0 if plan.score is not None else SCORE_SHARE * max(1.0, abs(score))
        if plan.bound < score - noise:
            text = f"is {plan.bound!r}, below the score {score!r}"
            yield Violation(Rule.BOUND, "$", text)
        gap = gap_of(score, plan.bound)
        if plan.gap is not None and abs(plan.gap - gap) > max(GAP, noise):
            yield _wrong(Rule.GAP, plan.gap, gap)
    yield from _status(plan.status, gap)
    if plan.seconds is not None and plan.seconds < 0:
        yield Violation(Rule.TIME, "$", f"seconds is {plan.seconds!r}, but cannot be below 0")


def gap_of(score: float, bound: float) -> float:
    """The gap as the format defines it: 0 up to a difference of 1e-9, else relative to the bound."""
    return 0.0 if bound - score <= GAP else (bound - score) / max(abs(bound), GAP)


def _status(status: str | None, gap: float | None) -> Iterator[Violation]:
    if status is None:
        return
    if status not in set(Status):
        yield Violation(Rule.STATUS, "$", f"{show(status)} is none of {', '.join(Status)}")
    elif gap is not None and (status == Status.OPTIMAL) != (gap <= GAP):
        yield Violation(Rule.STATUS, "$", f"{status} does not go with a gap of {gap!r}")


def _same(written: float, recomputed: float) -> bool:
    return abs(written - recomputed) <= SCORE_SHARE * max(1.0, abs(written))


def _wrong(rule: Rule, written: float, recomputed: float) -> Violation:
    return Violation(rule, "$", f"is {written!r}, but should be {recomputed!r}")
