"""No secret in the repository, and a canary shows that one would be found."""

import string
from pathlib import Path

import pytest

from tests.supply import secrets
from tests.supply.locks import PROJECT

# Put together here, so that this file itself holds none.
DIGITS = string.digits * 4
CANARIES = {
    "a private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "a cloud key": "AKIA" + "Q3EGRIJ7NLP2TXZA",
    "a token of GitHub": "ghp" + "_" + (string.ascii_letters + DIGITS)[:36],
    "a token of a gateway": "SK" + "9f86d081884c7d659a2feaa0c55ad015",
    "a token of a registry": "pypi-" + "AgEIcHlwaS5vcmc" + "x" * 80,
}
GUESSED = {
    "a password": "database_password = '" + "h7Kq2vLx9RtM4w'",
    "a password in an address": "postgresql://carpool:" + "h7Kq2vLx9RtM4w@database/carpool",
    "a random key": "value = '" + "Zk3vQ9xT1rB7mWc5LpY8sD2fHj6NaG0eUoKiXq4V'",
}


def test_there_is_no_secret_in_the_repository() -> None:
    paths = secrets.kept_files()
    assert len(paths) > 500
    assert {".env.example", "docker-compose.yml", "api/settings.py", "docs/licences.md"} <= set(paths)
    assert list(secrets.found(paths)) == []


@pytest.mark.parametrize("place", ["deploy/settings.py", "tests/data/settings.py"])
@pytest.mark.parametrize("kind", CANARIES)
def test_a_canary_is_found(kind: str, place: str, tmp_path: Path) -> None:
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text(f"# a line before\nvalue = '{CANARIES[kind]}'\n")
    found = list(secrets.found([place], tmp_path))
    assert found
    assert found[0].startswith(f"{place}:2 ")
    assert CANARIES[kind] not in "".join(found), "it is not repeated in a log"


@pytest.mark.parametrize("kind", GUESSED)
def test_outside_of_tests_what_looks_like_one_counts(kind: str, tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(GUESSED[kind] + "\n")
    assert list(secrets.found(["settings.py"], tmp_path))


def test_what_is_named_as_none_is_still_there() -> None:
    for path, text in secrets.NONE_AT_ALL:
        assert text in (PROJECT / path).read_text(), path
