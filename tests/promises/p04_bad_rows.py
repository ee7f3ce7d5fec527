"""Promise 4: one bad row hurts only itself. Everybody else's trips are as if it were absent, seed and rounds being the same.

At two levels. Rows: bad ones are written straight into the tables of a campaign, as an older version or an import could have
left them, and a run made from them is laid beside a run made without them. Instances: impossible people are put between
crowds of a generator. As a control both are measured with
the guards off: a difference, or a run that cannot begin, must be seen.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select, update

from api.services import matching
from api.store.queries import campaigns, sign_ups
from api.store.session import open_session
from api.store.tables import Campaign, Coordinator, Offer, Request, Run
from carpool import Instance, Plan, solve
from carpool.errors import CarpoolError
from carpool.files import instance_from_json, plan_to_json
from carpool.generate import generate
from carpool.instance import Driver, Rider
from tests.api import world
from tests.promises.frame import Outcome, Promise, Size, run
from tests.promises.scenes import campaign
from tests.promises.stack import database, stack

ROUNDS, SEED, FEWEST = 1, 7, 4
PLACES = ("WF1 1AA", "WF2 8AA", "LS6 2AB", "HX1 1AA", "BD1 1AA", "HD1 1AA", "S70 1AA", "WF10 1AA")
SignUp = Offer | Request
MIDNIGHT = datetime.combine(world.DAY, time(0, 5), UTC)
BAD: dict[str, dict[str, Any]] = {
    "a postcode nobody knows": {"postcode": "ZZ99 9ZZ", "lat": 0.0, "lon": 0.0, "precision": "none"},
    "coordinates outside": {"lat": 48.86, "lon": 2.35},
    "latitude and longitude swapped": {"lat": -1.5, "lon": 53.8},
    "ready after home": {"ready_at": MIDNIGHT + timedelta(hours=23), "home_by": MIDNIGHT},
    "more people than any car": {"party": 900},
    "more people than there are": {"party": 2_000_000_000},
    "an event that is gone": {"event_ids": ["4f9619ff-8b86-d011-b42d-00c04fc964ff"]},
    "an island without a ferry": {"island": "Atlantis"},
    "no time to travel": {"max_travel_minutes": 0.0},
    "less than no time": {"max_travel_minutes": -30.0},
    "the same wish twice": {"company": ["woman", "woman"]},
    "a list that is none": {"traits": 5},
}


def measure(size: Size) -> Outcome:
    of_rows = _by_rows(*size.pick((90, 6), (600, 12), (3_000, 30)))
    of_instances = _by_instances(size)
    figure = (
        f"{of_rows.bad} bad rows ({len(BAD)} kinds) among {of_rows.people:,} sign-ups: {of_rows.moved} of {of_rows.trips} "
        f"trips differ; {of_instances.bad} impossible people among {of_instances.people:,} in {of_instances.runs} crowds: "
        f"{of_instances.moved} of {of_instances.trips:,} trips differ; without the guards: {of_rows.control}, "
        f"{of_instances.control}"
    )
    kept = of_rows.moved == of_instances.moved == 0 and of_rows.trips > 0 and of_instances.trips > 0
    return Outcome(figure, kept and of_rows.is_seen and of_instances.is_seen)


@dataclass
class Found:
    """What came of comparing; `control` is what the same comparison found with the guard off."""

    people: int = 0
    bad: int = 0
    trips: int = 0
    moved: int = 0
    runs: int = 0
    control: str = ""
    is_seen: bool = False


def _differing(one: Plan, other: Plan) -> int:
    return len(set(map(repr, one.trips)) ^ set(map(repr, other.trips)))


@contextmanager
def _unguarded() -> Iterator[None]:
    """Rows are taken as they are, and nobody is set aside before the engine counts."""
    with ExitStack() as off:
        off.enter_context(patch("api.services.instances.sound_people", lambda _events, people: people))
        off.enter_context(patch("carpool.solver.solve.without_impossible", lambda data: data.instance))
        yield


# Rows.


def _by_rows(people: int, bad: int) -> Found:
    with database() as server, stack(server) as made, campaign(made.url) as (engine, path):
        slug, random = path.rpartition("/")[2], Random(SEED)
        with open_session(engine) as db:
            rows = _sign_up(db, _campaign(db, slug), people, random)
            db.commit()
        spoilt = _spoil(engine, rows, bad, random)
        plan = _plan(engine, slug)
        with _unguarded():
            control = _attempt(lambda: _plan(engine, slug))
        without = _absent(engine, slug, spoilt)
    seen = control if isinstance(control, str) else f"{_differing(control, without)} trips differ"
    return Found(
        people, len(spoilt), len(without.trips), _differing(plan, without),
        control=seen, is_seen=isinstance(control, str) or bool(_differing(control, without)),
    )  # fmt: skip


def _campaign(db: Session, slug: str) -> Campaign:
    found = campaigns.by_slug(db, slug)
    assert found is not None
    return found


def _sign_up(db: Session, made: Campaign, people: int, random: Random) -> list[SignUp]:
    """So many people by the form, a third of them with a car, with what people usually want."""
    for hours in ((14, 17), (18, 20)):
        world.add_event(db, made, _owner(db), title="Later", starts=time(hours[0]), ends=time(hours[1]))
    rows: list[SignUp] = []
    for number in range(people):
        wants: dict[str, Any] = {
            "postcode": random.choice(PLACES),
            "name": f"Person{number} P",
            "party": random.choice((1, 1, 2)),
        }
        if number % 3 == 0:
            rows.append(world.add_offer(db, made, seats=random.randint(1, 4), **wants))
        else:
            rows.append(world.add_request(db, made, **wants))
        _scatter(db, rows[-1], random)
    return rows


def _scatter(db: Session, row: SignUp, random: Random) -> None:
    """Postcodes are few here, and people live beside them; nobody came in at the same moment as somebody else."""
    row.lat += random.gauss(0, 0.05)
    row.lon += random.gauss(0, 0.08)
    row.created_at += timedelta(microseconds=random.randrange(1_000_000))
    db.add(row)


def _owner(db: Session) -> Coordinator:
    return db.exec(select(Coordinator)).one()


def _spoil(engine: Engine, rows: list[SignUp], bad: int, random: Random) -> list[SignUp]:
    """Every kind of bad row, on drivers and riders in turn, straight in the tables."""
    kinds = list(BAD.values())
    with open_session(engine) as db:
        spoilt = random.sample(rows, bad)
        for number, row in enumerate(spoilt):
            table = type(row)
            db.exec(update(table).where(col(table.id) == row.id).values(**kinds[number % len(kinds)]))
        db.commit()
    return spoilt


def _plan(engine: Engine, slug: str) -> Plan:
    """A run of the day as a worker carries it out, but for rounds in the place of seconds."""
    with open_session(engine) as db:
        started = matching.start(db, _campaign(db, slug), world.DAY, _owner(db), 10)
        text = matching.begin(db, started.id)
        assert text is not None
        seed = matching.settings_of(db, started.id)[1]
        plan = solve(instance_from_json(json.loads(text)), seconds=None, rounds=ROUNDS, seed=seed)
        matching.finish(db, started.id, plan_to_json(plan))
        db.commit()
    return plan


def _attempt(make: Callable[[], Plan]) -> Plan | str:
    try:
        return make()
    except (CarpoolError, TypeError, ValueError) as error:
        return f"the run fails ({type(error).__name__})"


def _absent(engine: Engine, slug: str, spoilt: list[SignUp]) -> Plan:
    """The same run once these people are gone."""
    with open_session(engine) as db:
        db.exec(delete(Run))
        for row in spoilt:
            sign_ups.delete_person(db, row.person_id)
        db.commit()
    return _plan(engine, slug)


# Instances.


def _by_instances(size: Size) -> Found:
    found, hurt = Found(), 0
    for seed, crowd in enumerate(_crowds(size)):
        people = len(crowd.index)
        impossible = list(_impossible(crowd, max(FEWEST, people // 100), Random(seed)))
        mixed = _among(crowd, impossible, Random(seed))
        without, plan = _solved(crowd), _solved(mixed)
        with _unguarded():
            hurt += _differing(_solved(mixed), _solved(crowd))
        found.runs, found.people, found.bad = (
            found.runs + 1,
            found.people + people,
            found.bad + len(impossible),
        )
        found.trips += len(without.trips)
        found.moved += _differing(plan, without)
    return replace(found, control=f"{hurt:,} trips differ", is_seen=hurt > 0)


def _crowds(size: Size) -> Iterator[Instance]:
    """Small ones, whose best plan is nearly proven, and large ones that are searched."""
    for people in size.pick((800,), (200, 800), tuple(range(200, 4_000, 200))):
        yield generate(people, seed=people)


def _solved(instance: Instance) -> Plan:
    return solve(instance, seconds=None, rounds=ROUNDS, seed=SEED)


def _impossible(crowd: Instance, number: int, random: Random) -> Iterator[Driver | Rider]:
    """People whose own words rule out every trip, where others live or at the other end of the country."""
    late = max(event.ends_at for event in crowd.events) + timedelta(hours=1)
    early = min(event.starts_at for event in crowd.events) - timedelta(hours=6)
    words: list[dict[str, Any]] = [
        {"ready_at": late, "home_by": early},
        {"lat": 60.8, "lon": -0.8, "max_travel_minutes": 5.0},
        {"party": 500_000},
        {"max_travel_minutes": 0.0, "lat": 49.9, "lon": -6.3},
    ]
    for count in range(number):
        home = random.choice(crowd.drivers)
        about: dict[str, Any] = {"id": f"bad{count}", "lat": home.lat, "lon": home.lon} | words[
            count % len(words)
        ]
        yield Rider(**about) if random.random() < 0.5 or "party" in about else Driver(**about, seats=4)


def _among(crowd: Instance, people: list[Driver | Rider], random: Random) -> Instance:
    drivers, riders = list(crowd.drivers), list(crowd.riders)
    for person in people:
        if isinstance(person, Driver):
            drivers.insert(random.randint(0, len(drivers)), person)
        else:
            riders.insert(random.randint(0, len(riders)), person)
    return replace(crowd, drivers=tuple(drivers), riders=tuple(riders))


PROMISE = Promise(4, "one bad row hurts only itself", measure, shares=True)

if __name__ == "__main__":
    run(PROMISE)
