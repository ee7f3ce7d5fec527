"""What can be wrong with the lists that name several people: apart, together, pinned, published."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from carpool.errors import MAX_FAULTS, Fault
from carpool.show import show

if TYPE_CHECKING:
    from carpool.instance import Instance, PinnedTrip, PublishedTrip


def group_faults(instance: "Instance") -> Iterator[Fault]:
    known = {d.id for d in instance.drivers} | {r.id for r in instance.riders}
    for name, groups in (("apart", instance.apart), ("together", instance.together)):
        for number, group in enumerate(groups):
            path = f"{name}[{number}]"
            if len(group) < 2:
                yield Fault(path, show(group), "expected two ids or more")
            yield from twice_faults(path, group)
            for position, person in enumerate(group):
                if person not in known:
                    yield Fault(f"{path}[{position}]", show(person), "expected the id of a driver or rider")
    yield from _together_faults(instance)


def _together_faults(instance: "Instance") -> Iterator[Fault]:
    """Groups that no car may hold, of each at most `MAX_FAULTS` pairs: they can be many more than the file has people."""
    drivers = {driver.id for driver in instance.drivers}
    apart = {person: frozenset(groups) for person, groups in instance.apart_groups.items()}
    good = set[frozenset[str]]()  # The same people many times over are looked at once.
    for number, group in enumerate(instance.together):
        if (people := frozenset(group)) in good:
            continue
        if len(drivers & people) > 1 or _some_apart(group, apart):
            pairs = _pairs(group, drivers, instance.apart_groups)
            for one, other, expected in islice(pairs, MAX_FAULTS):
                yield Fault(f"together[{number}]", f"{show(one)} and {show(other)}", expected)
        else:
            good.add(people)


def _some_apart(group: Sequence[str], apart: Mapping[str, frozenset[int]]) -> bool:
    """Whether two of the group are kept apart. The groups of whoever has the most are not walked through."""
    sets = sorted((apart[person] for person in dict.fromkeys(group) if person in apart), key=len)
    before = set[int]()
    for groups in sets:
        if not before.isdisjoint(groups):
            return True
        if groups is not sets[-1]:
            before |= groups
    return False


def _pairs(
    group: Sequence[str], drivers: Collection[str], apart: Mapping[str, Sequence[int]]
) -> Iterator[tuple[str, str, str]]:
    """Two people of the group who may not be in one car, and what was expected instead."""
    owner, first_of = "", dict[int, str]()
    for person in dict.fromkeys(group):
        if person in drivers and owner:
            yield owner, person, "expected at most one of the drivers in a group"
        owner = owner or (person if person in drivers else "")
        for which in apart.get(person, ()):
            if first_of.setdefault(which, person) != person:
                yield first_of[which], person, f"expected no pair that apart[{which}] keeps apart"


def pinned_faults(instance: "Instance") -> Iterator[Fault]:
    events = {event.id for event in instance.events}
    riders = {rider.id for rider in instance.riders}
    able = {d.id for d in instance.drivers} | {r.id for r in instance.riders if r.can_drive}
    for number, pin in enumerate(instance.pinned):
        path = f"pinned[{number}]"
        if pin.driver not in able:
            yield Fault(f"{path}.driver", show(pin.driver), "expected the id of somebody who can drive")
        if pin.event not in events:
            yield Fault(f"{path}.event", show(pin.event), "expected the id of an event")
        for position, rider in enumerate(pin.riders):
            if rider not in riders:
                yield Fault(f"{path}.riders[{position}]", show(rider), "expected the id of a rider")
    yield from _once_faults("pinned", instance.pinned)


def published_faults(instance: "Instance") -> Iterator[Fault]:
    yield from _once_faults("published", instance.published)


def _once_faults(name: str, trips: Sequence["PinnedTrip | PublishedTrip"]) -> Iterator[Fault]:
    """Nobody stands in two of these trips, nor twice in one."""
    counts = Counter(person for trip in trips for person in (trip.driver, *trip.riders))
    if len(counts) == sum(counts.values()):
        return
    first = dict[str, str]()
    for number, trip in enumerate(trips):
        places = [("driver", trip.driver), *((f"riders[{i}]", rider) for i, rider in enumerate(trip.riders))]
        for where, person in places:
            path = f"{name}[{number}].{where}"
            if first.setdefault(person, path) != path:
                yield Fault(path, show(person), f"expected nobody twice, but {first[person]} is the same")


def twice_faults(path: str, names: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield Fault(f"{path}[{number}]", show(name), "expected each string once")
        seen.add(name)
