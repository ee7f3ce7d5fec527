"""The memory of a process and its children: the peak of their proportional set sizes, sampled while they run."""

import re
import subprocess
import time
from pathlib import Path

_PROC = Path("/proc")
_SHORTEST_PAUSE = 0.05
_PAUSE_TO_READING = 20
"""Reading the figure holds the process up for a moment: at least so many times as long goes by between two readings."""


def run_measured(command: list[str], longest: float) -> tuple[int | None, float, float, str]:
    """Run a command to its end: exit code, seconds, peak megabytes, and what it wrote on standard error.

    The exit code is None if it took more than `longest` seconds and was ended.
    """
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            peak = _watch(process, begin + longest)
            code = process.poll()
        finally:
            if process.poll() is None:
                process.kill()
        seconds = time.monotonic() - begin
        _, said = process.communicate()
    return code, seconds, peak, said


def _watch(process: "subprocess.Popen[str]", until: float) -> float:
    """The peak until the process ends or the time is over."""
    peak = 0.0
    while process.poll() is None and time.monotonic() < until:
        begin = time.monotonic()
        peak = max(peak, sum(map(_megabytes, _family(process.pid))))
        pause = max(_SHORTEST_PAUSE, _PAUSE_TO_READING * (time.monotonic() - begin))
        try:
            process.wait(pause)
        except subprocess.TimeoutExpired:
            continue
    return peak


def _family(pid: int) -> list[int]:
    """The process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in _PROC.glob(f"{one}/task/*/children"):
            waiting += [int(child) for child in _read(children).split()]
    return found


def _megabytes(pid: int) -> float:
    """Its memory, shared pages counted by their share; 0 if it has ended."""
    match = re.search(r"^Pss:\s+(\d+) kB", _read(_PROC / str(pid) / "smaps_rollup"), re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # It ended meanwhile.
        return ""
