"""What pages show of changes by hand: first names and times, never an address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class PartView:
    """What a plan gives somebody: driving or riding, with whom, to which event, when, and when they are back."""

    drives: bool
    driver: str
    event: str
    at: datetime
    minutes: int
    back_at: datetime | None


@dataclass(frozen=True)
class ChangeView:
    """Somebody for whom something changes. `sooner`: by how many minutes they leave before the time they had."""

    name: str
    before: PartView | None
    after: PartView | None
    sooner: int | None
    home_later: int | None


@dataclass(frozen=True)
class EffectView:
    """What a change would do. `broken` in words; with `forceable` a reason lets it through all the same.

    `version` is that of the plan that it was worked out on. `holds`: what later runs would keep to.
    """

    title: str
    score_before: float
    score_after: float
    people: int
    minutes: int
    promises: int
    changes: tuple[ChangeView, ...]
    broken: tuple[str, ...]
    forceable: bool
    version: int
    holds: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeatView:
    """Somebody in a car. `is_here`: they still take part."""

    id: UUID
    name: str
    district: str
    people: int
    drives: bool
    at: datetime | None
    minutes: int
    back_at: datetime | None
    is_here: bool


@dataclass(frozen=True)
class CarView:
    """A car of a plan as it is now. `seats` are those for others, `taken` how many of them are."""

    driver_id: UUID
    driver: str
    event_id: UUID
    event: str
    seats: int
    taken: int
    arrives_at: datetime | None
    detour_minutes: int
    riders: tuple[SeatView, ...]
    me: SeatView
    pinned: bool
    forced: bool


@dataclass(frozen=True)
class Option:
    """A car that somebody could go in, or a driver to swap with, and what that would do; `broken`: the first rule."""

    driver_id: UUID
    driver: str
    district: str
    event: str
    free: int
    score: float
    minutes: int
    broken: str
    forceable: bool


@dataclass(frozen=True)
class PersonView:
    """Somebody of a plan whom a coordinator looks at. `car` None: left over, for the `reason` in words."""

    id: UUID
    name: str
    district: str
    people: int
    may_drive: bool
    is_here: bool
    car: CarView | None
    reason: str
    version: int
    events: tuple[tuple[UUID, str], ...]
    out: bool


@dataclass(frozen=True)
class EditView:
    """A change that was made, in words: who did what and when, and whether it is undone."""

    id: UUID
    words: str
    by: str
    at: datetime
    undone: bool
    undone_by: str
    score: float
    people: int
    reason: str


@dataclass(frozen=True)
class HoldView:
    """Something that later runs keep to. `fault`: why they cannot any more, "" if they can."""

    id: UUID
    kind: str
    words: str
    by: str
    reason: str
    fault: str


@dataclass(frozen=True)
class HandsView:
    """All that was done by hand to a plan, newest first, and what is held for its day."""

    version: int
    edits: tuple[EditView, ...]
    holds: tuple[HoldView, ...]
    undo: EditView | None
    redo: EditView | None
