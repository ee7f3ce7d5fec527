"""A plan a page at a time, and two of them side by side: figures, events, and from what to what for whom."""

from importlib import import_module
from uuid import UUID

import pytest
from sqlmodel import Session, col, delete, select, text

from api.services import comparing, matching, reviewing, roles
from api.services.comparing import Comparison
from api.services.views import RunView
from api.store.queries import planned
from api.store.tables import Offer, Planned
from carpool import solve
from carpool.files import plan_to_json
from tests.api import world
from tests.api.services.test_publishing import Day

MIGRATION = import_module("api.store.migrations.versions.0015_runs")
HANDS = import_module("api.store.migrations.versions.0019_hands")
SINCE = import_module("api.store.migrations.versions.0020_changed_since")


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


def run_of(day: Day, run_id: UUID) -> RunView:
    return matching.look_up(day.db, day.campaign, world.DAY, run_id)


def compared(day: Day, one: UUID, other: UUID, kind: str = "", page: int = 1) -> Comparison:
    return comparing.compare(day.db, day.campaign, run_of(day, one), run_of(day, other), kind, page)


def ways(found: Comparison) -> dict[str, tuple[str, str]]:
    """From what to what, by name."""

    def words(where: comparing.PlaceView | None) -> str:
        if where is None:
            return "-"
        return "no lift" if not where.event else "drives" if where.drives else f"with {where.with_}"

    return {each.name: (words(each.before), words(each.after)) for each in found.changes}


def test_a_plan_is_read_by_the_page(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "PAGE", 1)
    [one, two], [a, b, c] = day.offers, day.requests
    run = run_of(day, day.solved((one, [a, b]), (two, [c])))
    pages = [reviewing.trips(day.db, day.campaign, run, page=page) for page in (1, 2, 3)]
    assert [found.total for found in pages] == [2, 2, 2]
    assert [len(found.trips) for found in pages] == [1, 1, 0]
    cars = {trip.driver: {name for name, _, _ in trip.stops} for found in pages for trip in found.trips}
    assert cars == {"Driver1": {"Rider1", "Rider2"}, "Driver2": {"Rider3"}}
    (event,) = pages[0].events
    assert (event.title, event.cars, event.people) == ("Morning canvass", 2, 5)
    trip = pages[0].trips[0]
    assert trip.departs_at and trip.arrives_at and trip.departs_at < trip.stops[0][2] < trip.arrives_at
    assert trip.people == 1 + len(trip.stops)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("rider3", 1),
        ("DRIVER2", 1),
        ("wf2", 2),
        ("WF1", 2),
        ("Rider", 2),
        ("ider", 0),
        ("%", 0),
        ("\0", 2),
        ("'", 0),
    ],
)
def test_somebody_is_found_by_the_beginning_of_name_or_postcode(day: Day, search: str, found: int) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    run = run_of(day, day.solved((one, [a, b]), (two, [c])))
    assert reviewing.trips(day.db, day.campaign, run, search=search).total == found


def test_who_is_left_over_is_read_by_reason(db: Session, day: Day) -> None:
    world.add_request(db, day.campaign, name="Faye", postcode="TR18 2AB")
    run_id = matching.start(db, day.campaign, world.DAY, day.coordinator).id
    instance = matching.build_instance(db, day.campaign, world.DAY)
    matching.begin(db, run_id)
    matching.finish(db, run_id, plan_to_json(solve(instance, seconds=None, rounds=20)))
    run = run_of(day, run_id)
    found = reviewing.left(db, run, reason="no_event_in_reach")
    (faye,) = found.people
    assert (faye.name, faye.district, faye.role, found.total) == ("Faye", "TR18", "rider", 1)
    assert faye.text and faye.fix
    assert dict(found.reasons)["no_event_in_reach"] == 1
    assert reviewing.left(db, run, reason="seats_taken").total == dict(found.reasons).get("seats_taken", 0)
    assert reviewing.left(db, run, search="Zoe").people == ()


