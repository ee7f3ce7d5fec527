"""A coordinator's own part of a day: the events that are theirs with who comes by car, and whom to ring."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.services import arrivals, calls, deadlines
from api.services.calls import Due
from api.services.deadlines import SilentDriver, Unanswered
from api.services.host_views import Board, EventArrivals
from api.services.rights import Access, Right
from api.store.queries import campaigns as queries

MOST_BOARDS = 6
"""With more events than these, figures with a way to each event's own page say more than every car of all."""


@dataclass(frozen=True)
class Part:
    """What is theirs of a day; empty where their role does not include it. First names, no numbers.

    `boards` have every car of a few events; of many events there are `figures` in their place.
    """

    boards: tuple[Board, ...]
    figures: tuple[EventArrivals, ...]
    silent: tuple[SilentDriver, ...]
    more_silent: int
    calls: Due


def part(db: Session, access: Access, day: date) -> Part:
    """The part of somebody with this access."""
    campaign, events = access.campaign, access.events
    boards: list[Board] = []
    figures: list[EventArrivals] = []
    if access.may(Right.EVENT):
        found = [event for event in queries.events(db, campaign.id, day) if event.state == "open"]
        theirs = [one for one in found if events is None or one.id in events]
        if len(theirs) <= MOST_BOARDS:
            boards = arrivals.boards(db, campaign, theirs)
        else:
            figures = arrivals.of_day(db, campaign, day, [one.id for one in theirs])
    silent = Unanswered((), ())
    if access.may(Right.DRIVERS):
        silent = deadlines.unanswered(db, campaign, day, events)
    due = calls.due(db, campaign, day, events)
    return Part(tuple(boards), tuple(figures), silent.drivers, silent.more_drivers, due)
