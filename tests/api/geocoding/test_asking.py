"""The geocoder's manners: answers are kept, turns are a second apart for all together, after a refusal nobody asks."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select, update

from api.geocoding import asking
from api.geocoding.answers import GeocoderDown
from api.geocoding.asking import GAP, Geocoder
from api.store.queries import geocoding as queries
from api.store.session import make_engine, open_session
from api.store.tables import GeocoderAnswer, GeocoderTurn, now
from tests.nominatim import Fault, Nominatim

SECOND = timedelta(seconds=1)
LONG = timedelta(minutes=1)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Turns as near to each other as it goes, for tests that are about something else."""
    monkeypatch.setattr(asking, "GAP", timedelta())
    yield


def turns(url: str, count: int) -> list[datetime]:
    """So many turns, taken as a process of its own does."""
    engine, taken = make_engine(url), []
    for _ in range(count):
        with open_session(engine) as db:
            turn = queries.take_turn(db, "geocoder", GAP, LONG)
            db.commit()
        assert turn is not None
        taken.append(turn[0])
    engine.dispose()
    return taken


def test_turns_of_several_processes_are_a_second_apart(database_url: str) -> None:
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(turns, database_url, 4) for _ in range(3)]
        taken = sorted(turn for one in waiting for turn in one.result())
    assert len(taken) == 12
    assert all(later - earlier >= SECOND for earlier, later in pairwise(taken))


def test_whoever_would_wait_too_long_takes_no_turn(db: Session) -> None:
    patience = 2 * GAP
    found = [queries.take_turn(db, "geocoder", GAP, patience) for _ in range(5)]
    assert [turn is not None for turn in found] == [True, True, True, False, False]
    assert queries.take_turn(db, "another", GAP, patience) is not None, "another server has turns of its own"
    db.rollback()


def test_a_turn_that_was_long_ago_does_not_hold_up(db: Session) -> None:
    queries.take_turn(db, "geocoder", GAP, LONG)
    db.exec(update(GeocoderTurn).values(free_at=now() - timedelta(days=1)))
    turn = queries.take_turn(db, "geocoder", GAP, LONG)
    assert turn is not None and turn[1] == timedelta()


def test_two_at_once_ask_a_second_apart(
    geocoder: Geocoder, map_server: Nominatim, engine: Engine, db: Session
) -> None:
    """Over two connections; the slots that the database gave out are what they keep to."""
    begun = now()
    with (
        ThreadPoolExecutor(2) as pool,
        open_session(engine) as one,
        open_session(engine) as other,
    ):
        names = {"Otley Road, Leeds": one, "12 Otley Road, Leeds": other}
        found = [pool.submit(replace(geocoder, db=mine).ask, name) for name, mine in names.items()]
        assert all(answer.result() for answer in found)
    assert sorted(map_server.asked) == ["12 Otley Road, Leeds", "Otley Road, Leeds"]
    assert db.exec(select(GeocoderTurn)).one().free_at - begun >= 2 * GAP
    assert now() - begun >= GAP, "the second waited for its turn"


def test_only_a_few_of_a_process_wait(geocoder: Geocoder, map_server: Nominatim) -> None:
    """Everybody else is told at once: nobody's page waits for a connection that somebody holds who waits for a turn."""
    taken = [asking.ASKING.acquire(blocking=False) for _ in range(4)]
    try:
        with pytest.raises(GeocoderDown):
            geocoder.ask("Timble")
    finally:
        for _ in taken:
            asking.ASKING.release()
    assert all(taken) and map_server.asked == []
    assert geocoder.ask("Timble") is not None


@pytest.mark.usefixtures("hurried")
def test_an_answer_is_kept_however_it_is_spelled(geocoder: Geocoder, map_server: Nominatim) -> None:
    first = geocoder.ask("Otley Road, Leeds")
    assert first is not None
    for again in ("otley road, LEEDS", "  Otley  Road Leeds"):
        assert geocoder.ask(again) == first
    assert map_server.asked == ["Otley Road, Leeds"]


