"""Published lifts when life changes them: who cancels hears that once, and the others are told at once."""

from collections.abc import Iterable

from sqlmodel import Session

from api.errors import Conflict
from api.language import gettext
from api.services import my_page, outbox
from api.services.local import now
from api.services.my_page import first_name
from api.services.repair import begun, own_car
from api.store.queries import arrivals, sign_ups, ways_home
from api.store.queries import lifts as queries
from api.store.tables import Lift, Offer, Person, Request


def cancel(db: Session, sign_up: Offer | Request, person: Person) -> None:
    """Take an offer or a request out of everything. Of two presses one does it, and the other changes nothing."""
    queries.lock_day(db, sign_up.campaign_id, sign_up.day)
    if not sign_ups.set_state(db, sign_up, "active", "cancelled"):
        return
    outbox.queue(
        db,
        person.id,
        sign_up.campaign_id,
        "cancelled_by_you",
        key=f"cancelled:{sign_up.id}",
        subject_id=sign_up.id,
    )
    give_up(db, sign_up, person)


def give_up(db: Session, sign_up: Offer | Request, person: Person) -> None:
    """Take somebody out of the lift that they are in, if any; the others are told."""
    if isinstance(sign_up, Offer):
        _without_driver(db, sign_up, person)
    else:
        without_rider(db, sign_up, person)


def accept(db: Session, person: Person) -> None:
    """Somebody says that they come. A second time changes nothing, nor does it without a lift."""
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is not None:
        queries.accept(db, sign_up, now())


def come_after_all(db: Session, person: Person) -> None:
    """A driver whose lift was called off, as nothing was heard of them, may be matched again."""
    sign_up = sign_ups.of_person(db, person.id)
    if isinstance(sign_up, Offer):
        queries.lock_day(db, sign_up.campaign_id, sign_up.day)
        if queries.heard(db, sign_up.id):
            begun.wanted(db, sign_up.campaign_id, sign_up.day, "driver_back")
        db.refresh(sign_up)


def my_car_breaks_down(db: Session, person: Person) -> None:
    """A driver says so. Raises `Conflict` when it is not the day for it; a second time changes nothing."""
    offer, view = sign_ups.of_person(db, person.id), my_page.of(db, person).lift
    if not isinstance(offer, Offer) or offer.state != "active":
        return
    if view is None or not view.may_break_down:
        raise Conflict(gettext("You can say so from three hours before you set off until you are home."))
    break_down(db, offer, person)


def break_down(db: Session, offer: Offer, driver: Person) -> bool:
    """The car cannot go on: the riders are looked after, and so is the driver who is at the event. Whether that is news."""
    queries.lock_day(db, offer.campaign_id, offer.day)
    lift = queries.of_offer(db, offer.id)
    if lift is None or not sign_ups.set_state(db, offer, "active", "cancelled"):
        return False
    key = f"cancelled:{offer.id}"
    outbox.queue(db, driver.id, offer.campaign_id, "cancelled_by_you", key=key, subject_id=offer.id)
    _without_driver(db, offer, driver, "broke_down")
    own_car.wants_home(db, offer, lift)
    outbox.queue_to_coordinators(
        db, offer.campaign_id, "broke_down", key=f"broke_down:{lift.id}", subject_id=lift.id
    )
    return True


def _without_driver(db: Session, offer: Offer, driver: Person, cause: str = "driver_cancelled") -> None:
    """The lift is off, and its riders wait for another one."""
    lift = queries.of_offer(db, offer.id)
    if lift is None:
        return
    riders = queries.riders(db, lift.id)
    queries.end_lift(db, lift.id, "cancelled")
    begun.wanted(db, lift.campaign_id, lift.day, cause)
    without_car(db, lift, [request for _, request, _ in riders])
    passengers = [(person, lift.id) for _, _, person in riders]
    # Whom they would have taken home beside: their message is another one than that of the lift that they came in.
    passengers += [
        (person, way.id) for way, _, person in ways_home.of_offer(db, offer.id) if ways_home.end(db, way.id)
    ]
    for person, about in passengers:
        outbox.queue(
            db,
            person.id,
            offer.campaign_id,
            "driver_cancelled",
            key=f"driver_cancelled:{about}:{person.id}",
            subject_id=lift.id,
            facts={"driver_name": first_name(driver), "broke_down": cause == "broke_down"},
        )


def without_rider(db: Session, request: Request, rider: Person) -> None:
    """The lift goes without this rider. Its times stay: leaving earlier than needed helps nobody and hurts nobody."""
    found = queries.of_request(db, request.id)
    if found is None:
        _without_passenger(db, request, rider)
        return
    lift, stop = found
    queries.end_stop(db, stop.id, "cancelled")
    begun.wanted(db, lift.campaign_id, lift.day, "rider_cancelled")
    if request.state == "active":
        without_car(db, lift, [request])
    _, driver = queries.driver(db, lift)
    outbox.queue(
        db,
        driver.id,
        request.campaign_id,
        "rider_cancelled",
        key=f"rider_cancelled:{stop.id}",
        subject_id=lift.id,
        facts={"rider_name": first_name(rider), "party": request.party},
    )


def _without_passenger(db: Session, request: Request, rider: Person) -> None:
    """Whoever was to take this rider home from an event hears that they need not."""
    found = ways_home.of_request(db, request.id)
    if found is None or not ways_home.end(db, found[0].id):
        return
    way, offer, driver = found
    lift = queries.of_offer(db, offer.id)
    outbox.queue(
        db,
        driver.id,
        request.campaign_id,
        "rider_cancelled",
        key=f"rider_cancelled:{way.id}",
        subject_id=lift.id if lift else None,
        facts={"rider_name": first_name(rider), "party": request.party},
    )


def without_car(db: Session, lift: Lift, riders: Iterable[Request]) -> None:
    """The hosts of the event should know of these riders though their lift is off: some may be there already."""
    at = now()
    ids = [request.id for request in riders]
    arrivals.lose_car(db, lift.event_id, ids, on_the_way=at >= lift.departs_at, at=at)
