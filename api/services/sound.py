"""What is kept of somebody and cannot be right must not stop everybody else's match.

Forms are checked before anything is kept. An older version, a restore or a hand in the database may have left a row all the
same: a place outside of Great Britain, a party of a million, a list with somebody twice. One such row would make the whole
instance wrong, and no run of the day could begin. So each is judged by itself, and left out if it is wrong by itself.
"""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from carpool import Driver, Event, Instance, Rider
from carpool.errors import InvalidInstance
from carpool.geo.islands import CROSSING_MINUTES

MOST_IN_A_CAR = 100
"""Forms take far fewer. A household of nine hundred who come in their own car would fill every event by themselves."""

Person = Driver | Rider
T = TypeVar("T")


def sound_events(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events that an instance may have."""
    return tuple(event for event in events if _fits([event], []))


def sound_people(events: Collection[Event], people: list[Person]) -> list[Person]:
    """The people whom an instance with these events may have. Looked at one by one only if there is anything to find."""
    if _fits(events, people):
        return people
    by_id = {event.id: event for event in events}
    return [
        person for person in people if _fits([by_id[event] for event in set(person.events or ())], [person])
    ]


def readable(make: Callable[[], T]) -> T | None:
    """What `make` makes of a row; None where a member of it is missing or is something else than it should be."""
    try:
        return make()
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def plain(person: Person) -> Person:
    """The same person. Raises `TypeError` where a word is no word or a count no count: no file of it could be read.

    Raises `ValueError` for more people or seats than any car has.
    """
    car = person if isinstance(person, Driver) else person.can_drive
    words = [*person.traits, *person.company, *(person.events or ())]
    counts: list[object] = [person.party, *((car.seats, *car.offers.values()) if car else ())]
    if isinstance(person, Rider):
        words += [*person.needs, *(place.id for place in person.places)]
    if car:
        words += car.offers
    if not all(isinstance(word, str) for word in words) or not all(type(count) is int for count in counts):
        raise TypeError(person.id)
    if max(person.party, car.seats if car else 0) > MOST_IN_A_CAR:
        raise ValueError(person.id)
    return person


def _fits(events: Collection[Event], people: Iterable[Person]) -> bool:
    everybody = list(people)
    try:
        Instance(
            events=tuple(events),
            drivers=tuple(one for one in everybody if isinstance(one, Driver)),
            riders=tuple(one for one in everybody if isinstance(one, Rider)),
            crossings=CROSSING_MINUTES,
        )
    except (InvalidInstance, TypeError, ValueError, AttributeError):
        return False
    return True
