"""What a change by hand leaves and what it brings, as rows of the plan, and as a document to undo it by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services import holds
from api.services.hands.asking import Looked
from api.services.hands.corner import Known
from api.store.queries import hands as queries
from api.store.tables import Campaign, Planned, Run
from carpool import Plan
from carpool.files import plan_from_json, plan_to_json
from carpool.plan import Trip

BY_HAND = "by_hand"
"""The reason of whoever has no trip because a coordinator took it away."""
LOST = {"text": "Lost their place by hand.", "fix": "Put them into another car by hand."}


@dataclass(frozen=True)
class Side:
    """The plan's part that a change is about, before or after it: cars, which of them by hand, who is left, and holds."""

    trips: tuple[Trip, ...]
    by_hand: tuple[str, ...]
    left: tuple[Mapping[str, Any], ...]
    holds: tuple[Mapping[str, Any], ...]

    def document(self) -> dict[str, Any]:
        return {
            "plan": plan_to_json(Plan(trips=self.trips)),
            "by_hand": list(self.by_hand),
            "left": [dict(one) for one in self.left],
            "holds": [dict(one) for one in self.holds],
        }


def side_of(document: Mapping[str, Any]) -> Side:
    """As it was kept."""
    return Side(
        plan_from_json(document["plan"]).trips,
        tuple(document["by_hand"]),
        tuple(document["left"]),
        tuple(document["holds"]),
    )


def travelling(trips: Iterable[Trip]) -> set[str]:
    return {person for trip in trips for person in (trip.driver, *trip.riders)}


def sides(
    looked: Looked, off: Iterable[Mapping[str, Any]], on: Iterable[Mapping[str, Any]]
) -> tuple[Side, Side]:
    """What the change is about, before and after it. Cars that stay exactly as they are belong to neither."""
    known, shown = looked.known, looked.best
    same = set(shown.before) & set(shown.after)
    before, after = ([trip for trip in trips if trip not in same] for trips in (shown.before, shown.after))
    was, will = travelling(before), travelling(after)
    hands = tuple(trip.driver for trip in before if (row := known.row(UUID(trip.driver))) and row.by_hand)
    left = [_left(row) for row in known.rows if str(row.sign_up_id) in will - was]
    without = [_taken_out(known, one) for one in sorted(was - will)]
    return (
        Side(tuple(before), hands, tuple(left), tuple(off)),
        Side(tuple(after), tuple(trip.driver for trip in after), tuple(without), tuple(on)),
    )


def _left(row: Planned) -> dict[str, Any]:
    if row.trip is not None:  # In a car whose driver or event is gone.
        return {
            "id": str(row.sign_up_id),
            "people": row.people,
            "reason": "no_driver_in_reach",
            "details": {},
        }
    return {
        "id": str(row.sign_up_id), "people": row.people, "reason": row.reason, "details": row.details,
    }  # fmt: skip


def _taken_out(known: Known, person: str) -> dict[str, Any]:
    row = known.row(UUID(person))
    return {"id": person, "people": row.people if row else 1, "reason": BY_HAND, "details": LOST}


def put(db: Session, campaign: Campaign, run: Run, known: Known, before: Side, after: Side) -> None:
    """Write `after` in the place of `before`."""
    holds.change(db, campaign, run.day, before.holds, after.holds)
    number = {row.sign_up_id: row.trip for row in known.rows if row.position == 0 and row.trip is not None}
    parties = {row.sign_up_id: row.people for row in known.rows}
    left = [*after.left, *_gone(known, {number.get(UUID(trip.driver)) for trip in before.trips})]
    people = {UUID(one) for one in travelling((*before.trips, *after.trips))}
    people |= {UUID(one["id"]) for one in (*before.left, *left)}
    rows = [
        row
        for trip, car in _numbered(db, run, number, before, after)
        for row in _rows(run.id, trip, car, trip.driver in after.by_hand, parties)
    ]
    rows += [
        Planned(
            run_id=run.id, sign_up_id=UUID(one["id"]), reason=one["reason"], details=one["details"],
            people=one["people"], by_hand=one["reason"] == BY_HAND,
        )
        for one in left
    ]  # fmt: skip
    queries.write(db, run.id, people, rows)


def _gone(known: Known, cars: set[int | None]) -> Iterable[dict[str, Any]]:
    """Who sits in one of these cars and takes part no longer: they are left over, whatever becomes of the car."""
    for row in known.rows:
        if row.trip is not None and row.trip in cars and not known.is_here(row.sign_up_id):
            text = {"text": "They take part no longer.", "fix": "Nothing needs to be done."}
            yield {"id": str(row.sign_up_id), "people": row.people, "reason": BY_HAND, "details": text}


def _numbered(
    db: Session, run: Run, number: Mapping[UUID, int], before: Side, after: Side
) -> Iterable[tuple[Trip, int]]:
    """The cars with their numbers: each its own, a new one that of a car that is gone, or the next."""
    own = {trip.driver: number.get(UUID(trip.driver)) for trip in after.trips}
    were = [number[UUID(trip.driver)] for trip in before.trips if UUID(trip.driver) in number]
    free = [one for one in were if one not in own.values()]
    last = queries.numbers(db, run.id)
    for trip in after.trips:
        car = own[trip.driver] or (free.pop(0) if free else None)
        if car is None:
            last += 1
            car = last
        yield trip, car


def _rows(
    run_id: UUID, trip: Trip, number: int, by_hand: bool, parties: Mapping[UUID, int]
) -> Iterable[Planned]:
    """A car as rows, in the way of `api.store.queries.planned`."""
    driver, event = UUID(trip.driver), UUID(trip.event)
    same: dict[str, Any] = {
        "run_id": run_id,
        "trip": number,
        "driver_id": driver,
        "event_id": event,
        "by_hand": by_hand,
    }
    arrives = trip.arrives_at.isoformat() if trip.arrives_at else None
    details: dict[str, Any] = {
        "arrives_at": arrives, "drive_minutes": trip.drive_minutes, "detour_minutes": trip.detour_minutes,
    }  # fmt: skip
    yield Planned(
        **same,
        sign_up_id=driver,
        position=0,
        at=trip.departs_at,
        back_at=trip.home_at,
        details=details,
        people=parties.get(driver, 1),
    )
    drops = {drop.rider: drop.at for drop in trip.back or ()}
    for position, stop in enumerate(trip.stops, 1):
        rider = UUID(stop.rider)
        details = {"place": stop.place, "ride_minutes": stop.ride_minutes}
        yield Planned(
            **same,
            sign_up_id=rider,
            position=position,
            at=stop.at,
            back_at=drops.get(stop.rider),
            details=details,
            people=parties.get(rider, 1),
        )
