"""What a change by hand decides for later runs too: which pins go, and which come in their place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from api.services import holds
from api.services.hands.corner import Known
from api.store.tables import Coordinator
from carpool.hands import Effect
from carpool.plan import Trip

Document = dict[str, Any]


class Asking(Protocol):
    """The part of a change that matters here."""

    @property
    def who(self) -> UUID: ...
    @property
    def other(self) -> UUID | None: ...
    @property
    def keep(self) -> bool: ...
    @property
    def full(self) -> bool: ...


@dataclass(frozen=True)
class Decided:
    """The holds that a change takes off and puts on, as documents."""

    off: tuple[Document, ...]
    on: tuple[Document, ...]


def decided(
    known: Known,
    kind: str,
    asked: Asking,
    effect: Effect,
    forced: Sequence[str],
    coordinator: Coordinator,
    reason: str | None,
) -> Decided:
    """Pins that no longer say what is so are changed or go; what was asked for is held if it is to be kept.

    A car that breaks a limit is always held: without its pin with force no plan may have it.
    """
    after = {trip.driver: trip for trip in effect.after}
    old = [holds.document(hold, people) for hold, people in known.held if hold.kind != holds.APART]
    stands = {one["id"]: new for one in old if (new := _still(one, after, effect.before)) is not None}
    late = [one for one in forced if not any(hold["force"] and hold["people"][0] == one for hold in old)]
    for document in _wanted(kind, asked, after, forced, late, coordinator, reason):
        if document["kind"] != holds.APART:
            document = _with_what_was(document, old, after)
            stands = dict(_without(stands, set(document["people"])))
        stands[document["id"]] = document
    before = {one["id"]: one for one in old}
    return Decided(
        off=tuple(one for one in old if stands.get(one["id"]) != one),
        on=tuple(one for number, one in stands.items() if before.get(number) != one),
    )


def _still(old: Document, after: Mapping[str, Trip], before: Iterable[Trip]) -> Document | None:
    """A hold as the cars have it now; None if it says nothing any more. Of a car that is not looked at, as it is."""
    driver, *riders = old["people"]
    if old["kind"] == holds.OUT:
        return None if any(driver in (trip.driver, *trip.riders) for trip in after.values()) else old
    trip = after.get(driver)
    if trip is None:
        return None if any(one.driver == driver for one in before) else old
    if trip.event != old["event"]:
        return None
    exact = old["full"] or old["force"]
    people = [driver, *(trip.riders if exact else (rider for rider in riders if rider in trip.riders))]
    return old if people == old["people"] else old | {"people": people}


def _with_what_was(new: Document, old: Iterable[Document], after: Mapping[str, Trip]) -> Document:
    """With those riders who were pinned to this car before and still are in it, and as full as it was."""
    driver = new["people"][0]
    was = next(
        (one for one in old if one["kind"] == new["kind"] == holds.PIN and one["people"][0] == driver), None
    )
    if was is None or was["event"] != new["event"]:
        return new
    riders = {*was["people"], *new["people"]}
    full = was["full"] or was["force"] or new["full"]
    people = [driver, *(one for one in after[driver].riders if full or one in riders)]
    return new | {
        "people": people,
        "full": full,
        "reason": new["reason"] or (was["reason"] if new["force"] else None),
    }


def _without(stands: Mapping[str, Document], people: set[str]) -> Iterable[tuple[str, Document]]:
    """The other holds, none of them about these people: they are held otherwise now."""
    for number, one in stands.items():
        if one["kind"] == holds.APART:
            yield number, one
        elif one["people"][0] not in people:
            yield number, one | {"people": [person for person in one["people"] if person not in people]}


def _wanted(
    kind: str,
    asked: Asking,
    after: Mapping[str, Trip],
    forced: Sequence[str],
    late: Sequence[str],
    coordinator: Coordinator,
    reason: str | None,
) -> Iterable[Document]:
    """What the coordinator decided: who goes with whom where, who does not. `late`: whose cars need force from now on."""
    who, other = str(asked.who), str(asked.other)
    if kind == "apart":
        yield holds.new(holds.APART, [who, other], coordinator)
    elif kind == "out" and asked.keep:
        yield holds.new(holds.OUT, [who], coordinator)
    cars = {"ride": [other], "swap": [who, other], "drive": [who], "pin": [who]}.get(kind, [])
    for driver in dict.fromkeys((*cars, *late)):
        trip, force = after.get(driver), driver in forced
        if trip is not None and (force or asked.keep or kind == "pin"):
            riders = [who] if kind == "ride" and not (force or asked.full) else trip.riders
            more = {
                "event": trip.event,
                "full": asked.full and driver in cars,
                "force": force,
                "reason": reason if force else None,
            }
            yield holds.new(holds.PIN, [driver, *riders], coordinator, **more)
