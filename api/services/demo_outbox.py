"""The demonstration's outbox: what every message said, for whoever tries the service and has no telephone at hand.

It holds private links, which are kept nowhere else; so only the demonstration keeps it, and no server may be one.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.messages import gsm
from api.messages.letter import Letter
from api.services.local import local
from api.store.queries import messages as queries
from api.store.tables import DemoLetter

A_PAGE = 30


@dataclass(frozen=True)
class KeptLetter:
    """A message as it was sent. `texts`: how many text messages it made, 0 for a mail."""

    channel: str
    to: str
    subject: str
    text: str
    at: datetime
    texts: int


def keep(db: Session, message_id: UUID, channel: str, to: str, letter: Letter) -> None:
    """Keep what was sent, unless its reader erased everything a moment ago."""
    if queries.by_id(db, message_id) is None:
        return
    text = letter.short if channel == "text" else letter.text
    db.add(
        DemoLetter(message_id=message_id, channel=channel, to=to, subject=letter.subject, text=text.strip())
    )


def shown(db: Session, page: int) -> tuple[list[KeptLetter], bool]:
    """A page of what was sent, newest first, and whether there are older ones. The first page is 1."""
    rows = queries.demo_letters(db, A_PAGE + 1, A_PAGE * (page - 1))
    return [_view(row) for row in rows[:A_PAGE]], len(rows) > A_PAGE


def _view(row: DemoLetter) -> KeptLetter:
    texts = gsm.segments(row.text) if row.channel == "text" else 0
    return KeptLetter(row.channel, row.to, row.subject, row.text, local(row.at), texts)
