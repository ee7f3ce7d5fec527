"""Who needs a way home from an event and has none, and which of the cars there could take them.

A car could: its driver is not missing and drives back, it has seats free then, what the rider needs is in it, nobody in it
wants other company or is kept apart from the rider, and the way by the rider's is no longer than the driver's detours may be.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from api.services import safety
from api.services.host_views import FreeCar, Guest, Stranded
from api.services.my_page import first_name
from api.store.queries.arrivals import CarRow
from api.store.tables import Arrival, Campaign, Event, Offer, Person, Request
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.place import Place
from carpool.geo.travel import road_minutes

MOST_CARS = 3

Ticks = Mapping[tuple[UUID, UUID], Arrival]
"""By event and sign-up."""
Apart = frozenset[frozenset[str]]
"""Pairs of sign-ups that must not share a car."""
Lost = tuple[Arrival, Request, Person]


def apart(
    db: Session, campaign: Campaign, rows: Sequence[CarRow], others: Iterable[tuple[Request, Person]]
) -> Apart:
    """Who must not share a car, among all who come."""
    everybody: list[tuple[Offer | Request, Person]] = [*others]
    for row in rows:
        everybody.append((row.offer, row.driver))
        everybody += [(request, person) for _, request, person in row.riders]
    return frozenset(frozenset(pair) for pair in safety.apart(db, campaign, everybody))


def stranded(
    event: Event,
    cars: Sequence[CarRow],
    lost: Sequence[Lost],
    ticks: Ticks,
    apart: Apart,
    taken: Collection[UUID] = (),
) -> tuple[tuple[Stranded, ...], tuple[Guest, ...]]:
    """Who needs a way home, those who have come first; and who had a lift, has none, and is not there yet or is `taken` home
    by somebody."""
    found: list[Stranded] = []
    for row in cars:
        for stop, request, person in row.riders:
            who = guest(event.id, request, person, ticks)
            is_driver_missing = state_of(event.id, row.offer, ticks) == "no_show"
            holds = stop.drop_at is not None and row.lift.home_at is not None
            if (
                request.id in taken
                or who.state == "no_show"
                or not request.way_back
                or (holds and not is_driver_missing)
            ):
                continue
            why = "driver_missing" if is_driver_missing else "no_way_back"
            free = _free_cars(event, [x for x in cars if x is not row], request, ticks, apart)
            found.append(Stranded(who, why, short_name(row.driver), _district(request), free))
    others: list[Guest] = []
    for arrival, request, person in lost:
        who = guest(event.id, request, person, ticks)
        if (
            request.id not in taken
            and request.way_back
            and (who.state == "arrived" or (who.state == "expected" and arrival.on_the_way))
        ):
            free = _free_cars(event, cars, request, ticks, apart)
            found.append(Stranded(who, "no_car", "", _district(request), free))
        else:
            others.append(who)
    return tuple(sorted(found, key=lambda one: (one.guest.state != "arrived", one.guest.name))), tuple(others)


def guest(event_id: UUID, sign_up: Offer | Request, person: Person, ticks: Ticks) -> Guest:
    return Guest(
        id=sign_up.id,
        kind="driver" if isinstance(sign_up, Offer) else "rider",
        name=short_name(person),
        people=sign_up.party,
        state=state_of(event_id, sign_up, ticks),
    )


def state_of(event_id: UUID, sign_up: Offer | Request, ticks: Ticks) -> str:
    tick = ticks.get((event_id, sign_up.id))
    return tick.state if tick else "expected"


def short_name(person: Person) -> str:
    """First name and initial: Rafi R."""
    _, *more = person.name.split()
    return f"{first_name(person)} {more[-1][0].upper()}." if more else first_name(person)


def _district(sign_up: Offer | Request) -> str:
    """Where somebody goes home to, no finer than this."""
    return sign_up.postcode.split()[0]


def _free_cars(
    event: Event, cars: Iterable[CarRow], rider: Request, ticks: Ticks, apart: Apart
) -> tuple[FreeCar, ...]:
    """Those that could take the rider, the smallest detour first."""
    found = []
    for row in cars:
        extra = _detour(event, row.offer, rider)
        free = _free_seats(row, ticks)
        if free >= rider.party and extra <= row.offer.max_detour_minutes and _suits(row, rider, ticks, apart):
            is_here = state_of(event.id, row.offer, ticks) == "arrived"
            offer = row.offer
            car = FreeCar(short_name(row.driver), offer.car, offer.plate, free, _district(offer), is_here)
            found.append((not is_here, extra, str(offer.id), car))
    return tuple(car for *_, car in sorted(found, key=lambda one: one[:3])[:MOST_CARS])


def _free_seats(row: CarRow, ticks: Ticks) -> int:
    """Seats free on the way back; none where the driver does not drive back or is missing."""
    if row.lift.home_at is None or state_of(row.lift.event_id, row.offer, ticks) == "no_show":
        return 0
    return row.offer.seats - sum(request.party for request in _going_back(row, ticks))


def _going_back(row: CarRow, ticks: Ticks) -> list[Request]:
    """Riders whose way back is this car."""
    return [
        request
        for stop, request, _ in row.riders
        if stop.drop_at is not None and state_of(row.lift.event_id, request, ticks) != "no_show"
    ]


def _suits(row: CarRow, rider: Request, ticks: Ticks, apart: Apart) -> bool:
    riders = _going_back(row, ticks)
    for other in (row.offer, *riders):
        if frozenset((str(other.id), str(rider.id))) in apart:
            return False
        if not set(other.company) <= set(rider.traits) or not set(rider.company) <= set(other.traits):
            return False
    return all(
        row.offer.offers.get(need, 0) > sum(need in other.needs for other in riders) for need in rider.needs
    )


def _detour(event: Event, offer: Offer, rider: Request) -> float:
    """By how many minutes the way home is longer by the rider's."""
    start, by, home = (_place(one) for one in (event, rider, offer))
    return (
        road_minutes(start, by, CROSSING_MINUTES)
        + road_minutes(by, home, CROSSING_MINUTES)
        - road_minutes(start, home, CROSSING_MINUTES)
    )


def _place(row: Event | Offer | Request) -> Place:
    return Place(row.lat, row.lon, row.island)
