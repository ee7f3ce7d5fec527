"""Who arrives when at an event, who has come, and who needs a way home: the board of its hosts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from api.errors import NotFound
from api.services import campaigns, constituencies, hosting, ways_home
from api.services.host_views import Board, CarView, EventArrivals
from api.services.local import local
from api.services.ways_home import Ticks, guest
from api.store.queries import arrival_counts
from api.store.queries import arrivals as queries
from api.store.queries import campaigns as campaign_queries
from api.store.queries.arrival_counts import NOBODY
from api.store.queries.arrivals import CarRow, Kind
from api.store.tables import Campaign, Event, Host

__all__ = ["Kind", "board", "board_of", "boards", "cars_of", "of_day"]


def board(db: Session, host: Host) -> Board:
    """The host's event while its page is open. Raises `NotOpen`."""
    event = hosting.open_event_of(db, host)
    campaign = campaign_queries.by_id(db, event.campaign_id)
    if campaign is None:
        raise NotFound
    return boards(db, campaign, [event])[0]


def board_of(db: Session, campaign: Campaign, event_id: UUID) -> Board:
    """The same for the campaign's coordinators, at any time."""
    event = campaign_queries.event_by_id(db, campaign.id, event_id)
    if event is None:
        raise NotFound("This campaign has no such event.")
    return boards(db, campaign, [event])[0]


def of_day(
    db: Session, campaign: Campaign, day: date, only: Collection[UUID] | None = None
) -> list[EventArrivals]:
    """Figures of the day's open events that somebody drives to, or of `only` some, whether or not; counted by the database."""
    found, known = arrival_counts.counts(db, campaign.id, day, only), constituencies.current(db)
    if only is not None:
        found = dict.fromkeys(only, NOBODY) | found
    return [
        EventArrivals(campaigns.event_view(event, known), its.people, its.arrived, its.missing, its.stranded)
        for event in campaign_queries.events(db, campaign.id, day)
        if (its := found.get(event.id)) is not None
    ]


def boards(db: Session, campaign: Campaign, events: Sequence[Event]) -> list[Board]:
    """The boards of some events. The number of statements does not grow with them."""
    ids = [event.id for event in events]
    rows, ticks = queries.cars(db, ids), queries.ticks(db, ids)
    lost = queries.without_car(db, ids)
    known = constituencies.current(db)
    apart = ways_home.apart(db, campaign, rows, [(request, person) for _, request, person in lost])
    found = []
    for event in events:
        cars = [row for row in rows if row.lift.event_id == event.id]
        mine = [each for each in lost if each[0].event_id == event.id]
        opens_at, closes_at = hosting.window(event)
        stranded, others = ways_home.stranded(event, cars, mine, ticks, apart)
        found.append(
            Board(
                campaign=campaigns.view(campaign),
                event=campaigns.event_view(event, known),
                phone=campaign.phone,
                stranded=stranded,
                cars=cars_of(cars, ticks),
                others=others,
                opens_at=opens_at,
                closes_at=closes_at,
            )
        )
    return found


def cars_of(rows: Iterable[CarRow], ticks: Ticks) -> tuple[CarView, ...]:
    """In the order in which they are expected."""
    views = [_car(row, ticks) for row in rows]
    return tuple(sorted(views, key=lambda car: (car.expected_at, car.driver.name, str(car.id))))


def _car(row: CarRow, ticks: Ticks) -> CarView:
    lift = row.lift
    return CarView(
        id=lift.id,
        car=row.offer.car,
        plate=row.offer.plate,
        expected_at=local(lift.arrives_at + timedelta(minutes=lift.late_minutes)),
        late_minutes=lift.late_minutes,
        seats=row.offer.seats,
        driver=guest(lift.event_id, row.offer, row.driver, ticks),
        riders=tuple(guest(lift.event_id, request, person, ticks) for _, request, person in row.riders),
    )
