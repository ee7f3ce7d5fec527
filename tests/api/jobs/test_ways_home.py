"""A car that breaks down while its event is on: its people go home in another car there, or are on top of the board."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from api.jobs.repairing import carry_out_repair
from api.jobs.solving import Solver
from api.jobs.tools import Tools
from api.services import arrivals, lifts, my_page, people
from api.services.local import local, now, today
from api.services.repair import answering, begun, board
from api.store.tables import Arrival, Event, Lift, LiftStop, Message, Offer, Request, WayHome
from tests.api import world
from tests.api.pages.scene import Scene, password_hash, publish, scene
from tests.api.services.repair.day import driver_of, in_part, kinds, on_the_day, repairs_of

__all__ = ["in_part", "password_hash", "scene"]
pytestmark = pytest.mark.usefixtures("in_part")


@pytest.fixture
def solver() -> Iterator[Solver]:
    """The real one, with time to begin on a busy machine."""
    solver = Solver(grace=300)
    yield solver
    solver.close()


@pytest.fixture
def only(scene: Scene) -> dict[str, Any]:
    return {"event_ids": [scene.morning.id]}


@pytest.fixture
def there(db: Session, scene: Scene, only: dict[str, Any]) -> tuple[Offer, Offer, Request]:
    """Two cars are at the event, with Rafi in one of them: the driver who brought him, the other one, and he."""
    cars = [
        world.add_offer(db, scene.campaign, seats=1, **only),
        world.add_offer(db, scene.campaign, seats=2, name="Sal Second", **only),
    ]
    rafi = world.add_request(db, scene.campaign, **only)
    db.commit()
    publish(db, scene)
    arrive(db)
    first = next(car for car in cars if car.id == driver_of(db, rafi))
    return first, next(car for car in cars if car is not first), rafi


def arrive(db: Session) -> None:
    """The event began ten minutes ago, and everybody has come to it by themselves."""
    event = db.exec(select(Event).where(col(Event.id).in_(select(Lift.event_id)))).one()
    on_the_day(db, timedelta())
    db.refresh(event)
    by = now() - timedelta(minutes=10) - event.starts_at
    event.starts_at, event.ends_at = event.starts_at + by, event.ends_at + by
    for lift in db.exec(select(Lift)).all():
        lift.departs_at, lift.arrives_at = lift.departs_at + by, lift.arrives_at + by
        lift.home_at = lift.home_at + by if lift.home_at else None
    db.commit()
    for stop in db.exec(select(LiftStop)).all():
        stop.pick_up_at += by
        stop.drop_at = stop.drop_at + by if stop.drop_at else None
    db.commit()


def breaks_down(db: Session, offer: Offer) -> None:
    assert lifts.break_down(db, offer, world.person_of(db, offer))
    db.commit()


def mend(db: Session, tools: Tools) -> str:
    carry_out_repair(tools, repairs_of(db)[-1].id)
    repair = repairs_of(db)[-1]
    assert repair.error is None
    return repair.state


def way_of(db: Session, request: Request) -> WayHome | None:
    db.expire_all()
    found = select(WayHome).where(WayHome.request_id == request.id, WayHome.state == "published")
    return db.exec(found).first()


def test_whoever_lost_the_car_is_taken_home_by_another_one(
    db: Session, tools: Tools, scene: Scene, there: tuple[Offer, Offer, Request]
) -> None:
    first, second, rafi = there
    breaks_down(db, first)
    assert [one.name for one in board.board(db, scene.campaign, today()).stranded] == ["Dora D.", "Rafi R."]
    assert mend(db, tools) == "published"
    way = way_of(db, rafi)
    assert way is not None and way.offer_id == second.id
    assert driver_of(db, rafi) is None
    assert kinds(db, rafi) == ["matched", "driver_cancelled", "way_home"]
    assert kinds(db, second) == ["matched", "way_home", "way_home"]
    assert board.board(db, scene.campaign, today()).stranded == ()
    assert arrivals.board_of(db, scene.campaign, scene.morning.id).stranded == ()
    assert [one.stranded for one in arrivals.of_day(db, scene.campaign, today())] == [0]
    (his,) = my_page.of(db, world.person_of(db, rafi)).ways_home
    hers = next(one for one in my_page.of(db, world.person_of(db, second)).ways_home if one.name == "Rafi")
    assert (his.name, hers.name, his.party) == ("Sal", "Rafi", 1)
    assert his.drop_at == hers.drop_at > his.leaves_at


def test_a_second_search_leaves_it_as_it_is(
    db: Session, tools: Tools, scene: Scene, there: tuple[Offer, Offer, Request]
) -> None:
    first, _, rafi = there
    breaks_down(db, first)
    mend(db, tools)
    before = way_of(db, rafi)
    begun.wanted(db, scene.campaign.id, today(), "asked")
    db.commit()
    assert mend(db, tools) == "published"
    after = way_of(db, rafi)
    assert before is not None and after is not None and after.id == before.id
    assert kinds(db, rafi) == ["matched", "driver_cancelled", "way_home"]


def test_when_that_car_breaks_down_too_nobody_is_forgotten(
    db: Session, tools: Tools, scene: Scene, there: tuple[Offer, Offer, Request]
) -> None:
    first, second, rafi = there
    breaks_down(db, first)
    mend(db, tools)
    breaks_down(db, second)
    assert way_of(db, rafi) is None
    assert kinds(db, rafi)[-1] == "driver_cancelled"
    assert [one.name for one in board.board(db, scene.campaign, today()).stranded] == [
        "Dora D.",
        "Rafi R.",
        "Sal S.",
    ]
    assert mend(db, tools) == "published"
    assert kinds(db, rafi)[-1] == "no_lift"
    assert [one.name for one in board.board(db, scene.campaign, today()).stranded] == [
        "Dora D.",
        "Rafi R.",
        "Sal S.",
    ]


def test_whoever_finds_home_alone_is_not_waited_for(
    db: Session, tools: Tools, there: tuple[Offer, Offer, Request]
) -> None:
    first, second, rafi = there
    breaks_down(db, first)
    mend(db, tools)
    people.cancel(db, world.person_of(db, rafi))
    db.commit()
    assert way_of(db, rafi) is None
    assert kinds(db, second) == ["matched", "way_home", "way_home", "rider_cancelled"]
    (message,) = db.exec(select(Message).where(Message.kind == "rider_cancelled")).all()
    assert message.facts["rider_name"] == "Rafi"


def test_a_car_without_a_free_seat_takes_nobody(
    db: Session, tools: Tools, scene: Scene, there: tuple[Offer, Offer, Request]
) -> None:
    first, second, rafi = there
    second.seats = 0
    db.add(second)
    db.commit()
    breaks_down(db, first)
    assert mend(db, tools) == "published"
    assert way_of(db, rafi) is None
    assert kinds(db, rafi)[-1] == "no_lift"
    assert [one.name for one in board.board(db, scene.campaign, today()).stranded] == ["Dora D.", "Rafi R."]


def test_whoever_did_not_come_is_not_looked_for_at_the_event(
    db: Session, tools: Tools, there: tuple[Offer, Offer, Request]
) -> None:
    first, _, rafi = there
    db.add(Arrival(event_id=db.exec(select(Lift.event_id)).all()[0], request_id=rafi.id, state="no_show"))
    db.commit()
    breaks_down(db, first)
    mend(db, tools)
    assert way_of(db, rafi) is None


def test_a_campaign_that_wants_to_be_asked_is(
    db: Session, tools: Tools, scene: Scene, there: tuple[Offer, Offer, Request]
) -> None:
    """Nothing is published alone: it is proposed, and until it is answered they are on top of the board."""
    scene.campaign.repairs_alone = False
    db.add(scene.campaign)
    db.commit()
    breaks_down(db, there[0])
    assert mend(db, tools) == "waiting"
    assert way_of(db, there[2]) is None
    assert kinds(db, there[2]) == ["matched", "driver_cancelled"]
    seen = board.board(db, scene.campaign, today())
    assert [one.name for one in seen.stranded] == ["Dora D.", "Rafi R."]
    (lines,) = [each.home for each in seen.proposals]
    line = next(one for one in lines if one.who == "Rafi R.")
    assert (line.who, line.driver, line.event) == ("Rafi R.", "Sal S.", "Morning canvass")
    answering.approve(db, scene.campaign, repairs_of(db)[-1].id, scene.coordinator)
    db.commit()
    way = way_of(db, there[2])
    assert way is not None and way.offer_id == there[1].id and local(way.drop_at) == line.at
    assert kinds(db, there[2]) == ["matched", "driver_cancelled", "way_home"]
    assert kinds(db, there[1])[-1] == "way_home"
    assert board.board(db, scene.campaign, today()).stranded == ()


@pytest.mark.parametrize("publishes", [True, False])
def test_a_way_home_that_nobody_answers_is_never_silence(
    db: Session, tools: Tools, scene: Scene, there: tuple[Offer, Offer, Request], publishes: bool
) -> None:
    scene.campaign.repairs_alone, scene.campaign.repairs_unanswered = False, publishes
    db.add(scene.campaign)
    db.commit()
    breaks_down(db, there[0])
    assert mend(db, tools) == "waiting"
    repair = repairs_of(db)[-1]
    assert repair.answer_by is not None
    repair.answer_by -= timedelta(minutes=11)
    db.add(repair)
    db.commit()
    assert answering.lapse_due(db) == 1
    db.commit()
    assert kinds(db, there[2])[-1] == ("way_home" if publishes else "no_lift")
    assert (way_of(db, there[2]) is not None) == publishes


def test_the_driver_whose_own_car_is_lost_is_taken_home_too(
    db: Session, tools: Tools, scene: Scene, there: tuple[Offer, Offer, Request]
) -> None:
    first, second, rafi = there
    breaks_down(db, first)
    names = sorted(one.name for one in board.board(db, scene.campaign, today()).stranded)
    assert names == ["Dora D.", "Rafi R."]
    assert mend(db, tools) == "published"
    dora = db.get_one(Request, first.id)
    hers, his = way_of(db, dora), way_of(db, rafi)
    assert hers is not None and his is not None and hers.offer_id == his.offer_id == second.id
    assert kinds(db, dora)[-1] == "way_home"
    assert board.board(db, scene.campaign, today()).stranded == ()


def test_a_driver_who_was_not_there_yet_or_goes_home_alone_is_not_looked_for(
    db: Session, scene: Scene, there: tuple[Offer, Offer, Request]
) -> None:
    first, second, _ = there
    lift = db.exec(select(Lift).where(Lift.offer_id == first.id)).one()
    lift.arrives_at = now() + timedelta(minutes=5)
    second.way_back = False
    db.add_all([lift, second])
    db.commit()
    for offer in (first, second):
        breaks_down(db, offer)
        assert db.get(Request, offer.id) is None


def test_who_was_sent_as_a_driver_is_a_rider_again(db: Session, scene: Scene, only: dict[str, Any]) -> None:
    """The request that they had sent in is the one for the way home."""
    either = world.add_either(db, scene.campaign, **only)
    world.add_request(db, scene.campaign, **only)
    db.commit()
    publish(db, scene)
    offer = db.exec(select(Offer).where(Offer.person_id == either.person_id)).one()
    arrive(db)
    breaks_down(db, offer)
    db.refresh(either)
    assert (offer.state, either.state) == ("cancelled", "active")
    assert [one.guest.id for one in arrivals.board_of(db, scene.campaign, scene.morning.id).stranded].count(
        either.id
    ) == 1
