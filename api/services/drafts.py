"""Answers of a form until they are sent. The browser holds a random token, the row its hash.

There is one draft a campaign: who changes their mind about driving keeps what they have answered.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.settings import settings
from api.store.queries import drafts as queries
from api.store.queries import sign_ups
from api.store.tables import Draft, now


def new_token() -> str:
    """What the browser's cookie holds: 128 random bits and more."""
    return secrets.token_urlsafe(24)


def token_of(what: str, owner: UUID) -> str:
    """The token of somebody who is known already, without a cookie for it. Nobody else can make it up."""
    return hmac.new(
        settings().secret_key.encode(), f"draft|{what}|{owner}".encode(), hashlib.sha256
    ).hexdigest()


def change_token(person_id: UUID) -> str:
    """Of the draft that holds what somebody wants to change, until it is saved."""
    return token_of("change", person_id)


def load(db: Session, token: str | None, campaign_id: UUID) -> Draft | None:
    """The draft that this browser has begun in this campaign, None without one."""
    return queries.find(db, _hash(token), campaign_id) if token else None


def save(db: Session, token: str, campaign_id: UUID, answers: Mapping[str, Any]) -> Draft:
    """Lay `answers` over those that are there already. Two tabs that write at once get one draft."""
    draft = queries.find_or_add(db, _hash(token), campaign_id)
    draft.answers = {**draft.answers, **answers}
    draft.updated_at = now()
    db.add(draft)
    db.flush()
    return draft


def discard(db: Session, token: str | None, campaign_id: UUID) -> None:
    """Forget the answers: they are sent, or somebody else is at the keyboard."""
    if token:
        queries.delete_one(db, _hash(token), campaign_id)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def reference_of(db: Session, key: str) -> str | None:
    """The reference of what was sent under this draft's id: somebody pressed twice, or our answer got lost."""
    sent = sign_ups.by_key(db, key)
    return sent.reference if sent is not None else None
