"""A coordinator's own part of a day: the events that are theirs with who comes by car, and whom to ring."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.services import arrivals, calls, deadlines
from api.services.calls import Call, MayAsk
from api.services.deadlines import SilentDriver
from api.services.host_views import Board
from api.services.rights import Access, Right
from api.store.queries import campaigns as queries


@dataclass(frozen=True)
class Part:
    """What is theirs of a day; empty where their role does not include it. First names, no numbers."""

    boards: tuple[Board, ...]
    silent: tuple[SilentDriver, ...]
    calls: tuple[Call, ...]
    may_ask: tuple[MayAsk, ...]


def part(db: Session, access: Access, day: date) -> Part:
    """The part of somebody with this access."""
    campaign, events = access.campaign, access.events
    boards: list[Board] = []
    if access.may(Right.EVENT):
        found = [event for event in queries.events(db, campaign.id, day) if event.state == "open"]
        boards = arrivals.boards(db, campaign, [one for one in found if events is None or one.id in events])
    silent = deadlines.unanswered(db, campaign, day, events).drivers if access.may(Right.DRIVERS) else ()
    return Part(
        boards=tuple(boards),
        silent=silent,
        calls=tuple(calls.waiting(db, campaign, day, events)),
        may_ask=tuple(calls.may_ask(db, campaign, day, events)),
    )
