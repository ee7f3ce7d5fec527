"""Taking a change by hand, undoing it and doing it again: one at a time, each on record, whoever comes second is told."""

from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid, NotFound
from api.services import audit, matching
from api.services.colleagues import name_of
from api.services.hands import asking, sides, words
from api.services.hands.asking import Asked, Looked
from api.services.hands.corner import read
from api.services.hands.deciding import decided
from api.services.hands.views import EffectView
from api.services.local import local, now
from api.store.queries import hands as queries
from api.store.tables import Campaign, Coordinator, Edit, Run

NEEDS_REASON = "Say in a few words why this may be so all the same."


def preview(
    db: Session, campaign: Campaign, run_id: UUID, asked: Asked, coordinator: Coordinator
) -> EffectView:
    """What a change would do to the plan as it is now."""
    run = matching.find_without_plan(db, campaign, run_id)
    _must_be_open(db, run)
    looked = asking.look(db, campaign, run, asked)
    return asking.view(looked, matching.view(db, run), run.hands, coordinator)


def take(
    db: Session,
    campaign: Campaign,
    run_id: UUID,
    coordinator: Coordinator,
    asked: Asked,
    seen: int,
    reason: str = "",
) -> None:
    """Change the plan. `seen` is the version that the coordinator looked at.

    Raises `Conflict` if somebody else changed one of these cars since, if a rule is broken, or somebody is gone; and
    `Invalid` without a reason for what only force lets through.
    """
    with db.begin_nested():  # Whoever catches what is raised finds the plan as it was.
        _take(db, campaign, run_id, coordinator, asked, seen, reason)


def _take(
    db: Session,
    campaign: Campaign,
    run_id: UUID,
    coordinator: Coordinator,
    asked: Asked,
    seen: int,
    reason: str,
) -> None:
    run = matching.find_without_plan(db, campaign, run_id)
    version = _lock(db, campaign, run)
    looked = asking.look(db, campaign, run, asked)
    newer = queries.since(db, run.id, seen, looked.people)
    if newer is not None:
        raise Conflict(_told(db, campaign, run, newer))
    reason = reason.strip()[: asking.LONGEST_REASON].replace("\0", "")
    if not looked.may_be_taken:
        raise Conflict(
            " ".join(words.broken(looked.known, one, looked.plain.after) for one in looked.plain.broken)
        )
    if looked.is_forced and not reason:
        raise Invalid({"reason": NEEDS_REASON})
    why = reason if looked.is_forced else None
    decision = decided(looked.known, asked.kind, asked, looked.best, looked.forced, coordinator, why)
    before, after = sides.sides(looked, decision.off, decision.on)
    queries.drop_undone(db, run.id)
    edit = _edit(run, version, coordinator, looked, why)
    edit.position = len(queries.edits(db, run.id)) + 1
    edit.before, edit.after = before.document(), after.document()
    db.add(edit)
    sides.put(db, campaign, run, looked.known, before, after)
    done = "plan changed by hand" + (" against a limit" if looked.is_forced else "")
    audit.record(db, coordinator, done, campaign_id=campaign.id, subject_id=edit.id)


def undo(db: Session, campaign: Campaign, run_id: UUID, coordinator: Coordinator, edit_id: UUID) -> None:
    """Take the last change back. Raises `Conflict` if it is not the last any more."""
    with db.begin_nested():
        _turn(db, campaign, run_id, coordinator, edit_id, back=True)


def redo(db: Session, campaign: Campaign, run_id: UUID, coordinator: Coordinator, edit_id: UUID) -> None:
    """Do again what was undone last. Raises `Conflict` if something else was done since."""
    with db.begin_nested():
        _turn(db, campaign, run_id, coordinator, edit_id, back=False)


def _turn(
    db: Session, campaign: Campaign, run_id: UUID, coordinator: Coordinator, edit_id: UUID, *, back: bool
) -> None:
    run = matching.find_without_plan(db, campaign, run_id)
    version = _lock(db, campaign, run)
    found = queries.edits(db, run.id)
    there = next((one for one in found if one.id == edit_id), None)
    turns = [one for one in found if one.undone != back]
    turn = (turns[-1] if back else turns[0]) if turns else None
    if turn is None or turn.id != edit_id:
        newest = max(found, key=lambda one: one.version, default=None)
        if there is None and newest is None:
            raise NotFound("This plan has no such change.")
        raise Conflict(_told(db, campaign, run, newest))
    before, after = sides.side_of(turn.before), sides.side_of(turn.after)
    if back:
        before, after = after, before
    people = {UUID(one) for one in turn.who_all}
    sides.put(db, campaign, run, read(db, campaign, run, people), before, after)
    turn.undone, turn.version, turn.changed_by, turn.changed_at = back, version, coordinator.id, now()
    db.add(turn)
    db.flush()
    what = "change by hand undone" if back else "change by hand done again"
    audit.record(db, coordinator, what, campaign_id=campaign.id, subject_id=turn.id)


def _lock(db: Session, campaign: Campaign, run: Run) -> int:
    """Whoever comes second waits here until the first is done."""
    version = queries.lock(db, run.id)
    if version is None:
        _must_be_open(db, matching.find_without_plan(db, campaign, run.id))
        raise Conflict("This plan cannot be changed any more. Match again.")
    return version


def _must_be_open(db: Session, run: Run) -> None:
    if run.state == "published":
        raise Conflict(
            "This plan is published, so it cannot be changed by hand any more. Match again to change it."
        )
    if run.state != "done":
        raise Conflict("This run has no plan yet. Wait until it is done.")


def _told(db: Session, campaign: Campaign, run: Run, edit: Edit | None) -> str:
    """Who did what, when: of two who change the same cars at once the second is told."""
    if edit is None:
        return "There is nothing to undo any more."
    known = read(db, campaign, run, [edit.who] + ([edit.other] if edit.other else []))
    name, at = name_of(db, edit.changed_by), f"{local(edit.changed_at):%H:%M}"
    done = words.said(words.DONE[edit.kind], known, edit.who, edit.other, edit.event_id)
    what = f"took this back: {name_of(db, edit.coordinator_id, 'somebody')} {done}" if edit.undone else done
    return (
        f"{name} {what} at {at}, after you had opened this page. Look at it as it is now, then decide again."
    )


def _edit(run: Run, version: int, coordinator: Coordinator, looked: Looked, reason: str | None) -> Edit:
    asked, shown = looked.asked, looked.best
    return Edit(
        run_id=run.id, position=0, version=version, kind=asked.kind, coordinator_id=coordinator.id,
        changed_by=coordinator.id, who=asked.who, other=asked.other, event_id=asked.event,
        who_all=sorted(str(one) for one in looked.people), before={}, after={}, score=shown.score,
        people=shown.people, cars=len(shown.after) - len(shown.before),
        riders=sum(len(trip.stops) for trip in shown.after) - sum(len(trip.stops) for trip in shown.before),
        left=-len(sides.travelling(shown.after)) + len(sides.travelling(shown.before)), forced=looked.is_forced, reason=reason,
    )  # fmt: skip
