"""Two coordinators at one plan: the second is told who did what, and no two changes of one car are both taken unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.errors import Conflict
from api.services import matching, publishing
from api.services.hands import taking
from api.store.queries import hands as queries
from api.store.session import open_session
from api.store.tables import Campaign, Coordinator, Edit, Run
from tests.api import world
from tests.api.services.hands.plan import Hands, asked
from tests.api.services.test_publishing import Day

PAIRS = 20


@pytest.fixture
def hands(db: Session) -> Hands:
    return Hands(Day(db))


@pytest.fixture
def marek(hands: Hands) -> Coordinator:
    marek = world.add_coordinator(hands.db, "Marek Nowak")
    hands.db.commit()
    return marek


def test_the_second_is_told_who_did_what(hands: Hands, marek: Coordinator) -> None:
    seen = hands.version
    taking.take(*hands.place, marek, asked("ride", hands.b, hands.two), seen)
    hands.db.commit()
    with pytest.raises(
        Conflict, match=r"Marek Nowak put Rider2 into Driver2’s car at .* after you had opened"
    ):
        hands.take("out", hands.a, seen=seen)
    hands.db.rollback()
    assert hands.cars == {"Driver1": {"Rider1"}, "Driver2": {"Rider2", "Rider3"}}
    hands.take("out", hands.a)
    with pytest.raises(Conflict, match="Priya Shah took Rider1 out"):
        taking.undo(*hands.place, marek, queries.edits(hands.db, hands.run_id)[0].id)
    hands.db.rollback()
    hands.undo()
    with pytest.raises(Conflict, match="Priya Shah took this back: Priya Shah took Rider1 out"):
        taking.undo(*hands.place, marek, queries.edits(hands.db, hands.run_id)[1].id)


def test_changes_of_different_cars_do_not_meet(hands: Hands, marek: Coordinator) -> None:
    seen = hands.version
    taking.take(*hands.place, marek, asked("out", hands.c), seen)
    hands.db.commit()
    hands.take("out", hands.a, seen=seen)
    assert hands.cars == {"Driver1": {"Rider2"}, "Driver2": set()}


def both(
    engine: Engine, hands: Hands, *changes: Callable[[Session, Campaign, Coordinator], None]
) -> list[str]:
    """Several at once, each in a transaction of their own: what each was told, "" who was first."""
    together = Barrier(len(changes))
    campaign_id, coordinator_id = hands.campaign.id, hands.day.coordinator.id
    hands.db.commit()

    def one(change: Callable[[Session, Campaign, Coordinator], None]) -> str:
        with open_session(engine) as db:
            campaign, coordinator = db.get_one(Campaign, campaign_id), db.get_one(Coordinator, coordinator_id)
            together.wait()
            try:
                change(db, campaign, coordinator)
                db.commit()
            except Conflict as error:
                return error.message
        return ""

    with ThreadPoolExecutor(len(changes)) as threads:
        return list(threads.map(one, changes))


def riding(run_id: UUID, seen: int, *change: Any) -> Callable[[Session, Campaign, Coordinator], None]:
    made = asked(*change)

    def change_(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
        taking.take(db, campaign, run_id, coordinator, made, seen)

    return change_


def test_of_two_at_once_one_wins(engine: Engine, hands: Hands) -> None:
    for _ in range(PAIRS):
        seen = hands.version
        told = both(
            engine,
            hands,
            riding(hands.run_id, seen, "ride", hands.b.id, hands.two.id),
            riding(hands.run_id, seen, "out", hands.b.id),
        )
        assert sorted(map(bool, told)) == [False, True], told
        assert "after you had opened this page" in max(told)
        hands.undo()


def test_without_the_version_both_would_be_taken(
    engine: Engine, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the race happens: with the guard off the second changes what it has not seen."""
    monkeypatch.setattr(queries, "since", lambda *_: None)
    seen = hands.version
    told = both(
        engine,
        hands,
        riding(hands.run_id, seen, "ride", hands.b.id, hands.two.id),
        riding(hands.run_id, seen, "pin", hands.one.id),
    )
    assert told == ["", ""]
    assert len(hands.db.exec(select(Edit)).all()) == 2


def test_a_plan_is_published_before_or_after_a_change_and_never_halfway(engine: Engine, hands: Hands) -> None:
    run_id = hands.run_id

    def publish(db: Session, campaign: Campaign, coordinator: Coordinator) -> None:
        publishing.publish(db, campaign, run_id, coordinator)

    told = both(engine, hands, riding(run_id, hands.version, "ride", hands.b.id, hands.two.id), publish)
    assert told[1] == "", "publishing takes whatever stands when it begins"
    lift = hands.day.page(hands.b).lift
    changed = told[0] == ""
    assert lift is not None and lift.driver_name == ("Driver2" if changed else "Driver1")
    assert changed or "published" in told[0]
    state = hands.db.exec(select(Run.state).where(Run.id == run_id)).one()
    assert state == "published" and matching.find(hands.db, hands.campaign, run_id).hands == int(changed)
