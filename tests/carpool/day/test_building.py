"""What the rows of a day become: the same instance as the service makes of them."""

from datetime import date
from pathlib import Path

import pytest

from api.services import entries
from carpool.day.building import DWELL_MINUTES, LOADING_MINUTES, build
from carpool.day.reading import read_day
from carpool.day.writing import check_folder, write_folder
from carpool.errors import CarpoolError
from tests.carpool.day.tables import EVENTS, PEOPLE, write


def test_stops_take_as_long_as_in_the_service() -> None:
    assert LOADING_MINUTES == entries.LOADING_MINUTES and DWELL_MINUTES == entries.DWELL_MINUTES


def test_rows_become_drivers_riders_and_whoever_does_either(tmp_path: Path) -> None:
    people = (
        PEOPLE + "Wim;;wim@example.org;WF1 1AA;no;;wheelchair, women only, step-free;;;Afternoon leaflets\n"
    )
    day = build(read_day(*write(tmp_path, people)))
    (dora,) = day.instance.drivers
    assert (dora.id, dora.seats, dora.max_detour_minutes, dora.events) == ("d2", 3, 20.0, None)
    assert dora.ready_at is not None and dora.ready_at.isoformat() == "2026-11-28T08:00:00+00:00"
    riders = {rider.id: rider for rider in day.instance.riders}
    assert list(riders) == ["r3", "r4", "r5", "r6", "r7"]
    assert riders["r3"].events == ("e2",) and riders["r6"].events is None
    assert riders["r5"].can_drive is not None and riders["r5"].can_drive.seats == 2
    wim = riders["r7"]
    assert wim.needs == ("wheelchair",) and wim.dwell_minutes == 5 and wim.company == ("woman",) == wim.traits
    canvass, leaflets = day.instance.events
    assert canvass.starts_at.isoformat() == "2026-11-28T10:00:00+00:00" and leaflets.weight > 0
    assert day.day == date(2026, 11, 28)


def test_summer_time_is_that_of_the_wall(tmp_path: Path) -> None:
    day = build(read_day(*write(tmp_path, events=EVENTS.replace("28/11/2026", "3/5/2029"))))
    assert day.instance.events[0].starts_at.isoformat() == "2029-05-03T10:00:00+01:00"


def test_a_folder_that_cannot_be_finished_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CarpoolError, match="cannot be made"):
        write_folder(tmp_path / "sheets", {"one.html": "x", "no/such/folder.html": "y"})
    assert list(tmp_path.iterdir()) == []
    check_folder(tmp_path / "sheets")
    assert list(tmp_path.iterdir()) == []


def test_ten_thousand_people_are_read_quickly_enough_to_wait(tmp_path: Path) -> None:
    """No timed assertion: what matters is that nothing is looked up for each pair of rows."""
    rows = "".join(
        f"P {n};;p{n}@example.org;LS{n % 20 + 1} 1AA;no;;;;;Morning canvass\n" for n in range(10_000)
    )
    found = read_day(*write(tmp_path, PEOPLE + rows), good_rows=True)
    assert len(found.people) > 9_000
