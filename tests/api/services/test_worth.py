"""Where one more car would help most, and the call for drivers: to those alone who said that they may be asked, and once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.errors import Conflict, NotFound
from api.messages.house import House
from api.messages.letters import write
from api.services import outbox, worth
from api.services.local import now
from api.store.queries import worth as queries
from api.store.session import open_session
from api.store.tables import AuditEntry, Message, Request, Worth
from tests.api import world
from tests.api.pages.scene import Scene, match, password_hash, scene

__all__ = ["password_hash", "scene"]
HOUSE = House("https://lifts.test.org.uk", "The Testers", "operator@test.org.uk")


@pytest.fixture
def known(db: Session, scene: Scene) -> Worth:
    """A car in WF2 would bring more people; in TR18, far away, fewer."""
    run = match(db, scene)
    found = Worth(
        run_id=run.id, asked_by=scene.coordinator.id, state="done", cars=[car("WF2", 2.4), car("TR18", 1.0)]
    )
    db.add(found)
    db.commit()
    return found


def car(district: str, gain: float) -> dict[str, Any]:
    return {"district": district, "gain": gain, "proven": False, "event": None, "people": 2}


def rider(db: Session, scene: Scene, name: str, **more: Any) -> Request:
    return world.add_request(db, scene.campaign, name=name, **({"may_ask": True} | more))


def calls(db: Session) -> list[Message]:
    return list(db.exec(select(Message).where(Message.kind == worth.CALL)).all())


def test_a_call_goes_once_to_those_near_who_may_be_asked(db: Session, scene: Scene, known: Worth) -> None:
    near = rider(db, scene, "Nia")
    rider(db, scene, "Far", postcode="TR18 2AB")
    rider(db, scene, "Shy", may_ask=False)
    rider(db, scene, "Una", confirmed=False)
    gone = rider(db, scene, "Gus")
    gone.state = "cancelled"
    db.add(gone)
    db.commit()
    view = worth.view(db, scene.campaign, world.DAY)
    assert [(one.district, one.free, one.asked) for one in view.lines] == [("WF2", 1, 0), ("TR18", 1, 0)]
    assert worth.call(db, scene.campaign, world.DAY, "WF2", scene.coordinator) == 1
    assert [message.person_id for message in calls(db)] == [near.person_id]
    with pytest.raises(Conflict, match="Nobody near there is left"):
        worth.call(db, scene.campaign, world.DAY, "WF2", scene.coordinator)
    assert len(calls(db)) == 1
    after = worth.one(db, scene.campaign, world.DAY, "WF2")
    assert (after.free, after.asked) == (0, 1)
    db.commit()
    assert db.exec(select(AuditEntry).where(AuditEntry.what == "drivers called for")).one()
    with pytest.raises(NotFound):
        worth.call(db, scene.campaign, world.DAY, "LS6", scene.coordinator)


def test_two_presses_at_once_ask_nobody_twice(
    engine: Engine, db: Session, scene: Scene, known: Worth
) -> None:
    """The second looks before the first has committed: each still sees somebody to ask."""
    rider(db, scene, "Nia")
    db.commit()
    with open_session(engine) as one, open_session(engine) as other:
        spot = ("WF2", *worth._spots(["WF2"])[0][1:])
        people = queries.to_ask(other, scene.campaign.id, world.DAY, spot, worth.NEAR_KM, worth.CALL)
        assert len(people) == 1
        assert worth.call(one, scene.campaign, world.DAY, "WF2", scene.coordinator) == 1
        one.commit()
        assert not outbox.queue(
            other, people[0].id, scene.campaign.id, worth.CALL, key=f"{worth.CALL}:{world.DAY}:{people[0].id}"
        )
        other.rollback()
    assert len(calls(db)) == 1


def test_what_is_no_longer_true_is_not_sent(db: Session, scene: Scene, known: Worth) -> None:
    asked = rider(db, scene, "Nia")
    db.commit()
    worth.call(db, scene.campaign, world.DAY, "WF2", scene.coordinator)
    (message,) = calls(db)
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    letter = write(envelope, HOUSE)
    assert "Could you drive" in letter.subject and "need not do anything" in letter.text
    message.state, asked.may_ask = "created", False
    db.add_all([message, asked])
    db.flush()
    assert outbox.claim(db, message.id) is None
    db.refresh(message)
    assert message.state == "dropped"


def test_it_is_asked_for_once_and_again_if_it_failed_or_was_lost(db: Session, scene: Scene) -> None:
    with pytest.raises(Conflict, match="no plan"):
        worth.ask(db, scene.campaign, world.DAY, scene.coordinator)
    run = match(db, scene)
    worth.ask(db, scene.campaign, world.DAY, scene.coordinator)
    worth.ask(db, scene.campaign, world.DAY, scene.coordinator)
    assert len(jobs(db)) == 1
    worth.fail(db, run.id, "The solver broke off.")
    assert worth.view(db, scene.campaign, world.DAY).error == "The solver broke off."
    worth.ask(db, scene.campaign, world.DAY, scene.coordinator)
    assert len(jobs(db)) == 2 and worth.view(db, scene.campaign, world.DAY).state == "queued"
    row = db.exec(select(Worth)).one()
    row.created_at = now() - worth.LOST_AFTER - timedelta(seconds=1)
    db.add(row)
    db.flush()
    worth.ask(db, scene.campaign, world.DAY, scene.coordinator)
    assert len(jobs(db)) == 3


def jobs(db: Session) -> list[Any]:
    found = db.connection().exec_driver_sql(
        "SELECT id FROM procrastinate_jobs WHERE task_name = 'find_worth'"
    )
    return list(found.all())


def test_what_is_kept_names_nobody(db: Session, scene: Scene) -> None:
    run = match(db, scene)
    worth.ask(db, scene.campaign, world.DAY, scene.coordinator)
    found = {"district": "WF2", "predicted": 30.0, "confirmed": 20.0, "event": None, "riders": ["r1"]}
    poor = found | {"district": "TR18", "confirmed": None, "predicted": 0.1}
    worth.finish(
        db, run.id, {"riders": [{"id": "r1", "party": 2}], "minutes_per_volunteer": 10}, [found, poor]
    )
    db.expire_all()
    (kept,) = db.exec(select(Worth)).one().cars
    assert kept == {"district": "WF2", "gain": 2.0, "proven": True, "event": None, "people": 3}
