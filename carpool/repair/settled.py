"""People on the road: nothing about them is left to decide, so nothing that they ask for can make their trip impossible."""

from dataclasses import replace
from datetime import datetime

from carpool.instance import Driver, Instance, Rider
from carpool.plan import Trip


def is_on_the_road(instance: Instance, trip: Trip, now: datetime) -> bool:
    """Whether the trip has left and its driver and event are still there. Else its riders wait for another car."""
    known = trip.driver in instance.driver_by_id and trip.event in instance.event_by_id
    return known and trip.departs_at is not None and trip.departs_at <= now


def settled_driver(instance: Instance, driver: Driver, trip: Trip) -> Driver:
    """The driver with a seat for everybody in the car, and without wishes that have been granted or passed over."""
    riding = sum(instance.rider_by_id[rider].party for rider in trip.riders)
    return replace(driver, seats=max(driver.seats, riding), events=None, company=())


def settled_rider(rider: Rider, place: str | None, driver: Driver) -> Rider:
    """The rider as a pinned trip with force takes them: picked up at the place that they were told."""
    chosen = tuple(other for other in rider.places if other.id == place)
    if not chosen and (place is not None or not rider.home_pickup):
        chosen = rider.places[:1]  # The place is gone from the sign-up; any other stands for it.
    return replace(
        rider, places=chosen, home_pickup=not chosen, events=None, needs=(), company=(), can_drive=None,
        way_back=rider.way_back and driver.way_back,
    )  # fmt: skip
