"""The worker keeps the list of who was erased beside the backups."""

from pathlib import Path

import pytest
from sqlmodel import Session

from api.services import backups, people
from api.settings import settings
from tests.api import world


def test_the_list_follows_the_table_where_there_is_a_folder(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = world.add_campaign(db, coordinator := world.add_coordinator(db))
    world.add_event(db, campaign, coordinator)
    person = world.person_of(db, world.add_offer(db, campaign))
    people.erase(db, person)
    backups.list_erased(db)
    folder = tmp_path / "backups"
    monkeypatch.setenv("CARPOOL_BACKUPS", str(folder))
    settings.cache_clear()
    try:
        # A folder that is not there, a disk that is not mounted: nothing to write to.
        backups.list_erased(db)
        folder.mkdir()
        backups.list_erased(db)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert str(person.id) in (folder / "erased.list").read_text()
