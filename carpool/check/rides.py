"""A trip of a plan with its names looked up: what the rules are judged on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from carpool.check.violation import Rule, Violation
from carpool.instance import Driver, Instance, PinnedTrip, Rider
from carpool.plan import Trip
from carpool.schedule import Schedule, schedule_of
from carpool.show import show


@dataclass(frozen=True, slots=True)
class Ride:
    """A trip whose driver, event, riders and places all exist; `forced` where a pin lifts its limits."""

    number: int
    trip: Trip
    schedule: Schedule
    driver: Driver
    riders: tuple[Rider, ...]
    forced: bool

    @property
    def people(self) -> tuple[Driver | Rider, ...]:
        return (self.driver, *self.riders)


def resolve_trip(
    instance: Instance, number: int, trip: Trip, forced: Mapping[str, PinnedTrip]
) -> Ride | list[Violation]:
    """The trip with all it names, or a violation for every name that the instance lacks. `forced` are its forced pins."""
    if unknown := list(_unknown_names(instance, f"trips[{number}]", trip)):
        return unknown
    schedule = schedule_of(instance, trip)
    riders = tuple([pickup.rider for pickup in schedule.pickups])
    is_forced = trip.driver in forced and _is_as_forced(instance, trip, forced[trip.driver])
    return Ride(number, trip, schedule, schedule.driver, riders, is_forced)


def forced_pins(instance: Instance) -> dict[str, PinnedTrip]:
    """The pins with force by their driver, who is in no other pin."""
    return {pin.driver: pin for pin in instance.pinned if pin.force}


def _is_as_forced(instance: Instance, trip: Trip, pin: PinnedTrip) -> bool:
    """Whether a pin with force lists exactly this trip: its riders in this order at the places that force means."""
    stops = tuple((stop.rider, stop.place) for stop in trip.stops)
    if instance.driver_by_id[trip.driver].at is not None:
        stops = tuple((drop.rider, drop.place) for drop in reversed(trip.back or ()))
    return pin.event == trip.event and stops == forced_stops(instance, pin)


def forced_stops(instance: Instance, pin: PinnedTrip) -> tuple[tuple[str, str | None], ...]:
    """The stops of a pin with force: riders as listed, at their own place or, if not home_pickup, the first."""
    riders = [instance.rider_by_id[rider] for rider in pin.riders]
    return tuple((rider.id, None if rider.home_pickup else rider.places[0].id) for rider in riders)


def _unknown_names(instance: Instance, path: str, trip: Trip) -> Iterator[Violation]:
    if trip.driver not in instance.driver_by_id:
        text = f"{show(trip.driver)} is nobody who can drive"
        yield Violation(Rule.UNKNOWN, f"{path}.driver", text)
    if trip.event not in instance.event_by_id:
        yield Violation(Rule.UNKNOWN, f"{path}.event", f"{show(trip.event)} is no event")
    driver = instance.driver_by_id.get(trip.driver)
    home = () if driver is None or driver.at is None else trip.back or ()
    for number, drop in enumerate(home):
        if (drop.rider, drop.place) not in instance.place_index:
            text = f"{show(drop.place)} of {show(drop.rider)} is no place of a rider"
            yield Violation(Rule.UNKNOWN, f"{path}.back[{number}]", text)
    for number, stop in enumerate(trip.stops):
        if stop.rider not in instance.rider_by_id:
            yield Violation(Rule.UNKNOWN, f"{path}.stops[{number}].rider", f"{show(stop.rider)} is no rider")
        elif (stop.rider, stop.place) not in instance.place_index:
            text = f"{show(stop.place)} is no place of {show(stop.rider)}"
            yield Violation(Rule.UNKNOWN, f"{path}.stops[{number}].place", text)
