"""What can be wrong with people who are said to be at an event already."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from carpool.errors import Fault
from carpool.show import show

if TYPE_CHECKING:
    from carpool.instance import Instance


def homeward_faults(instance: "Instance") -> Iterator[Fault]:
    """Nothing in an instance without such people."""
    if not instance.at_events:
        return
    events = {event.id for event in instance.events}
    for name in ("drivers", "riders"):
        for number, person in enumerate(getattr(instance, name)):
            path = f"{name}[{number}]"
            if person.at is None:
                continue
            if person.at not in events:
                yield Fault(f"{path}.at", show(person.at), "expected null or the id of an event")
            if not person.way_back:
                expected = "expected true, as the way home is all that is left of the journey"
                yield Fault(f"{path}.way_back", show(person.way_back), expected)
            if name == "riders" and person.can_drive is not None:
                expected = (
                    "expected null for somebody who is at an event: whoever has a car there is a driver"
                )
                yield Fault(f"{path}.can_drive", "an object", expected)
    yield from _apart_from_others(instance)


def _apart_from_others(instance: "Instance") -> Iterator[Fault]:
    """Groups and pins that no car can hold, because some are at an event and others are not there."""
    at: dict[str, str | None] = {driver.id: driver.at for driver in instance.drivers}
    at |= {rider.id: rider.at for rider in instance.riders}
    for number, group in enumerate(instance.together):
        if len({at.get(person) for person in group}) > 1:
            expected = "expected people who are at one event, or none who is at one"
            yield Fault(f"together[{number}]", show(group), expected)
    for number, pin in enumerate(instance.pinned):
        where = at.get(pin.driver)
        if where is not None and pin.event != where:
            yield Fault(
                f"pinned[{number}].event", show(pin.event), f"expected {show(where)}, where the car is"
            )
        for position, rider in enumerate(pin.riders):
            if at.get(rider) != where:
                expected = "expected somebody who is where the driver is"
                yield Fault(f"pinned[{number}].riders[{position}]", show(rider), expected)
