"""The few people whom a change by hand is about, read from the database: never the whole day.

People are as they are now, not as they were when the run began: somebody who has cancelled meanwhile is no longer in a
car, and whoever changed their answers is judged by the new ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlmodel import Session

from api.services import constituencies, friends, holds, safety
from api.services.by_road import with_known
from api.services.instances import driver, event_of, rider
from api.services.my_page import first_name
from api.services.reviewing import GONE, NO_EVENT
from api.store.queries import campaigns, planned
from api.store.queries import hands as queries
from api.store.queries import holds as hold_queries
from api.store.queries.sign_ups import Found
from api.store.tables import Campaign, Offer, Planned, Run
from api.store.tables import Event as EventRow
from carpool import Driver, Instance, Rider
from carpool.geo.islands import CROSSING_MINUTES
from carpool.hands import Corner
from carpool.instance import PublishedTrip
from carpool.plan import Stop, Trip


@dataclass(frozen=True)
class Known:
    """A corner with what a coordinator may see of its people, and the rows of the plan that it was read from."""

    corner: Corner
    people: dict[UUID, Found]
    titles: dict[str, str]
    rows: tuple[Planned, ...]
    held: tuple[hold_queries.Held, ...]

    def name(self, sign_up_id: str | UUID | None) -> str:
        """A first name."""
        found = self.people.get(UUID(str(sign_up_id))) if sign_up_id else None
        return first_name(found[1]) if found else GONE

    def title(self, event_id: str | UUID | None) -> str:
        return self.titles.get(str(event_id), NO_EVENT)

    def is_here(self, sign_up_id: UUID) -> bool:
        """Whether somebody still takes part."""
        return str(sign_up_id) in self.corner.instance.index

    def row(self, sign_up_id: UUID) -> Planned | None:
        return next((row for row in self.rows if row.sign_up_id == sign_up_id), None)


def read(db: Session, campaign: Campaign, run: Run, ids: Iterable[UUID]) -> Known:
    """The corner of these sign-ups: everybody in their cars, and whoever travels with one of those."""
    wanted = set(ids)
    rows = queries.around(db, run.id, wanted)
    wanted |= {row.sign_up_id for row in rows}
    if more := queries.mates(db, run.id, wanted) - wanted:
        rows = queries.around(db, run.id, wanted | more)
        wanted |= more | {row.sign_up_id for row in rows}
    people = planned.people(db, wanted)
    events = list(campaigns.events(db, campaign.id, run.day))
    held = hold_queries.of_people(db, campaign.id, run.day, wanted)
    instance = _instance(db, campaign, run, [people[one] for one in sorted(people)], events, held)
    everybody = {row.sign_up_id for row in rows}
    corner = Corner(
        instance,
        tuple(_trips(instance, rows)),
        {str(event): count for event, count in queries.others(db, run.id, everybody).items()},
    )
    titles = {str(event.id): event.title for event in events}
    return Known(corner, people, titles, tuple(rows), tuple(held))


def _instance(
    db: Session,
    campaign: Campaign,
    run: Run,
    people: list[Found],
    events: list[EventRow],
    held: list[hold_queries.Held],
) -> Instance:
    """As `build_instance` has it, of these people alone and without pins."""
    known = constituencies.current(db)
    is_open = {str(event.id) for event in events if event.state == "open"}
    drivers, riders, rows = list[Driver](), list[Rider](), list[Found]()
    for found in people:
        sign_up, _ = found
        chosen = None if sign_up.event_ids is None else tuple(x for x in sign_up.event_ids if x in is_open)
        if chosen == () or not _takes_part(found):
            continue
        rows.append(found)
        if isinstance(sign_up, Offer):
            drivers.append(driver(sign_up, chosen))
        else:
            riders.append(rider(sign_up, chosen))
    ids = {str(sign_up.id) for sign_up, _ in rows}
    never = tuple(pair for pair in safety.apart(db, campaign, rows) if ids.issuperset(pair))
    apart = (*never, *holds.pairs(held, ids))
    instance = Instance(
        events=tuple(
            event_of(
                event, constituencies.event_weight(campaign, known.get(event.constituency), event.weight)
            )
            for event in events
            if event.state == "open"
        ),
        drivers=tuple(drivers),
        riders=tuple(riders),
        minutes_per_volunteer=run.minutes_per_volunteer,
        change_penalty=run.change_penalty,
        crossings=CROSSING_MINUTES,
        apart=apart,
        together=friends.together(db, campaign, rows, apart),
        published=tuple(_published(db, [sign_up.id for sign_up, _ in rows])),
    )
    return with_known(db, instance)


def _takes_part(found: Found) -> bool:
    """Whether somebody would be in a run that began now."""
    sign_up, person = found
    heard = not isinstance(sign_up, Offer) or sign_up.unheard_at is None
    return sign_up.state == "active" and person.confirmed_at is not None and heard


def _published(db: Session, ids: list[UUID]) -> Iterable[PublishedTrip]:
    """What these people were last told. Others of their cars may be named as well; whoever is not here counts nothing."""
    riders: dict[tuple[UUID, UUID], list[str]] = {}
    for driver_id, event_id, rider_id in queries.told(db, ids):
        found = riders.setdefault((driver_id, event_id), [])
        if rider_id is not None:
            found.append(str(rider_id))
    return (PublishedTrip(str(one), str(event), tuple(all_)) for (one, event), all_ in riders.items())


def _trips(instance: Instance, rows: Iterable[Planned]) -> Iterable[Trip]:
    """The cars as they are in the plan, without riders who are gone; not those whose driver or event is gone."""
    for number, group in groupby(rows, lambda row: row.trip):
        if number is None:
            continue
        first, *stops = group
        event, car = str(first.event_id), str(first.sign_up_id)
        if first.position == 0 and car in instance.driver_by_id and event in instance.event_by_id:
            yield Trip(car, event, tuple(_stop(instance, row) for row in stops if _rides(instance, row)))


def _rides(instance: Instance, row: Planned) -> bool:
    return str(row.sign_up_id) in instance.rider_by_id


def _stop(instance: Instance, row: Planned) -> Stop:
    """Where the car stops; somewhere else, if that place is gone from the sign-up."""
    somebody, place = str(row.sign_up_id), (row.details or {}).get("place")
    if (somebody, place) not in instance.place_index:
        rider_ = instance.rider_by_id[somebody]
        place = None if rider_.home_pickup else rider_.places[0].id
    return Stop(somebody, place)