@pytest.mark.usefixtures("hurried")
def test_that_there_is_no_such_place_is_kept_as_well(geocoder: Geocoder, map_server: Nominatim) -> None:
    assert geocoder.ask("Nowhereham") is None and geocoder.ask("nowhereham") is None
    assert map_server.asked == ["Nowhereham"]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("name", "after", "asked"),
    [
        ("Timble", asking.ANSWERS_KEPT - LONG, 1),
        ("Timble", asking.ANSWERS_KEPT, 2),
        ("Nowhereham", asking.NOTHING_KEPT - LONG, 1),
        ("Nowhereham", asking.NOTHING_KEPT, 2),
    ],
)
def test_what_is_kept_runs_out(
    geocoder: Geocoder, map_server: Nominatim, db: Session, name: str, after: timedelta, asked: int
) -> None:
    first = geocoder.ask(name)
    db.exec(update(GeocoderAnswer).values(asked_at=now() - after))
    db.commit()
    assert geocoder.ask(name) == first
    assert len(map_server.asked) == asked


@pytest.mark.usefixtures("hurried")
def test_what_was_typed_is_not_kept(geocoder: Geocoder, db: Session) -> None:
    geocoder.ask("12 Otley Road, Leeds")
    geocoder.ask("The Canary, Nowhereham")
    rows = db.exec(select(GeocoderAnswer)).all()
    assert len(rows) == 2
    assert "canary" not in repr(rows).lower()
    other = replace(geocoder, key="another key")
    assert other._question("Timble") != geocoder._question("Timble")


@pytest.mark.usefixtures("hurried")
def test_after_a_refusal_nobody_asks_for_as_long_as_it_says(
    geocoder: Geocoder, map_server: Nominatim, db: Session
) -> None:
    geocoder.ask("Timble")
    map_server.faults.append(Fault(status=429, headers={"Retry-After": "120"}))
    for name in ("Otley Road, Leeds", "12 Otley Road, Leeds"):
        with pytest.raises(GeocoderDown, match="Type a postcode"):
            geocoder.ask(name)
    assert map_server.asked == ["Timble", "Otley Road, Leeds"]
    assert geocoder.ask("Timble") is not None, "what is kept needs nobody"
    left = db.exec(select(GeocoderTurn)).one().free_at - now()
    assert LONG < left <= timedelta(seconds=120)
    db.exec(update(GeocoderTurn).values(free_at=now()))
    db.commit()
    assert geocoder.ask("Otley Road, Leeds") is not None


@pytest.mark.usefixtures("hurried")
def test_a_failure_is_not_kept_as_an_answer(geocoder: Geocoder, map_server: Nominatim, db: Session) -> None:
    map_server.faults.append(Fault(b"<html>"))
    with pytest.raises(GeocoderDown):
        geocoder.ask("Timble")
    assert not db.exec(select(GeocoderAnswer)).all()


@pytest.mark.usefixtures("hurried")
def test_what_no_table_can_hold_is_left_out(geocoder: Geocoder, map_server: Nominatim) -> None:
    odd = rb'[{"lat": "53.8", "lon": "-1.5", "name": "Ot\u0000ley\ud800", "display_name": "x", "address": {"city": "a\u0000"}}]'
    map_server.faults.append(Fault(odd))
    found = geocoder.ask("Timble")
    assert found is not None and (found.name, found.within) == ("Ot ley", "a")


@pytest.mark.usefixtures("hurried")
def test_the_log_names_no_place(
    geocoder: Geocoder, map_server: Nominatim, capfd: pytest.CaptureFixture[str]
) -> None:
    map_server.faults.append(Fault(b"<html>"))
    with pytest.raises(GeocoderDown):
        geocoder.ask("Canary Road, Leeds")
    written = "".join(capfd.readouterr()).lower()
    assert "the geocoder did not answer" in written and "canary" not in written
