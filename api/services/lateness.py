"""Running late: one tap, and whoever waits is told."""

from uuid import UUID, uuid4

from sqlmodel import Session

from api.errors import Conflict, Invalid
from api.language import gettext
from api.services import my_page, outbox
from api.services.my_page import first_name
from api.store.queries import lifts as queries
from api.store.queries import sign_ups
from api.store.tables import Offer, Person

MINUTES = (10, 20, 30, 45)
"""What one can say. Whoever is later than that rings, or cancels."""


def say(db: Session, person: Person, minutes: int) -> None:
    """Tell the people in the car by how much `person` is late; the same again tells nobody twice.

    Raises `Invalid` for other minutes and `Conflict` when it is not the time for it.
    """
    if minutes not in MINUTES:
        some = {"minutes": ", ".join(map(str, MINUTES))}
        raise Invalid({"minutes": gettext("Choose one of these: %(minutes)s minutes.") % some})
    view, sign_up = my_page.of(db, person).lift, sign_ups.of_person(db, person.id)
    if view is None or sign_up is None or not view.may_say_late:
        raise Conflict(gettext("You can say so from three hours before you set off until you arrive."))
    queries.lock_day(db, sign_up.campaign_id, sign_up.day)
    if isinstance(sign_up, Offer):
        told = [rider for _, _, rider in queries.riders(db, view.id)]
        changed = queries.set_late(db, view.id, minutes)
    else:
        told, changed = _driver_and_stop(db, view.id, sign_up.id, minutes)
    for other in told if changed else ():
        outbox.queue(
            db,
            other.id,
            sign_up.campaign_id,
            "late",
            # The change above happens once, whoever presses how often: no other key is needed.
            key=f"late:{uuid4()}",
            subject_id=view.id,
            facts={"late_name": first_name(person), "minutes": minutes},
        )


def _driver_and_stop(db: Session, lift_id: UUID, request_id: UUID, minutes: int) -> tuple[list[Person], bool]:
    found = queries.of_request(db, request_id)
    if found is None or found[0].id != lift_id:
        return [], False
    lift, stop = found
    return [queries.driver(db, lift)[1]], queries.set_stop_late(db, stop.id, minutes)
