"""What an election agent looks after: the imprint, and how far cars were driven for each constituency.

The sums are estimates without anybody's data, and are kept when the lifts are deleted: accounts are asked for later.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.services import audit, constituencies
from api.services.campaign_forms import AgentForm
from api.services.exchange import csv_files
from api.services.local import now, today
from api.store.queries import spending as queries
from api.store.tables import Campaign, Coordinator

KILOMETRES_A_MILE = 1.609344
HEADINGS = ("Day", "Constituency", "ONS code", "Cars", "Miles, about", "Pence a mile", "Pounds at that rate")


@dataclass(frozen=True)
class Drives:
    """Cars and miles to one constituency, or to all; `pounds` at the campaign's rate. `day` None: of several days."""

    code: str
    name: str
    cars: int
    miles: float
    pounds: float
    day: date | None = None


@dataclass(frozen=True)
class Spending:
    """What there is by constituency, by name; the sum of all; and the days that it is of."""

    rows: Sequence[Drives]
    total: Drives
    first: date | None
    last: date | None


def rules(campaign: Campaign) -> AgentForm:
    # Not checked again: the page shows what is kept, though a form would refuse it by now.
    return AgentForm.model_construct(imprint=campaign.imprint, mileage_pence=campaign.mileage_pence)


def set_rules(db: Session, campaign: Campaign, coordinator: Coordinator, form: AgentForm) -> None:
    """Change the imprint and the rate."""
    campaign.imprint, campaign.mileage_pence = form.imprint, form.mileage_pence
    db.add(campaign)
    audit.record(db, coordinator, "imprint and rate changed", campaign_id=campaign.id)


def of(db: Session, campaign: Campaign, first: date | None = None, last: date | None = None) -> Spending:
    """The drives of a campaign's days, of those from `first` to `last`."""
    found = [row for row in by_day(db, campaign) if _within(row.day, first, last)]
    together = defaultdict[tuple[str, str], list[Drives]](list)
    for row in found:
        together[row.name, row.code].append(row)
    rows = [_sum(code, name, drives) for (name, code), drives in sorted(together.items())]
    days = [row.day for row in found if row.day]
    return Spending(rows, _sum("", "", found), min(days, default=None), max(days, default=None))


def by_day(db: Session, campaign: Campaign) -> list[Drives]:
    """The same, each day by itself."""
    known = constituencies.current(db)
    return [
        _drives(campaign, day, code, known[code].name if code in known else code, cars, kilometres)
        for day, code, cars, kilometres in queries.sums(db, campaign.id)
    ]


def table(db: Session, campaign: Campaign) -> bytes:
    """All days and constituencies as a CSV file."""
    rows = (
        (
            f"{row.day:%d/%m/%Y}",
            row.name,
            row.code,
            row.cars,
            f"{row.miles:.0f}",
            f"{campaign.mileage_pence:g}",
            f"{row.pounds:.2f}",
        )
        for row in by_day(db, campaign)
    )
    return csv_files.written(HEADINGS, rows)


def sum_up(db: Session) -> int:
    """Keep the sums of every day that is over, before its lifts are deleted."""
    return queries.sum_up(db, today(), now())


def _within(day: date | None, first: date | None, last: date | None) -> bool:
    return day is not None and (first is None or day >= first) and (last is None or day <= last)


def _drives(campaign: Campaign, day: date, code: str, name: str, cars: int, kilometres: float) -> Drives:
    miles = kilometres / KILOMETRES_A_MILE
    return Drives(code, name, cars, miles, miles * campaign.mileage_pence / 100, day)


def _sum(code: str, name: str, drives: Sequence[Drives]) -> Drives:
    cars, miles = sum(one.cars for one in drives), sum(one.miles for one in drives)
    return Drives(code, name, cars, miles, sum(one.pounds for one in drives))
