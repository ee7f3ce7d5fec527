"""Memory and time of real processes."""

import sys

from carpool.bench.memory import run_measured

HUNDRED_MB = 100 * 2**20


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_the_peak_is_seen_though_it_is_given_back() -> None:
    code = f"import time; x = b'x' * {HUNDRED_MB}; time.sleep(0.7); del x; time.sleep(0.3)"
    ended, seconds, megabytes, said = run_measured(python(code), 60)
    assert ended == 0 and said == "" and seconds > 0.9
    assert 100 < megabytes < 200


def test_children_count() -> None:
    child = f"x = b'x' * {HUNDRED_MB}; import time; time.sleep(0.7)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert run_measured(python(code), 60)[2] > 100


def test_a_failure_and_what_it_said() -> None:
    ended, _, _, said = run_measured(python("raise SystemExit('no')"), 60)
    assert ended == 1 and said == "no\n"


def test_who_takes_too_long_is_ended() -> None:
    ended, seconds, _, _ = run_measured(python("import time; time.sleep(600)"), 0.3)
    assert ended is None and seconds < 60
