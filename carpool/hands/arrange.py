"""In which order, and from which of their places, a car fetches its riders: the order as it was, and new ones where they fit.

Cars are small, so all of this is done in a few thousand sums at most: each new rider is put where it costs least, and
if that breaks a limit, a car of up to five riders is tried in every order. The minutes a car drives and its riders walk
are what it costs, as in the score.
"""

from collections.abc import Iterable, Sequence
from itertools import permutations

from carpool.instance import Driver, Event, Instance, Rider
from carpool.plan import Stop, Trip
from carpool.schedule import limit_excesses, make_schedule

MOST_IN_EVERY_ORDER = 5
Halt = tuple[str, str | None]
"""A rider and the place where the car stops for them."""


def arranged(
    instance: Instance,
    driver: str,
    event: str,
    kept: Sequence[Halt],
    new: Sequence[str] = (),
    forced: bool = False,
) -> Trip:
    """The trip of a car that stops as in `kept`, in that order, and fetches the riders `new` as well.

    With `forced` everybody is fetched where a pin with force has them: at the own place, or else at the first one.
    Raises `KeyError` for whom the instance lacks.
    """
    at = _Car(instance, instance.driver_by_id[driver], instance.event_by_id[event], forced)
    stops = tuple((rider, place) for rider, old in kept for place in [at.places(rider)[0] if forced else old])
    for rider in new:
        stops = at.best(
            (*stops[:position], (rider, place), *stops[position:])
            for position in range(len(stops) + 1)
            for place in at.places(rider)
        )
    if 1 < len(stops) <= MOST_IN_EVERY_ORDER and at.cost(stops)[0] > 0:
        stops = at.best(permutations(stops))
    return Trip(driver, event, tuple(Stop(rider, place) for rider, place in stops))


class _Car:
    """One driver on the way to one event."""

    def __init__(self, instance: Instance, driver: Driver, event: Event, forced: bool) -> None:
        self._instance, self._driver, self._event, self._forced = instance, driver, event, forced

    def places(self, rider_id: str) -> list[str | None]:
        """Where the car may stop for the rider."""
        rider: Rider = self._instance.rider_by_id[rider_id]
        own: list[str | None] = [None] if rider.home_pickup else []
        found = own + [place.id for place in rider.places]
        return found[:1] if self._forced else found

    def cost(self, stops: Sequence[Halt]) -> tuple[float, float]:
        """By how many minutes the limits are broken at most, and what the trip costs."""
        schedule = make_schedule(self._instance, self._driver, self._event, stops)
        worst = max((excess.minutes for excess in limit_excesses(schedule)), default=0.0)
        return worst, schedule.drive_minutes + schedule.walk_minutes

    def best(self, ways: Iterable[tuple[Halt, ...]]) -> tuple[Halt, ...]:
        """The cheapest of the ways that break no limit; if each does, the one that breaks them least."""
        return min(ways, key=self.cost)
