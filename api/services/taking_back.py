"""Taking a publishing back while nobody has been told: its lifts go, and what it ended stands as it did."""

from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import audit, matching
from api.services.colleagues import name_of
from api.services.local import local, now
from api.store.queries import lifts as lift_queries
from api.store.queries import runs as run_queries
from api.store.queries import sending
from api.store.queries import taking_back as queries
from api.store.queries.taking_back import Standing
from api.store.tables import Campaign, Coordinator, Run

__all__ = ["Standing", "preview", "take_back"]


def preview(db: Session, campaign: Campaign, run_id: UUID) -> tuple[Standing, str]:
    """What taking back would do, and in words why it cannot be; the words are empty if it can."""
    run = matching.find_without_plan(db, campaign, run_id)
    if run.state != "published":
        return Standing(0, 0, 0, 0, answered=False, changed=False, later=False), _not_published(db, run)
    found = queries.standing(db, run)
    return found, _why_not(found)


def take_back(db: Session, campaign: Campaign, run_id: UUID, who: Coordinator) -> Standing:
    """Undo a publishing, once. Raises `Conflict` when somebody may have heard of it, or when anything has moved since.

    The run can be published again. What earlier publishings still wait to tell is stopped, as nobody asked to send it.
    """
    day = matching.find_without_plan(db, campaign, run_id).day
    lift_queries.lock_day(db, campaign.id, day)
    run = matching.find_without_plan(db, campaign, run_id)
    if run.state != "published":
        raise Conflict(_not_published(db, run))
    queries.hold(db, run)
    found = queries.standing(db, run)
    if reason := _why_not(found):
        raise Conflict(reason)
    queries.undo(db, run)
    mine = {"taken_back_by": who.id, "taken_back_at": now()}
    nobodys = dict.fromkeys(("published_by", "published_at", "stopped_by", "stopped_at"))
    if not run_queries.step(db, run_id, ("published",), state="done", **nobodys, **mine):
        raise Conflict(_not_published(db, run))
    if sending.stop(db, campaign.id, day):
        sending.note_stop(db, campaign.id, day, stopped_by=who.id, stopped_at=now())
    audit.record(db, who, "publishing taken back", campaign_id=campaign.id, subject_id=run_id)
    return found


def _why_not(found: Standing) -> str:
    if found.left:
        what = "One message has" if found.left == 1 else f"{found.left:,} messages have"
        return (
            f"It is too late to take it back. {what} been sent or tried, and whoever reads of a lift counts on it. Stop the "
            "rest, change the plan, and publish it: only those for whom something changes are told."
        )
    if found.answered:
        return (
            "It is too late to take it back: somebody has seen the lift on their own page and said that they come, or that "
            "they run late. Change the plan and publish it instead."
        )
    if found.later:
        return (
            "It is too late to take it back: another plan or a repair has begun since. Look at the day as it is now, and "
            "change that."
        )
    if found.changed:
        return (
            "It is too late to take it back: somebody in these lifts has cancelled or changed their answers since, or an "
            "event is off. The lifts from before no longer fit. Start a new run and publish that."
        )
    return ""


def _not_published(db: Session, run: Run) -> str:
    if run.taken_back_by is None or run.taken_back_at is None:
        return "This plan is not published, so there is nothing to take back."
    name = name_of(db, run.taken_back_by)
    return f"{name} has taken it back already at {local(run.taken_back_at):%H:%M}. Nobody was told of it."
