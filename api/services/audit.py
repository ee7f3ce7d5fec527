"""Who did what, when. Ids only: what the record says of a person must not outlive the person's data."""

from uuid import UUID

from sqlmodel import Session

from api.store.tables import AuditEntry, Coordinator


def record(
    db: Session,
    who: Coordinator,
    what: str,
    *,
    campaign_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> None:
    """Keep it in the transaction of what was done."""
    db.add(AuditEntry(coordinator_id=who.id, what=what, campaign_id=campaign_id, subject_id=subject_id))
