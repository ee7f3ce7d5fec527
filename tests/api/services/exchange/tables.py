"""Tables as coordinators bring them, and the way through all steps."""

from typing import Any

from sqlmodel import Session, select

from api.services.exchange import bringing, working
from api.services.local import today
from api.store.queries import imports
from api.store.tables import Campaign, Coordinator, ImportRow, Person, TableImport
from tests.api import world

HEADINGS = "Name\tE-mail\tMobile\tPostcode\tCan you drive?\tAvailable\tNeeds\n"
COLUMNS = ("name", "email", "phone", "postcode", "role", "times", "needs")
DAY_AS_WRITTEN = f"{world.DAY:%a} {world.DAY.day} {world.DAY:%B}"
GOOD = (
    "Jo Smith\tjo@example.org\t7700900123\tWF1 1AA\tyes, 3\t8am-6pm\t\n"
    "Al Jones\t\t07700 900 456\tWF2 8AA\tno\tafter 8\tguide dog\n"
    "Bo\tbo@example.org\t\tWF1 1AA\teither\t\t\n"
)
VOUCHED: dict[str, Any] = {"vouched_by": "Sam Jones", "basis": "form", "agreed": True}


def start(
    db: Session, campaign: Campaign, coordinator: Coordinator, text: str | bytes, kind: str = "people"
) -> TableImport:
    return bringing.start(db, campaign, coordinator, kind, text)


def check(db: Session, made: TableImport, **changes: Any) -> TableImport:
    """Confirm the columns as guessed, and check the rows at once."""
    values: dict[str, Any] = {
        "heading": made.heading,
        "usual_day": made.usual_day,
        "usual_role": made.usual_role,
    }
    bringing.confirm_columns(db, made, [name or "" for name in made.columns], **values | changes)
    working.carry_out(db, made.id)
    return again(db, made)


def take(db: Session, made: TableImport, **changes: Any) -> TableImport:
    bringing.ask_to_take(db, made, **{"only_all": False} | VOUCHED | changes)
    working.carry_out(db, made.id)
    return again(db, made)


def bring(
    db: Session, campaign: Campaign, coordinator: Coordinator, text: str, kind: str = "people"
) -> TableImport:
    """All steps at once."""
    return take(db, check(db, start(db, campaign, coordinator, text, kind)))


def again(db: Session, made: TableImport) -> TableImport:
    found = imports.by_id(db, made.id)
    assert found is not None
    return found


def problems(db: Session, made: TableImport) -> dict[int, list[Any]]:
    return {row.number: row.problems for row in imports.rows(db, made.id, wrong=True)}


def rows(db: Session) -> list[ImportRow]:
    return list(db.exec(select(ImportRow)).all())


def names(db: Session) -> list[str]:
    return sorted(person.name for person in db.exec(select(Person)).all())


assert today() < world.DAY
