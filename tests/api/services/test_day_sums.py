"""A day's people in figures: by hour, with and without access needs, and with nothing counted twice."""

from datetime import time

import pytest
from sqlmodel import Session

from api.pages.coordinators.curves import curve
from api.services import calls, deadlines, glance
from api.services.day_people import Filters
from api.services.day_sums import of_day
from api.services.glance import Glance, Rate
from api.services.hours import HourLine
from api.services.local import at
from tests.api import world
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene

__all__ = ["pair", "password_hash", "scene"]


def seen(db: Session, scene: Scene, filters: Filters = Filters()) -> Glance:  # noqa: B008
    sums = of_day(db, scene.campaign, world.DAY, filters)
    return glance.view(db, scene.campaign, world.DAY, filters, sums)


def test_the_hours_count_who_is_ready_and_what_is_on(db: Session, scene: Scene) -> None:
    early = world.add_offer(db, scene.campaign, seats=3)
    late = world.add_request(db, scene.campaign, party=2)
    unproven = world.add_offer(db, scene.campaign, name="Una", seats=4, confirmed=False)
    early.ready_at, early.home_by = at(world.DAY, time(7, 30)), at(world.DAY, time(12))
    late.ready_at, late.home_by = at(world.DAY, time(11)), None
    for one in (early, late, unproven):
        db.add(one)
    db.flush()
    lines = {line.hour: line for line in seen(db, scene).hours}
    assert (lines[8].seats, lines[8].riders) == (3, 0)
    assert (lines[11].seats, lines[11].riders) == (3, 2)
    assert (lines[12].seats, lines[12].riders) == (0, 2)
    on = [line.hour for line in lines.values() if line.wanted]
    assert on and min(lines) < min(on) and max(lines) > max(on)
    assert seen(db, scene, Filters(role="driver")).hours[-1].riders == 0


def test_nobody_and_nothing_has_no_curve() -> None:
    assert curve(()) is None


def test_a_curve_is_stairs_to_the_right_height() -> None:
    drawn = curve([HourLine(8, 0, 100, 0), HourLine(9, 40, 0, 100)])
    assert drawn is not None
    paths, marks = dict(drawn.paths), {value: down for down, value in drawn.marks}
    assert set(marks) == {0, 50, 100} and marks[0] == drawn.floor > marks[100]
    assert paths["riders"] == f"M72,{marks[100]:g}V{marks[100]:g}H394V{marks[0]:g}H716"
    assert paths["wanted"].endswith(f"V{drawn.floor}H72Z")
    assert [hour for _, hour in drawn.times] == [8]


@pytest.mark.parametrize(("many", "percent"), [(9, None), (10, 10)])
def test_the_share_of_a_tiny_group_is_not_told(
    db: Session, scene: Scene, pair: Pair, many: int, percent: int | None
) -> None:
    assert seen(db, scene).rates == ()
    pair[1].needs = ["folded_wheelchair"]
    db.add(pair[1])
    for number in range(many - 1):
        world.add_request(db, scene.campaign, name=f"W{number}", wheelchair=True)
    world.add_request(db, scene.campaign, name="Wanda", wheelchair=True, confirmed=False)
    world.add_request(db, scene.campaign, name="Olga", party=2)
    without, having = seen(db, scene).rates
    assert without == Rate(False, 2, 0)
    assert (having.asked, having.riding, having.percent) == (many, 1, percent)


def test_of_many_calls_and_silences_the_first_are_told_and_the_rest_counted(
    db: Session, scene: Scene, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        world.add_request(db, scene.campaign, name=f"Asked{number}", may_ask=True)
    monkeypatch.setattr(calls, "MOST_AT_ONCE", 2)
    first = calls.look(db, scene.campaign, world.DAY, scene.coordinator)
    last = calls.look(db, scene.campaign, world.DAY, scene.coordinator, page=99)
    assert [one.name for one in first.may_ask] == ["Asked0", "Asked1"] and first.pages == 2
    assert [one.name for one in last.may_ask] == ["Asked2"] and last.page == 2
    monkeypatch.setattr(deadlines, "MOST_SHOWN", 0)
    monkeypatch.setattr(deadlines, "now", lambda: at(world.DAY, time(0, 1)))
    found = deadlines.unanswered(db, scene.campaign, world.DAY)
    assert (found.drivers, found.more_drivers, found.riders, found.more_riders) == ((), 1, (), 1)
