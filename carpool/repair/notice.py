"""How soon somebody may be asked to leave who has not left yet."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from carpool.instance import PickupPlace, Rider
from carpool.plan import Stop, Trip

ROUNDING = timedelta(seconds=0.44)
"""A written time may be half a second after the one that was worked out. With the format's tolerance of 0.06 seconds this
lets everybody keep the latter, and nobody be written down for an earlier second."""


class Notice:
    """What people were last told, and how much notice they get of anything sooner."""

    def __init__(self, now: datetime, length: timedelta, told: Iterable[Trip]) -> None:
        self.now, self.earliest = now, now + length
        trips = tuple(told)
        self._departure = {trip.driver: trip.departs_at for trip in trips}
        self._stop = {stop.rider: stop for trip in trips for stop in trip.stops}

    def departure(self, person: str, ready_at: datetime | None) -> datetime:
        """From when on somebody may drive off."""
        told = self._departure.get(person)
        if told is None or told - ROUNDING >= self.earliest:
            return _later(self.earliest, ready_at)
        return _later(max(self.now, told - ROUNDING), ready_at)

    def pick_up(self, rider: Rider) -> Rider:
        """The rider, ready no sooner than notice allows; who has to leave within it can be picked up at no other place."""
        stop = self._stop.get(rider.id)
        if stop is None or stop.at is None or not _still_stops(rider, stop):
            return replace(rider, ready_at=_later(self.earliest, rider.ready_at))
        places = tuple(place for place in rider.places if place.id == stop.place)
        walk, told = _walk(places), stop.at - ROUNDING
        if told - walk >= self.earliest:
            return replace(rider, ready_at=_later(self.earliest, rider.ready_at))
        leaves_at = max(self.now, told) - walk
        return replace(
            rider, ready_at=_later(leaves_at, rider.ready_at), places=places, home_pickup=stop.place is None
        )


def _still_stops(rider: Rider, stop: Stop) -> bool:
    """Whether a car may still stop there for the rider."""
    if stop.place is None:
        return rider.home_pickup
    return any(place.id == stop.place for place in rider.places)


def _walk(places: tuple[PickupPlace, ...]) -> timedelta:
    return timedelta(minutes=sum(place.walk_minutes for place in places))


def _later(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else max(one, other)
