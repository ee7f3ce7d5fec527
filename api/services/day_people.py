"""Everybody of one day as a coordinator lists them: first name and initial, district, what came of it. No contact data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session

from api.services.regions import districts_of, regions
from api.store.queries import campaigns
from api.store.queries import day_people as queries
from api.store.tables import Campaign

ROLES = ("driver", "rider", "either")
STATES = tuple(queries.STATES)
SORTS = tuple(queries.SORTS)
NEEDS = ("any", "none")
PAGE = 50
LONGEST = 80


@dataclass(frozen=True)
class Filters:
    """What stands in the address. Anything unknown there counts as not given, so that an old link still opens."""

    q: str = ""
    event: str = ""
    region: str = ""
    role: str = ""
    needs: str = ""
    state: str = ""
    sort: str = "name"
    down: bool = False
    page: int = 1

    @property
    def set_ones(self) -> dict[str, str]:
        """The filters that are on, without order and page."""
        names = ("q", "event", "region", "role", "needs", "state")
        return {name: value for name in names if (value := getattr(self, name))}

    def address(self, **changes: str | int) -> str:
        """The query part of an address with these filters and some changes, "?…"; what is usual is left out."""
        order = {"sort": self.sort, "order": "down" if self.down else "", "page": self.page}
        every = {**self.set_ones, **order, **changes}
        usual = {"sort": "name", "page": 1}
        kept = {name: value for name, value in every.items() if value and value != usual.get(name)}
        return f"?{urlencode(kept)}"

    def sorted_by(self, column: str) -> str:
        """The address of the list sorted by a column; by the same one again, the other way round."""
        again = column == self.sort and not self.down
        return self.address(sort=column, order="down" if again else "", page=1)


@dataclass(frozen=True)
class PersonRow:
    """One line of the list. `event` is where a published lift takes them, "" without one; `rang`: they have no own page."""

    id: UUID
    name: str
    role: str
    district: str
    people: int
    seats: int
    needs: tuple[str, ...]
    confirmed: bool
    event: str
    accepted: bool
    person_id: UUID
    rang: bool


@dataclass(frozen=True)
class PeoplePage:
    rows: tuple[PersonRow, ...]
    total: int
    page: int
    pages: int
    first: int


def read(query: Mapping[str, str]) -> Filters:
    """The filters of an address."""

    def one(name: str, known: tuple[str, ...]) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    number = query.get("page", "")
    return Filters(
        q=" ".join(query.get("q", "").replace("\0", "").split())[:LONGEST],
        event=_uuid(query.get("event", "")),
        region=one("region", regions()),
        role=one("role", ROLES),
        needs=one("needs", NEEDS),
        state=one("state", STATES),
        sort=one("sort", SORTS) or "name",
        down=query.get("order") == "down",
        page=int(number) if number.isdecimal() and len(number) < 7 and int(number) > 0 else 1,
    )


def wanted(filters: Filters) -> queries.Wanted:
    """The filters as the database takes them."""
    return queries.Wanted(
        words=filters.q,
        event=UUID(filters.event) if filters.event else None,
        districts=districts_of(filters.region) if filters.region else None,
        role=filters.role,
        needs=filters.needs,
        state=filters.state,
    )


def listed(db: Session, campaign: Campaign, day: date, filters: Filters) -> PeoplePage:
    """One page of the list; the last one, if the address names one beyond it."""
    who = wanted(filters)
    total = queries.count(db, campaign.id, day, who)
    pages = max(1, -(-total // PAGE))
    page = min(filters.page, pages)
    first = (page - 1) * PAGE
    titles = {event.id: event.title for event in campaigns.events(db, campaign.id, day)}
    found = queries.page(db, campaign.id, day, who, filters.sort, filters.down, PAGE, first)
    rows = tuple(
        PersonRow(
            id=row.id,
            name=brief(row.name),
            role=row.role,
            district=row.district,
            people=row.party,
            seats=row.seats,
            needs=tuple(row.needs),
            confirmed=row.confirmed,
            event=titles.get(row.event_id, "") if row.event_id else "",
            accepted=row.accepted,
            person_id=row.person_id,
            rang=row.rang,
        )
        for row in found
    )
    return PeoplePage(rows, total, page, pages, first + 1 if rows else 0)


def brief(name: str) -> str:
    """First name and initial: Rafi R."""
    first, *more = name.split() or [name]
    return f"{first} {more[-1][0].upper()}." if more else first


def _uuid(typed: str) -> str:
    try:
        return str(UUID(typed))
    except ValueError:
        return ""
