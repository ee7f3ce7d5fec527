"""A day's people in figures: one look at the database for all that the page of the day counts."""

from datetime import date, time

from sqlmodel import Session

from api.services import day_people
from api.services.day_people import Filters
from api.services.local import at
from api.store.queries import day_sums as queries
from api.store.queries.day_sums import DaySums
from api.store.tables import Campaign

EVERYBODY = Filters()


def of_day(db: Session, campaign: Campaign, day: date, filters: Filters = EVERYBODY) -> DaySums:
    """Those whom the filters leave."""
    return queries.sums(db, campaign.id, day, at(day, time(0)), day_people.wanted(filters))
