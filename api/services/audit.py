"""Who did what, when: coordinators and hosts. Ids only: what the record says of a person must not outlive the person's data."""

from uuid import UUID

from sqlmodel import Session

from api.store.tables import AuditEntry, Coordinator, Host


def record(
    db: Session,
    who: Coordinator | Host,
    what: str,
    *,
    campaign_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> None:
    """Keep it in the transaction of what was done."""
    entry = AuditEntry(what=what, campaign_id=campaign_id, subject_id=subject_id)
    if isinstance(who, Host):
        entry.host_id = who.id
    else:
        entry.coordinator_id = who.id
    db.add(entry)
