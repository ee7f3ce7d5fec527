"""The figures of one campaign day for its coordinators, exact, without a name."""

from datetime import date

from sqlmodel import Session

from api.services.views import DayCounts
from api.store.queries import campaigns, lifts, messages, sign_ups
from api.store.tables import Campaign, Offer


def counts(db: Session, campaign: Campaign, day: date) -> DayCounts:
    events, wanted = campaigns.count_events(db, campaign.id, day)
    active = [(row, person) for row, person in sign_ups.listed(db, campaign.id, day) if row.state == "active"]
    ready = [row for row, person in active if person.confirmed_at is not None]
    offers = [row for row in ready if isinstance(row, Offer)]
    sent = messages.count(db, campaign.id, day)
    return DayCounts(
        day=day,
        events=events,
        wanted=wanted,
        offers=sum(isinstance(row, Offer) for row, _ in active),
        offers_confirmed=len(offers),
        seats=sum(offer.seats for offer in offers),
        requests=sum(not isinstance(row, Offer) for row, _ in active),
        requests_confirmed=len(ready) - len(offers),
        people_confirmed=sum(row.party for row in ready),
        lifts=lifts.count_published(db, campaign.id, day),
        messages_waiting=sent.get("created", 0) + sent.get("sending", 0),
        messages_failed=sent.get("failed", 0) + sent.get("unsure", 0),
        messages_held=sent.get("held", 0),
    )
