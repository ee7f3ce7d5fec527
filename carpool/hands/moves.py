"""What somebody can change by hand, and the cars that come of it. Whether these are allowed is for the judge to say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from carpool.errors import CarpoolError
from carpool.hands.arrange import arranged
from carpool.hands.corner import Corner
from carpool.plan import Trip
from carpool.schedule import limit_excesses, schedule_of


@dataclass(frozen=True, slots=True)
class Ride:
    """The rider goes in the car of `driver`, to wherever that goes."""

    rider: str
    driver: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Two drivers change places: each fetches the riders of the other and takes them to the other's event."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Drive:
    """The driver goes to the event, with everybody in the car; alone, who has not been driving."""

    driver: str
    event: str


@dataclass(frozen=True, slots=True)
class TakeOut:
    """The person travels no more. With a driver, the riders lose their car."""

    person: str


@dataclass(frozen=True, slots=True)
class Stay:
    """The car goes on as it is."""

    driver: str


Move = Ride | Swap | Drive | TakeOut | Stay


def moved(corner: Corner, move: Move, forced: bool = False) -> tuple[Trip, ...]:
    """The corner's trips after the move. `forced`: changed cars stop where a pin with force has them stop.

    Raises `CarpoolError` if there is nothing to move.
    """
    match move:
        case Ride():
            return _ride(corner, move, forced)
        case Swap():
            return _swap(corner, move, forced)
        case Drive():
            return _drive(corner, move, forced)
        case TakeOut():
            return _take_out(corner, move.person)
        case Stay():
            stays = _car(corner, move.driver)
            same = arranged(corner.instance, stays.driver, stays.event, _halts(stays), forced=forced)
            return _with(corner, [same])


def as_forced(
    corner: Corner, trips: Sequence[Trip], drivers: Collection[str], more: bool
) -> tuple[tuple[Trip, ...], tuple[str, ...]]:
    """The trips, of which those of `drivers`, and with `more` all that break a limit, stop as a pin with force has them stop.

    Also whose these are.
    """
    found = [
        trip.driver
        for trip in trips
        if trip.driver in drivers or (more and limit_excesses(schedule_of(corner.instance, trip)))
    ]
    stopped = (
        arranged(corner.instance, trip.driver, trip.event, _halts(trip), forced=True)
        if trip.driver in found
        else trip
        for trip in trips
    )
    return tuple(stopped), tuple(found)


def _ride(corner: Corner, move: Ride, forced: bool) -> tuple[Trip, ...]:
    goal = _car(corner, move.driver)
    if move.rider in (goal.driver, *goal.riders):
        raise CarpoolError("They are in this car already.", "to")
    if move.rider not in corner.instance.rider_by_id:
        raise CarpoolError("A driver cannot be put into somebody else's car.", "who")
    joined = arranged(corner.instance, goal.driver, goal.event, _halts(goal), [move.rider], forced)
    left = _take_out(corner, move.rider) if corner.trip_of(move.rider) else corner.trips
    return tuple(joined if trip.driver == goal.driver else trip for trip in left)


def _swap(corner: Corner, move: Swap, forced: bool) -> tuple[Trip, ...]:
    if move.one == move.other:
        raise CarpoolError("Two different drivers are needed to swap.", "to")
    one, other = _car(corner, move.one), _car(corner, move.other)
    pairs = [(one.driver, other), (other.driver, one)]
    return _with(
        corner,
        [arranged(corner.instance, driver, trip.event, (), trip.riders, forced) for driver, trip in pairs],
    )


def _drive(corner: Corner, move: Drive, forced: bool) -> tuple[Trip, ...]:
    before = corner.trip_of(move.driver)
    if before is None:
        return (*corner.trips, arranged(corner.instance, move.driver, move.event, (), (), forced))
    trip = _car(corner, move.driver)
    if trip.event == move.event:
        raise CarpoolError("The car goes to this event already.", "event")
    return _with(corner, [arranged(corner.instance, trip.driver, move.event, (), trip.riders, forced)])


def _take_out(corner: Corner, person: str) -> tuple[Trip, ...]:
    trip = corner.trip_of(person)
    if trip is None:
        raise CarpoolError("They travel in no car of this plan.", "who")
    others = tuple(one for one in corner.trips if one != trip)
    if trip.driver == person:
        return others
    halts = [(stop.rider, stop.place) for stop in trip.stops if stop.rider != person]
    rest = arranged(corner.instance, trip.driver, trip.event, halts)
    return tuple(rest if one == trip else one for one in corner.trips)


def _car(corner: Corner, driver: str) -> Trip:
    """The trip that somebody drives."""
    trip = corner.trip_of(driver)
    if trip is None or trip.driver != driver:
        raise CarpoolError("They drive no car of this plan.", "to")
    return trip


def _with(corner: Corner, changed: Sequence[Trip]) -> tuple[Trip, ...]:
    """The corner's trips with these in the place of the ones of the same drivers."""
    by_driver = {trip.driver: trip for trip in changed}
    return tuple(by_driver.get(trip.driver, trip) for trip in corner.trips)


def _halts(trip: Trip) -> list[tuple[str, str | None]]:
    return [(stop.rider, stop.place) for stop in trip.stops]
