"""When messages go out: those of a publishing wait for somebody to stop them, and a campaign can be paused as a whole.

Each step is a conditional UPDATE: of a coordinator who stops a message and a worker who takes it, one is first.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import audit
from api.services.colleagues import name_of
from api.services.local import local, now
from api.settings import settings
from api.store import queue as jobs
from api.store.queries import lifts as lift_queries
from api.store.queries import sending as queries
from api.store.tables import Campaign, Coordinator, Run


@dataclass(frozen=True)
class Notice:
    """What stands on every page of a day about its messages.

    `waiting` go out at `goes_at`; `stopped` are kept back, by whom and since when; `paused_by` the whole campaign is.
    `run_id`: the plan whose publishing they tell of, while none of them is on its way.
    """

    waiting: int = 0
    goes_at: datetime | None = None
    stopped: int = 0
    stopped_by: str = ""
    stopped_at: datetime | None = None
    paused_by: str = ""
    paused_at: datetime | None = None
    waits_for_pause: int = 0
    run_id: UUID | None = None


def schedule(db: Session, campaign: Campaign, day: date) -> None:
    """Let what the publishings of a day tell go out, after the wait. Earlier ones that nobody has read yet go with it."""
    wait = settings().publish_wait_seconds
    after = now() + timedelta(seconds=wait) if wait else None
    let_go = queries.let_go(db, campaign.id, day, after)
    queries.note_stop(db, campaign.id, day, stopped_by=None, stopped_at=None)
    if after is None:
        _send(db, campaign.id, let_go)
    elif let_go:
        jobs.defer_until(db, "release_messages", after, campaign_id=str(campaign.id), day=day.isoformat())


def wait_minutes() -> int:
    """How long messages wait after publishing, in whole minutes; 0 if they do not."""
    return -(-settings().publish_wait_seconds // 60)


def release(db: Session, campaign_id: UUID, day: date) -> None:
    """The wait is over: a job for each message. One that was stopped meanwhile, or waits anew, is not among them."""
    _send(db, campaign_id, queries.due(db, campaign_id, now(), day))


def stop(db: Session, campaign: Campaign, day: date, who: Coordinator) -> int:
    """Keep back the messages of the day's publishings. Raises `Conflict` if none is left to keep back."""
    lift_queries.lock_day(db, campaign.id, day)
    stopped = queries.stop(db, campaign.id, day)
    run = _run(db, campaign, day)
    if not stopped:
        raise Conflict(_why_not_stopped(notice(db, campaign, day)))
    queries.note_stop(db, campaign.id, day, stopped_by=who.id, stopped_at=now())
    audit.record(db, who, "messages stopped", campaign_id=campaign.id, subject_id=run.id)
    return stopped


def send_stopped(db: Session, campaign: Campaign, day: date, who: Coordinator) -> None:
    """Send what was stopped, at once."""
    lift_queries.lock_day(db, campaign.id, day)
    before = notice(db, campaign, day)
    if not before.stopped:
        raise Conflict("There is nothing to send any more: somebody else has sent these messages already.")
    audit.record(
        db, who, "stopped messages sent", campaign_id=campaign.id, subject_id=_run(db, campaign, day).id
    )
    queries.note_stop(db, campaign.id, day, stopped_by=None, stopped_at=None)
    _send(db, campaign.id, queries.let_go(db, campaign.id, day, None))


def try_again(db: Session, campaign: Campaign, day: date, who: Coordinator) -> int:
    """Send once more what did not arrive, each message once. Raises `Conflict` if nothing is left to try."""
    again = queries.try_again(db, campaign.id, day)
    if not again:
        raise Conflict(
            "There is nothing to try again: somebody has just done so, or told these people by hand."
        )
    audit.record(db, who, "failed messages tried again", campaign_id=campaign.id)
    _send(db, campaign.id, again)
    return len(again)


def pause(db: Session, campaign: Campaign, who: Coordinator) -> None:
    """Keep everything back that nobody waits for this minute. Whoever comes second is told who did it (`Conflict`)."""
    if not queries.set_paused(db, campaign.id, by=who.id, at=now()):
        db.refresh(campaign)
        by = name_of(db, campaign.paused_by)
        raise Conflict(f"{by} has paused the messages of this campaign already. They stay paused.")
    audit.record(db, who, "messages paused", campaign_id=campaign.id)
    db.refresh(campaign)


def resume(db: Session, campaign: Campaign, who: Coordinator) -> None:
    """Send what waited meanwhile and is still true."""
    if not queries.set_paused(db, campaign.id, by=None, at=None):
        raise Conflict(
            "The messages of this campaign are not paused any more: somebody else has resumed them."
        )
    audit.record(db, who, "messages resumed", campaign_id=campaign.id)
    db.refresh(campaign)
    _send(db, campaign.id, queries.due(db, campaign.id, now()))


def notice(db: Session, campaign: Campaign, day: date) -> Notice:
    """How it stands with the messages of a day."""
    counted = queries.count(db, campaign.id, day)
    waiting, until = counted.get("created", (0, None))
    stopped, _ = counted.get("stopped", (0, None))
    is_wait = until is not None and until > now()
    run = queries.latest_published(db, campaign.id, day) if stopped or is_wait else None
    return Notice(
        waiting=waiting if is_wait else 0,
        goes_at=local(until) if until is not None and is_wait else None,
        stopped=stopped,
        stopped_by=name_of(db, run.stopped_by) if run and stopped else "",
        stopped_at=local(run.stopped_at) if run and run.stopped_at else None,
        paused_by=name_of(db, campaign.paused_by) if campaign.paused_at else "",
        paused_at=local(campaign.paused_at) if campaign.paused_at else None,
        waits_for_pause=queries.count_waiting(db, campaign.id) if campaign.paused_at else 0,
        run_id=run.id if run else None,
    )


def _why_not_stopped(found: Notice) -> str:
    if found.stopped:
        at = f" at {found.stopped_at:%H:%M}" if found.stopped_at else ""
        return f"{found.stopped_by} has stopped these messages already{at}. None of them goes out."
    return "It is too late to stop them: every message of this publishing is on its way or has arrived."


def _run(db: Session, campaign: Campaign, day: date) -> Run:
    run = queries.latest_published(db, campaign.id, day)
    if run is None:
        raise Conflict("Nothing is published on this day.")
    return run


def _send(db: Session, campaign_id: UUID, message_ids: list[UUID]) -> None:
    queries.make_calls(db, campaign_id, now())
    jobs.send(db, message_ids)
