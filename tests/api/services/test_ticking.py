"""Ticking off: one, a whole car, undo, not come; of two at once one is told; the coordinators hear of a missing driver."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, delete, select

from api.errors import Conflict, Invalid, NotFound
from api.services import arrivals, staff_mail, ticking
from api.services.host_views import Board
from api.services.local import now
from api.store.queries import arrivals as queries
from api.store.session import open_session
from api.store.tables import Arrival, AuditEntry, Message
from tests.api import world
from tests.api.door import Door, add_host, begin, door, lift_of, seen
from tests.api.pages.scene import password_hash, scene

__all__ = ["door", "password_hash", "scene"]
HERE, NOT, UNDO = "expected:arrived", "expected:no_show", "arrived:expected"


def board(db: Session, door: Door) -> Board:
    db.expire_all()
    return arrivals.board(db, door.host)


def tick(db: Session, door: Door, name: str, step: str) -> None:
    guest = seen(board(db, door), name)
    ticking.tick(db, door.host, "driver" if guest.kind == "driver" else "rider", guest.id, step)


def done(db: Session) -> list[str]:
    db.commit()
    entries = db.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]
    return [entry.what for entry in entries if entry.host_id is not None]


def test_one_after_another(db: Session, door: Door) -> None:
    tick(db, door, "Rita", HERE)
    assert (board(db, door).arrived, board(db, door).missing) == (2, 0)
    tick(db, door, "Rafi", NOT)
    assert (board(db, door).arrived, board(db, door).missing) == (2, 1)
    tick(db, door, "Rita", UNDO)
    tick(db, door, "Rafi", "no_show:arrived")
    assert [seen(board(db, door), name).state for name in ("Rita", "Rafi")] == ["expected", "arrived"]
    assert done(db) == ["rider arrived", "rider no_show", "rider expected", "rider arrived"]


def test_a_whole_car_and_back(db: Session, door: Door) -> None:
    car = lift_of(db, door.dev).id
    ticking.tick_car(db, door.host, car, HERE)
    assert board(db, door).arrived == 3
    tick(db, door, "Dev", "arrived:no_show")
    ticking.tick_car(db, door.host, car, UNDO)
    assert [seen(board(db, door), name).state for name in ("Dev", "Rita")] == ["no_show", "expected"]
    with pytest.raises(NotFound):
        ticking.tick_car(db, door.host, uuid4(), HERE)


def test_a_double_press_is_harmless_and_writes_down_one(db: Session, door: Door) -> None:
    for _ in range(2):
        tick(db, door, "Rafi", HERE)
    assert done(db) == ["rider arrived"]


def test_who_comes_second_with_another_answer_is_told(db: Session, door: Door) -> None:
    tick(db, door, "Rafi", NOT)
    with pytest.raises(Conflict, match="as not come"):
        tick(db, door, "Rafi", HERE)
    assert seen(board(db, door), "Rafi").state == "no_show"


@pytest.mark.parametrize("step", ["", "arrived", "expected:expected", "expected:gone", "x" * 999])
def test_no_other_step_is_one(db: Session, door: Door, step: str) -> None:
    with pytest.raises(Invalid):
        tick(db, door, "Rafi", step)


def test_nobody_of_another_event_is_ticked(db: Session, door: Door) -> None:
    other = add_host(db, door.scene, door.scene.afternoon.id)
    begin(db, door.scene.afternoon.id)
    for kind, row in (("driver", door.dora), ("rider", door.rafi)):
        with pytest.raises(NotFound):
            ticking.tick(db, other, "driver" if kind == "driver" else "rider", row.id, HERE)
    with pytest.raises(NotFound):
        ticking.tick_car(db, other, lift_of(db, door.dora).id, HERE)
    assert db.exec(select(Arrival)).all() == []


def race(engine: Engine, event_id: UUID, rider_id: UUID, host_id: UUID, guarded: bool) -> list[bool]:
    """Two hosts see one rider expected, and at the same moment one sets them come and one not; who believes it worked."""
    both = Barrier(2)

    def press(after: str) -> bool:
        with open_session(engine) as db:
            found = queries.state_of(db, event_id, "rider", rider_id)
            before = found.state if found else "expected"
            both.wait()
            if guarded:
                won = queries.set_state(db, event_id, "rider", rider_id, before, after, host_id, now())
            else:
                row = Arrival(event_id=event_id, request_id=rider_id, state=after).model_dump()
                taken = insert(Arrival).values(row)
                db.exec(
                    taken.on_conflict_do_update(constraint="one_arrival_a_request", set_={"state": after})
                )
                won = before == "expected"
            db.commit()
            return won

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(press, ("arrived", "no_show")))


def test_of_two_at_once_one_wins(db: Session, engine: Engine, door: Door) -> None:
    ids = door.event_id, door.rafi.id, door.host.id
    db.commit()
    assert race(engine, *ids, guarded=False) == [True, True]  # It does happen where nothing guards.
    for _ in range(10):
        db.exec(delete(Arrival))
        db.commit()
        assert sorted(race(engine, *ids, guarded=True)) == [False, True]


def told(db: Session) -> list[UUID]:
    return list(db.exec(select(Message.id).where(Message.kind == "driver_missing")).all())


def test_coordinators_hear_of_a_driver_who_did_not_come(db: Session, door: Door) -> None:
    world.add_coordinator(db, "Of another campaign")
    tick(db, door, "Dev", NOT)
    (message_id,) = told(db)
    envelope = staff_mail.claim(db, message_id)
    assert envelope is not None and envelope.to == door.scene.coordinator.email
    assert envelope.facts == {"people": 2} and envelope.event and envelope.event.id == door.event_id
    assert envelope.path == f"{door.scene.desk}/events/{door.event_id}"
    (one,) = board(db, door).stranded
    assert (one.guest.name, one.why, one.driver) == ("Rita C.", "driver_missing", "Dev D.")
    tick(db, door, "Rita", NOT)
    assert board(db, door).stranded == ()


def test_what_was_taken_back_in_time_is_told_to_nobody(db: Session, door: Door) -> None:
    tick(db, door, "Dev", NOT)
    tick(db, door, "Dev", "no_show:expected")
    (message_id,) = told(db)
    assert staff_mail.claim(db, message_id) is None
    tick(db, door, "Dev", NOT)
    assert len(told(db)) == 2
    assert staff_mail.claim(db, next(x for x in told(db) if x != message_id)) is not None


def test_a_rider_who_did_not_come_is_no_news_for_coordinators(db: Session, door: Door) -> None:
    tick(db, door, "Rafi", NOT)
    assert told(db) == []
