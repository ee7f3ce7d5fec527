"""Which events, and so which people, are a regional coordinator's; and who is told of trouble."""

from typing import Any

import pytest
from sqlmodel import Session, select

from api.errors import NotFound
from api.services import calls, hosting, parts, rights, staff_mail, ticking
from api.services.rights import RIGHTS, ROLES, Right
from api.store.queries import teams
from api.store.tables import Coordinator, Host, Membership, Message, now
from tests.api import world
from tests.api.door import Door, door, lift_of
from tests.api.pages.scene import Pair, Scene, pair, password_hash, scene

__all__ = ["door", "pair", "password_hash", "scene"]
LEEDS, YORKSHIRE = world.LEEDS_NORTH_WEST, "Yorkshire and The Humber"
LONDON_EVENT = {"constituency": "E14001305", "postcode": "NW4 4BG", "title": "In London"}


def member(db: Session, scene: Scene, role: str, **values: Any) -> Coordinator:
    coordinator = world.add_coordinator(db, role.title())
    db.add(Membership(coordinator_id=coordinator.id, campaign_id=scene.campaign.id, role=role, **values))
    db.flush()
    return coordinator


def test_every_role_has_its_rights_and_the_table_cannot_be_changed() -> None:
    assert set(RIGHTS) == set(ROLES)
    assert RIGHTS["owner"] == set(Right)
    with pytest.raises(TypeError):
        RIGHTS["helper"] = frozenset(Right)  # type: ignore[index]
    never = {Right.MATCH, Right.PUBLISH, Right.EXPORT, Right.TEAM, Right.SETTINGS, Right.CARE, Right.IMPORT}
    for role in ("regional", "helper", "reader"):
        assert not RIGHTS[role] & never
    assert not RIGHTS["reader"] & {Right.CALLS, Right.DRIVERS, Right.HOSTS, Right.EVENTS}


def test_a_region_is_all_its_events_and_single_ones_come_on_top(db: Session, scene: Scene) -> None:
    london = world.add_event(db, scene.campaign, scene.coordinator, **LONDON_EVENT)
    by_region = member(db, scene, "regional", regions=[YORKSHIRE])
    both = member(db, scene, "regional", regions=["London"], event_ids=[str(scene.morning.id)])
    nothing = member(db, scene, "regional")
    events = rights.events_of(db, scene.campaign, by_region)
    assert events == frozenset({scene.morning.id, scene.afternoon.id, scene.next_day.id})
    assert rights.events_of(db, scene.campaign, both) == frozenset({london.id, scene.morning.id})
    assert rights.events_of(db, scene.campaign, nothing) == frozenset()
    assert rights.events_of(db, scene.campaign, scene.coordinator) is None
    assert rights.events_of(db, scene.campaign, world.add_coordinator(db)) == frozenset()


def test_people_are_of_the_event_that_their_lift_goes_to(db: Session, scene: Scene, pair: Pair) -> None:
    to = lift_of(db, pair[0]).event_id
    other = {scene.morning.id, scene.afternoon.id, scene.next_day.id} - {to}
    assert teams.people_of(db, scene.campaign.id, {to}) == {pair[0].person_id, pair[1].person_id}
    assert teams.people_of(db, scene.campaign.id, other) == set()


def test_without_a_lift_they_are_of_the_events_they_would_come_to_if_to_no_other(
    db: Session, scene: Scene
) -> None:
    morning, afternoon = scene.morning.id, scene.afternoon.id
    mine = world.add_request(db, scene.campaign, event_ids=[morning])
    world.add_request(db, scene.campaign, event_ids=[morning, afternoon])
    world.add_offer(db, scene.campaign, event_ids=[afternoon])
    world.add_offer(db, scene.campaign)
    gone = world.add_request(db, scene.campaign, event_ids=[morning])
    gone.state = "cancelled"
    db.flush()
    assert teams.people_of(db, scene.campaign.id, {morning}) == {mine.person_id}
    assert len(teams.people_of(db, scene.campaign.id, {morning, afternoon})) == 3
    assert teams.people_of(db, scene.campaign.id, set()) == set()


def test_numbers_are_shown_of_the_own_people_alone(db: Session, scene: Scene) -> None:
    mine = world.add_request(db, scene.campaign, name="Mia", event_ids=[scene.morning.id], may_ask=True)
    world.add_request(db, scene.campaign, name="Nor", event_ids=[scene.afternoon.id], may_ask=True)
    regional = member(db, scene, "regional", event_ids=[str(scene.morning.id)])
    helper = member(db, scene, "helper")
    seen = calls.look(db, scene.campaign, world.DAY, regional)
    assert [one.person_id for one in seen.may_ask] == [mine.person_id]
    assert len(calls.look(db, scene.campaign, world.DAY, helper).may_ask) == 2
    part = parts.part(db, rights.access(db, scene.campaign.slug, regional), world.DAY)
    assert part.calls.may_ask == 1
    assert [board.event.id for board in part.boards] == [scene.morning.id]
    assert parts.part(db, rights.access(db, scene.campaign.slug, helper), world.DAY).boards == ()


def test_without_a_role_the_campaign_is_not_there(db: Session, scene: Scene) -> None:
    for slug in (scene.campaign.slug, "nowhere"):
        with pytest.raises(NotFound):
            rights.access(db, slug, world.add_coordinator(db))


def told(db: Session, kind: str) -> set[Any]:
    return {row.coordinator_id for row in db.exec(select(Message).where(Message.kind == kind)).all()}


def test_who_looks_after_an_event_is_told_of_a_missing_driver(db: Session, door: Door) -> None:
    scene = door.scene
    regional = member(db, scene, "regional", event_ids=[str(door.event_id)])
    member(db, scene, "regional", event_ids=[str(scene.afternoon.id)])
    for role in ("helper", "reader"):
        member(db, scene, role)
    disabled = member(db, scene, "coordinator")
    disabled.disabled_at = now()
    host = db.get(Host, door.host.id)
    assert host is not None and hosting.event_of(db, host)
    ticking.tick(db, host, "driver", door.dora.id, "expected:no_show")
    assert told(db, "driver_missing") == {scene.coordinator.id, regional.id}
    assert {one.id for one in rights.responsible(db, scene.campaign.id, None)} == {scene.coordinator.id}


def test_who_was_removed_in_the_meantime_gets_no_message(db: Session, door: Door) -> None:
    regional = member(db, door.scene, "regional", event_ids=[str(door.event_id)])
    ticking.tick(db, door.host, "driver", door.dora.id, "expected:no_show")
    teams.remove(db, door.scene.campaign.id, regional.id)
    db.flush()
    message = db.exec(select(Message).where(Message.coordinator_id == regional.id)).one()
    assert staff_mail.claim(db, message.id) is None
    db.refresh(message)
    assert message.state == "dropped"
