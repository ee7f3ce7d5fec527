"""Promise 5: no place is given twice. Pairs of presses at the very same moment, each on a connection of its own.

First the same pairs are tried with the guards taken off: a measurement that finds nothing then would find nothing ever.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session

from api.errors import Conflict
from api.services import campaigns, lifts, people, publishing
from api.store import embedded
from api.store.queries import lifts as lift_queries
from api.store.session import make_engine, open_session
from api.store.tables import Coordinator, Lift, Offer, Person
from tests.api import world
from tests.api.services.test_publishing import Day
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import take_off_guards, value
from tests.promises.stack import MIGRATED, database, migrated
from tests.promises.unguarded import careless

Act = Callable[[Session], object]
Pair = tuple[Act, Act]
TABLES = ["lift", "lift_stop"]
WRONG = """
SELECT (SELECT count(*) FROM (
    SELECT l.id FROM lift l JOIN offer o ON o.id = l.offer_id JOIN lift_stop s ON s.lift_id = l.id AND s.state = 'published'
      JOIN request q ON q.id = s.request_id WHERE l.state = 'published' GROUP BY l.id, o.seats HAVING sum(q.party) > o.seats
  ) AS overfull)
  + (SELECT count(*) FROM (SELECT offer_id FROM lift WHERE state = 'published' GROUP BY 1 HAVING count(*) > 1) AS twice)
  + (SELECT count(*) FROM (SELECT request_id FROM lift_stop WHERE state = 'published' GROUP BY 1 HAVING count(*) > 1) AS in_two)
  + (SELECT count(*) FROM lift_stop s JOIN request q ON q.id = s.request_id
    WHERE s.state = 'published' AND q.state = 'cancelled')
  + (SELECT count(*) FROM lift l JOIN offer o ON o.id = l.offer_id WHERE l.state = 'published' AND o.state = 'cancelled')
  + (SELECT count(*) FROM lift WHERE state = 'cancelled' AND accepted_at IS NOT NULL)
"""


def measure(size: Size) -> Outcome:
    each, tried = size.pick(2, 50, 200), size.pick(4, 12, 30)
    with database() as server:
        migrated(server)
        control = {name: _wrong_without_guards(server, name, kind, tried) for name, kind in KINDS.items()}
        found = {name: _tried(server, name, kind, each) for name, kind in KINDS.items()}
    wrong = sum(one for one, _ in found.values())
    winners = all(both == 0 for _, both in found.values())
    figure = (
        f"{each * len(KINDS)} pairs ({', '.join(KINDS)}): {wrong} cars overfull, places given twice or people published who "
        f"had cancelled; one winner each, the other told: {'yes' if winners else 'NO'}; with the guards off "
        f"{', '.join(f'{name} went wrong {count} times in {tried}' for name, count in control.items())}"
    )
    return Outcome(figure, wrong == 0 and winners and all(control.values()))


@contextmanager
def _day(server: embedded.EmbeddedServer, name: str) -> Iterator[tuple[Engine, Day]]:
    engine = make_engine(embedded.create_database(server, name, template=MIGRATED))
    with open_session(engine) as db:
        day = Day(db)
        db.commit()
        yield engine, day
    engine.dispose()


def _tried(
    server: embedded.EmbeddedServer, name: str, kind: Callable[[Day], Pair], times: int
) -> tuple[int, int]:
    """How much is wrong afterwards, and how often not exactly one of two was told that the other was first."""
    unclear = 0
    with _day(server, name.replace("/", "_")) as (engine, day):
        for _ in range(times):
            told = _at_once(engine, kind(day))
            unclear += name in ONE_WINS and Counter(told)[""] != 1
        return value(engine, WRONG), unclear


def _wrong_without_guards(
    server: embedded.EmbeddedServer, name: str, kind: Callable[[Day], Pair], times: int
) -> int:
    """In how many of so many pairs two won, or something was wrong, where nothing is locked, unique or looked at twice."""
    wrong = 0
    with _day(server, f"{name.replace('/', '_')}_unguarded") as (engine, day):
        take_off_guards(engine, TABLES)
        with careless():
            for _ in range(times):
                # Of a day that has gone wrong no plan can be made.
                pair = kind(Day(day.db))
                before = value(engine, WRONG)
                told = _at_once(engine, pair)
                wrong += value(engine, WRONG) > before or (name in ONE_WINS and told == ["", ""])
    return wrong


def _at_once(engine: Engine, pair: Pair) -> list[str]:
    """What each was told; "" if it was done."""
    start = threading.Barrier(2)

    def press(act: Act) -> str:
        with open_session(engine) as own:
            start.wait()
            try:
                act(own)
                own.commit()
            except Conflict as error:
                own.rollback()
                return error.message
        return ""

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(press, pair))


def _publishing(day: Day, run_id: UUID) -> Act:
    slug, who = day.campaign.slug, day.coordinator.id
    return lambda own: publishing.publish(
        own, campaigns.find(own, slug), run_id, own.get_one(Coordinator, who)
    )


def _fresh(day: Day) -> tuple[Offer, Any]:
    """A driver and a rider of their own, so that one pair has nothing to do with the next."""
    pair = world.add_offer(day.db, day.campaign), world.add_request(day.db, day.campaign)
    day.db.commit()
    return pair


def publish_publish(day: Day) -> Pair:
    """The same plan by two coordinators."""
    offer, rider = _fresh(day)
    run_id = day.solved((offer, [rider]))
    day.db.commit()
    return _publishing(day, run_id), _publishing(day, run_id)


def two_plans(day: Day) -> Pair:
    """Two plans with the same rider in different cars."""
    (one, rider), (two, other) = _fresh(day), _fresh(day)
    # Who is told that there is no lift yet is told by one of them: they would wait for each other there.
    publishing.publish(day.db, day.campaign, day.solved(), day.coordinator)
    plans = day.solved((one, [rider])), day.solved((two, [rider, other]))
    day.db.commit()
    return _publishing(day, plans[0]), _publishing(day, plans[1])


def publish_cancel(day: Day) -> Pair:
    """Somebody of the plan cancels as it is published."""
    offer, rider = _fresh(day)
    run_id, person = day.solved((offer, [rider])), rider.person_id
    day.db.commit()
    return _publishing(day, run_id), lambda own: people.cancel(own, own.get_one(Person, person))


def accept_call_off(day: Day) -> Pair:
    """A driver says that they come as their lift is called off because they did not."""
    offer, rider = _fresh(day)
    publishing.publish(day.db, day.campaign, day.solved((offer, [rider])), day.coordinator)
    day.db.commit()
    lift_id = (
        day.db.connection()
        .execute(
            text("SELECT id FROM lift WHERE offer_id = :offer AND state = 'published'"), {"offer": offer.id}
        )
        .scalar_one()
    )
    person = offer.person_id

    def call_off(own: Session) -> None:
        lift = own.get_one(Lift, lift_id)
        if not lift_queries.end_unheard(own, lift.id, lift.departs_at - timedelta(hours=1)):
            raise Conflict("They have just said that they come.")

    return call_off, lambda own: lifts.accept(own, own.get_one(Person, person))


KINDS: dict[str, Callable[[Day], Pair]] = {
    "publish/publish": publish_publish,
    "plan/plan": two_plans,
    "publish/cancel": publish_cancel,
    "accept/call-off": accept_call_off,
}
ONE_WINS = {"publish/publish"}

PROMISE = Promise(5, "no place is given twice", measure)

if __name__ == "__main__":
    run(PROMISE)
