"""Promise 7: a cancellation is repaired. Drivers of full cars cancel on their pages; web and worker do the rest.

Beside the hours it looks at everybody who was in another car: without a coordinator nobody of them may be in another one, at
another event or place, or be fetched at another time (5 minutes for riders, 15 for drivers).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from api.store.session import make_engine
from tests.benchmarks.console.cancelling import cancelled, small_campaign
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import value
from tests.promises.stack import database, stack

PEOPLE, QUEUED_SECONDS, ANSWER_SECONDS = 500, 5, 120
RIDER_SHIFT, DRIVER_SHIFT = timedelta(minutes=5), timedelta(minutes=15)
FACTS = """
SELECT o.person_id, l.offer_id, l.event_id, l.departs_at, NULL AS place_id, true AS drives
FROM lift l JOIN offer o ON o.id = l.offer_id
WHERE l.state = 'published'
UNION ALL
SELECT q.person_id, l.offer_id, l.event_id, s.pick_up_at, s.place_id, false FROM lift_stop s JOIN lift l ON l.id = s.lift_id
  JOIN request q ON q.id = s.request_id WHERE s.state = 'published' AND l.state = 'published'
"""
LOST = "SELECT count(*) FROM request q WHERE q.state = 'active' AND q.person_id = ANY(:people) AND NOT EXISTS ({})"
ANSWERED = """
  SELECT FROM lift_stop s WHERE s.request_id = q.id AND s.state = 'published'
  UNION ALL SELECT FROM message m
  WHERE m.person_id = q.person_id AND m.kind IN ('no_lift', 'lift_off') AND m.created_at > :since
  UNION ALL SELECT FROM repair r WHERE r.campaign_id = q.campaign_id AND r.day = q.day AND r.state = 'waiting'
"""


@dataclass(frozen=True)
class Place:
    """Where somebody is: in whose car, to which event, from where and when."""

    offer_id: UUID
    event_id: UUID
    at: datetime
    place_id: str | None
    drives: bool

    def is_moved(self, now: "Place | None") -> bool:
        most = DRIVER_SHIFT if self.drives else RIDER_SHIFT
        if now is None or (now.offer_id, now.event_id, now.place_id) != (
            self.offer_id,
            self.event_id,
            self.place_id,
        ):
            return True
        return abs(now.at - self.at) > most


def measure(size: Size) -> Outcome:
    people, times = size.pick(60, PEOPLE, PEOPLE), size.pick(1, 5, 20)
    with database() as server, stack(server, publish_wait_seconds="2") as made:
        engine = make_engine(made.url)
        slug = small_campaign(engine, people, size.pick(2.0, 8.0, 8.0))
        made.start("serve")
        made.start("worker")
        made.answers()
        queued, answered, moved, silent = list[float](), list[float](), 0, 0
        for _ in range(times):
            before = _facts(engine)
            found = cancelled(engine, made.site, slug, 1)
            queued, answered = queued + found.queued, answered + found.answered
            moved += _moved(before, _facts(engine), _drivers(engine))
            silent += _silent(engine, before)
        engine.dispose()
    control = _seen()
    figure = (
        f"{times} drivers of {people} people cancelled: the others' messages queued after {max(queued):.1f} s at the latest "
        f"(limit {QUEUED_SECONDS} s), a lift, “no lift” or a proposal after {max(answered):.0f} s (limit {ANSWER_SECONDS} s), "
        f"{silent} left in silence, {moved} untouched people moved; a move of 6 minutes is seen: {'yes' if control else 'NO'}"
    )
    late = max(queued) > QUEUED_SECONDS or max(answered) > ANSWER_SECONDS
    in_time = size is Size.QUICK or not late  # A machine that does other things, too, may take its time.
    return Outcome(figure, in_time and not moved and not silent and control)


def _facts(engine: Engine) -> dict[UUID, Place]:
    with engine.begin() as connection:
        return {row[0]: Place(*row[1:]) for row in connection.execute(text(FACTS)).all()}


def _drivers(engine: Engine) -> set[UUID]:
    """Whoever has not cancelled."""
    with engine.begin() as connection:
        return set(connection.execute(text("SELECT id FROM offer WHERE state = 'active'")).scalars())


def _moved(before: dict[UUID, Place], after: dict[UUID, Place], driving: set[UUID]) -> int:
    """How many are where they were not, of those whose driver still drives."""
    untouched = {person: place for person, place in before.items() if place.offer_id in driving}
    return sum(place.is_moved(after.get(person)) for person, place in untouched.items())


def _silent(engine: Engine, before: dict[UUID, Place]) -> int:
    """Who had a lift, still wants one, and has none, without having been told so."""
    values: dict[str, Any] = {
        "people": list(before),
        "since": datetime.now().astimezone() - timedelta(minutes=10),
    }
    return int(value(engine, LOST.format(ANSWERED), **values))


def _seen() -> bool:
    """The control: this measurement says of somebody that they were moved."""
    there = Place(UUID(int=1), UUID(int=2), datetime.now().astimezone(), None, drives=False)
    later = Place(there.offer_id, there.event_id, there.at + timedelta(minutes=6), None, drives=False)
    return _moved({UUID(int=3): there}, {UUID(int=3): later}, {there.offer_id}) == 1


PROMISE = Promise(7, "a cancellation is repaired", measure)

if __name__ == "__main__":
    run(PROMISE)
