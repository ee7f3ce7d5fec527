"""What a coordinator asks for, as the library's move, and what that would do. Nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict, Invalid
from api.services.hands import corner, words
from api.services.hands.corner import Known
from api.services.hands.deciding import Decided, decided
from api.services.hands.views import ChangeView, EffectView, PartView
from api.services.local import local
from api.services.views import RunView
from api.store.tables import Campaign, Coordinator, Run
from carpool.errors import CarpoolError
from carpool.hands import (
    Drive,
    Effect,
    Move,
    Part,
    PersonChange,
    Ride,
    Stay,
    Swap,
    TakeOut,
    as_forced,
    effect,
    moved,
)

KINDS = ("ride", "swap", "drive", "out", "pin", "apart")
NO_SUCH = "Choose what to change on the page of somebody in this plan."
LONGEST_REASON = 300


@dataclass(frozen=True)
class Asked:
    """A change: `who` rides in the car of `other`, swaps with them, drives to the event, and so on."""

    kind: str
    who: UUID
    other: UUID | None = None
    event: UUID | None = None
    keep: bool = True
    full: bool = False

    @property
    def ids(self) -> list[UUID]:
        return [self.who] + ([self.other] if self.other else [])


@dataclass(frozen=True)
class Looked:
    """A change with what it does. `plain` is without force, `best` with it where only that lets it through."""

    asked: Asked
    known: Known
    plain: Effect
    best: Effect
    forced: tuple[str, ...]

    @property
    def may_be_taken(self) -> bool:
        return not self.plain.broken or self.is_forced

    @property
    def is_forced(self) -> bool:
        return self.plain.forceable and not self.best.broken

    @property
    def people(self) -> set[UUID]:
        """Everybody whom it is about."""
        trips = (*self.plain.before, *self.best.after)
        found = {UUID(one) for trip in trips for one in (trip.driver, *trip.riders)}
        return found | set(self.asked.ids)


def look(db: Session, campaign: Campaign, run: Run, asked: Asked) -> Looked:
    """Raises `Conflict` for somebody who is gone, `Invalid` for what makes no sense."""
    known = corner.read(db, campaign, run, asked.ids)
    _must_be_here(known, asked)
    try:
        plain, kept = _done(known, asked, False)
        best, forced = _done(known, asked, True) if plain.forceable else (plain, kept)
    except CarpoolError as error:
        raise Invalid({error.field or "who": error.message}) from error
    return Looked(asked, known, plain, best, forced)


def _must_be_here(known: Known, asked: Asked) -> None:
    if asked.kind not in KINDS:
        raise Invalid({"do": NO_SUCH})
    needs_other = asked.kind in ("ride", "swap", "apart")
    if (needs_other and asked.other is None) or (asked.kind == "drive" and asked.event is None):
        raise Invalid({"to" if needs_other else "event": "Choose with whom, or to which event."})
    for one in asked.ids:
        if known.row(one) is None:
            raise Invalid({"who": "Somebody of this change is not in this plan."})
        if not known.is_here(one):
            name = known.name(one)
            raise Conflict(
                f"{name} takes part no longer: they have cancelled, or their answers leave nothing to go to. "
                f"This plan is published without {name}, so there is nothing to change for them."
            )
    if asked.event is not None and str(asked.event) not in known.corner.instance.event_by_id:
        raise Conflict("This event is not on any more. Choose another one.")
    if asked.kind == "drive" and str(asked.who) not in known.corner.instance.driver_by_id:
        raise Invalid({"who": f"{known.name(asked.who)} did not offer to drive."})


def move_of(known: Known, asked: Asked) -> Move | None:
    """As the library has it; None: no car changes."""
    who, other, event = str(asked.who), str(asked.other), str(asked.event)
    match asked.kind:
        case "ride":
            return Ride(who, other)
        case "swap":
            return Swap(who, other)
        case "drive":
            return Drive(who, event)
        case "out":
            return TakeOut(who) if known.corner.trip_of(who) else None
        case "pin":
            return Stay(who)
    trip = known.corner.trip_of(who)
    if who == other:
        raise CarpoolError("Choose two different people.", "to")
    if trip is None or trip != known.corner.trip_of(other):
        return None
    return TakeOut(who if trip.driver == other else other)


def _done(known: Known, asked: Asked, force: bool) -> tuple[Effect, tuple[str, ...]]:
    """What the change does, and whose cars are pinned with force then: those that were, and with `force` all that need it."""
    move = move_of(known, asked)
    after = known.corner.trips if move is None else moved(known.corner, move, force)
    old = {str(people[0]) for hold, people in known.held if hold.kind == "pin" and hold.force}
    after, forced = as_forced(known.corner, after, old, force)
    return effect(known.corner, after, forced), forced


def view(looked: Looked, run: RunView, version: int, coordinator: Coordinator) -> EffectView:
    """What is shown before anything is taken."""
    known, asked, shown = looked.known, looked.asked, looked.best
    decision = decided(
        looked.known, asked.kind, asked, shown, looked.forced if looked.is_forced else (), coordinator, None
    )
    before = run.score or 0.0
    return EffectView(
        title=words.said(words.SAY[asked.kind], known, asked.who, asked.other, asked.event),
        score_before=before,
        score_after=before + shown.score,
        people=shown.people,
        minutes=round(shown.minutes),
        promises=shown.promises,
        changes=tuple(_change(known, change) for change in shown.changes),
        broken=tuple(
            dict.fromkeys(words.broken(known, one, looked.plain.after) for one in looked.plain.broken)
        ),
        forceable=looked.is_forced,
        version=version,
        holds=_held(known, decision),
        notes=tuple(_notes(known)),
    )


def _held(known: Known, decision: Decided) -> str:
    """What later runs would keep to."""
    said = {
        "pin": "{who} drives to “{event}”{riders}",
        "out": "{who} stays out",
        "apart": "{who} and {last} ride apart",
    }
    held = []
    for one in decision.on:
        who, *others = [known.name(person) for person in one["people"]]
        riders = (
            f" with {', '.join(others)}" + (" and nobody else" if one["full"] or one["force"] else "")
            if others
            else ""
        )
        last = others[-1] if others else ""
        held.append(
            said[one["kind"]].format(who=who, event=known.title(one["event"]), riders=riders, last=last)
        )
    return "; ".join(held)


def _notes(known: Known) -> Iterable[str]:
    for row in known.rows:
        if row.trip is not None and not known.is_here(row.sign_up_id):
            yield f"{known.name(row.sign_up_id)} takes part no longer, and is left out of what you see here."


def _change(known: Known, change: PersonChange) -> ChangeView:
    before, after = change.before, change.after
    both = before is not None and after is not None
    return ChangeView(
        name=known.name(change.person),
        before=part(known, before),
        after=part(known, after),
        sooner=round((before.at - after.at).total_seconds() / 60) if both and before and after else None,
        home_later=round((after.back_at - before.back_at).total_seconds() / 60)
        if before and after and before.back_at and after.back_at
        else None,
    )


def part(known: Known, found: Part | None) -> PartView | None:
    if found is None:
        return None
    return PartView(
        drives=found.drives,
        driver=known.name(found.driver),
        event=known.title(found.event),
        at=local(found.at),
        minutes=round(found.minutes),
        back_at=local(found.back_at) if found.back_at else None,
    )
