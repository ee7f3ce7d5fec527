"""The small commands, and that whatever goes wrong is said in plain words with exit code 2."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from api.services import login
from api.store import embedded
from tests.api import world
from tests.api.commands.running import call, run


def test_without_a_command_they_are_listed() -> None:
    done = call()
    for command in ("serve", "demo", "worker", "migrate", "add-coordinator", "import", "purge"):
        assert command in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"port": "http"}, "CARPOOL_PORT"),
        ({"environment": "production", "secret_key": "s3cret"}, "CARPOOL_SECRET_KEY"),
        (
            {"environment": "production", "secret_key": "s3cret" * 8, "base_url": "https://"},
            "CARPOOL_BASE_URL",
        ),
        ({"trusted_proxies": "everybody"}, "CARPOOL_TRUSTED_PROXIES"),
        (
            {"database_url": "postgresql://ann:s3cret@127.0.0.1:1/lifts"},
            "lifts at 127.0.0.1:1 cannot be reached",
        ),
        ({"database_url": "mysql://ann:s3cret@host/db"}, "CARPOOL_DATABASE_URL"),
        (
            {"database_url": "postgresql://ann:s3cret@host.invalid/db"},
            "db at host.invalid:5432 cannot be reached",
        ),
        ({"data": "/proc/nowhere"}, "/proc/nowhere"),
        ({"geocoder_url": "nominatim.example.org"}, "CARPOOL_GEOCODER_URL"),
        (
            {
                "environment": "production",
                "secret_key": "s3cret" * 8,
                "base_url": "https://lifts.example.org",
                "geocoder_url": "https://nominatim.example.org",
            },
            "CARPOOL_OPERATOR_CONTACT",
        ),
    ],
)
def test_what_is_set_wrongly_is_said_plainly(settings: dict[str, str], words: str) -> None:
    done = call("purge", **settings)
    assert done.returncode == 2
    assert words in done.stderr
    assert "s3cret" not in done.stdout + done.stderr


def test_a_mistake_ends_the_process_in_plain_words_alone() -> None:
    done = run("purge", port="http", secret_key="s3cret")
    assert done.returncode == 2
    assert done.stderr.startswith("CARPOOL_PORT: ")
    assert len(done.stderr.splitlines()) == 1


def test_migrate_says_what_it_did(server: embedded.EmbeddedServer) -> None:
    url = embedded.create_database(server, "bare")
    refused = call("purge", database_url=url)
    assert (refused.returncode, "python -m api migrate" in refused.stderr) == (2, True)
    assert "up to date now (empty" in call("migrate", database_url=url).stdout
    assert "up to date already" in call("migrate", database_url=url).stdout
    assert call("purge", database_url=url).returncode == 0


def test_the_embedded_database_is_brought_up_by_the_command_that_needs_it(tmp_path: Path) -> None:
    done = call("purge", data=str(tmp_path / "a folder"))
    assert (done.returncode, done.stdout) == (
        0,
        "Deleted: 0 people, 0 runs, 0 hosts, 0 messages, 0 drafts, 0 keys, 0 pairs, 0 attempts, 0 names, 0 tables, "
        "0 agreements, 0 tombstones, 0 roads.\n",
    ), done.stderr


def test_a_coordinator_gets_in_with_the_password_that_was_made_up(db: Session, database_url: str) -> None:
    done = call("add-coordinator", "Ann@Example.org", "Ann Other", "--generate", database_url=database_url)
    assert done.returncode == 0, done.stderr
    password = done.stdout.rpartition(": ")[2].strip()
    assert login.log_in(db, "ann@example.org", password, "cookie")

    again = call("add-coordinator", "ann@example.org", "Ann", "--generate", database_url=database_url)
    assert (again.returncode, "already" in again.stderr) == (2, True)


def test_a_coordinators_password_is_asked_for(db: Session, database_url: str) -> None:
    typed = "correct horse battery\n" * 2
    done = call("add-coordinator", "bo@example.org", "Bo", typed=typed, database_url=database_url)
    assert done.returncode == 0, done.stderr
    assert "correct horse" not in done.stdout + done.stderr
    assert login.log_in(db, "bo@example.org", "correct horse battery", "cookie")

    short = call("add-coordinator", "cy@example.org", "Cy", typed="short\nshort\n", database_url=database_url)
    assert (short.returncode, "12 to 200 characters" in short.stderr) == (2, True)


def test_import_by_elections_as_published(geo: Path, database_url: str) -> None:
    source = geo / "hoc_byelections_2024parl_constituencies.csv"
    done = call("import", "by-elections", str(source), database_url=database_url)
    assert done.returncode == 0, done.stderr
    assert "6 rows stored" in done.stdout

    wrong = call("import", "constituencies", str(source), database_url=database_url)
    assert wrong.returncode == 2
    assert "by-elections" in wrong.stderr.replace("by elections", "by-elections")


@pytest.mark.parametrize("what", ["constituencies", "by-elections", "postcodes"])
def test_a_file_that_is_none_is_refused(what: str, tmp_path: Path, database_url: str) -> None:
    (tmp_path / "letter.csv").write_text("Dear Sir,\n")
    for source in (tmp_path / "letter.csv", tmp_path / "missing.csv"):
        done = call("import", what, str(source), database_url=database_url)
        assert done.returncode == 2
        assert "Nothing was imported" in done.stderr


def test_ready_says_how_it_is_with_each(engine: Engine, database_url: str) -> None:
    done = call("ready", database_url=database_url)
    assert (done.returncode, done.stdout) == (0, "database: ok\nmigrations: ok\nworker: missing\n")
    assert call("ready", "--worker", database_url=database_url).returncode == 1
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    assert call("ready", "--worker", database_url=database_url).returncode == 0
    away = call("ready", database_url="postgresql://ann:s3cret@127.0.0.1:1/lifts")
    assert (away.returncode, away.stdout.splitlines()[0]) == (1, "database: unavailable")
    assert "s3cret" not in away.stdout + away.stderr


def test_purge_says_what_went(db: Session, database_url: str) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    world.add_offer(db, campaign)
    db.commit()
    assert "0 people" in call("purge", database_url=database_url).stdout
