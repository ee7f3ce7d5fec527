"""Ticking people off: who has come, who did not. Of two hosts who do so at once, one is told of the other."""

from itertools import product
from uuid import UUID, uuid4

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.language import N_
from api.language import gettext as _
from api.services import arrivals, audit, hosting, outbox
from api.services.host_views import Board, CarView, Guest
from api.services.local import local, now
from api.services.repair import begun
from api.store.queries import arrivals as queries
from api.store.queries import lifts
from api.store.queries.arrivals import Kind
from api.store.tables import Host

STATES = ("expected", "arrived", "no_show")
SAID = {
    "expected": N_(
        "Somebody else set %(name)s as not here yet at %(at)s. Nothing was changed: please look again."
    ),
    "arrived": N_("Somebody else set %(name)s as here at %(at)s. Nothing was changed: please look again."),
    "no_show": N_(
        "Somebody else set %(name)s as not come at %(at)s. Nothing was changed: please look again."
    ),
}
STEPS = {f"{before}:{after}": (before, after) for before, after in product(STATES, STATES) if before != after}
"""What a button sends: what it showed, and what becomes of it."""


def tick(db: Session, host: Host, kind: Kind, sign_up_id: UUID, step: str) -> None:
    """Set one person, with whoever they bring. Raises `Conflict` if they are neither as the button showed nor as wanted."""
    before, after = _step(step)
    board = _board(db, host, after)
    guest = next((one for one in board.guests if (one.kind, one.id) == (kind, sign_up_id)), None)
    if guest is None:
        raise NotFound(_("This person is not on your list any more. Somebody may have cancelled just now."))
    if not _set(db, host, board, guest, before, after):
        _explain(db, host, guest, after)


def tick_car(db: Session, host: Host, lift_id: UUID, step: str) -> None:
    """Set everybody in a car who is as the button showed; the others stay as they are."""
    before, after = _step(step)
    board = _board(db, host, after)
    car = next((one for one in board.cars if one.id == lift_id), None)
    if car is None:
        raise NotFound(_("This car is not on your list any more. Its driver may have cancelled just now."))
    for guest in car.guests:
        _set(db, host, board, guest, before, after)


def _board(db: Session, host: Host, after: str) -> Board:
    """What is ticked on. Whoever did not come begins a repair, so that the day is held before anything is set."""
    if after == "no_show":
        lifts.lock_day(db, host.campaign_id, hosting.event_of(db, host).day)
    return arrivals.board(db, host)


def _step(typed: str) -> tuple[str, str]:
    if typed not in STEPS:
        raise Invalid({"step": _("Press one of the buttons on the page.")})
    return STEPS[typed]


def _set(db: Session, host: Host, board: Board, guest: Guest, before: str, after: str) -> bool:
    """Whether it was so until now. What was done is written down, by ids."""
    kind: Kind = "driver" if guest.kind == "driver" else "rider"
    if not queries.set_state(db, host.event_id, kind, guest.id, before, after, host.id, now()):
        return False
    audit.record(db, host, f"{kind} {after}", campaign_id=host.campaign_id, subject_id=guest.id)
    if kind == "driver" and after == "no_show":
        _driver_missing(db, host, board, next(car for car in board.cars if car.driver.id == guest.id))
    return True


def _driver_missing(db: Session, host: Host, board: Board, car: CarView) -> None:
    begun.wanted(db, host.campaign_id, board.event.day, "no_show")
    # The change happens once, whoever presses how often: the key need be no other than new.
    key = f"driver_missing:{uuid4()}"
    outbox.queue_to_coordinators(
        db, host.campaign_id, "driver_missing", key=key, subject_id=car.id, event_id=host.event_id
    )


def _explain(db: Session, host: Host, guest: Guest, wanted: str) -> None:
    """Nothing to say to whoever wanted what somebody else did already."""
    kind: Kind = "driver" if guest.kind == "driver" else "rider"
    found = queries.state_of(db, host.event_id, kind, guest.id)
    state = found.state if found else "expected"
    if state == wanted:
        return
    at = f"{local(found.changed_at if found else now()):%H:%M}"
    raise Conflict(_(SAID[state]) % {"name": guest.name, "at": at})
