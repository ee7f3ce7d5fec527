"""All that a publishing writes is what comparing everybody in memory says: in named scenes, and in many that are made up."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.errors import Conflict
from api.services import campaigns, matching, publishing, roles
from api.services.hands import taking
from api.store.queries import lifts, runs
from api.store.queries import publishing as rows
from api.store.queries.lifts import Standing
from api.store.session import open_session
from api.store.tables import Lift, LiftStop, Message, Offer, Person, Request
from tests.api import world
from tests.api.services import in_memory
from tests.api.services.hands.plan import asked
from tests.api.services.made_up import BEFORE, SINCE, made_up, recipe
from tests.api.services.publish_scenes import SCENES, Scene, first
from tests.api.services.test_publishing import Day

SEEDS = range(24)


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_a_publishing_does_what_is_right(day: Day, scene: Scene) -> None:
    publishes_what_is_right(day, scene(day))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_made_up_publishing_does_what_is_right(day: Day, seed: int) -> None:
    """Published before or not, then answers, cancellations, pairs apart, changes by hand and events off, in any mixture."""
    publishes_what_is_right(day, made_up(day, seed))


def publishes_what_is_right(day: Day, run_id: UUID) -> None:
    day.db.commit()
    try:
        right = in_memory.changes(day.db, day.campaign, run_id)
    except Conflict as error:
        with pytest.raises(Conflict) as seen:
            publishing.publish(day.db, day.campaign, run_id, day.coordinator)
        assert seen.value.message == error.message
        day.db.rollback()
        assert matching.find_without_plan(day.db, day.campaign, run_id).state == "done"
        return
    before = standing(day)
    assert publishing.preview(day.db, day.campaign, run_id) == in_memory.figures(right)
    assert publishing.publish(day.db, day.campaign, run_id, day.coordinator) == in_memory.figures(right)
    day.db.commit()
    assert in_memory.told(day.db, day.campaign, run_id) == right.after
    after = standing(day)
    messages = day.db.exec(select(Message).where(Message.run_id == run_id)).all()
    assert {one.person_id: one.kind for one in messages} == right.news and len(messages) == len(right.news)
    lift_of = {
        person: lift.id for lift, driver, riders in after.values() for person in people(driver, riders)
    }
    assert all(one.subject_id == lift_of.get(one.person_id or UUID(int=0)) for one in messages)
    keeps_what_stays(before, after)
    is_written_whole(right, after, run_id)
    assert not wrong_states(day)


def standing(day: Day) -> dict[UUID, Standing]:
    """By offer."""
    day.db.expire_all()
    return {row[0].offer_id: row for row in lifts.standing(day.db, day.campaign.id, world.DAY)}


def people(driver: Person, riders: list[lifts.Rider]) -> list[UUID]:
    return [driver.id, *(person.id for _, _, person in riders)]


def keeps_what_stays(before: dict[UUID, Standing], after: dict[UUID, Standing]) -> None:
    """A lift of which nothing changed is the very same, and whatever becomes of a driver, the word stays."""
    for offer_id, row in after.items():
        if offer_id not in before:
            continue
        old = before[offer_id]
        same = publishing.facts_of(old) == publishing.facts_of(row)
        assert (old[0].id == row[0].id) == same
        assert old[0].match_word == row[0].match_word


def is_written_whole(right: publishing.Changes, after: dict[UUID, Standing], run_id: UUID) -> None:
    for new in right.new_lifts:
        lift, _, riders = after[new.offer.id]
        assert lift.arrives_at == new.arrives_at and lift.drive_minutes == pytest.approx(new.drive_minutes)
        assert lift.match_word and (lift.run_id == run_id or lift.created_at < lift.departs_at)
        if lift.run_id == run_id:
            assert [stop.position for stop, _, _ in riders] == list(range(len(riders)))
        assert [stop.ride_minutes for stop, _, _ in riders] == [
            pytest.approx(place.ride_minutes) for place in new.places
        ]


def wrong_states(day: Day) -> list[object]:
    """Whoever drives is no rider any more, and in lifts that ended nobody sits."""
    drives = select(Request.id).join(Lift, col(Lift.offer_id) == col(Request.id))
    drives = drives.where(Lift.state == "published", Request.state == "active")
    left = select(LiftStop.id).join(Lift, col(Lift.id) == col(LiftStop.lift_id))
    left = left.where(LiftStop.state == "published", Lift.state != "published")
    return [*day.db.exec(drives).all(), *day.db.exec(left).all()]


def test_a_pin_on_a_car_that_is_not_in_the_plan_is_named(day: Day) -> None:
    """It was made on another plan of the day."""
    [one, two], [a, _, c] = day.offers, day.requests
    without, with_it = day.solved((one, [a])), day.solved((one, [a]), (two, [c]))
    taking.take(day.db, day.campaign, with_it, day.coordinator, asked("pin", two), 0, "")
    with pytest.raises(Conflict, match="Driver2 does not drive to Morning canvass, as pinned"):
        in_memory.changes(day.db, day.campaign, without)
    publishes_what_is_right(day, without)


def test_the_made_up_ones_are_of_all_kinds() -> None:
    happened = {happens for seed in SEEDS for part in recipe(seed) for happens in part}
    assert happened == {*BEFORE, *SINCE}


def test_who_had_an_offer_before_and_is_told_to_drive_has_it_anew(day: Day) -> None:
    either = world.add_either(day.db, day.campaign)
    offer = roles.as_offer(either)
    assert offer is not None
    run_id = day.solved((offer, [day.requests[0]]))
    old = roles.as_offer(either)
    assert old is not None
    old.seats, old.state = 1, "replaced"
    day.db.add(old)
    day.db.commit()
    publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    day.db.expire_all()
    new = day.db.get_one(Offer, either.id)
    assert (new.state, new.seats) == ("active", 3)
    assert day.db.get_one(Request, either.id).state == "driving"


def test_without_its_guards_two_would_publish_at_once(
    day: Day, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the guards are what keeps them apart; and even then the database lets nobody be in two lifts."""
    run_id, together, sums = first(day), Barrier(2), rows.sums
    day.db.commit()
    monkeypatch.setattr(lifts, "lock_day", lambda *_: None)
    monkeypatch.setattr(publishing, "must_be_done", matching.find_without_plan)
    monkeypatch.setattr(runs, "step", lambda *_, **__: True)

    def at_once(db: Session) -> rows.Sums:
        together.wait()
        return sums(db)

    monkeypatch.setattr(rows, "sums", at_once)

    def press(_: int) -> str:
        with open_session(engine) as own:
            try:
                publishing.publish(own, campaigns.find(own, day.campaign.slug), run_id, day.coordinator)
                own.commit()
            except IntegrityError as error:
                return str(error.orig)
            return ""

    with ThreadPoolExecutor(2) as threads:
        first_said, second_said = sorted(threads.map(press, range(2)))
    assert first_said == "" and "one_lift_an_offer" in second_said
