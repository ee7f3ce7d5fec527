"""The demonstration, as `make demo` shows it."""

import re
from pathlib import Path

import httpx

from tests.api.commands.running import service


def test_the_demonstration_is_matched_and_shown_and_there_the_next_time(tmp_path: Path) -> None:
    with service("demo", data=str(tmp_path)) as first:
        assert httpx.get(first.url).status_code == 200
        assert "Messages of this demonstration" in httpx.get(f"{first.url}/demo/outbox").text
        assert first.end() == 0
    assert re.search(r"People who signed up\W+300\b", first.output)
    matched = re.search(r"Of them matched\W+(\d+)", first.output)
    assert matched
    assert int(matched[1]) > 100
    for word in (
        "Lifts",
        "Score",
        "Proven bound",
        "Gap",
        "Seconds",
        "coordinator@demo.example.org",
        "/demo/outbox",
    ):
        assert word in first.output
    assert re.search(r"The host of .+ gets in at http://\S+/h/[\w-]{22}\b", first.output)
    assert "A letter" not in first.output, "nobody writes to invented people"

    with service("demo", data=str(tmp_path)) as second:
        assert second.end() == 0
    assert "there already" in second.output
    assert password(first.output) != password(second.output)
    assert table(first.output) == table(second.output)


def password(output: str) -> str:
    found = re.search(r"shown only now: (\S+)", output)
    assert found, output
    return found[1]


def table(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("│")]
