"""A plan of two cars, changed by hand as often as a test wants."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.services import matching, reviewing
from api.services.hands import looking, taking
from api.services.hands.asking import Asked
from api.services.hands.edited import edited
from api.services.hands.views import EffectView
from api.store.queries import hands as queries
from api.store.tables import Edit, Planned
from carpool import Instance, Plan
from tests.api.services.test_publishing import Day

START = {"Driver1": {"Rider1", "Rider2"}, "Driver2": {"Rider3"}}


def asked(kind: str, who: Any, other: Any = None, event: Any = None, **more: Any) -> Asked:
    """A change of sign-ups and events, or of their ids."""
    ids = [getattr(one, "id", one) for one in (who, other, event)]
    return Asked(kind, *ids, **more)


class Hands:
    """The first driver takes two riders, the second one."""

    def __init__(self, day: Day) -> None:
        self.day, self.db, self.campaign = day, day.db, day.campaign
        [self.one, self.two], [self.a, self.b, self.c] = day.offers, day.requests
        self.run_id = day.solved((self.one, [self.a, self.b]), (self.two, [self.c]))
        self.db.commit()
        self.place = (self.db, self.campaign, self.run_id)

    def preview(self, *change: Any, **more: Any) -> EffectView:
        return taking.preview(*self.place, asked(*change, **more), self.day.coordinator)

    def take(self, *change: Any, reason: str = "", seen: int | None = None, **more: Any) -> None:
        version = self.version if seen is None else seen
        taking.take(*self.place, self.day.coordinator, asked(*change, **more), version, reason)
        self.db.commit()

    def undo(self) -> None:
        taking.undo(*self.place, self.day.coordinator, self.last(False).id)
        self.db.commit()

    def redo(self) -> None:
        taking.redo(*self.place, self.day.coordinator, self.last(True).id)
        self.db.commit()

    def last(self, undone: bool) -> Edit:
        found = queries.edits(self.db, self.run_id, undone)
        return found[0] if undone else found[-1]

    @property
    def version(self) -> int:
        return matching.find_without_plan(self.db, self.campaign, self.run_id).hands

    @property
    def rows(self) -> list[Planned]:
        found = select(Planned).where(Planned.run_id == self.run_id, col(Planned.trip).is_not(None))
        return list(self.db.exec(found.execution_options(populate_existing=True)).all())

    @property
    def event(self) -> UUID:
        """That of the first car."""
        found = next(row.event_id for row in self.rows)
        assert found is not None
        return found

    @property
    def cars(self) -> dict[str, set[str]]:
        rows = self.rows
        names = reviewing.names(self.db, [row.sign_up_id for row in rows])
        found: dict[str, set[str]] = {names.name(row.sign_up_id): set() for row in rows if row.position == 0}
        for row in rows:
            if row.position:
                found[names.name(row.driver_id)].add(names.name(row.sign_up_id))
        return found

    @property
    def holds(self) -> set[tuple[str, str]]:
        return {(one.kind, one.words) for one in looking.hands(*self.place).holds}

    def plan(self) -> tuple[Instance, Plan, Plan]:
        """What was solved, what came out, and what it is by hand."""
        run = matching.find(self.db, self.campaign, self.run_id)
        instance, plan = matching.instance_and_plan(run)
        return instance, plan, edited(self.db, run, plan)