def test_who_changes_from_what_to_what(day: Day) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    before = day.solved((one, [a, b]))
    after = day.solved((one, [a]), (two, [c]))
    found = compared(day, before, after)
    assert ways(found) == {
        "Rider2": ("with Driver1", "-"),
        "Driver2": ("-", "drives"),
        "Rider3": ("-", "with Driver2"),
    }
    assert [(kind.name, kind.sign_ups, kind.people) for kind in found.kinds] == [
        ("loses", 1, 1),
        ("gains", 2, 2),
    ]
    (event,) = found.events
    assert (event.title, event.people, event.cars) == ("Morning canvass", (3, 4), (1, 2))


def test_another_car_is_a_change_and_the_same_plan_is_none(day: Day) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    before = day.solved((one, [a, b]), (two, [c]))
    after = day.solved((one, [a]), (two, [b, c]))
    found = compared(day, before, after)
    assert ways(found) == {"Rider2": ("with Driver1", "with Driver2")}
    assert [kind.name for kind in found.kinds] == ["car"]
    again = compared(day, before, day.solved((one, [a, b]), (two, [c])))
    assert (again.changes, again.kinds, again.total) == ((), (), 0)


def test_another_event_is_a_change_for_the_whole_car(db: Session, day: Day) -> None:
    [one, _], [a, _, _] = day.offers, day.requests
    before = day.solved((one, [a]))
    after = day.solved((one, [a]))
    later = world.add_event(
        db, day.campaign, day.coordinator, title="Afternoon canvass", starts="14:00", ends="16:00"
    )
    moved = col(Planned.run_id) == after
    for row in db.exec(select(Planned).where(moved)).all():
        row.event_id = later.id
    db.flush()
    found = compared(day, before, after)
    assert {each.kind for each in found.changes} == {"event"} and found.total == 2
    assert [(each.title, each.people) for each in found.events] == [
        ("Afternoon canvass", (0, 2)),
        ("Morning canvass", (2, 0)),
    ]


def test_changes_come_by_kind_and_by_the_page(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "PAGE", 1)
    [one, two], [a, b, c] = day.offers, day.requests
    before, after = day.solved((one, [a, b])), day.solved((one, [a]), (two, [c]))
    assert [len(compared(day, before, after, page=page).changes) for page in (1, 2, 3, 4)] == [1, 1, 1, 0]
    gains = compared(day, before, after, "gains")
    assert (gains.total, len(gains.kinds)) == (2, 2)
    assert compared(day, before, after, "nonsense").total == 3


def test_somebody_who_is_gone_has_no_name(db: Session, day: Day) -> None:
    [one, two], [a, *_] = day.offers, day.requests
    before, after = day.solved((one, [a])), day.solved((two, [a]))
    db.exec(delete(Offer).where(col(Offer.id) == two.id))
    found = compared(day, before, after)
    assert ways(found)["Rider1"] == ("with Driver1", f"with {reviewing.GONE}")


def test_who_would_do_either_has_one_name_when_both_rows_are_there(db: Session, day: Day) -> None:
    ezra = world.add_either(db, day.campaign)
    roles.let_drive(db, roles.as_offer(ezra) or day.offers[0])
    sign_up, person = planned.people(db, [ezra.id])[ezra.id]
    assert person.name == "Ezra Either" and sign_up.state == "active"


def test_the_migration_writes_what_finishing_a_run_writes(db: Session, day: Day) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    run_id = day.solved((one, [a, b]), (two, [c]))
    by_id = select(Planned).where(Planned.run_id == run_id).order_by(col(Planned.sign_up_id))
    kept = [row.model_dump() for row in db.exec(by_id).all()]
    figures = run_of(day, run_id)
    db.exec(delete(Planned))
    as_it_was = "ALTER TABLE planned ALTER by_hand SET DEFAULT false"
    for statement in (as_it_was, MIGRATION.PLANNED, MIGRATION.FIGURES, HANDS.PLACES, SINCE.BACK):
        db.connection().execute(text(statement))
    again = db.exec(by_id.execution_options(populate_existing=True)).all()
    assert len(kept) == 5 and [row.model_dump() for row in again] == kept
    assert run_of(day, run_id) == figures
