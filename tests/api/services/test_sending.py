"""Messages of a publishing wait and can be stopped, a campaign can be paused, and nothing is lost or sent twice by either."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select, update

from api.errors import Conflict
from api.services import campaigns, outbox, people, publishing, sending
from api.services.local import now
from api.settings import settings
from api.store.queries import jobs
from api.store.queries import lifts as lift_queries
from api.store.queries import runs as run_queries
from api.store.session import open_session
from api.store.tables import Message, Run
from tests.api import world
from tests.api.services.test_publishing import Day, day

__all__ = ["day"]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house's two minutes, which most tests do without."""
    house = settings().model_copy(update={"publish_wait_seconds": 120})
    monkeypatch.setattr(sending, "settings", lambda: house)


def states(day: Day) -> dict[str, int]:
    """State → messages of publishings."""
    found = day.db.exec(select(Message.state).where(Message.run_id != None)).all()  # noqa: E711
    return {state: found.count(state) for state in set(found)}


def later(day: Day) -> None:
    """Two minutes pass, and what the wait's end brings happens."""
    over = now() - timedelta(seconds=1)
    day.db.exec(update(Message).where(Message.send_after != None).values(send_after=over))  # type: ignore[arg-type]  # noqa: E711
    sending.release(day.db, day.campaign.id, world.DAY)


def queued(day: Day) -> set[str]:
    return jobs.unfinished(day.db, "send_message", "message_id")


def ids(day: Day) -> set[str]:
    return {str(one) for one in day.db.exec(select(Message.id).where(Message.run_id != None)).all()}  # noqa: E711


def test_what_a_publishing_tells_waits_and_then_goes_out(day: Day, waiting: None) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    day.publish((one, [a, b]), (two, [c]))
    found = sending.notice(day.db, day.campaign, world.DAY)
    assert found.waiting == 5 and found.goes_at is not None and found.goes_at > now()
    assert not ids(day) & queued(day) and [day.sent(row) for row in (one, a)] == [[], []]
    assert outbox.waiting(day.db, older_than_seconds=-1) == []
    assert jobs.unfinished(day.db, "release_messages", "campaign_id") == {str(day.campaign.id)}
    later(day)
    assert ids(day) <= queued(day)
    assert [day.sent(row) for row in (one, two, a, b, c)] == [["matched"]] * 5
    assert sending.notice(day.db, day.campaign, world.DAY) == sending.Notice()


def test_without_a_wait_each_has_its_job_at_once(day: Day) -> None:
    day.publish((day.offers[0], [day.requests[0]]))
    assert len(ids(day)) == 5 and ids(day) <= queued(day)
    with pytest.raises(Conflict, match="Nothing is published"):
        sending.stop(day.db, day.campaign, world.DAY + timedelta(days=1), day.coordinator)


def test_stopped_messages_stay_where_they_are_until_somebody_sends_them(day: Day, waiting: None) -> None:
    one, a = day.offers[0], day.requests[0]
    day.publish((one, [a]))
    assert sending.stop(day.db, day.campaign, world.DAY, day.coordinator) == 5
    later(day)
    found = sending.notice(day.db, day.campaign, world.DAY)
    assert (found.stopped, found.stopped_by, found.waiting) == (5, "Priya Shah", 0)
    assert not ids(day) & queued(day) and day.sent(a) == [] and states(day) == {"stopped": 5}
    assert outbox.claim(day.db, world.messages_of(day.db, a, "matched")[0].id) is None
    assert day.page(a).status == "matched"
    with pytest.raises(Conflict, match="Priya Shah has stopped these messages already"):
        sending.stop(day.db, day.campaign, world.DAY, world.add_coordinator(day.db, "Olu"))
    sending.send_stopped(day.db, day.campaign, world.DAY, day.coordinator)
    assert ids(day) <= queued(day) and [day.sent(row) for row in (one, a)] == [["matched"]] * 2
    with pytest.raises(Conflict, match="already"):
        sending.send_stopped(day.db, day.campaign, world.DAY, day.coordinator)
    day.db.exec(update(Message).values(state="sent"))
    with pytest.raises(Conflict, match="too late to stop"):
        sending.stop(day.db, day.campaign, world.DAY, day.coordinator)


def test_stopping_leaves_what_is_on_its_way_alone(day: Day, waiting: None) -> None:
    day.publish((day.offers[0], [day.requests[0]]))
    later(day)
    [gone] = world.messages_of(day.db, day.requests[0], "matched")
    assert outbox.claim(day.db, gone.id) is not None
    assert sending.stop(day.db, day.campaign, world.DAY, day.coordinator) == 4
    outbox.sent(day.db, gone.id)
    assert states(day) == {"sent": 1, "stopped": 4}


def test_publishing_again_tells_those_whose_message_was_stopped(day: Day, waiting: None) -> None:
    """Their lift is the same, so the new plan has no message for them."""
    [one, two], [a, b, _] = day.offers, day.requests
    day.publish((one, [a]), (two, [b]))
    sending.stop(day.db, day.campaign, world.DAY, day.coordinator)
    day.publish((one, [a]))
    assert sending.notice(day.db, day.campaign, world.DAY).stopped == 0
    assert day.sent(a) == []
    later(day)
    assert [day.sent(row) for row in (one, a)] == [["matched"], ["matched"]]
    assert "lift_off" in day.sent(b)


def test_urgent_messages_never_wait(day: Day, waiting: None) -> None:
    one, a = day.offers[0], day.requests[0]
    day.publish((one, [a]))
    people.cancel(day.db, world.person_of(day.db, one))
    assert [day.sent(row) for row in (one, a)] == [["cancelled_by_you"], ["driver_cancelled"]]
    later(day)
    assert [day.sent(row) for row in (one, a)] == [[], []]


