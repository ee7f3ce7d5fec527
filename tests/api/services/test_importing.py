"""Official files are stored whole or not at all, and what is imported is what people are shown."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.importing.refusal import ImportRefused
from api.services import constituencies, importing
from api.services.nearest import near
from api.store.queries import constituencies as queries
from api.store.session import open_session


def test_a_general_election_then_by_elections_over_it(db: Session, geo: Path) -> None:
    done = importing.import_results(db, str(geo / "hoc_ge2024_constituencies.csv"), "general-election")
    assert (done.stored, done.total) == (650, 650)
    current = constituencies.current(db)
    assert [current[code].majority for code in ("E14001279", "E14001429")] == [15, 18]
    done = importing.import_results(
        db, str(geo / "hoc_byelections_2024parl_constituencies.csv"), "by-elections"
    )
    assert (done.stored, done.total) == (6, 650)
    runcorn = constituencies.current(db)["E14001455"]
    assert (runcorn.majority, runcorn.first_party, runcorn.majority_pct) == (6, "RUK", 0.018)
    importing.import_results(db, str(geo / "hoc_ge2024_constituencies.csv"), "general-election")
    assert constituencies.current(db)["E14001455"].first_party == "Lab"


def test_the_wrong_kind_of_file_is_refused(db: Session, geo: Path) -> None:
    with pytest.raises(ImportRefused, match="general election"):
        importing.import_results(
            db, str(geo / "hoc_byelections_2024parl_constituencies.csv"), "general-election"
        )


def test_postcodes_are_placed_to_the_unit_and_an_area_is_replaced_whole(db: Session, geo: Path) -> None:
    done = importing.import_postcodes(db, str(geo / "codepoint_open" / "ls.csv"))
    assert done.total == done.stored == 21918 - done.passed_over
    found = near(db, "ls1 1az").place
    assert (found.precision, round(found.lat, 3), round(found.lon, 3)) == ("unit", 53.796, -1.564)
    both = importing.import_postcodes(db, str(geo / "codepoint_open"))
    assert both.total == both.stored
    again = importing.import_postcodes(db, str(geo / "codepoint_open" / "po.csv"))
    assert again.total == both.total


def test_a_refused_file_changes_nothing(engine: Engine, geo: Path, tmp_path: Path) -> None:
    lines = (geo / "codepoint_open" / "ls.csv").read_text().splitlines()
    broken = tmp_path / "ls.csv"
    broken.write_text("\n".join([*lines[:5000], '"LS1 1AZ",10,1,1,"E92000001","","","","",""']))
    with open_session(engine) as db, db.begin():
        before = importing.import_postcodes(db, str(geo / "codepoint_open" / "ls.csv")).total
    with pytest.raises(ImportRefused), open_session(engine) as db, db.begin():
        importing.import_postcodes(db, str(broken))
    with open_session(engine) as db:
        assert near(db, "LS1 1AZ").place.precision == "unit"
        assert queries.count_units(db) == before
