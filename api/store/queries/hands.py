"""Plans as coordinators change them by hand: the few rows that a change is about, and what was changed so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, cast, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, func, select, text, update

from api.store.tables import Edit, Friend, Hold, HoldPerson, Lift, LiftStop, Offer, Planned, Request, Run

# The seats of whoever drives, and where they live: an offer's, or those of somebody who rides or drives.
CARS = """
WITH riding AS (
  SELECT trip, sum(people) FILTER (WHERE position > 0) AS people FROM planned
  WHERE run_id = :run_id AND trip IS NOT NULL GROUP BY trip),
car AS (
  SELECT p.sign_up_id AS id, p.trip, coalesce(r.people, 0) AS riding, coalesce(o.seats, (q.can_drive->>'seats')::int) AS seats,
    coalesce(o.lat, q.lat) AS lat, coalesce(o.lon, q.lon) AS lon, e.lat AS to_lat, e.lon AS to_lon
  FROM planned p JOIN riding r ON r.trip = p.trip JOIN event e ON e.id = p.event_id
    LEFT JOIN offer o ON o.id = p.sign_up_id LEFT JOIN request q ON q.id = p.sign_up_id
  WHERE p.run_id = :run_id AND p.position = 0)
SELECT id FROM car, (SELECT CAST(:lat AS float) AS a, CAST(:lon AS float) AS b) here
WHERE {which} AND id <> ALL(CAST(:without AS uuid[]))
ORDER BY {far} LIMIT :most
"""
SUMS = """
SELECT count(*), coalesce(sum(score), 0), coalesce(sum(people), 0), coalesce(sum(cars), 0), coalesce(sum(riders), 0),
  coalesce(sum("left"), 0)
FROM edit WHERE run_id = :run_id AND NOT undone
"""
AWAY = "sqrt(power({0} - {2}, 2) + power(0.62 * ({1} - {3}), 2))"
"""Degrees between two places: in Britain one of longitude is about 0.62 of one of latitude."""
ROUND = (
    f"{AWAY.format('lat', 'lon', 'a', 'b')} + {AWAY.format('a', 'b', 'to_lat', 'to_lon')}"
    f" - {AWAY.format('lat', 'lon', 'to_lat', 'to_lon')}, id"
)
NEAR = f"{AWAY.format('lat', 'lon', 'a', 'b')}, id"


ERASED = "(erased)"


@dataclass(frozen=True)
class Sums:
    """What all changes by hand that stand have done to a plan's figures together."""

    changes: int = 0
    score: float = 0.0
    people: int = 0
    cars: int = 0
    riders: int = 0
    left: int = 0


def around(db: Session, run_id: UUID, ids: Iterable[UUID]) -> list[Planned]:
    """These sign-ups in the plan, with everybody who is in a car with one of them, by car and stop."""
    wanted = list(ids)
    mine = aliased(Planned)
    trips = select(mine.trip).where(mine.run_id == run_id, col(mine.sign_up_id).in_(wanted))
    found = select(Planned).where(
        Planned.run_id == run_id, or_(col(Planned.sign_up_id).in_(wanted), col(Planned.trip).in_(trips))
    )
    found = found.order_by(col(Planned.trip), col(Planned.position), col(Planned.sign_up_id))
    return list(db.exec(found.execution_options(populate_existing=True)).all())


def others(db: Session, run_id: UUID, without: Iterable[UUID]) -> dict[UUID, int]:
    """How many people the plan brings to each event beside these."""
    found = select(Planned.event_id, func.sum(Planned.people)).where(
        Planned.run_id == run_id,
        col(Planned.trip).is_not(None),
        col(Planned.sign_up_id).not_in(list(without)),
    )
    rows = db.exec(found.group_by(col(Planned.event_id))).all()
    return {event_id: int(people) for event_id, people in rows if event_id is not None}


