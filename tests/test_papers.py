"""The papers are true: tables, figures, settings and commands that they name are those of the code, and none is missing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from api.commands.main import app as commands
from api.geocoding import asking
from api.jobs import tasks
from api.limits import ACCOUNT, ANYWHERE
from api.routing import TIMES_KEPT
from api.services import (
    contacts,
    friends,
    hosting,
    invitations,
    login,
    my_page,
    next_one,
    outbox,
    retention,
    safety,
)
from api.services.exchange import removal
from api.services.rights import ROLES
from api.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
PRIVACY, OPERATIONS, SECURITY = (
    (PROJECT / name).read_text(encoding="utf-8")
    for name in ("docs/privacy.md", "docs/operations.md", "SECURITY.md")
)
HELD = PRIVACY[PRIVACY.index("## What is held") : PRIVACY.index("### Outside of the tables")]
ROWS = {
    row[0].strip("` "): [cell.strip() for cell in row]
    for row in re.findall(r"^\|(.*)\|$", HELD, re.M)
    for row in [row.split("|")]
}

# What a row says goes with something is deleted by the database itself, along references with ON DELETE CASCADE.
WITH = {
    "with the person": "person",
    "with the offer": "offer",
    "with the request": "request",
    "with the sign-up": "offer",
    "with the run": "run",
    "with the hold": "hold",
    "with the table": "table_import",
    "with the host": "host",
    "with the message": "message",
    "with the invitation": "invitation",
    "with the coordinator": "coordinator",
    "with the campaign": "campaign",
}


def days(count: int | timedelta) -> str:
    return f"{count.days if isinstance(count, timedelta) else count} days"


def hours(count: int | timedelta) -> str:
    return f"{round(count.total_seconds() / 3600) if isinstance(count, timedelta) else count} hours"


UNTIL = {
    "person": days(my_page.DELETED_AFTER_DAYS),
    "draft": hours(retention.DRAFTS_KEPT_HOURS),
    "private_link": days(outbox.LINK_DAYS_AFTER),
    "new_contact": hours(contacts.KEPT),
    "friend_word": days(friends.WORD_DAYS),
    "kept_apart": days(safety.APART_DAYS),
    "removed_contact": days(removal.REMEMBERED_DAYS),
    "message": days(retention.MESSAGES_KEPT_DAYS),
    "run": days(my_page.DELETED_AFTER_DAYS),
    "repair": days(my_page.DELETED_AFTER_DAYS),
    "hold": days(my_page.DELETED_AFTER_DAYS),
    "host": days(my_page.DELETED_AFTER_DAYS),
    "table_import": hours(retention.TABLES_KEPT),
    "login_session": hours(login.LASTS),
    "known_device": days(login.DEVICE_LASTS),
    "invitation": days(invitations.LASTS),
    "next_one": days(next_one.KEPT),
    "attempt": hours(retention.ATTEMPTS_KEPT_HOURS),
    "geocoder_answer": days(asking.ANSWERS_KEPT),
    "road_times": days(TIMES_KEPT),
}


def tables() -> set[str]:
    return set(SQLModel.metadata.tables)


def test_every_table_is_in_the_privacy_paper_and_no_other() -> None:
    assert set(ROWS) - {"table", "---"} == tables()
    assert all(len(row) == 5 and all(row) for row in ROWS.values())


@pytest.mark.parametrize("table", UNTIL)
def test_how_long_it_is_kept_is_what_the_code_does(table: str) -> None:
    assert UNTIL[table] in ROWS[table][4]


def goes_with(table: str) -> set[str]:
    """The tables whose rows take those of this one along when they are deleted."""
    found, waiting = set[str](), [table]
    while waiting:
        for key in SQLModel.metadata.tables[waiting.pop()].foreign_keys:
            parent = key.column.table.name
            if key.ondelete == "CASCADE" and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


@pytest.mark.parametrize("table", sorted(set(ROWS) - {"table", "---"}))
def test_what_goes_with_something_is_deleted_by_the_database(table: str) -> None:
    said = [parent for words, parent in WITH.items() if words in ROWS[table][4]]
    assert set(said) <= goes_with(table)
    # Nothing that names a person is left when the person goes.
    named = {key.column.table.name for key in SQLModel.metadata.tables[table].foreign_keys}
    assert (
        not named & {"person", "offer", "request"} or "person" in goes_with(table) or table == "hold_person"
    )


def test_the_other_figures_of_the_privacy_paper() -> None:
    assert f"until {hours(my_page.HIDDEN_AFTER)} after the event" in ROWS["person"][3]
    before, after = hours(hosting.OPENS_BEFORE), hours(hosting.CLOSES_AFTER)
    assert f"from {before} before to {after} after" in ROWS["arrival"][3]
    words = " ".join(HELD.split())
    assert f"one that failed after {tasks.FAILED_JOBS_KEPT_HOURS // 24} days" in words
    assert tasks.EVERY_HOUR.endswith(" * * * *") and "The worker deletes every hour" in words
    for role in ("owner", "coordinator", "regional", "helper", "reader"):
        assert role in ROLES and role in words


def test_whom_the_service_tells_something_is_all_that_settings_can_name() -> None:
    said = set(re.findall(r"CARPOOL_[A-Z_]+_URL", PRIVACY))
    ours = {"CARPOOL_BASE_URL", "CARPOOL_DATABASE_URL"}
    assert (
        said == {f"CARPOOL_{name.upper()}" for name in Settings.model_fields if name.endswith("_url")} - ours
    )


def test_every_setting_is_in_the_operations_paper() -> None:
    part = OPERATIONS[OPERATIONS.index("## Settings") : OPERATIONS.index("## Commands")]
    said = set(re.findall(r"CARPOOL_[A-Z_]+", part))
    assert said == {f"CARPOOL_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_in_the_operations_paper() -> None:
    part = OPERATIONS[OPERATIONS.index("## Commands") : OPERATIONS.index("## Upgrade")]
    said = set(re.findall(r"^\| `([a-z-]+)` \|", part, re.M))
    there = {
        command.name or (command.callback.__name__ if command.callback else "")
        for command in commands.registered_commands
        if not command.hidden
    }
    assert said == there


def test_the_figures_of_the_security_paper() -> None:
    minutes = round(ACCOUNT.within.total_seconds() / 60)
    assert f"{ACCOUNT.most} wrong tries lock an account for one network for {minutes} minutes" in SECURITY
    assert f"{ANYWHERE.most} from anywhere" in SECURITY


@pytest.mark.parametrize("paper", ["docs/privacy.md", "docs/operations.md", "SECURITY.md"])
def test_every_file_that_a_paper_names_is_there(paper: str) -> None:
    text = (PROJECT / paper).read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:api|carpool|docs|tests|deploy)/[\w./-]+|[A-Z]+\.md|[\w-]+\.yml|\.env\.example)`", text
    )
    assert named
    assert [name for name in named if not (PROJECT / name).exists()] == []
