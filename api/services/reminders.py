"""What people hear without anybody doing anything: the evening before, in the morning, and shortly before the way back."""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from api.services import outbox
from api.services.local import at, now, today
from api.services.my_page import ASKED_AT
from api.store.queries import campaigns
from api.store.queries import lifts as queries
from api.store.queries import messages as message_queries
from api.store.tables import Event, Lift

EVENING, MORNING = ASKED_AT, time(6)
BEFORE_THE_END = timedelta(minutes=30)
AFTER_THE_END = timedelta(hours=6)
"""So long after an event its thanks still go out, should the worker have been away."""


def queue_due(db: Session) -> int:
    """Queue what is due now, once a person and kind; how many messages that were."""
    queued = 0
    for day in (today(), today() + timedelta(days=1)):
        for campaign_id in queries.campaigns_on(db, day):
            events = {event.id: event for event in campaigns.events(db, campaign_id, day)}
            told: dict[str, set[object]] = {}
            for lift, driver, riders in queries.standing(db, campaign_id, day):
                kind = _due(lift, events[lift.event_id], now())
                if kind is None:
                    continue
                known = told.setdefault(kind, set(message_queries.people_told(db, campaign_id, kind)))
                for person in (driver, *(rider for _, _, rider in riders)):
                    if person.id not in known:
                        key = f"{kind}:{person.id}"
                        queued += outbox.queue(db, person.id, campaign_id, kind, key=key, subject_id=lift.id)
    return queued


def _due(lift: Lift, event: Event, moment: datetime) -> str | None:
    """The message that is due for the people of a lift. Who was told of it only just now needs no reminder."""
    if event.state != "open":
        return None
    evening, morning = at(lift.day - timedelta(days=1), EVENING), at(lift.day, MORNING)
    if event.ends_at - BEFORE_THE_END <= moment <= event.ends_at + AFTER_THE_END:
        return "thanks"
    if morning <= moment < lift.departs_at and lift.created_at < morning:
        return "morning"
    if evening <= moment < min(morning, lift.departs_at) and lift.created_at < evening:
        return "reminder"
    return None
