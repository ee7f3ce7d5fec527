"""A day's people counted by district, event, access needs and hour in one pass over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Row, and_, bindparam, cast, func, not_, text
from sqlalchemy import select as pick
from sqlmodel import Session

from api.store.queries.day_people import Wanted, conditions, everybody, has_lift

HOURS = 24
_x = everybody
_drives, _rides = _x.role == "driver", _x.role != "driver"
_needy = func.jsonb_array_length(_x.needs) > text("0")
_midnight: Any = bindparam("midnight")


def _hour(moment: Any, otherwise: int) -> Any:
    """The hour of the day in which a moment lies; of one before the day 0, and so on."""
    passed = func.floor(func.extract("epoch", moment - _midnight) / text("3600"))
    return cast(func.least(func.greatest(func.coalesce(passed, otherwise), 0), HOURS), Integer)


_from = _hour(_x.ready_at, 0).label("from_hour")
_until = _hour(_x.home_by, HOURS).label("until_hour")


@dataclass(frozen=True)
class DaySums:
    """Rows of counts: `drivers` and `requests` are sign-ups, `seats` of drivers, `riders` the people who ask and `riding` those
    of them with a lift, all of confirmed ones; `placed` are people with a lift, `offers` and `asked` all sign-ups.

    `needs` has one row for people without access needs and one for those with. `begin` and `end`: hour → those who are
    ready from it, or want to be home in it.
    """

    total: Row[Any]
    districts: Sequence[Row[Any]]
    events: Mapping[UUID, int]
    needs: Mapping[bool, Row[Any]]
    begin: Mapping[int, Row[Any]]
    end: Mapping[int, Row[Any]]


def sums(db: Session, campaign_id: UUID, day: date, midnight: datetime, wanted: Wanted) -> DaySums:
    """Those wanted, counted in every way. `midnight`: when the day begins."""
    inner = pick(
        _x.district, _x.event_id, _needy.label("needy"), _from, _until, _x.party, _x.seats, _x.confirmed,
        _drives.label("drives"), has_lift.label("placed"),
    ).where(*conditions(wanted))  # fmt: skip
    one = inner.subquery("one").c
    proven, drives = one.confirmed, one.drives
    ways = func.grouping(one.district, one.event_id, one.needy, one.from_hour, one.until_hour)
    found = pick(
        ways.label("way"), one.district, one.event_id, one.needy, one.from_hour, one.until_hour,
        func.count().filter(drives).label("offers"),
        func.count().filter(not_(drives)).label("asked"),
        func.count().filter(drives, proven).label("drivers"),
        func.count().filter(not_(drives), proven).label("requests"),
        func.coalesce(func.sum(one.seats).filter(proven), 0).label("seats"),
        func.coalesce(func.sum(one.party).filter(proven), 0).label("people"),
        func.coalesce(func.sum(one.party).filter(not_(drives), proven), 0).label("riders"),
        func.coalesce(func.sum(one.party).filter(and_(one.placed, proven), not_(drives)), 0).label("riding"),
        func.coalesce(func.sum(one.party).filter(one.placed), 0).label("placed"),
    )  # fmt: skip
    names = ("district", "event_id", "needy", "from_hour", "until_hour")
    sets = ", ".join(f"(one.{name})" for name in names)
    grouped = found.group_by(text(f"GROUPING SETS ({sets}, ())"))
    values = {"campaign": campaign_id, "day": day, "midnight": midnight}
    ways_of: dict[int, list[Row[Any]]] = {}
    for row in db.connection().execute(grouped, values).all():
        ways_of.setdefault(row.way, []).append(row)
    by = {name: ways_of.get(_MASK - (1 << (len(names) - 1 - at)), []) for at, name in enumerate(names)}
    return DaySums(
        total=ways_of[_MASK][0],
        districts=sorted((row for row in by["district"] if row.people), key=lambda row: row.district),
        events={row.event_id: int(row.placed) for row in by["event_id"] if row.event_id is not None},
        needs={row.needy: row for row in by["needy"]},
        begin={row.from_hour: row for row in by["from_hour"]},
        end={row.until_hour: row for row in by["until_hour"]},
    )


_MASK = 0b11111
"""Of a row that is grouped by nothing: each bit says that a column is not what it is grouped by."""
