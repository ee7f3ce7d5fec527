"""A publishing is taken back: the rows are what they were, and nobody who may have heard of it is left with nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select, text

from api.errors import Conflict
from api.services import campaigns, lifts, matching, outbox, people, publishing, sending, taking_back
from api.settings import settings
from api.store.session import open_session
from api.store.tables import AuditEntry, Message, Offer, Person
from tests.api import world
from tests.api.services.publish_scenes import SCENES, Scene, event_off
from tests.api.services.test_publishing import Day

# What is noted about an hour, and of whom nobody takes anything back.
NOT_COMPARED = {"audit", "procrastinate_jobs", "procrastinate_events", "run", "attempt"}


@pytest.fixture
def day(db: Session, monkeypatch: pytest.MonkeyPatch) -> Day:
    house = settings().model_copy(update={"publish_wait_seconds": 120})
    monkeypatch.setattr(sending, "settings", lambda: house)
    return Day(db)


def rows(db: Session) -> dict[str, list[Any]]:
    """Everything in the database that a publishing may touch, as text."""
    connection = db.connection()
    tables = connection.execute(
        text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    ).scalars()
    return {
        table: sorted(connection.execute(text(f'SELECT to_jsonb(t)::text FROM "{table}" t')).scalars())  # noqa: S608
        for table in tables
        if table not in NOT_COMPARED
    }


@pytest.mark.parametrize(
    "scene", [scene for scene in SCENES if scene is not event_off], ids=lambda scene: scene.__name__
)
def test_everything_is_as_it_was(day: Day, scene: Scene) -> None:
    run_id = scene(day)
    day.db.execute(text("UPDATE message SET state = 'sent'"))
    day.db.commit()
    before = rows(day.db)
    published = publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()
    taken = taking_back.take_back(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()
    assert taken.unsent == published.messages
    assert rows(day.db) == before
    run = matching.find_without_plan(day.db, day.campaign, run_id)
    assert (run.state, run.published_by, run.published_at) == ("done", None, None)
    assert publishing.publish(day.db, day.campaign, run_id, day.coordinator) == published


def test_who_would_drive_is_a_rider_again(day: Day) -> None:
    either = world.add_either(day.db, day.campaign)
    run_id = day.solved((either, [day.requests[1]]))  # type: ignore[arg-type]
    day.db.commit()
    before = rows(day.db)
    publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()
    assert day.db.get(Offer, either.id) is not None
    taking_back.take_back(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()
    assert rows(day.db) == before


def test_no_lift_to_an_event_that_is_off_stands_again(day: Day) -> None:
    run_id = event_off(day)
    publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    with pytest.raises(Conflict, match="an event is off"):
        taking_back.take_back(day.db, day.campaign, run_id, day.coordinator)


def test_people_see_on_their_page_what_stood_before(day: Day) -> None:
    [one, two], [a, b, _] = day.offers, day.requests
    first = day.solved((one, [a]))
    publishing.publish(day.db, day.campaign, first, day.coordinator)
    day.db.execute(text("UPDATE message SET state = 'sent'"))
    old = day.page(a).lift
    second = day.solved((two, [a, b]))
    publishing.publish(day.db, day.campaign, second, day.coordinator)
    day.db.commit()
    assert day.page(a).lift != old and day.page(b).lift is not None
    taking_back.take_back(day.db, day.campaign, second, day.coordinator)
    assert day.page(a).lift == old and day.page(b).lift is None


def one_has_left(day: Day) -> None:
    message = day.db.exec(select(Message).where(col(Message.run_id).is_not(None))).first()
    assert message is not None
    day.db.execute(text("UPDATE message SET send_after = NULL"))
    assert outbox.claim(day.db, message.id)


def one_has_answered(day: Day) -> None:
    lifts.accept(day.db, world.person_of(day.db, day.offers[0]))


def one_has_cancelled(day: Day) -> None:
    people.cancel(day.db, world.person_of(day.db, day.requests[0]))


def another_plan(day: Day) -> None:
    day.publish((day.offers[1], [day.requests[0]]))


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (one_has_left, "One message has been sent or tried"),
        (one_has_answered, "said that they come"),
        (one_has_cancelled, "It is too late"),
        (another_plan, "another plan"),
    ],
)
def test_it_is_too_late(day: Day, happens: Callable[[Day], None], said: str) -> None:
    run_id = day.solved((day.offers[0], [day.requests[0]]))
    publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()
    happens(day)
    day.db.commit()
    before = rows(day.db)
    assert said in taking_back.preview(day.db, day.campaign, run_id)[1]
    with pytest.raises(Conflict, match=said):
        taking_back.take_back(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()
    assert rows(day.db) == before


def test_what_an_earlier_publishing_still_waits_to_tell_is_stopped(day: Day) -> None:
    day.publish((day.offers[0], [day.requests[0]]))
    second = day.solved((day.offers[0], [day.requests[0]]), (day.offers[1], [day.requests[1]]))
    publishing.publish(day.db, day.campaign, second, day.coordinator)
    taking_back.take_back(day.db, day.campaign, second, day.coordinator)
    states = {one.state for one in day.db.exec(select(Message).where(col(Message.run_id).is_not(None)))}
    assert states == {"stopped"}
    notice = sending.notice(day.db, day.campaign, world.DAY)
    assert notice.stopped > 0 and notice.stopped_by == "Priya Shah"


def at_once(engine: Engine, *acts: Callable[[Session], object]) -> list[str]:
    """Each on a connection of its own; the refusals."""
    barrier = Barrier(len(acts))

    def act(do: Callable[[Session], object]) -> str:
        with open_session(engine) as own:
            barrier.wait()
            try:
                done = do(own)
                own.commit()
            except Conflict as error:
                return error.message
            return "" if done is not False else "nothing"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def pressing(day: Day, run_id: UUID) -> Callable[[Session], object]:
    slug = day.campaign.slug
    return lambda own: taking_back.take_back(own, campaigns.find(own, slug), run_id, day.coordinator)


def test_of_two_who_press_one_takes_back_and_the_other_is_told_who(engine: Engine, day: Day) -> None:
    run_id = day.solved((day.offers[0], [day.requests[0]]))
    publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()
    answers = at_once(engine, *[pressing(day, run_id)] * 4)
    assert answers.count("") == 1
    assert all(answer.startswith("Priya Shah has taken it back already") for answer in answers if answer)
    entries = day.db.exec(select(AuditEntry).where(AuditEntry.what == "publishing taken back")).all()
    assert len(entries) == 1


def test_a_message_is_sent_or_taken_back_and_never_both(engine: Engine, day: Day) -> None:
    for offer, request in zip(day.offers * 4, day.requests[:2] * 4, strict=True):
        run_id = day.solved((offer, [request]))
        publishing.publish(day.db, day.campaign, run_id, day.coordinator)
        day.db.execute(text("UPDATE message SET send_after = NULL WHERE state = 'created'"))
        message = day.db.exec(select(Message).where(Message.run_id == run_id)).first()
        day.db.commit()
        if message is None:
            continue
        message_id = message.id

        def send(own: Session, one: UUID = message_id) -> bool:
            return outbox.claim(own, one) is not None

        taken, sent = at_once(engine, pressing(day, run_id), send)
        assert (taken == "") != (sent == ""), (taken, sent)


def test_an_answer_or_the_taking_back_comes_first(engine: Engine, day: Day) -> None:
    run_id = day.solved((day.offers[0], [day.requests[0]]))
    publishing.publish(day.db, day.campaign, run_id, day.coordinator)
    day.db.commit()

    def accept(own: Session) -> None:
        lifts.accept(own, own.get_one(Person, day.requests[0].person_id))

    taken, _ = at_once(engine, pressing(day, run_id), accept)
    day.db.expire_all()
    lift = day.page(day.requests[0]).lift
    assert (lift is None) == (taken == "")
