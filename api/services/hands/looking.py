"""Somebody of a plan as a coordinator looks at them to change something by hand: their car, and other cars for them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.errors import NotFound
from api.services import holds, matching
from api.services.hands import words
from api.services.hands.corner import Known, read
from api.services.hands.views import CarView, EditView, HandsView, HoldView, Option, PersonView, SeatView
from api.services.local import local
from api.store.queries import campaigns, planned
from api.store.queries import hands as queries
from api.store.queries import holds as hold_queries
from api.store.queries.planned import Wanted
from api.store.tables import Campaign, Coordinator, Edit, Hold, Planned
from carpool import Driver
from carpool.errors import CarpoolError
from carpool.hands import Ride, Swap, as_forced, effect, moved
from carpool.pins import pin_faults

MOST_OPTIONS = 6
LONGEST_SEARCH = 40


def person(db: Session, campaign: Campaign, run_id: UUID, sign_up_id: UUID) -> PersonView:
    """Raises `NotFound` for who is not in the plan."""
    run = matching.find_without_plan(db, campaign, run_id)
    known = read(db, campaign, run, [sign_up_id])
    row = known.row(sign_up_id)
    if row is None or sign_up_id not in known.people:
        raise NotFound("This plan has nobody like that.")
    instance = known.corner.instance
    out = any(hold.kind == holds.OUT and sign_up_id in people for hold, people in known.held)
    return PersonView(
        id=sign_up_id,
        name=known.name(sign_up_id),
        district=_district(known, sign_up_id),
        people=row.people,
        may_drive=str(sign_up_id) in instance.driver_by_id,
        is_here=known.is_here(sign_up_id),
        car=_car(known, row) if row.trip is not None else None,
        reason=(row.details or {}).get("text") or "",
        version=run.hands,
        events=tuple((UUID(event.id), known.title(event.id)) for event in instance.events),
        out=out,
    )


def _car(known: Known, row: Planned) -> CarView | None:
    rows = [one for one in known.rows if one.trip == row.trip]
    first = rows[0]
    if first.position != 0 or first.event_id is None:
        return None
    driver = known.corner.instance.driver_by_id.get(str(first.sign_up_id))
    details = first.details or {}
    arrives = details.get("arrives_at")
    pin = next(
        (hold for hold, people in known.held if hold.kind == holds.PIN and people[0] == first.sign_up_id),
        None,
    )
    here = [one for one in rows[1:] if known.is_here(one.sign_up_id)]
    return CarView(
        driver_id=first.sign_up_id,
        driver=known.name(first.sign_up_id),
        event_id=first.event_id,
        event=known.title(first.event_id),
        seats=driver.seats if driver else 0,
        taken=sum(one.people for one in here),
        arrives_at=local(datetime.fromisoformat(arrives)) if arrives else None,
        detour_minutes=round(details.get("detour_minutes") or 0),
        riders=tuple(_seat(known, one) for one in rows[1:]),
        me=_seat(known, first),
        pinned=pin is not None,
        forced=pin is not None and pin.force,
    )


def _seat(known: Known, row: Planned) -> SeatView:
    details = row.details or {}
    return SeatView(
        id=row.sign_up_id,
        name=known.name(row.sign_up_id),
        district=_district(known, row.sign_up_id),
        people=row.people,
        drives=row.position == 0,
        at=local(row.at) if row.at else None,
        minutes=round(details.get("drive_minutes") or details.get("ride_minutes") or 0),
        back_at=None,
        is_here=known.is_here(row.sign_up_id),
    )


def _district(known: Known, sign_up_id: UUID) -> str:
    found = known.people.get(sign_up_id)
    return found[0].postcode.split()[0] if found else ""


def options(
    db: Session, campaign: Campaign, run_id: UUID, sign_up_id: UUID, search: str = "", swap: bool = False
) -> tuple[Option, ...]:
    """Other cars with what it would do to go in them, best first; with `swap`, drivers to change places with.

    Without a `search` for a name or postcode: those that go round least, or live nearest.
    """
    run = matching.find_without_plan(db, campaign, run_id)
    row = next(
        (one for one in queries.around(db, run.id, [sign_up_id]) if one.sign_up_id == sign_up_id), None
    )
    found = planned.people(db, [sign_up_id]).get(sign_up_id)
    if row is None or found is None:
        return ()
    wanted = search.strip()[:LONGEST_SEARCH].replace("\0", "")
    if wanted:
        _, rows = planned.trips(db, run.id, Wanted(search=wanted, most=MOST_OPTIONS))
        cars = [one.sign_up_id for one in rows if one.position == 0]
    else:
        people = None if swap else row.people
        mine = [one for one in (row.driver_id, sign_up_id) if one is not None]
        cars = queries.cars(db, run.id, (found[0].lat, found[0].lon), people, mine, MOST_OPTIONS)
    known = read(db, campaign, run, [sign_up_id, *cars])
    each = [_option(known, sign_up_id, car, swap) for car in cars if car not in (sign_up_id, row.driver_id)]
    return tuple(sorted((one for one in each if one), key=lambda one: (bool(one.broken), -one.score)))


def _option(known: Known, who: UUID, car: UUID, swap: bool) -> Option | None:
    trip = known.corner.trip_of(str(car))
    if trip is None or not known.is_here(who) or not known.is_here(car):
        return None
    move = Swap(str(who), str(car)) if swap else Ride(str(who), str(car))
    two = known.corner.only((str(who), str(car)))
    old = tuple(str(people[0]) for hold, people in known.held if hold.kind == holds.PIN and hold.force)
    try:
        found = effect(two, *as_forced(two, moved(two, move), old, more=False))
    except CarpoolError:
        return None
    driver: Driver = known.corner.instance.driver_by_id[str(car)]
    taken = sum(known.corner.instance.rider_by_id[rider].party for rider in trip.riders)
    return Option(
        driver_id=car,
        driver=known.name(car),
        district=_district(known, car),
        event=known.title(trip.event),
        free=driver.seats - taken,
        score=found.score,
        minutes=round(found.minutes),
        broken=words.broken(known, found.broken[0], found.after) if found.broken else "",
        forceable=found.forceable,
    )


def hands(db: Session, campaign: Campaign, run_id: UUID) -> HandsView:
    """What was done by hand to a plan, and what is held for the day."""
    run = matching.find_without_plan(db, campaign, run_id)
    made = queries.edits(db, run.id)
    held = hold_queries.of_day(db, campaign.id, run.day)
    named = {one for edit in made for one in (edit.who, edit.other) if one is not None}
    named |= {one for _, people in held for one in people}
    known = read(db, campaign, run, named)
    who = _coordinators(db, made, held)
    edits = [_edit(known, edit, who) for edit in made]
    stand = [edit for edit in edits if not edit.undone]
    undone = [edit for edit in edits if edit.undone]
    return HandsView(
        version=run.hands,
        edits=tuple(reversed(edits)),
        holds=tuple(_hold(known, hold, people, who) for hold, people in held),
        undo=stand[-1] if stand else None,
        redo=undone[0] if undone else None,
    )


def turns(db: Session, campaign: Campaign, run_id: UUID) -> tuple[EditView | None, EditView | None]:
    """The change that can be undone, and the one that can be done again."""
    stand, undone = (queries.edits(db, run_id, undone=one) for one in (False, True))
    if not stand and not undone:
        return None, None
    ends = [stand[-1:], undone[:1]]
    run = matching.find_without_plan(db, campaign, run_id)
    found = [edit for each in ends for edit in each]
    known = read(
        db, campaign, run, {one for edit in found for one in (edit.who, edit.other) if one is not None}
    )
    who = _coordinators(db, found, [])
    undo, redo = (_edit(known, each[0], who) if each else None for each in ends)
    return undo, redo


def _coordinators(
    db: Session, made: Sequence[Edit], held: Iterable[hold_queries.Held]
) -> dict[UUID, Coordinator]:
    ids = {one for edit in made for one in (edit.coordinator_id, edit.changed_by)}
    ids |= {hold.made_by for hold, _ in held}
    found = (campaigns.coordinator_by_id(db, one) for one in ids)
    return {one.id: one for one in found if one is not None}


def _edit(known: Known, edit: Edit, who: dict[UUID, Coordinator]) -> EditView:
    done = words.said(words.DONE[edit.kind], known, edit.who, edit.other, edit.event_id)
    return EditView(
        id=edit.id,
        words=done[0].upper() + done[1:],
        by=who[edit.coordinator_id].name,
        at=local(edit.made_at),
        undone=edit.undone,
        undone_by=who[edit.changed_by].name if edit.undone else "",
        score=edit.score,
        people=edit.people,
        reason=edit.reason or "",
    )


def _hold(known: Known, hold: Hold, people: Sequence[UUID], who: dict[UUID, Coordinator]) -> HoldView:
    names = [known.name(one) for one in people]
    riders = ", ".join(names[1:])
    car = f"{names[0]} drives to “{known.title(hold.event_id)}”" if names else ""
    said = {
        "pin": f"{car}, with {riders}" if riders else car,
        "apart": " and ".join(names) + " do not share a car",
        "out": f"{names[0] if names else ''} stays out of every plan",
    }
    exact = hold.full and not hold.force
    return HoldView(
        id=hold.id,
        kind=hold.kind,
        words=said[hold.kind]
        + (" and nobody else" if exact else "")
        + (", exactly so" if hold.force else ""),
        by=who[hold.made_by].name,
        reason=hold.reason or "",
        fault=_fault(known, hold, people),
    )


def _fault(known: Known, hold: Hold, people: Sequence[UUID]) -> str:
    """Why later runs cannot keep to it any more; "" if they can, as far as these people alone show."""
    gone = [known.name(one) for one in people if not known.is_here(one)]
    if gone:
        takes = "takes" if len(gone) == 1 else "take"
        rest = (
            ", so this does nothing any more"
            if hold.kind != holds.PIN or not known.is_here(people[0])
            else ""
        )
        return f"{' and '.join(gone)} {takes} part no longer{rest}."
    if hold.kind != holds.PIN:
        return ""
    pin = holds.pin_of(hold, people, known.corner.instance)
    if pin is None:
        return "The event is not on any more, so this does nothing any more."
    faults = pin_faults(replace(known.corner.instance, pinned=(pin,)))
    return (
        "It breaks a rule by now, so runs leave it out. Take it off, or change it by hand." if faults else ""
    )
