"""What a run's plan shows its coordinator: frozen, first names and districts alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class TripView:
    """A trip of a plan as its coordinator reviews it: first names, districts and times, no addresses."""

    driver: str
    event: str
    departs_at: datetime | None
    arrives_at: datetime | None
    drive_minutes: int
    detour_minutes: int
    stops: tuple[tuple[str, str, datetime], ...]
    people: int
    driver_id: UUID | None = None
    by_hand: bool = False


@dataclass(frozen=True)
class UnmatchedView:
    """Somebody whom the plan leaves out, with the reason in words."""

    name: str
    role: str
    district: str
    reason: str
    text: str
    fix: str
    id: UUID | None = None


@dataclass(frozen=True)
class PlanView:
    """A finished run's plan, and what publishing it would do."""

    trips: tuple[TripView, ...]
    unmatched: tuple[UnmatchedView, ...]
    lifts: int
    changed: int
    messages: int
