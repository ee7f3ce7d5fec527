"""Who did what, when: coordinators and hosts. Ids only: what the record says of a person must not outlive the person's data.

Entries are chained by hashes (`api.store.chain`), and the database lets nobody change or delete one.
"""

from uuid import UUID

from sqlmodel import Session

from api.store import chain
from api.store.tables import AuditEntry, Coordinator, Host


def record(
    db: Session,
    who: Coordinator | Host,
    what: str,
    *,
    campaign_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> None:
    """Keep it in the transaction of what was done. `what` is in small letters, so that no address or number gets in."""
    chain.put(db, _entry(who, what, campaign_id, subject_id))


def record_otherwise(db: Session, who: Coordinator, what: str, campaign_id: UUID | None = None) -> None:
    """The same at the end of the request, if nothing that it did was recorded by itself."""
    chain.put_otherwise(db, _entry(who, what, campaign_id, None))


def _entry(
    who: Coordinator | Host, what: str, campaign_id: UUID | None, subject_id: UUID | None
) -> AuditEntry:
    entry = AuditEntry(what=what, campaign_id=campaign_id, subject_id=subject_id)
    if isinstance(who, Host):
        entry.host_id = who.id
    else:
        entry.coordinator_id = who.id
    return entry
