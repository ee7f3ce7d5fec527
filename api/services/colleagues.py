"""What the others in a team call a coordinator."""

from uuid import UUID

from sqlmodel import Session

from api.store.queries import campaigns

SOMEBODY = "Somebody else"


def name_of(db: Session, coordinator_id: UUID | None, otherwise: str = SOMEBODY) -> str:
    """The name, or `otherwise` if it was nobody."""
    found = campaigns.coordinator_by_id(db, coordinator_id) if coordinator_id else None
    return found.name if found else otherwise
