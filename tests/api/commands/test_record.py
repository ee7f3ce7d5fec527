"""The record is checked from the command line."""

from sqlalchemy import text
from sqlmodel import Session

from api.services import login
from tests.api import world
from tests.api.app_codes import set_up
from tests.api.commands.running import call
from tests.api.pages.scene import PASSWORD


def test_it_says_that_the_record_holds_and_what_to_note_down(db: Session, database_url: str) -> None:
    world.add_campaign(db, world.add_coordinator(db))
    db.commit()
    done = call("verify-record", database_url=database_url)
    assert done.returncode == 0, done.stderr
    noted = done.stdout.splitlines()[-1]
    assert noted.startswith("1:") and "The record holds, entries: 1." in done.stdout
    assert call("verify-record", "--noted", noted, database_url=database_url).returncode == 0
    cut = call("verify-record", "--noted", noted.replace("1:", "2:"), database_url=database_url)
    assert (cut.returncode, "no entry 2:" in cut.stderr) == (1, True)
    assert call("verify-record", "--noted", "rubbish", database_url=database_url).returncode == 1


def test_it_says_where_the_record_is_broken(db: Session, database_url: str) -> None:
    campaign = world.add_campaign(db, world.add_coordinator(db))
    world.add_event(db, campaign, world.add_coordinator(db))
    db.commit()
    db.connection().execute(text("ALTER TABLE audit DISABLE TRIGGER record_stays"))
    db.connection().execute(text("UPDATE audit SET what = 'nothing' WHERE id = 2"))
    db.commit()
    done = call("verify-record", database_url=database_url)
    assert done.returncode == 1
    assert "broken at entry 2: it was changed" in done.stderr


def test_the_operator_lets_in_who_lost_the_app(db: Session, database_url: str) -> None:
    ann = login.add_coordinator(db, "ann@example.org", "Ann", PASSWORD)
    set_up(db, ann)
    done = call("reset-codes", "Ann@example.org", database_url=database_url)
    assert (done.returncode, "Ann can log in with the password alone" in done.stdout) == (0, True)
    db.refresh(ann)
    assert ann.totp_salt is None
    assert call("reset-codes", "nobody@example.org", database_url=database_url).returncode == 2


def test_the_operator_closes_an_account(db: Session, database_url: str) -> None:
    ann = login.add_coordinator(db, "ann@example.org", "Ann", PASSWORD)
    db.commit()
    done = call("close-account", "Ann@example.org", database_url=database_url)
    assert (done.returncode, "The account of Ann is closed." in done.stdout) == (0, True)
    db.refresh(ann)
    assert ann.disabled_at is not None
    assert call("close-account", "ann@example.org", database_url=database_url).returncode == 2
    assert call("verify-record", database_url=database_url).returncode == 0
