"""The curve of a run: every change, few points, no infinities."""

import json
import math
from uuid import uuid4

import pytest
from sqlmodel import Session

from api.errors import Invalid
from api.services import matching, progress
from api.services.progress import MOST_POINTS, Point
from api.store.queries import runs
from tests.api import world
from tests.api.services.test_matching import a_day


def test_what_says_nothing_new_is_not_kept() -> None:
    history: list[Point] = []
    for seconds, score in ((0.5, 1.0), (1.0, 1.0), (1.5, 2.0)):
        told = {"seconds": seconds, "score": score, "bound": 3.0}
        history = progress.with_point(history, progress.point_of(told))
    assert history == [[0.5, 1.0, 3.0], [1.5, 2.0, 3.0]]
    assert progress.with_point(history, progress.point_of({})) == history


def test_a_long_run_has_a_short_history_that_never_gets_worse() -> None:
    history: list[Point] = []
    for number in range(5 * MOST_POINTS):
        history = progress.with_point(history, [float(number), float(number), None])
        assert len(history) <= MOST_POINTS
    scores = [score or 0.0 for _, score, _ in history]
    assert scores == sorted(scores)
    assert (history[0][0], history[-1][0]) == (0.0, 5.0 * MOST_POINTS - 1)


def test_a_plan_that_is_not_there_yet_is_no_fault(db: Session) -> None:
    """The solver says minus infinity before it has a plan, which no JSON can hold."""
    campaign, coordinator = a_day(db)
    run_id = matching.start(db, campaign, world.DAY, coordinator).id
    matching.begin(db, run_id)
    told = {"seconds": 0.1, "score": -math.inf, "bound": 9.0, "gap": math.inf, "phase": "first bound"}
    assert matching.note_progress(db, run_id, told) is False
    run = matching.look_up(db, campaign, world.DAY, run_id)
    assert (run.score, run.gap, run.bound) == (None, None, 9.0)
    assert run.history == ((0.1, None, 9.0),)


def test_a_run_solves_with_its_own_settings_and_shows_them(db: Session) -> None:
    campaign, coordinator = a_day(db)
    campaign.minutes_per_volunteer = 400.0
    usual = matching.start(db, campaign, world.DAY, coordinator)
    assert (usual.minutes_per_volunteer, usual.change_penalty) == (400.0, 3.0)
    matching.fail(db, usual.id, "no matter")
    run = matching.start(
        db, campaign, world.DAY, coordinator, 5, minutes_per_volunteer=60.0, change_penalty=20.0
    )
    instance = json.loads(matching.begin(db, run.id) or "{}")
    assert (instance["minutes_per_volunteer"], instance["change_penalty"]) == (60.0, 20.0)
    assert matching.latest(db, campaign, world.DAY) is not None
    assert campaign.minutes_per_volunteer == 400.0


@pytest.mark.parametrize("field", ["seconds", "minutes_per_volunteer", "change_penalty"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0, 1e9])
def test_odd_settings_are_named(db: Session, field: str, value: float) -> None:
    campaign, coordinator = a_day(db)
    with pytest.raises(Invalid) as refused:
        matching.start(db, campaign, world.DAY, coordinator, **{field: value})
    assert list(refused.value.errors) == [field]
    assert matching.latest(db, campaign, world.DAY) is None


def test_a_run_that_begins_again_says_so_and_draws_its_curve_anew(db: Session) -> None:
    campaign, coordinator = a_day(db)
    run_id = matching.start(db, campaign, world.DAY, coordinator).id
    matching.begin(db, run_id)
    matching.note_progress(db, run_id, {"seconds": 30.0, "score": 5.0, "bound": 6.0})
    matching.begin(db, run_id)
    run = matching.look_up(db, campaign, world.DAY, run_id)
    assert (run.begun, run.history) == (2, ())


def test_lists_of_runs_do_not_read_their_plans(db: Session) -> None:
    campaign, coordinator = a_day(db)
    run_id = matching.start(db, campaign, world.DAY, coordinator).id
    matching.begin(db, run_id)
    ids = [str(uuid4()) for _ in range(5)]
    plan = {
        "score": 2.0, "bound": 3.0, "gap": 0.5, "status": "feasible", "volunteers": 4, "seconds": 7.5, "version": "0",
        "trips": [{"driver": ids[0], "event": ids[1], "stops": [{"rider": ids[2]}, {"rider": ids[3]}]}],
        "unmatched": [{"id": ids[4]}],
    }  # fmt: skip
    matching.finish(db, run_id, plan)
    db.commit()
    db.expunge_all()
    (row,) = runs.of_day(db, campaign.id, world.DAY)
    view = matching.view(db, row)
    assert "plan" not in row.__dict__ and "instance" not in row.__dict__
    assert (view.volunteers, view.cars, view.riders, view.left) == (4, 1, 2, 1)
    assert view.history == ((7.5, 2.0, 3.0),)
