"""What no code may do to a published lift, in SQL: the database's own word, after all rules of the service were passed by."""

import threading
import time

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.store.session import open_session
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene

__all__ = ["pair", "password_hash", "scene"]
STOP = """
INSERT INTO lift_stop (id, lift_id, request_id, position, pick_up_at, ride_minutes, state, late_minutes)
SELECT gen_random_uuid(), s.lift_id, :request, :at, s.pick_up_at, 5, 'published', 0
FROM lift_stop s WHERE s.state = 'published' LIMIT 1
"""
OVERFULL, CANCELLED = "more people than seats", "somebody who has cancelled"


def do(db: Session, statement: str, **values: object) -> None:
    db.connection().execute(text(statement), values)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE request SET party = 40", OVERFULL),
        ("UPDATE offer SET seats = 0", OVERFULL),
        ("UPDATE request SET state = 'cancelled'", CANCELLED),
        ("UPDATE offer SET state = 'cancelled'", CANCELLED),
    ],
)
def test_a_lift_that_is_not_whole_is_refused(db: Session, pair: Pair, statement: str, why: str) -> None:
    do(db, statement)
    with pytest.raises(DBAPIError, match=why):
        db.commit()


def test_seats_that_are_there_are_given_and_no_more(db: Session, scene: Scene, pair: Pair) -> None:
    seats = pair[0].seats
    with_room, without = (
        world.add_request(db, scene.campaign, name="Cleo", party=party) for party in (seats - 1, 1)
    )
    db.commit()
    do(db, STOP, request=with_room.id, at=5)
    db.commit()
    do(db, STOP, request=without.id, at=6)
    with pytest.raises(DBAPIError, match=OVERFULL):
        db.commit()


def test_what_is_put_right_before_the_end_is_right(db: Session, pair: Pair) -> None:
    do(db, "UPDATE request SET state = 'cancelled'")
    do(db, "UPDATE lift_stop SET state = 'cancelled'")
    db.commit()


def test_of_two_who_fit_alone_and_not_together_one_is_refused(
    engine: Engine, db: Session, scene: Scene, pair: Pair
) -> None:
    """Neither sees the other's row; both have put it in before either of them ends."""
    seats = pair[0].seats
    requests = [world.add_request(db, scene.campaign, party=seats - 1).id for _ in range(2)]
    db.commit()
    both_in, refused = threading.Barrier(2), list[str]()

    def put_in(number: int) -> None:
        with open_session(engine) as own:
            do(own, STOP, request=requests[number], at=5 + number)
            both_in.wait(20)
            time.sleep(0.2 * number)
            try:
                own.commit()
            except DBAPIError as error:
                refused.append(str(error))

    threads = [threading.Thread(target=put_in, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1 and OVERFULL in refused[0]
