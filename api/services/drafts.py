"""Answers of a form until they are sent. The browser holds a random token, the row its hash."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from api.store.queries import drafts as queries
from api.store.queries import sign_ups
from api.store.tables import Draft, now

Kind = Literal["offer", "request"]


def new_token() -> str:
    """What the browser's cookie holds: 128 random bits and more."""
    return secrets.token_urlsafe(24)


def load(db: Session, token: str | None, campaign_id: UUID, kind: Kind) -> Draft | None:
    """The draft that this browser has begun in this campaign, None without one."""
    return queries.find(db, _hash(token), campaign_id, kind) if token else None


def save(db: Session, token: str, campaign_id: UUID, kind: Kind, answers: Mapping[str, Any]) -> Draft:
    """Lay `answers` over those that are there already. Two tabs that write at once get one draft."""
    draft = queries.find_or_add(db, _hash(token), campaign_id, kind)
    draft.answers = {**draft.answers, **answers}
    draft.updated_at = now()
    db.add(draft)
    db.flush()
    return draft


def discard(db: Session, token: str | None, campaign_id: UUID, kind: Kind) -> None:
    """Forget the answers: they are sent, or somebody else is at the keyboard."""
    if token:
        queries.delete_one(db, _hash(token), campaign_id, kind)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def reference_of(db: Session, key: str) -> str | None:
    """The reference of what was sent under this draft's id: somebody pressed twice, or our answer got lost."""
    sent = sign_ups.by_key(db, key)
    return sent.reference if sent is not None else None
