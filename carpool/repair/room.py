"""The room at events that is left to those about whom something is decided."""

from collections.abc import Mapping
from dataclasses import replace

from carpool.instance import Instance


def with_less_room(instance: Instance, coming: Mapping[str, int]) -> Instance:
    """The instance when so many people come to each event in cars that nothing is decided about."""

    def left(number: int, event: str) -> int:
        return max(0, number - coming.get(event, 0))

    events = (
        replace(
            event,
            wanted=left(event.wanted, event.id),
            capacity=None if event.capacity is None else left(event.capacity, event.id),
        )
        for event in instance.events
    )
    return replace(instance, events=tuple(events))
