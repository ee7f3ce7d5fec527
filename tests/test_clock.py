"""The service asks for the time in few places, so that a test can move all of them at once."""

import re
from datetime import timedelta
from pathlib import Path

from api.services import local
from api.store.tables import now
from tests.clock import CLOCKS, Clock, clock

__all__ = ["clock"]
PROJECT = Path(__file__).resolve().parent.parent
STAMPED = {"api/store/backup/taking.py"}
"""The moment in a backup's head, for people and for the age of the file."""


def test_nobody_else_asks_for_the_time() -> None:
    asks = re.compile(r"datetime\.(now|today|utcnow)\(|date\.today\(|\btime\.time\(")
    found = {
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "api").rglob("*.py")
        if asks.search(path.read_text())
    }
    assert found - STAMPED == {str(Path(module.__file__).relative_to(PROJECT)) for module in CLOCKS}


def test_it_moves_all_of_them(clock: Clock) -> None:
    clock.jump(timedelta(days=400))
    assert local.now() - clock.now() < timedelta(seconds=5) and now() - clock.now() < timedelta(seconds=5)
    assert local.today() == local.local(clock.now()).date()
