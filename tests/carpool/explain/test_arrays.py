"""The reasons looked for by arrays, in blocks and near first, are those that one look at everything gives."""

from functools import cache

import numpy as np
import pytest

from carpool.explain import explain, openings, seats, units, wheel
from carpool.explain.field import TOP
from carpool.explain.layout import Layout
from carpool.explain.legs import Legs
from carpool.explain.situation import Situation
from carpool.explain.wheel import Wheel
from carpool.generate import generate
from carpool.instance import Instance
from carpool.plan import Reason, Trip
from carpool.solver.candidates import make_scene
from carpool.solver.column import column_of, total_score
from carpool.solver.data import compile_data
from tests.carpool.build import a_driver, a_rider, a_trip, an_instance
from tests.carpool.explain.plans import chance_trips


@cache
def a_crowd() -> tuple[Instance, tuple[Trip, ...]]:
    """Two hundred people of whom some travel."""
    instance = generate(200, seed=3, around="B1", within=60.0)
    trips = chance_trips(instance, seed=2, tries=150)
    assert trips is not None
    return instance, trips


def test_a_crowd_has_most_reasons() -> None:
    """Without them, the other tests here would prove little."""
    assert len({left.reason for left in explain(*a_crowd())}) >= 8


@pytest.mark.parametrize("size", [1, 300])
def test_reasons_do_not_depend_on_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    expected = explain(*a_crowd())
    for room in (openings, seats, wheel):
        monkeypatch.setattr(room, "BLOCK", size)
    assert explain(*a_crowd()) == expected


def test_reasons_do_not_depend_on_how_near_is_looked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = explain(*a_crowd())
    monkeypatch.setattr(seats, "NEAREST", (8, 2, 3))
    monkeypatch.setattr(units, "NEAREST", 1)
    found = explain(*a_crowd())
    # Which way of several is tried first is a matter of luck for those who pass all tests.
    passing = {Reason.SEARCH_ENDED, Reason.NOT_WORTH_THE_DRIVE}
    assert [one for one in found if one.reason not in passing] == [
        one for one in expected if one.reason not in passing
    ]


def test_arrays_and_single_pairs_agree_at_the_wheel() -> None:
    situation = Situation(*a_crowd(), None)
    quick, slow = (Wheel(situation, Legs(situation.open.times)) for _ in range(2))
    slow._doubtful = np.ones(len(slow.people), dtype=bool)
    assert quick.people
    for person in quick.people:
        one, other = quick.standing(person), slow.standing(person)
        assert (one.passed, one.ways) == (other.passed, other.ways)
        assert one.short == pytest.approx(other.short, abs=1e-6)


def test_who_passes_all_tests_has_a_way_for_every_insertion() -> None:
    """The ways left for trying are all on which somebody could be put into the plan."""
    situation = Situation(*a_crowd(), None)
    whole = seats.Seats(situation, Wheel(situation, Legs(situation.open.times)))
    everywhere = [(driver, event) for driver, car in situation.open.cars.items() for event in car.events]
    tried = 0
    for person in whole.people.tolist():
        standing = whole.standing(person)
        if standing is not None and standing.passed == TOP and person not in whole.rising:
            others = [way for way in everywhere if way[0] != person]
            best, narrowed = (
                situation.best_insertion(person, w) for w in (others, whole.ways.get(person, []))
            )
            assert (best is None) == (narrowed is None)
            tried += 1
    assert tried


def test_the_layout_weighs_trips_as_the_objective_does() -> None:
    instance, trips = a_crowd()
    scene = make_scene(compile_data(instance))
    layout = Layout(scene.data, scene.limits, trips)
    columns = [column_of(scene.data, scene.limits, trip) for trip in trips]
    assert [layout.column(column.driver) for column in columns] == columns
    assert layout.people == [
        sum(c.people for c in columns if c.event == e) for e in range(len(instance.events))
    ]
    without = total_score(scene.data, columns[1:])
    assert layout.rise(columns[0], columns[0]) == 0.0
    empty = Layout(scene.data, scene.limits, trips[1:])
    assert empty.rise(None, columns[0]) == pytest.approx(total_score(scene.data, columns) - without)


def test_the_layout_knows_who_is_where() -> None:
    instance = an_instance(a_driver("a"), a_driver("b"), a_rider(party=2))
    scene = make_scene(compile_data(instance))
    layout = Layout(scene.data, scene.limits, [a_trip("a", "e", "r")])
    number = instance.index
    assert [layout.free(number[name]) for name in ("a", "b", "r")] == [False, True, False]
    assert layout.column(number["b"]) is None
    assert layout.riding == {number["a"]: 2}
    assert layout.car_of[number["r"]] == number["a"]
