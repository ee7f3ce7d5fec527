"""Code-Point Open is read from a file, a folder and the published zip; what is not sound is refused."""

import zipfile
from pathlib import Path

import pytest

from api.importing import archive, codepoint
from api.importing.codepoint import Batch, UnitPostcode, read_codepoint
from api.importing.refusal import ImportRefused

LEEDS = '"LS1 1AZ",10,428811,433420,"E92000001","E19000001","E18000003","","E08000035","E05011403"'
NOWHERE = '"LS1 9ZZ",90,0,0,"E92000001","","","","",""'
HALIFAX = '"HX1 1AA",10,409200,425000,"E92000001","E19000001","E18000003","","E08000033","E05001351"'


def changed(column: int, value: str, row: str = LEEDS) -> str:
    values = row.split(",")
    values[column] = value
    return ",".join(values)


def written(folder: Path, *rows: str, name: str = "ls.csv") -> Path:
    path = folder / name
    path.write_text("".join(row + "\r\n" for row in rows), encoding="ascii")
    return path


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in members.items():
            target.writestr(name, text)
    return path


def units(path: Path) -> dict[str, UnitPostcode]:
    return {unit.postcode: unit for batch in read_codepoint(path) for unit in batch.rows}


def refusal(path: Path) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        list(read_codepoint(path))
    return refused.value


def test_three_areas_as_published(geo: Path) -> None:
    batches = list(read_codepoint(geo / "codepoint_open"))
    read: dict[str, int] = {}
    for batch in batches:
        read[batch.file] = read.get(batch.file, 0) + len(batch.rows) + batch.skipped
    assert read == {"ls.csv": 21_918, "po.csv": 24_329, "sy.csv": 14_572}
    assert sum(batch.skipped for batch in batches) == 2
    found = {unit.postcode: unit for batch in batches for unit in batch.rows}
    assert (found["LS1 1AZ"].lat, found["LS1 1AZ"].lon) == pytest.approx((53.796, -1.564), abs=5e-4)
    assert "PO24 1AA" not in found and "SY10 0AA" in found
    assert len(found) == 60_817


def test_a_row_becomes_degrees_and_one_without_coordinates_is_counted(tmp_path: Path) -> None:
    (batch,) = read_codepoint(written(tmp_path, LEEDS, NOWHERE))
    assert batch == Batch("ls.csv", (UnitPostcode("LS1 1AZ", 53.7963, -1.5641),), 1)


def test_postcodes_are_spelt_the_usual_way(tmp_path: Path) -> None:
    rows = [changed(0, '"LS101AA"'), changed(0, '"LS1  1AA"'), changed(0, '"LS1 1AB"')]
    assert list(units(written(tmp_path, *rows))) == ["LS10 1AA", "LS1 1AA", "LS1 1AB"]


def test_batches_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codepoint, "BATCH_ROWS", 2)
    rows = [changed(0, f'"LS1 1A{letter}"') for letter in "ABCDE"]
    assert [len(batch.rows) for batch in read_codepoint(written(tmp_path, *rows))] == [2, 2, 1]


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        (0, '"LS1 1A"', "1, postcode"),
        (0, '"ls1 1az"', "1, postcode"),
        (1, "70", "2, positional quality"),
        (2, "0", "3, easting"),
        (2, "700000", "3, easting"),
        (2, "4288.11", "3, easting"),
        (2, "", "3, easting"),
        (3, "-5", "4, northing"),
        (3, "1300000", "4, northing"),
        (4, '"N92000002"', "5, country"),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(
    tmp_path: Path, column: int, value: str, named: str
) -> None:
    refused = refusal(written(tmp_path, changed(0, '"LS1 1AB"'), changed(column, value)))
    assert (refused.file, refused.line, refused.column) == ("ls.csv", 2, named)
    assert refused.value == value.strip('"')


@pytest.mark.parametrize(
    "row",
    [
        '"SO14 0AA",10,112500,442500,"E92000001","","","","",""',  # swapped: in the Irish Sea
        '"LS1 1AB",10,100,1200000,"E92000001","","","","",""',  # out in the Atlantic
        '"ZZ1 1AB",10,690000,1290000,"E92000001","","","","",""',  # off Norway, of no district that we know
    ],
)
def test_a_point_at_sea_is_refused(tmp_path: Path, row: str) -> None:
    refused = refusal(written(tmp_path, NOWHERE, LEEDS, row))
    assert (refused.line, refused.column) == (3, "3 and 4, easting and northing")
    assert "grid reference" in refused.expected


