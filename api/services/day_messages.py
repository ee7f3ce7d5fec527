"""What became of the messages of a day: figures, a page of the list, and who answered. Names, no contact data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.services import ringing
from api.services.colleagues import name_of
from api.services.views import MessageView
from api.store.queries import day_messages as queries
from api.store.queries.day_messages import TO_RING, Wanted
from api.store.tables import Campaign

PAGE = 50
LONGEST = 80
GROUPS: Mapping[str, tuple[str, ...]] = {
    "failed": ("failed",),
    "unsure": ("unsure",),
    "held": ("held",),
    "call": ("call",),
    "stopped": ("stopped",),
    "waiting": ("created", "sending"),
    "sent": ("sent",),
    "dropped": ("dropped",),
}
"""The states as a coordinator counts and filters them; what needs somebody stands first."""
RING = "ring"
"""The filter for everybody who may know nothing."""


@dataclass(frozen=True)
class Answers:
    """Of the people with a lift, who said yes and who has not answered; and who said no or cancelled."""

    accepted: int
    unanswered: int
    declined: int


@dataclass(frozen=True)
class Posting:
    """One page of a day's messages. `figures`: group → messages of the whole day; `to_ring` of them may not be known.

    `chosen` is what the list is narrowed down to, `total` how many fit.
    """

    rows: tuple[MessageView, ...]
    total: int
    page: int
    size: int
    figures: dict[str, int]
    to_ring: int
    kinds: tuple[str, ...]
    answers: Answers
    chosen: dict[str, str]


def read(query: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address. Anything unknown there counts as not given, so that an old link still opens."""
    state = query.get("state", "")
    kind = query.get("kind", "")
    return {
        "state": state if state in (*GROUPS, RING) else "",
        "kind": kind if kind.replace("_", "").isalpha() else "",
        "q": " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST],
    }


def listed(db: Session, campaign: Campaign, day: date, chosen: dict[str, str], page: int) -> Posting:
    """A page of the messages that fit; the last one, if the address names one beyond it."""
    states = TO_RING if chosen["state"] == RING else GROUPS.get(chosen["state"], ())
    wanted = Wanted(states, chosen["kind"], chosen["q"])
    counts = queries.counts(db, campaign.id, day)
    by_state = {name: _sum(counts, of) for name, of in GROUPS.items()}
    total = queries.count(db, campaign.id, day, wanted) if wanted.words else _sum(counts, states, wanted.kind)
    page = min(page, max(1, -(-total // PAGE)))
    found = queries.page(db, campaign.id, day, wanted, PAGE, (page - 1) * PAGE)
    calls = ringing.known(db, [person.id for _, person in found])
    return Posting(
        rows=tuple(
            MessageView(
                id=message.id,
                name=person.name,
                kind=message.kind,
                channel=message.channel,
                state=message.state,
                attempts=message.attempts,
                error=message.error,
                created_at=message.created_at,
                sent_at=message.sent_at,
                told_by=name_of(db, message.told_by, ""),
                told_how=message.told_how,
                ringing=calls.get(person.id),
            )
            for message, person in found
        ),
        total=total,
        page=page,
        size=PAGE,
        figures=by_state,
        to_ring=_sum(counts, TO_RING),
        kinds=tuple(sorted({kind for _, kind in counts})),
        answers=Answers(*queries.answers(db, campaign.id, day)),
        chosen=chosen,
    )


def _sum(counts: Mapping[tuple[str, str], int], states: tuple[str, ...], kind: str = "") -> int:
    """Messages in one of the states, in any if none is named, and of the kind."""
    return sum(
        number
        for (state, own), number in counts.items()
        if (not states or state in states) and kind in ("", own)
    )
