"""Closing a coordinator's account: who they were is forgotten, what they did stays on the record by their id."""

import secrets

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import audit, codes, login
from api.services.local import today
from api.services.rights import OWNER
from api.store.queries import campaigns, logins, teams
from api.store.tables import Campaign, Coordinator

NO_ACCOUNT = "There is no coordinator with this e-mail address."
LAST_OWNER = "{name} is the last owner of {campaign}, which is not over. Make somebody else an owner first, on its page Team."


def close_account(db: Session, email: str) -> str:
    """Out of every team, logged out everywhere, and without name and address; what they were called.

    The row stays, because the record names it. Raises `NotFound`, and `Conflict` for the last owner of what is still to come.
    """
    who = logins.coordinator_by_email(db, login.tidy_email(email))
    if who is None:
        raise NotFound(NO_ACCOUNT)
    name = who.name
    for campaign in campaigns.of_coordinator(db, who.id):
        _leave(db, campaign, who)
    codes.switch_off(db, who)
    login.disable(db, who)
    audit.record(db, who, "account closed", subject_id=who.id)
    # Told apart on the page of the record, and nothing else.
    who.name, who.email = f"Somebody who left ({who.id.hex[:4]})", f"{who.id}@left.invalid"
    who.password_hash, who.may_create = login.hash_password(secrets.token_urlsafe()), False
    db.add(who)
    return name


def _leave(db: Session, campaign: Campaign, who: Coordinator) -> None:
    teams.lock(db, campaign.id)
    others = [one for one in teams.may_log_in(db, campaign.id, (OWNER,)) if one.id != who.id]
    is_over = all(day < today() for day in campaigns.days(db, campaign.id))
    if not others and not is_over:
        raise Conflict(LAST_OWNER.format(name=who.name, campaign=campaign.name))
    teams.remove(db, campaign.id, who.id)
    audit.record(db, who, "left the team", campaign_id=campaign.id, subject_id=who.id)