def test_a_row_of_another_length_is_refused(tmp_path: Path) -> None:
    refused = refusal(written(tmp_path, LEEDS, LEEDS.rsplit(",", 1)[0]))
    assert (refused.line, refused.value) == (2, "9 columns")


def test_a_postcode_stands_there_once(tmp_path: Path) -> None:
    refused = refusal(written(tmp_path, LEEDS, HALIFAX, changed(0, '"LS11AZ"')))
    assert (refused.line, refused.expected) == (3, "each postcode once")


def test_an_area_stands_in_one_file(tmp_path: Path) -> None:
    written(tmp_path, HALIFAX, name="hx.csv")
    written(tmp_path, changed(0, '"HX1 1AB"', HALIFAX), name="hx2.csv")
    refused = refusal(tmp_path)
    assert (refused.file, refused.line) == ("hx2.csv", 1)
    assert "hx.csv" in refused.expected


@pytest.mark.parametrize("rows", [[], [""]])
def test_a_file_without_a_postcode_is_refused(tmp_path: Path, rows: list[str]) -> None:
    assert refusal(written(tmp_path, *rows)).expected == "at least one postcode"


def test_a_folder_without_tables_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert "CSV files" in refusal(tmp_path).expected
    assert "can be read" in refusal(tmp_path / "nothing.csv").expected


def test_the_zip_as_published_is_read_by_its_contents(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "download",
        {
            "Doc/Code-Point_Open_Column_Headers.csv": "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\r\n",
            "Data/CSV/ls.csv": LEEDS + "\r\n",
            "Data/CSV/hx.csv": HALIFAX + "\r\n",
        },
    )
    assert list(units(path)) == ["HX1 1AA", "LS1 1AZ"]


def test_the_zip_unpacked_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "Data" / "CSV").mkdir(parents=True)
    written(tmp_path / "Data" / "CSV", LEEDS, name="ls.csv")
    assert list(units(tmp_path)) == ["LS1 1AZ"]


@pytest.mark.parametrize("name", ["../Data/CSV/ls.csv", "/Data/CSV/ls.csv", "Data\\CSV\\ls.csv"])
def test_a_zip_that_reaches_outside_itself_is_refused(tmp_path: Path, name: str) -> None:
    refused = refusal(zipped(tmp_path / "x.zip", {"Data/CSV/hx.csv": HALIFAX, name: LEEDS}))
    assert (refused.file, refused.value) == ("x.zip", name)


def test_a_zip_without_tables_is_refused(tmp_path: Path) -> None:
    assert "Data/CSV/" in refusal(zipped(tmp_path / "x.zip", {"ls.csv": LEEDS})).expected


def test_a_zip_of_too_many_files_is_refused(tmp_path: Path) -> None:
    members = {f"Data/CSV/{n}.csv": LEEDS for n in range(archive.MAX_MEMBERS + 1)}
    assert refusal(zipped(tmp_path / "x.zip", members)).value == str(archive.MAX_MEMBERS + 1)


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 100_000)
    rows = "".join(changed(0, f'"HX{n} 1AA"', HALIFAX) + "\r\n" for n in range(10)) + "\r\n" * 60_000
    path = zipped(tmp_path / "x.zip", {"Data/CSV/hx.csv": rows})
    assert path.stat().st_size < 5_000
    assert "100,000 bytes" in refusal(path).expected


def test_one_endless_line_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    refused = refusal(zipped(tmp_path / "x.zip", {"Data/CSV/ls.csv": "A" * 5_000_000}))
    assert (refused.file, refused.line) == ("Data/CSV/ls.csv", 1)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    rows = "".join(changed(0, f'"LS{n} 1AA"') + "\r\n" for n in range(10, 100))
    path = zipped(tmp_path / "x.zip", {"Data/CSV/ls.csv": rows})
    content = bytearray(path.read_bytes())
    content[60:80] = bytes(20)
    path.write_bytes(content)
    assert "damaged" in refusal(path).expected


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"Data/CSV/ls.csv": LEEDS})
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[6] |= 1  # the mark of encryption, in both places where the format keeps it
    content[directory + 8] |= 1
    path.write_bytes(content)
    assert "password" in refusal(path).expected
