"""The figures of one campaign day for its coordinators, exact, without a name."""

from datetime import date

from sqlmodel import Session

from api.services.day_sums import of_day
from api.services.views import DayCounts
from api.store.queries import campaigns, lifts, messages
from api.store.queries.day_sums import DaySums
from api.store.tables import Campaign


def counts(db: Session, campaign: Campaign, day: date, sums: DaySums | None = None) -> DayCounts:
    """`sums` of everybody, where they are at hand."""
    events, wanted = campaigns.count_events(db, campaign.id, day)
    people = (sums or of_day(db, campaign, day)).total
    sent = messages.count(db, campaign.id, day)
    return DayCounts(
        day=day,
        events=events,
        wanted=wanted,
        offers=int(people.offers),
        offers_confirmed=int(people.drivers),
        seats=int(people.seats),
        requests=int(people.asked),
        requests_confirmed=int(people.requests),
        people_confirmed=int(people.people),
        lifts=lifts.count_published(db, campaign.id, day),
        messages_waiting=sent.get("created", 0) + sent.get("sending", 0),
        messages_failed=sent.get("failed", 0) + sent.get("unsure", 0),
        messages_held=sent.get("held", 0),
    )