def test_a_pause_keeps_messages_back_and_loses_none(day: Day) -> None:
    one, a, b = day.offers[0], day.requests[0], day.requests[1]
    sending.pause(day.db, day.campaign, day.coordinator)
    day.publish((one, [a]))
    assert [day.sent(row) for row in (one, a)] == [[], []]
    assert outbox.waiting(day.db, older_than_seconds=-1) == []
    found = sending.notice(day.db, day.campaign, world.DAY)
    assert (found.paused_by, found.waits_for_pause) == ("Priya Shah", 5)
    late = world.add_request(day.db, day.campaign, confirmed=False)
    people.cancel(day.db, world.person_of(day.db, b))
    assert day.sent(late) == ["confirm"] and day.sent(b) == ["cancelled_by_you"]
    with pytest.raises(Conflict, match="Priya Shah has paused"):
        sending.pause(day.db, day.campaign, world.add_coordinator(day.db, "Olu"))
    day.db.connection().exec_driver_sql("DELETE FROM procrastinate_jobs")
    sending.resume(day.db, day.campaign, day.coordinator)
    assert ids(day) <= queued(day) and [day.sent(row) for row in (one, a, b)] == [
        ["matched"],
        ["matched"],
        [],
    ]
    with pytest.raises(Conflict, match="not paused any more"):
        sending.resume(day.db, day.campaign, day.coordinator)


def test_a_lift_taken_away_by_a_publishing_waits_for_the_pause_and_one_that_is_called_off_does_not(
    day: Day,
) -> None:
    one, a = day.offers[0], day.requests[0]
    day.publish((one, [a]))
    for row in (one, a):
        day.sent(row)
    sending.pause(day.db, day.campaign, day.coordinator)
    day.publish((one, []))
    assert day.sent(a) == []
    outbox.queue(day.db, a.person_id, day.campaign.id, "lift_off", key="called off")
    assert day.sent(a) == ["lift_off"]


def test_another_campaign_is_not_paused(day: Day) -> None:
    other = world.add_campaign(day.db, day.coordinator, "Another")
    world.add_event(day.db, other, day.coordinator)
    sending.pause(day.db, other, day.coordinator)
    day.publish((day.offers[0], [day.requests[0]]))
    assert day.sent(day.requests[0]) == ["matched"]


def test_of_stopping_and_taking_at_once_one_is_first(engine: Engine, day: Day) -> None:
    """Every message is either stopped or taken by one worker, whichever of many connections came first."""
    day.publish((day.offers[0], day.requests[:2]), (day.offers[1], day.requests[2:]))
    day.db.commit()
    messages = list(day.db.exec(select(Message.id).where(Message.run_id != None)).all())  # noqa: E711
    taken: list[UUID] = []
    stopped: list[int] = []
    gate = Barrier(len(messages) + 1)

    def act(message_id: UUID | None) -> None:
        with open_session(engine) as own:
            gate.wait()
            if message_id is None:
                try:
                    found = campaigns.find(own, day.campaign.slug)
                    stopped.append(sending.stop(own, found, world.DAY, day.coordinator))
                except Conflict:
                    stopped.append(0)
            elif outbox.claim(own, message_id) is not None:
                taken.append(message_id)
            own.commit()

    with ThreadPoolExecutor(len(messages) + 1) as threads:
        list(threads.map(act, [*messages, None]))
    assert len(taken) + stopped[0] == len(messages) == 5
    day.db.expire_all()
    expected = {state: n for state, n in {"sending": len(taken), "stopped": stopped[0]}.items() if n}
    assert states(day) == expected


def two_publish(engine: Engine, day: Day, run_id: UUID, names: Sequence[str]) -> list[str]:
    """What each of two coordinators is told who publish at once; anything but a clear answer is `?`."""
    gate = Barrier(2)
    who = [world.add_coordinator(day.db, name) for name in names]
    day.db.commit()
    keys = [one.id for one in who]

    def press(key: UUID) -> str:
        with open_session(engine) as own:
            coordinator = next(one for one in who if one.id == key)
            campaign = campaigns.find(own, day.campaign.slug)
            gate.wait()
            try:
                publishing.publish(own, campaign, run_id, coordinator)
                own.commit()
            except Conflict as error:
                return error.message
            except IntegrityError:  # The database's own guard, which nobody should ever meet.
                return "?"
            return ""

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(press, keys))


def test_of_two_who_publish_at_once_the_loser_is_told_who_did_it(engine: Engine, day: Day) -> None:
    for number, request in enumerate(day.requests):
        run_id = day.solved((day.offers[0], [request]))
        day.db.commit()
        answers = two_publish(engine, day, run_id, [f"Ada{number}", f"Ben{number}"])
        winner = f"Ada{number}" if answers[0] == "" else f"Ben{number}"
        assert sorted(answers)[0] == "" and f"{winner} has published this run already" in "".join(answers)


def test_without_the_guard_both_would_go_on(
    engine: Engine, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: checked first and written later, both see a run that waits to be published."""
    run_id = day.solved((day.offers[0], [day.requests[0]]))
    day.db.commit()
    both = Barrier(2)

    def check_then_write(db: Session, run_id: UUID, before: Sequence[str], **values: Any) -> bool:
        run = db.get(Run, run_id, populate_existing=True)
        fits = run is not None and run.state in before
        both.wait()
        if fits:
            db.exec(update(Run).where(Run.id == run_id).values(**values))  # type: ignore[arg-type]
        return fits

    monkeypatch.setattr(run_queries, "step", check_then_write)
    monkeypatch.setattr(lift_queries, "lock_day", lambda *_: None)
    answers = two_publish(engine, day, run_id, ["Ada", "Ben"])
    assert not any("has published this run already" in answer for answer in answers)
