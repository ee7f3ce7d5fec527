"""Deletes what has had its time. What page one of the forms says about it, this does."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from api.geocoding.asking import ANSWERS_KEPT
from api.routing import TIMES_KEPT
from api.services import spending
from api.services.backups import TOMBSTONES_KEPT
from api.services.local import now, today
from api.services.my_page import DELETED_AFTER_DAYS
from api.store.queries import erased, geocoding, imports, next_one, road_times, safety
from api.store.queries import retention as queries

MESSAGES_KEPT_DAYS = 7
DRAFTS_KEPT_HOURS = 48
"""A form that was left open for a day can still be sent."""
ATTEMPTS_KEPT_HOURS = 24
TABLES_KEPT = timedelta(hours=48)
"""What a coordinator brings in and does not take, and the rows that were left out."""


@dataclass(frozen=True)
class Purged:
    """How many rows of each went."""

    people: int
    runs: int
    hosts: int
    messages: int
    drafts: int
    keys: int
    pairs: int
    attempts: int
    names: int
    tables: int
    agreements: int
    tombstones: int
    roads: int


def purge(db: Session) -> Purged:
    """People, runs, hosts, road times and looked-up names 30 days after their day, messages after 7 days, drafts after two.

    Who agreed to hear of the next campaign stays for the 12 months that they were told.
    """
    # What accounts are asked for after the lifts have gone.
    spending.sum_up(db)
    last_day = today() - timedelta(days=DELETED_AFTER_DAYS)
    return Purged(
        people=queries.people(db, last_day),
        runs=queries.runs(db, last_day),
        hosts=queries.hosts(db, last_day),
        messages=queries.messages(db, now() - timedelta(days=MESSAGES_KEPT_DAYS)),
        drafts=queries.drafts(db, now() - timedelta(hours=DRAFTS_KEPT_HOURS)),
        keys=queries.keys(db, now()),
        pairs=safety.drop_kept_apart(db, now()),
        attempts=queries.attempts(db, now() - timedelta(hours=ATTEMPTS_KEPT_HOURS)),
        names=geocoding.drop_older(db, now() - ANSWERS_KEPT),
        roads=road_times.drop_older(db, now() - TIMES_KEPT),
        agreements=next_one.drop_expired(db, now()),
        tombstones=erased.drop_older(db, now() - TOMBSTONES_KEPT),
        tables=imports.drop_older(db, now() - TABLES_KEPT) + imports.drop_removed(db, now()),
    )
