"""A proposal's answer: approved, refused, or none in time. Of two who answer at once one wins, and the other is told who."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import audit
from api.services.colleagues import name_of
from api.services.local import local, now
from api.services.repair import settling
from api.services.repair.searching import LAPSE_SECONDS
from api.services.repair.settling import Settling
from api.store.queries import repairs as queries
from api.store.tables import Campaign, Coordinator

ANSWERS = {"published": "approved", "refused": "refused"}
GONE = "Something else happened since, and a new search looks for lifts. Nothing was published: look at the newest proposal."
LATE = "The time to answer is over. Nothing was published: search again."


def approve(db: Session, campaign: Campaign, repair_id: UUID, coordinator: Coordinator) -> None:
    """Publish the proposal as it can still be. Raises `Conflict` for whoever comes second or too late."""
    at = _mine(db, campaign, repair_id)
    latest = at.repair.answer_by
    if at.repair.state == "waiting" and latest and now() > latest + timedelta(seconds=LAPSE_SECONDS):
        raise Conflict(LATE)
    _step(at, "published", coordinator)
    audit.record(db, coordinator, "repair approved", campaign_id=campaign.id, subject_id=repair_id)
    _publish(at)


def refuse(db: Session, campaign: Campaign, repair_id: UUID, coordinator: Coordinator) -> None:
    """Drop the proposal: whoever waits is told that there is no lift."""
    at = _mine(db, campaign, repair_id)
    _step(at, "refused", coordinator)
    audit.record(db, coordinator, "repair refused", campaign_id=campaign.id, subject_id=repair_id)
    at.say_no(at.waiting)
    _forget(at)


def lapse_due(db: Session) -> int:
    """Settle what nobody answered in time, as the campaign wants it; how many proposals that were."""
    count = 0
    for repair_id in queries.due(db, now()):
        at = settling.hold(db, repair_id)
        if at is None:
            continue
        state = "published" if at.campaign.repairs_unanswered else "lapsed"
        if not queries.step(db, repair_id, ("waiting",), state=state, finished_at=now()):
            continue
        if at.campaign.repairs_unanswered:
            _publish(at)
        else:
            at.say_no(at.waiting)
            _forget(at)
        count += 1
    return count


def _mine(db: Session, campaign: Campaign, repair_id: UUID) -> Settling:
    at = settling.hold(db, repair_id)
    if at is None or at.campaign.id != campaign.id:
        raise NotFound("This campaign has no such repair.")
    return at


def _step(at: Settling, state: str, coordinator: Coordinator) -> None:
    mine = {"state": state, "answered_by": coordinator.id, "finished_at": now()}
    if not queries.step(at.db, at.repair.id, ("waiting",), **mine):
        raise Conflict(_why_not(at))


def _why_not(at: Settling) -> str:
    repair = at.repair
    if repair.state not in ANSWERS or repair.finished_at is None:
        return LATE if repair.state == "lapsed" else GONE
    who = name_of(at.db, repair.answered_by, "")
    what = f"{who} has {ANSWERS[repair.state]} this" if who else "This was published by itself"
    return f"{what} already, at {local(repair.finished_at):%H:%M}. Nothing was sent twice."


def _publish(at: Settling) -> None:
    if at.repair.plan is not None:
        at.send_home(at.repair.plan)
        at.publish(at.effect(at.repair.plan), say_no=True)
    _forget(at)


def _forget(at: Settling) -> None:
    """The instance holds where people live, and is not needed any more."""
    queries.step(at.db, at.repair.id, ("published", "refused", "lapsed"), instance=None, plan=None)
