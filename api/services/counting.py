"""The figures of one campaign day for its coordinators, exact, without a name."""

from datetime import date

from sqlmodel import Session

from api.services.views import DayCounts
from api.store.queries import campaigns, day_people, lifts, messages
from api.store.tables import Campaign


def counts(db: Session, campaign: Campaign, day: date) -> DayCounts:
    events, wanted = campaigns.count_events(db, campaign.id, day)
    people = day_people.sums(db, campaign.id, day)
    sent = messages.count(db, campaign.id, day)
    return DayCounts(
        day=day,
        events=events,
        wanted=wanted,
        offers=int(people.offers),
        offers_confirmed=int(people.offers_confirmed),
        seats=int(people.seats),
        requests=int(people.requests),
        requests_confirmed=int(people.requests_confirmed),
        people_confirmed=int(people.people_confirmed),
        lifts=lifts.count_published(db, campaign.id, day),
        messages_waiting=sent.get("created", 0) + sent.get("sending", 0),
        messages_failed=sent.get("failed", 0) + sent.get("unsure", 0),
        messages_held=sent.get("held", 0),
    )
