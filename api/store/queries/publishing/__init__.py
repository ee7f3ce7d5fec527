"""Publishing in the database: the comparison, what the page before it shows of that, and the rows that it writes."""

from api.store.queries.publishing.compared import CHANGED, GONE, KINDS, NEW, NONE_YET, OTHER
from api.store.queries.publishing.shown import Effect, EventSums, News, Side, Wanted, effect
from api.store.queries.publishing.written import (
    Sums,
    add_lifts,
    ended,
    forget,
    new_drivers,
    sums,
    tell,
    work_out,
)

__all__ = [
    "CHANGED",
    "GONE",
    "KINDS",
    "NEW",
    "NONE_YET",
    "OTHER",
    "Effect",
    "EventSums",
    "News",
    "Side",
    "Sums",
    "Wanted",
    "add_lifts",
    "effect",
    "ended",
    "forget",
    "new_drivers",
    "sums",
    "tell",
    "work_out",
]
