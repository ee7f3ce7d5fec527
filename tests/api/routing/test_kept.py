"""What is kept of a server's answers: the minutes, for 30 days, and nothing that says where anybody lives."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlmodel import Session, select, update

from api.routing import TIMES_KEPT
from api.routing.cells import Cells, cells_of
from api.routing.fetching import Answers
from api.routing.kept import Kept, merged, packed, unpacked
from api.services import retention
from api.store.tables import RoadTimes, now
from carpool.geo.place import Place

PLACES = [Place(52.6 + n / 100, -0.7) for n in range(5)]
CELLS = cells_of(PLACES)
EVERY = np.array([a * 5 + b for a in range(5) for b in range(5) if a != b], dtype=np.int64)
SECONDS = np.array([*(61.5 + n for n in range(18)), np.inf, np.nan])


@pytest.fixture
def kept() -> Kept:
    return Kept("http://osrm:5000/", "a secret")


def look(db: Session, kept: Kept, cells: Cells = CELLS, drives: np.ndarray = EVERY) -> np.ndarray:
    answers = Answers.nothing(drives)
    kept.fill(db, cells, answers)
    return answers.seconds


def test_what_is_kept_is_known_again(db: Session, kept: Kept) -> None:
    kept.keep(db, CELLS, EVERY, SECONDS)
    np.testing.assert_array_equal(look(db, kept), SECONDS)


def test_another_instance_numbers_its_places_otherwise(db: Session, kept: Kept) -> None:
    kept.keep(db, CELLS, EVERY, SECONDS)
    others = cells_of([Place(52.0, -1.0), PLACES[3], PLACES[1]])
    numbers = [others.of_place[1] * 3 + others.of_place[2], others.of_place[2] * 3 + others.of_place[1]]
    found = look(db, kept, others, np.sort(np.array(numbers)))
    there, back = (SECONDS[EVERY.tolist().index(a * 5 + b)] for a, b in ((3, 1), (1, 3)))
    assert sorted(found.tolist()) == sorted([there, back])


def test_what_comes_later_is_added_and_newer_wins(db: Session, kept: Kept) -> None:
    kept.keep(db, CELLS, EVERY[:2], SECONDS[:2])
    kept.keep(db, CELLS, EVERY[1:4], 2 * SECONDS[1:4])
    assert look(db, kept)[:4].tolist() == [SECONDS[0], *(2 * SECONDS[1:4]).tolist()]
    assert np.isnan(look(db, kept)[4:]).all()


@pytest.mark.parametrize(
    "other", [Kept("http://other:5000", "a secret"), Kept("http://osrm:5000", "another secret")]
)
def test_another_server_or_secret_knows_nothing_of_it(db: Session, kept: Kept, other: Kept) -> None:
    kept.keep(db, CELLS, EVERY, SECONDS)
    assert np.isnan(look(db, other)).all()


def test_it_is_no_list_of_homes(db: Session, kept: Kept) -> None:
    """Neither the points nor anything that can be worked out without the secret; not even one hash for both ends."""
    kept.keep(db, CELLS, EVERY, SECONDS)
    rows = db.exec(select(RoadTimes)).all()
    written = b"".join(row.origin + row.drives for row in rows)
    for place in PLACES:
        for number in (place.lat, place.lon):
            assert f"{number:.2f}".encode() not in written
            assert np.float64(number).tobytes() not in written
    origins = {row.origin[:8] for row in rows}
    ends = {row.drives[at : at + 8] for row in rows for at in range(0, 8 * (len(row.drives) // 12), 8)}
    assert len(origins) == len(ends) == 5 and not origins & ends


def test_it_lasts_for_thirty_days_from_the_oldest_part_on(db: Session, kept: Kept) -> None:
    kept.keep(db, CELLS, EVERY, SECONDS)
    db.exec(update(RoadTimes).values(fetched_at=now() - TIMES_KEPT + timedelta(minutes=1)))
    kept.keep(db, CELLS, EVERY[:1], SECONDS[:1])
    assert all(row.fetched_at < now() - timedelta(days=29) for row in db.exec(select(RoadTimes)).all())
    assert not np.isnan(look(db, kept)[:18]).any()
    assert retention.purge(db).roads == 0
    db.exec(update(RoadTimes).values(fetched_at=now() - TIMES_KEPT))
    assert np.isnan(look(db, kept)).all()
    kept.keep(db, CELLS, EVERY[:1], SECONDS[:1])
    assert look(db, kept)[0] == SECONDS[0] and np.isnan(look(db, kept)[1:]).all()
    assert retention.purge(db).roads == 4
    assert look(db, kept)[0] == SECONDS[0]


def test_drives_are_packed_and_unpacked() -> None:
    ends = np.array([7, 2**64 - 1, 3], dtype=np.uint64)
    known, seconds = unpacked(packed(ends, np.array([0.1, np.inf, 172800.0])))
    assert known.tolist() == [3, 7, 2**64 - 1]
    assert seconds.tolist() == [172800.0, 0.1, np.inf]
    assert unpacked(b"")[0].tolist() == []
    both = merged((known, seconds), (np.array([3], dtype=np.uint64), np.array([5.0])))
    assert dict(zip(*(x.tolist() for x in both), strict=True)) == {7: 0.1, 2**64 - 1: np.inf, 3: 5.0}


def test_one_name_for_all_places_of_a_cell(db: Session, kept: Kept) -> None:
    kept.keep(db, CELLS, EVERY, SECONDS)
    near = cells_of([replace(place, lat=place.lat + 0.0004) for place in PLACES])
    np.testing.assert_array_equal(look(db, kept, near), SECONDS)
