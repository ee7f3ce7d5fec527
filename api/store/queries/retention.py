"""What is deleted because its time is over. Each function returns how many rows went."""

from datetime import date, datetime

from sqlmodel import Session, col, delete, func, select

from api.store.tables import (
    Attempt,
    Draft,
    Event,
    FriendWord,
    Hold,
    Host,
    HostLink,
    HostSession,
    Invitation,
    InvitationLink,
    KnownDevice,
    LoginSession,
    Message,
    NewContact,
    Offer,
    Person,
    PrivateLink,
    PrivateSession,
    Repair,
    Request,
    Run,
)


def people(db: Session, last_day: date) -> int:
    """People all of whose days lie on or before `last_day`; their offers, requests, lifts, messages and links go with them."""
    later = [select(table.person_id).where(col(table.day) > last_day) for table in (Offer, Request)]
    over = delete(Person).where(col(Person.id).not_in(later[0]), col(Person.id).not_in(later[1]))
    return db.exec(over).rowcount


def runs(db: Session, last_day: date) -> int:
    """Runs and repairs, whose instances hold where people live, and what was decided by hand for their days."""
    db.exec(delete(Hold).where(col(Hold.day) <= last_day))
    return sum(db.exec(delete(table).where(col(table.day) <= last_day)).rowcount for table in (Run, Repair))


def hosts(db: Session, last_day: date) -> int:
    """Hosts of events on or before `last_day`, with their keys."""
    over = select(Event.id).where(col(Event.day) <= last_day)
    return db.exec(delete(Host).where(col(Host.event_id).in_(over))).rowcount


def messages(db: Session, before: datetime) -> int:
    """Messages that are done with: sent before a moment, or not sent and made before it. What is on its way stays."""
    ended = func.coalesce(col(Message.sent_at), col(Message.created_at)) < before
    over = delete(Message).where(ended, col(Message.state).not_in(("created", "sending")))
    return db.exec(over).rowcount


def drafts(db: Session, before: datetime) -> int:
    return db.exec(delete(Draft).where(col(Draft.updated_at) < before)).rowcount


def attempts(db: Session, before: datetime) -> int:
    return db.exec(delete(Attempt).where(col(Attempt.at) < before)).rowcount


def keys(db: Session, at: datetime) -> int:
    """Links, log-in sessions, invitations, friends' words and unproven contacts that have run out."""
    gone = 0
    for table in (
        PrivateLink,
        PrivateSession,
        HostLink,
        HostSession,
        LoginSession,
        FriendWord,
        NewContact,
        KnownDevice,
        InvitationLink,
        Invitation,
    ):
        gone += db.exec(delete(table).where(col(table.expires_at) < at)).rowcount
    return gone
