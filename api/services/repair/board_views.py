"""What a coordinator sees of a day that goes on: first names with an initial, cars, times. No address and no number."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CarOnTheRoad:
    """A lift under way. `state` is one of `api.store.queries.board.STATES`; `due`: nobody has said that it is there."""

    id: UUID
    state: str
    driver: str
    car: str
    plate: str
    event: str
    departs_at: datetime
    expected_at: datetime
    late_minutes: int
    ends_at: datetime
    home_at: datetime | None
    riders: tuple[str, ...]


@dataclass(frozen=True)
class Stranded:
    """Somebody without a way home. `station`: the nearest to the event that we know, with the walk there; or empty."""

    id: UUID
    name: str
    people: int
    district: str
    why: str
    arrived: bool
    event: str
    ends_at: datetime
    station: str
    walk_minutes: int


@dataclass(frozen=True)
class Place:
    """One line of a proposal: who gets a seat, is moved or is taken home, where, and when."""

    who: str
    driver: str
    event: str
    at: datetime
    drives: bool


@dataclass(frozen=True)
class Proposal:
    """A repair that waits for an answer."""

    id: UUID
    cause: str
    created_at: datetime
    answer_by: datetime
    gets: tuple[Place, ...]
    moves: tuple[Place, ...]
    home: tuple[Place, ...]
    out: int
    more: int


@dataclass(frozen=True)
class Past:
    """A repair that is over: how, by whom, when."""

    id: UUID
    cause: str
    state: str
    who: str
    at: datetime
    error: str


@dataclass(frozen=True)
class Board:
    """All of it. `searching`: a repair waits to begin or is going."""

    stranded: tuple[Stranded, ...]
    proposals: tuple[Proposal, ...]
    past: tuple[Past, ...]
    searching: bool
    cars: tuple[CarOnTheRoad, ...]
    counts: dict[str, int]
    state: str
    page: int
    pages: int

    @property
    def late(self) -> int:
        return sum(self.counts.get(state, 0) for state in ("missing", "overdue", "late"))

    @property
    def total(self) -> int:
        return sum(self.counts.values())
