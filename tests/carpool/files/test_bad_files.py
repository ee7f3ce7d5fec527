"""Files that cannot be read at all: not there, not UTF-8, not JSON, with a member twice, or nested without end."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from carpool.errors import CarpoolError, InvalidInstance
from carpool.files import read_instance

SAMPLE = Path(__file__).parents[2] / "data" / "sample-instance.json"


def written(change: Callable[[str], str]) -> bytes:
    return change(json.dumps(json.loads(SAMPLE.read_text()))).encode("utf-8", "surrogatepass")


def nested(levels: int) -> bytes:
    """A document with `levels` of brackets in all."""
    return written(lambda text: text[:-1] + ', "deep": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}")


FILES: list[tuple[bytes, str]] = [
    (b"", "$: line 1, column 1: expected JSON (Expecting value)"),
    (b"{", "$: line 1, column 2: expected JSON (Expecting property name enclosed in double quotes)"),
    (b'{"a": 1,\n}', "$: line 2, column 1: expected JSON"),
    (b"{} {}", "$: line 1, column 4: expected JSON (Extra data)"),
    (b'{"a": "\xff"}', "$: byte 0xff at position 7: expected text in UTF-8"),
    ("{}".encode("utf-16"), "$: byte 0xff at position 0: expected text in UTF-8"),
    (b'{"a": "\xed\xa0\x80"}', "$: byte 0xed at position 7: expected text in UTF-8"),
    (b'{"a": "\x01"}', "$: line 1, column 8: expected JSON (Invalid control character at)"),
    (written(lambda t: t.replace('"wanted": 2', '"wanted": 2, "wanted": 3')),
     'events[0].wanted: "wanted" twice: expected each member once'),
    (written(lambda t: t.replace('"seats": 1', '"seats": 1, "offers": {"a": 1, "a": 1}')),
     'drivers[1].offers.a: "a" twice: expected each member once'),
    (written(lambda t: t.replace("-0.4", "NaN")), "drivers[1].lon: NaN: expected a number"),
    (written(lambda t: t.replace("-0.4", "-Infinity")), "drivers[1].lon: -Infinity: expected a number"),
    (written(lambda t: t.replace("-0.4", "1e999")), "drivers[1].lon: Infinity: expected a number"),
    (written(lambda t: t.replace("2,", "9" * 5000 + ",")), "events[0].wanted: Infinity: expected an integer"),
    (written(lambda t: t.replace("2,", "9" * 4000 + ",")), "events[0].wanted: 9999"),
    (written(lambda t: t.replace("51.6,", "9" * 4000 + ",")), "events[0].lat: 9999"),
    (written(lambda t: t.replace("51.6,", "51." + "6" * 3_000_000 + "e" + "6" * 3_000_000 + ",")),
     "events[0].lat: Infinity: expected a number"),
    (b'{"format": ' + b"9" * 10_000_000, "$: line 1, column 10000012: expected JSON (Expecting ',' delimiter)"),
    (b"\0\xff" * 1_000_000, "$: byte 0xff at position 1: expected text in UTF-8"),
    (b"x" * 2_000_000, "$: line 1, column 1: expected JSON (Expecting value)"),
    (nested(100), "deep: unknown member: expected no such member"),
    (nested(101), "$: nesting deeper than 100: expected at most 100 levels"),
    (nested(500), "$: nesting deeper than 100: expected at most 100 levels"),
    (nested(200_000), "$: nesting deeper than 100: expected at most 100 levels"),
    (b"[" * 200_000, "$: nesting deeper than 100: expected at most 100 levels"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "line"), FILES, ids=[f"{i} {line}" for i, (_, line) in enumerate(FILES)])
def test_bad_files(tmp_path: Path, data: bytes, line: str) -> None:
    (tmp_path / "instance.json").write_bytes(data)
    with pytest.raises(InvalidInstance) as refused:
        read_instance(tmp_path / "instance.json")
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "instance.json").write_bytes(b"\xef\xbb\xbf" + written(str))
    assert read_instance(tmp_path / "instance.json").drivers[0].seats == 3


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CarpoolError, match=r"nowhere\.json: cannot be read: No such file or directory"):
        read_instance(tmp_path / "nowhere.json")
    with pytest.raises(CarpoolError, match="cannot be read: Is a directory"):
        read_instance(tmp_path)


def test_a_file_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carpool.files.MOST_BYTES", 3_000_000)
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 3_000_001)
    for path in (large, Path("/dev/zero")):
        with pytest.raises(InvalidInstance) as refused:
            read_instance(path)
        assert str(refused.value) == "$: more than 3 MB: expected a file of at most 3 MB"
    large.write_bytes(SAMPLE.read_bytes().ljust(3_000_000))
    assert len(read_instance(large).riders) == 2


def test_long_numbers_are_read_where_python_is_told_to_read_any() -> None:
    """Its own limit may be lifted for a whole process, and a number of millions of digits then takes hours."""
    code = (
        "import sys; from carpool.errors import InvalidInstance; from carpool.files.parse import parse;"
        "print(parse(b'[7, ' + b'9' * 5_000_000 + b']', InvalidInstance))"
    )
    command = [sys.executable, "-X", "int_max_str_digits=0", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout == "[7, inf]\n"
