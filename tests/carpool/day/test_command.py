"""`carpool day` as a person runs it: two tables in, sheets out, or nothing and a line for each bad row."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.carpool.day.tables import EVENTS, PEOPLE, carpool, day, write

SECOND_DAY = EVENTS + "Stall,High Street,LS6 2AB,Leeds North West,29/11/2026,10:00,13:00,5\n"


def text(folder: Path, name: str) -> str:
    """A sheet's words, without markup."""
    markup = (folder / "sheets" / name).read_text("utf-8").partition("</style>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def refused(folder: Path, run: Any, *lines: str) -> None:
    """Exit 2, these lines on standard error, and no folder: neither the one asked for nor a part of it."""
    assert (run.returncode, run.stdout) == (2, ""), run.stderr
    assert run.stderr.splitlines() == list(lines)
    assert {path.name for path in folder.iterdir()} <= {"people.csv", "events.csv"}


def test_two_tables_become_sheets(tmp_path: Path) -> None:
    words = ("--imprint", "Promoted by P. Shah", "--contact", "Priya, 020 7946 0123")
    run = day(tmp_path, *words)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("2 cars, 3 people; 2 rows left. Open ")
    names = {path.name for path in (tmp_path / "sheets").iterdir()}
    first = {f"1-morning-canvass-{what}.html" for what in ("drivers", "tell", "arrivals")}
    assert names == {"index.html", "left.html", "instance.json", "plan.json"} | first
    drivers = text(tmp_path, "1-morning-canvass-drivers.html")
    for said in (
        *(
            "Dora Driver",
            "Pick up Rafi",
            "by the library, WF2 8AA",
            "07700 900456",
            "You arrive: Market Square",
        ),
        *("The way back", "Promoted by P. Shah", "Priya, 020 7946 0123"),
    ):
        assert said in drivers, said
    assert "Rafi Rider" not in drivers
    arrivals = text(tmp_path, "1-morning-canvass-arrivals.html")
    assert "Dora D." in arrivals and "Rafi R." in arrivals and "blue Ford Fiesta" in arrivals
    assert not any(said in arrivals for said in ("07700", "example.org", "WF2", "library", "Rider"))
    tell = text(tmp_path, "1-morning-canvass-tell.html")
    assert "Dora picks you up in a blue Ford Fiesta" in tell and "rafi@example.org" in tell
    left = text(tmp_path, "left.html")
    assert "Faye Faraway" in left and "faye@example.org" in left and "a child seat" in left
    assert "2 cars bring 3 people" in text(tmp_path, "index.html")


def test_the_files_are_taken_by_the_judge_and_name_nobody(tmp_path: Path) -> None:
    assert day(tmp_path).returncode == 0
    files = [tmp_path / "sheets" / name for name in ("instance.json", "plan.json")]
    judged = carpool("check", *files)
    assert judged.returncode == 0, judged.stdout
    assert float(judged.stdout) == pytest.approx(json.loads(files[1].read_text())["score"])
    for file in files:
        assert not re.search("Dora|Rafi|Faye|07700|example|library|canvass|WF1", file.read_text())


def test_the_same_seed_gives_the_same_sheets(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert day(tmp_path / name).returncode == 0
        found.append((tmp_path / name / "sheets" / "1-morning-canvass-drivers.html").read_text())
    assert found[0] == found[1]


def test_excel_is_read_as_well(tmp_path: Path) -> None:
    book, content = Workbook(), io.BytesIO()
    sheet = book.create_sheet(index=0)
    for line in PEOPLE.splitlines():
        sheet.append(line.split(";"))
    book.save(content)
    assert day(tmp_path, people=content.getvalue()).returncode == 0
    assert "Pick up Rafi" in text(tmp_path, "1-morning-canvass-drivers.html")


def test_each_bad_row_is_a_line_and_nothing_is_written(tmp_path: Path) -> None:
    bad = (
        PEOPLE
        + "Cy;ring me;;LS6;Labour;when it rains;;;;\nDora again;;dora@example.org;WF1 1AA;no;;;;;Picnic\n"
    )
    run = day(tmp_path, people=bad)
    expected = [
        ("row 7, Phone: “ring me”", "Write one phone number, for example 07700 900123."),
        ("row 7, Drives or rides: “Labour”", "Write driver, rider or either; or, in a column"),
        ("row 7, Free from and until: “when it rains”", "Write a time such as 9:30 or 2pm"),
        ("row 7, Postcode: “LS6”", "LS6 is the first half of a postcode. Type all of it"),
        ("row 8, E-mail: “dora@example.org”", "is that of row 2 as well; two who come together are one row"),
        ("row 8, Events: “Picnic”", "there is no event of this name on 2026-11-28"),
    ]
    lines = run.stderr.splitlines()
    refused(tmp_path, run, *lines)
    for line, (start, words) in zip(lines, expected, strict=True):
        assert line.startswith(f"people.csv {start}: {words}"), line
    run = day(tmp_path, "--good-rows", people=bad)
    assert run.returncode == 0 and "left out: people.csv row 7, Phone: “ring me”" in run.stderr
    assert "people.csv row 8, E-mail" in text(tmp_path, "left.html")
    assert "6 faults were found" in text(tmp_path, "index.html")


def test_of_many_bad_rows_twenty_are_told(tmp_path: Path) -> None:
    rows = "".join(f"Cy {number};;cy{number}@example.org;nowhere;no;;;;;\n" for number in range(50))
    run = day(tmp_path, people=PEOPLE + rows)
    lines = run.stderr.splitlines()
    assert run.returncode == 2 and len(lines) == 21 and lines[-1] == "and 30 more"


FORMULA = PEOPLE.replace("Dora Driver", '=HYPERLINK("x")')
MANY = "Name;E-mail;Postcode;Drives\n" * 100_000
LATER = "Name;E-mail;Postcode;Drives;Day\nJo;jo@example.org;WF1 1AA;no;1/12/2026\n"


@pytest.mark.parametrize(
    ("people", "events", "start"),
    [
        ("", EVENTS, "people.csv: There is nothing in this table."),
        (b"%PDF-1.7", EVENTS, "people.csv: This is a PDF."),
        (
            PEOPLE,
            "What,Where\nStall,Square\n",
            "events.csv: no such column: expected one that says “Postcode”",
        ),
        (MANY, EVENTS, "people.csv: This table has more than 30,000 rows."),
        (PEOPLE, EVENTS.replace("28/11/2026", "soon"), "events.csv row 2, Day: “soon”: Write a day such as"),
        (
            PEOPLE,
            EVENTS.replace("Leeds N", "Leds N"),
            "events.csv row 2, Constituency: “Leds North West”: Did you",
        ),
        (FORMULA, EVENTS, 'people.csv row 2, Name: “=HYPERLINK("x")”: This cell holds a formula.'),
        (LATER, EVENTS, "people.csv row 2, Day: “1/12/2026”: There is no event on that day."),
    ],
)
def test_tables_that_will_not_do_are_refused_in_words(
    tmp_path: Path, people: str | bytes, events: str | bytes, start: str
) -> None:
    run = day(tmp_path, people=people, events=events)
    assert run.stderr.startswith(start)
    refused(tmp_path, run, *run.stderr.splitlines())


def test_of_several_days_one_has_to_be_named(tmp_path: Path) -> None:
    run = day(tmp_path, events=SECOND_DAY)
    both = "2026-11-28, 2026-11-29."
    words = f"There are events on 2 days: {both} Say which day by --day, for example --day 2026-11-28."
    refused(tmp_path, run, words)
    run = day(tmp_path, "--day", "2026-12-01", events=SECOND_DAY)
    refused(tmp_path, run, f"There is no event on 2026-12-01. There is something on: {both}")
    refused(tmp_path, day(tmp_path, "--day", "tomorrow"), "Write the day as in 2029-05-03.")
    lines = PEOPLE.replace("Event\n", "Event;Day\n").splitlines()
    rows = "\n".join([lines[0], f"{lines[1]};Sun", f"{lines[2]};Sat", *lines[3:]])
    people = rows.replace("Morning canvass", "any")
    assert day(tmp_path, "--day", "2026-11-29", people=people, events=SECOND_DAY).returncode == 0
    assert "Dora Driver" in text(tmp_path, "1-stall-drivers.html")
    assert "One row is for another day" in text(tmp_path, "index.html")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "sheets" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    run = day(tmp_path)
    assert run.returncode == 2 and "cannot be made: it is there already and holds something" in run.stderr
    assert [path.name for path in kept.parent.iterdir()] == ["mine.txt"]
    kept.unlink()
    assert day(tmp_path).returncode == 0 and (kept.parent / "index.html").is_file()
    run = carpool("day", *write(tmp_path), "--out", tmp_path / "people.csv")
    assert run.returncode == 2 and "it is a file" in run.stderr
    run = carpool("day", *write(tmp_path), "--out", tmp_path / "nowhere" / "sheets")
    assert run.returncode == 2 and "cannot be made" in run.stderr
    run = carpool("day", tmp_path / "none.csv", tmp_path / "events.csv", "--out", tmp_path / "other")
    assert run.returncode == 2 and "none.csv: cannot be read: No such file" in run.stderr


def test_what_somebody_wrote_stays_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    people = PEOPLE.replace("Rafi Rider", evil).replace("by the library", "x'><img src=x onerror=alert(1)>")
    run = day(tmp_path, "--imprint", evil, people=people, events=EVENTS.replace("Market Square", evil))
    assert run.returncode == 0, run.stderr
    for path in (tmp_path / "sheets").glob("*.html"):
        markup = path.read_text("utf-8")
        assert "<script" not in markup and "<img" not in markup, path.name
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", markup), path.name


def test_the_folder_is_for_whoever_made_it(tmp_path: Path) -> None:
    assert day(tmp_path).returncode == 0
    assert (tmp_path / "sheets").stat().st_mode & 0o077 == 0
