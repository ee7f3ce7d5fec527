"""Reading the record: a campaign's, page by page, and whether nobody has tampered with the whole."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from api.services.local import after_midnight, local
from api.store import chain
from api.store.queries import record as queries
from api.store.queries.record import Wanted
from api.store.tables import AuditEntry, Campaign

A_PAGE = 50
A_HOST = "A host"
HOSTS = "hosts"
"""What stands for all hosts where one chooses whose entries to see."""


@dataclass(frozen=True)
class Filter:
    """Whose entries (an id, or `HOSTS`), what was done, and on which day; empty: all."""

    who: str = ""
    what: str = ""
    day: date | None = None


@dataclass(frozen=True)
class EntryView:
    """`about` is the start of the id of what it was done to: enough to see that two entries are about the same."""

    number: int
    at: datetime
    who: str
    what: str
    about: str


@dataclass(frozen=True)
class RecordPage:
    """One page of a campaign's record, newest first, with what can be chosen from."""

    entries: tuple[EntryView, ...]
    total: int
    page: int
    pages: int
    who: tuple[tuple[str, str], ...]
    what: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """How the chain is: how many entries hold, the hash of the last one, and which entry does not follow, if one does not."""

    entries: int
    last: int
    hash: str
    broken_at: int | None
    why: str = ""


def page(db: Session, campaign: Campaign, wanted: Filter, number: int) -> RecordPage:
    """The page of this number, or the last there is."""
    search = _search(campaign.id, wanted)
    total = queries.count(db, search)
    pages = max(1, -(-total // A_PAGE))
    number = min(max(1, number), pages)
    names = {person.id: person.name for person in queries.people(db, campaign.id)}
    found = queries.entries(db, search, A_PAGE, (number - 1) * A_PAGE)
    return RecordPage(
        entries=tuple(_view(entry, names) for entry in found),
        total=total,
        page=number,
        pages=pages,
        who=(*((str(one), name) for one, name in names.items()), (HOSTS, "Hosts")),
        what=tuple(queries.kinds(db, campaign.id)),
    )


def verify(db: Session) -> Verdict:
    """Follow the chain from its beginning to the first entry that does not fit."""
    before, last, number = chain.BEGINNING, 0, 0
    for entry in queries.whole(db):
        why = _fault(entry, before)
        if why:
            return Verdict(number, last, before.hex(), entry.id, why)
        before, last, number = entry.hash, entry.id or 0, number + 1
    return Verdict(number, last, before.hex(), None)


def holds(db: Session, number: int, hash_hex: str) -> bool:
    """Whether the entry of this number has this hash, as somebody noted it down earlier: none before it has gone since."""
    entry = queries.by_number(db, number)
    return entry is not None and entry.hash.hex() == hash_hex


def _fault(entry: AuditEntry, before: bytes) -> str:
    if entry.previous != before:
        return "an entry before it is missing or was put in"
    return "" if entry.hash == queries.hash_of(entry) else "it was changed"


def _search(campaign_id: UUID, wanted: Filter) -> Wanted:
    by_hosts = wanted.who == HOSTS
    return Wanted(
        campaign_id,
        coordinator_id=UUID(wanted.who) if wanted.who and not by_hosts else None,
        hosts=by_hosts,
        what=wanted.what,
        since=after_midnight(wanted.day) if wanted.day else None,
        before=after_midnight(wanted.day, 1) if wanted.day else None,
    )


def _view(entry: AuditEntry, names: dict[UUID, str]) -> EntryView:
    who = names.get(entry.coordinator_id, "") if entry.coordinator_id else A_HOST
    about = entry.subject_id.hex[:8] if entry.subject_id else ""
    return EntryView(entry.id or 0, local(entry.at), who, entry.what.replace("_", " "), about)