def mates(db: Session, run_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """The sign-ups of this plan whose people travel together with those of these sign-ups."""
    wanted = list(ids)
    mine, theirs = aliased(Friend), aliased(Friend)
    found = set[UUID]()
    people = [
        *db.exec(select(Offer.person_id).where(col(Offer.id).in_(wanted))).all(),
        *db.exec(select(Request.person_id).where(col(Request.id).in_(wanted))).all(),
    ]
    groups = select(mine.group_id).where(col(mine.person_id).in_(people))
    group = select(theirs.person_id).where(col(theirs.group_id).in_(groups))
    for table in (Offer, Request):
        rows = select(table.id).join(Planned, col(Planned.sign_up_id) == col(table.id))
        rows = rows.where(Planned.run_id == run_id, col(table.person_id).in_(group))
        found |= set(db.exec(rows).all())
    return found


def told(db: Session, ids: Iterable[UUID]) -> list[tuple[UUID, UUID, UUID | None]]:
    """Driver, event and rider of the lifts that stand and have one of these in them; of each driver once without a rider."""
    wanted = list(ids)
    riders = select(Lift.offer_id, Lift.event_id, LiftStop.request_id).join(
        LiftStop, col(LiftStop.lift_id) == col(Lift.id)
    )
    riders = riders.where(Lift.state == "published", LiftStop.state == "published")
    riders = riders.where(or_(col(LiftStop.request_id).in_(wanted), col(Lift.offer_id).in_(wanted)))
    drivers = select(Lift.offer_id, Lift.event_id).where(
        Lift.state == "published", col(Lift.offer_id).in_(wanted)
    )
    found: list[tuple[UUID, UUID, UUID | None]] = [
        (one, event, None) for one, event in db.exec(drivers).all()
    ]
    return [*found, *((one, event, rider) for one, event, rider in db.exec(riders).all())]


def cars(
    db: Session, run_id: UUID, at: tuple[float, float], people: int | None, without: Iterable[UUID], most: int
) -> list[UUID]:
    """The drivers of the cars with `people` seats left that go round least by way of a place; None: who live nearest."""
    which, far = ("seats - riding >= :people", ROUND) if people is not None else (":people = 0", NEAR)
    values: dict[str, Any] = {
        "run_id": run_id,
        "lat": at[0],
        "lon": at[1],
        "people": people or 0,
        "most": most,
    }
    rows = db.connection().execute(
        text(CARS.format(which=which, far=far)), values | {"without": [str(one) for one in without]}
    )
    return [row[0] for row in rows.all()]


def lock(db: Session, run_id: UUID) -> int | None:
    """Take the plan for the rest of the transaction; its new version, None if it can no longer be changed."""
    taken = update(Run).where(col(Run.id) == run_id, col(Run.state) == "done")
    row = db.exec(taken.values(hands=Run.hands + 1).returning(col(Run.hands))).first()
    return int(row[0]) if row else None


def edits(db: Session, run_id: UUID, undone: bool | None = None) -> list[Edit]:
    """In their order; `undone`: only those that are, or are not."""
    found = select(Edit).where(Edit.run_id == run_id)
    if undone is not None:
        found = found.where(Edit.undone == undone)
    return list(db.exec(found.order_by(col(Edit.position)).execution_options(populate_existing=True)).all())


def since(db: Session, run_id: UUID, version: int, ids: Iterable[UUID]) -> Edit | None:
    """The newest change after that version that is about one of these."""
    found = select(Edit).where(Edit.run_id == run_id, Edit.version > version)
    found = found.where(col(Edit.who_all).op("?|")(cast([str(one) for one in ids], ARRAY(String))))
    return db.exec(found.order_by(col(Edit.version).desc())).first()


def sums(db: Session, run_id: UUID) -> Sums:
    """What the changes that stand come to."""
    row = db.connection().execute(text(SUMS), {"run_id": run_id}).one()
    return Sums(row[0], row[1], *(int(number) for number in row[2:]))


def drop_undone(db: Session, run_id: UUID) -> None:
    """What was undone cannot be done again once something else was."""
    db.exec(delete(Edit).where(col(Edit.run_id) == run_id, col(Edit.undone) == True))  # noqa: E712


def numbers(db: Session, run_id: UUID) -> int:
    """The highest number of a car."""
    return db.exec(select(func.max(Planned.trip)).where(Planned.run_id == run_id)).one() or 0


def write(db: Session, run_id: UUID, gone: Iterable[UUID], rows: Sequence[Planned]) -> None:
    """Put these rows in the place of those of `gone`. The database refuses a second place, and more people than seats."""
    out = delete(Planned).where(col(Planned.run_id) == run_id, col(Planned.sign_up_id).in_(list(gone)))
    db.exec(out)
    db.expire_all()
    db.add_all(rows)
    db.flush()


def forget(db: Session, sign_up_ids: Iterable[UUID]) -> None:
    """Whoever is erased is held no more, and why somebody was moved is free text: it goes with whom it is about."""
    ids = list(sign_up_ids)
    named = cast([str(one) for one in ids], ARRAY(String))
    theirs = select(HoldPerson.hold_id).where(col(HoldPerson.sign_up_id).in_(ids))
    empty = theirs.where(or_(col(HoldPerson.position) == 0, col(HoldPerson.kind) != "pin"))
    db.exec(update(Edit).where(col(Edit.who_all).op("?|")(named), col(Edit.forced)).values(reason=ERASED))
    db.exec(update(Hold).where(col(Hold.id).in_(theirs), col(Hold.reason).is_not(None)).values(reason=ERASED))
    db.exec(delete(Hold).where(col(Hold.id).in_(empty)))
    db.exec(delete(HoldPerson).where(col(HoldPerson.sign_up_id).in_(ids)))
