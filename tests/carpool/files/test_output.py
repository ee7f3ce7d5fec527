"""A file appears whole or not at all, keeps what it was, and is never the input."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from carpool.errors import CarpoolError
from carpool.files import check_output
from carpool.files.output import write_whole


def test_a_new_file_and_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    mask = os.umask(0o027)
    try:
        write_whole(path, "ä")
    finally:
        os.umask(mask)
    assert path.read_bytes() == "ä".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]


def test_an_old_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("old")
    path.chmod(0o604)
    before = path.open()
    with before:
        write_whole(path, "new")
        assert before.read() == "old"  # Whoever was reading goes on with the old one.
    assert path.read_text() == "new" and stat.S_IMODE(path.stat().st_mode) == 0o604


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "folder" / "plan.json")
    write_whole(link, "text")
    assert link.is_symlink() and (tmp_path / "folder" / "plan.json").read_text() == "text"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("old")
    limited = (
        "import resource, signal, sys; from pathlib import Path; from carpool.files.output import write_whole;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); write_whole(Path(sys.argv[1]), 'x' * 5000)"
    )
    run = subprocess.run(
        [sys.executable, "-c", limited, str(path)], capture_output=True, text=True, check=False
    )
    assert "CarpoolError" in run.stderr and "cannot be written: File too large" in run.stderr
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["plan.json"]


def test_a_stream_is_written_into(tmp_path: Path) -> None:
    check_output(Path("/dev/null"))
    write_whole(Path("/dev/null"), "text")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert not list(tmp_path.iterdir())


def test_the_standard_output_by_its_name_is_a_stream_even_as_a_pipe() -> None:
    code = (
        "from pathlib import Path; from carpool.files.output import *; out = Path('/dev/stdout');"
        "check_output(out); write_whole(out, 'plan')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"plan"


def test_what_can_be_written_passes_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("old")
    check_output(tmp_path / "new.json", tmp_path / "old.json")
    check_output(tmp_path / "old.json", tmp_path / "absent.json")
    assert [p.name for p in tmp_path.iterdir()] == ["old.json"]


@pytest.mark.parametrize("how", ["same", "symbolic", "hard", "roundabout"])
def test_the_input_is_no_output(tmp_path: Path, how: str) -> None:
    given, out = tmp_path / "instance.json", tmp_path / "out.json"
    given.write_text("{}")
    if how == "symbolic":
        out.symlink_to(given)
    elif how == "hard":
        out.hardlink_to(given)
    else:
        out = given if how == "same" else tmp_path / ".." / tmp_path.name / "instance.json"
    with pytest.raises(CarpoolError, match="cannot be written: it is the input"):
        check_output(out, given)


def test_what_cannot_be_written_is_known_before(tmp_path: Path) -> None:
    with pytest.raises(CarpoolError, match="it is a folder"):
        check_output(tmp_path)
    with pytest.raises(CarpoolError, match="No such file or directory"):
        check_output(tmp_path / "missing" / "plan.json")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(CarpoolError, match="cannot be written"):
        check_output(tmp_path / "loop")
    with pytest.raises(CarpoolError, match="cannot be written"):
        check_output(Path("/proc/plan.json"))
    assert [p.name for p in tmp_path.iterdir()] == ["loop"]
