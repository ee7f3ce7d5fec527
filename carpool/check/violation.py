"""What the judge hands down: a broken rule, whose, and in which words."""

from dataclasses import dataclass
from enum import StrEnum

from carpool.show import escaped, shortened


class Rule(StrEnum):
    """What a plan can break: first the rules of a feasible one, then what is written about it."""

    UNKNOWN = "unknown"
    ONE_TRIP = "one_trip"
    SEATS = "seats"
    NEEDS = "needs"
    EVENTS = "events"
    CAPACITY = "capacity"
    PLACE = "place"
    AT = "at"
    NO_WAY = "no_way"
    DETOUR = "detour"
    TRAVEL = "travel"
    READY = "ready"
    HOME = "home"
    WAY_BACK = "way_back"
    COMPANY = "company"
    APART = "apart"
    TOGETHER = "together"
    PINNED = "pinned"
    MEMBERS = "members"
    TIME = "time"
    DURATION = "duration"
    BACK = "back"
    ORDER = "order"
    UNMATCHED = "unmatched"
    VOLUNTEERS = "volunteers"
    WEIGHTED = "weighted_volunteers"
    SCORE = "score"
    BOUND = "bound"
    GAP = "gap"
    STATUS = "status"


LIMITS = frozenset({Rule.NO_WAY, Rule.DETOUR, Rule.TRAVEL, Rule.READY, Rule.HOME})


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `who` is a person, an event or a member of the file, `text` says it in words on one line."""

    rule: Rule
    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {shortened(escaped(self.who))}: {self.text}"


def amount(minutes: float) -> str:
    """An excess in words, with more digits where two would say nothing."""
    return f"{minutes:.2f} minutes" if minutes >= 0.005 else f"{minutes:.4f} minutes"
