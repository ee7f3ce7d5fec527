"""The worker finds out where one more car helps, with the real solver; it is whole or says why not."""

from sqlmodel import Session, select

from api.jobs.matching import carry_out
from api.jobs.solving import Solver
from api.jobs.tools import Tools
from api.jobs.worth import find_worth
from api.services import matching, worth
from api.store.tables import Campaign, Coordinator, Run, Worth
from tests.api import world
from tests.api.jobs.test_matching import queued


def asked(db: Session, tools: Tools) -> Run:
    """A plan of a day on which three riders are left at home, and somebody who wants to know where a car is missing."""
    run_id = queued(db)
    campaign, coordinator = db.exec(select(Campaign)).one(), db.exec(select(Coordinator)).one()
    for number in range(6):
        world.add_request(db, campaign, name=f"Left{number}")
    db.commit()
    carry_out(tools, run_id)
    db.rollback()
    worth.ask(db, campaign, world.DAY, coordinator)
    db.commit()
    return db.get_one(Run, run_id)


def test_it_says_where_a_car_helps_and_where_it_would_go(db: Session, tools: Tools) -> None:
    run = asked(db, tools)
    find_worth(tools, run.id)
    db.rollback()
    found = db.get_one(Worth, run.id)
    assert found.state == "done" and found.error is None and found.finished_at is not None
    best = found.cars[0]
    assert best["gain"] > 1 and best["people"] > 1 and best["proven"]
    assert "WF2" in {one["district"] for one in found.cars}
    finished = found.finished_at
    find_worth(tools, run.id)
    db.rollback()
    assert db.get_one(Worth, run.id).finished_at == finished


def test_a_solver_that_dies_fails_it_in_plain_words(db: Session, tools: Tools) -> None:
    run = asked(db, tools)
    broken = Solver("tests.api.jobs.works:killed")
    try:
        find_worth(Tools(tools.engine, tools.channel, tools.house, broken), run.id)
    finally:
        broken.close()
    db.rollback()
    found = db.get_one(Worth, run.id)
    assert found.state == "failed" and found.error and "solver" in found.error
    assert matching.find(db, db.exec(select(Campaign)).one(), run.id).state == "done"
