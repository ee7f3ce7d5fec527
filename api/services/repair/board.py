"""The board of a day: who has no way home, what waits for an answer, and the cars under way, late ones on top."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from math import ceil, cos, radians
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.services.colleagues import name_of
from api.services.local import local, now
from api.services.repair.board_views import Board, CarOnTheRoad, Past, Place, Proposal, Stranded
from api.store.queries import board as queries
from api.store.queries import campaigns, public_places
from api.store.queries import repairs as repair_queries
from api.store.queries.board import NoWayHome, OnTheRoad
from api.store.tables import Campaign, Event, Repair
from carpool.geo import place as geo

CARS_A_PAGE = 50
MOST_STRANDED = 50
MOST_LINES = 30
"""Of a proposal so many lines are shown; how many more there are is said."""
STATION_KM = 15.0
KILOMETRES_A_DEGREE = 111.2
WALK_MINUTES_PER_KM = 15


def board(db: Session, campaign: Campaign, day: date, state: str = "", page: int = 1) -> Board:
    """What there is to see now. `state` shows cars of that state alone."""
    moment = now()
    counts = queries.count_under_way(db, campaign.id, day, moment)
    count = counts.get(state, 0) if state in queries.STATES else sum(counts.values())
    pages = max(1, ceil(count / CARS_A_PAGE))
    page = min(max(1, page), pages)
    cars = queries.under_way(
        db, campaign.id, day, moment, state, limit=CARS_A_PAGE, offset=(page - 1) * CARS_A_PAGE
    )
    over = ("published", "refused", "lapsed", "failed")
    return Board(
        stranded=_stranded(db, queries.without_way_home(db, campaign.id, day, MOST_STRANDED)),
        proposals=tuple(_proposals(db, repair_queries.of_day(db, campaign.id, day, "waiting"))),
        past=tuple(_past(db, one) for one in repair_queries.of_day(db, campaign.id, day, *over, most=5)),
        searching=bool(repair_queries.of_day(db, campaign.id, day, "queued", "running", most=1)),
        cars=_cars(db, cars),
        counts=counts,
        state=state if state in queries.STATES else "",
        page=page,
        pages=pages,
    )


def short_name(name: str) -> str:
    """First name and initial: Rafi R."""
    first, *more = name.split() or [name]
    return f"{first} {more[-1][0].upper()}." if more else first


def station(db: Session, event: Event) -> tuple[str, int]:
    """The nearest station to an event that we know, and the minutes on foot; empty if there is none around."""
    high = STATION_KM / KILOMETRES_A_DEGREE
    wide = high / cos(radians(event.lat))
    near = public_places.stations(db, event.lat - high, event.lon - wide, event.lat + high, event.lon + wide)
    here = geo.Place(event.lat, event.lon)
    found = sorted((geo.kilometres(here, geo.Place(one.lat, one.lon)), one.name) for one in near)
    if not found or found[0][0] > STATION_KM:
        return "", 0
    return found[0][1], max(1, round(found[0][0] * WALK_MINUTES_PER_KM))


def _stranded(db: Session, rows: Iterable[NoWayHome]) -> tuple[Stranded, ...]:
    known: dict[UUID, tuple[str, int]] = {}
    found = []
    for row in rows:
        if row.event.id not in known:
            known[row.event.id] = station(db, row.event)
        name, minutes = known[row.event.id]
        found.append(
            Stranded(
                row.request_id, short_name(row.name), row.people, row.postcode.split()[0], row.why,
                row.arrived, row.event.title, local(row.event.ends_at), name, minutes,
            )
        )  # fmt: skip
    return tuple(found)


def _cars(db: Session, rows: list[OnTheRoad]) -> tuple[CarOnTheRoad, ...]:
    riders = queries.riders_of(db, [row.lift.id for row in rows])
    return tuple(
        CarOnTheRoad(
            id=row.lift.id,
            state=row.state,
            driver=short_name(row.driver),
            car=row.car,
            plate=row.plate,
            event=row.event,
            departs_at=local(row.lift.departs_at),
            expected_at=local(row.lift.arrives_at + timedelta(minutes=row.lift.late_minutes)),
            late_minutes=row.lift.late_minutes,
            ends_at=local(row.ends_at),
            home_at=local(row.lift.home_at) if row.lift.home_at else None,
            riders=tuple(_with_party(name, party) for name, party in riders.get(row.lift.id, ())),
        )
        for row in rows
    )


def _with_party(name: str, party: int) -> str:
    return f"{short_name(name)} +{party - 1}" if party > 1 else short_name(name)


def _proposals(db: Session, repairs: Iterable[Repair]) -> Iterable[Proposal]:
    for repair in repairs:
        effect: Mapping[str, Any] = repair.effect or {}
        gets, moves, home = (list(effect.get(part, ())) for part in ("gets", "moves", "home"))
        shown = [*gets[:MOST_LINES], *moves[:MOST_LINES], *home[:MOST_LINES]]
        names = repair_queries.names(db, {UUID(row[key]) for row in shown for key in ("who", "driver")})
        titles = {
            str(event.id): event.title for event in campaigns.events(db, repair.campaign_id, repair.day)
        }
        yield Proposal(
            id=repair.id,
            cause=repair.cause,
            created_at=local(repair.created_at),
            answer_by=local(repair.answer_by or repair.created_at),
            gets=tuple(_place(row, names, titles) for row in gets[:MOST_LINES]),
            moves=tuple(_place(row, names, titles) for row in moves[:MOST_LINES]),
            home=tuple(_place(row, names, titles) for row in home[:MOST_LINES]),
            out=len(effect.get("out", ())),
            more=sum(max(0, len(rows) - MOST_LINES) for rows in (gets, moves, home)),
        )


def _place(row: Mapping[str, str], names: Mapping[UUID, str], titles: Mapping[str, str]) -> Place:
    gone = "somebody who is gone"
    return Place(
        who=short_name(names.get(UUID(row["who"]), gone)),
        driver=short_name(names.get(UUID(row["driver"]), gone)),
        event=titles.get(row["event"], "an event that is gone"),
        at=local(datetime.fromisoformat(row["at"])),
        drives=row["who"] == row["driver"],
    )


def _past(db: Session, repair: Repair) -> Past:
    who = name_of(db, repair.answered_by, "")
    at = repair.finished_at or repair.created_at
    return Past(repair.id, repair.cause, repair.state, who, local(at), repair.error or "")
