"""Hosts of an event: a key of their own by mail, for one event, good in its time alone, and taken back by a coordinator."""

from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select, text

from api.errors import Conflict, Invalid, NotFound
from api.services import arrivals, campaigns, hosting, outbox, staff_mail
from api.services.campaign_forms import HostForm, NumberForm
from api.services.local import now
from api.services.retention import purge
from api.services.staff_mail import StaffEnvelope
from api.store.tables import AuditEntry, Event, Host, HostLink, HostSession, Message
from tests.api import world
from tests.api.door import Door, add_host, begin, door
from tests.api.pages.scene import Scene, password_hash, scene

__all__ = ["door", "password_hash", "scene"]


def mails(db: Session, host: Host) -> list[UUID]:
    """The messages to a host that wait, oldest first."""
    found = select(Message.id).where(Message.host_id == host.id, Message.state == "created")
    return list(db.exec(found.order_by(col(Message.created_at))).all())


def mail(db: Session, host: Host) -> StaffEnvelope:
    """The newest message to a host, as the worker takes it."""
    envelope = staff_mail.claim(db, mails(db, host)[-1])
    assert envelope is not None
    return envelope


def token_of(envelope: StaffEnvelope) -> str:
    return envelope.path.removeprefix("/h/")


def test_a_host_gets_a_link_whose_token_is_kept_nowhere(db: Session, scene: Scene) -> None:
    host = add_host(db, scene, email="Hana@Example.org")
    envelope = mail(db, host)
    assert (envelope.to, envelope.kind, envelope.event and envelope.event.id) == (
        "hana@example.org",
        "host_link",
        scene.morning.id,
    )
    token = token_of(envelope)
    assert len(token) >= 22
    cookie = hosting.exchange(db, token)
    tables = db.connection().execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    for table in tables.scalars().all():
        rows = db.connection().execute(text(f'SELECT t::text FROM "{table}" t')).scalars().all()  # noqa: S608
        assert not any(secret in row for row in rows for secret in (token, cookie)), table
    found = hosting.host_of(db, cookie)
    assert found is not None and found.id == host.id


def test_a_second_time_the_message_is_not_claimed_and_a_volunteers_is_left_alone(
    db: Session, scene: Scene
) -> None:
    host = add_host(db, scene)
    (message_id,) = mails(db, host)
    assert staff_mail.claim(db, message_id) is not None
    assert staff_mail.claim(db, message_id) is None and outbox.claim(db, message_id) is None
    offer = world.add_offer(db, scene.campaign, confirmed=False)
    (other,) = world.messages_of(db, offer, "confirm")
    assert staff_mail.claim(db, other.id) is None
    assert outbox.claim(db, other.id) is not None


def test_one_answer_for_every_link_that_opens_nothing(db: Session, scene: Scene) -> None:
    host = add_host(db, scene)
    first = token_of(mail(db, host))
    hosting.send_new_link(db, scene.campaign, scene.coordinator, host.event_id, host.id)
    second = token_of(mail(db, host))
    old = hosting.new_link(db, host, hosting.event_of(db, host))
    row = db.get(HostLink, outbox.hash_token(old))
    assert row is not None
    row.expires_at = now() - timedelta(seconds=1)
    db.add(row)
    db.flush()
    words = set()
    for token in (first, old, "made-up", ""):
        with pytest.raises(hosting.LinkUnknown) as refused:
            hosting.exchange(db, token)
        words.add(refused.value.message)
    assert len(words) == 1
    assert hosting.host_of(db, hosting.exchange(db, second)) is not None


def test_who_is_removed_is_out_at_once_and_gets_no_more_mail(db: Session, scene: Scene) -> None:
    host = add_host(db, scene)
    cookie = hosting.exchange(db, token_of(mail(db, host)))
    hosting.send_new_link(db, scene.campaign, scene.coordinator, host.event_id, host.id)
    assert hosting.host_of(db, cookie) is None
    link = hosting.new_link(db, host, hosting.event_of(db, host))
    cookie = hosting.exchange(db, link)
    hosting.revoke(db, scene.campaign, scene.coordinator, host.event_id, host.id)
    db.expire_all()
    with pytest.raises(NotFound):
        hosting.revoke(db, scene.campaign, scene.coordinator, host.event_id, host.id)
    assert hosting.host_of(db, cookie) is None and hosting.hosts(db, host.event_id) == []
    with pytest.raises(hosting.LinkUnknown):
        hosting.exchange(db, link)
    assert staff_mail.claim(db, mails(db, host)[-1]) is None
    assert [x.what for x in entries(db) if x.what == "host removed"] == ["host removed"]
    again = add_host(db, scene)
    assert again.id != host.id


def test_the_same_address_twice_is_told_so(db: Session, scene: Scene) -> None:
    add_host(db, scene)
    with pytest.raises(Invalid) as refused:
        add_host(db, scene, email="HANA@example.org")
    assert set(refused.value.errors) == {"host_email"}
    assert add_host(db, scene, scene.afternoon.id).event_id == scene.afternoon.id


def test_nobody_becomes_host_of_what_is_over_cancelled_or_another_campaigns(
    db: Session, scene: Scene
) -> None:
    other = world.add_campaign(db, scene.coordinator, "Another")
    form = HostForm(host_name="Hana", host_email="hana@example.org")
    with pytest.raises(NotFound):
        hosting.add(db, other, scene.coordinator, scene.morning.id, form)
    campaigns.cancel_event(db, scene.campaign, scene.coordinator, scene.afternoon.id)
    begin(db, scene.morning.id, hours_ago=16)
    for event in (scene.afternoon, scene.morning):
        with pytest.raises(Conflict):
            hosting.add(db, scene.campaign, scene.coordinator, event.id, form)


@pytest.mark.parametrize(
    ("hours_ago", "is_open"), [(-12.1, False), (-11.9, True), (14.9, True), (15.1, False)]
)
def test_the_page_is_open_from_twelve_hours_before_to_twelve_after(
    db: Session, door: Door, hours_ago: float, is_open: bool
) -> None:
    begin(db, door.event_id, hours_ago=hours_ago, lasts=3)
    if is_open:
        assert len(arrivals.board(db, door.host).cars) == 2
    else:
        with pytest.raises(hosting.NotOpen):
            arrivals.board(db, door.host)
    assert hosting.closed_page(db, door.host).is_over == (hours_ago > 15)


def test_a_link_is_not_sent_once_the_page_has_closed(db: Session, scene: Scene) -> None:
    host = add_host(db, scene)
    begin(db, host.event_id, hours_ago=16)
    assert staff_mail.claim(db, mails(db, host)[0]) is None
    assert db.exec(select(Message.state).where(Message.host_id == host.id)).one() == "dropped"


def test_everything_is_written_down_without_a_name(db: Session, scene: Scene) -> None:
    host = add_host(db, scene)
    hosting.exchange(db, token_of(mail(db, host)))
    hosting.set_number(db, scene.campaign, scene.coordinator, NumberForm(number="020 7946 0123"))
    mine = {entry.what: entry for entry in entries(db)}
    assert mine["host added"].coordinator_id == scene.coordinator.id
    assert mine["host added"].subject_id == host.id
    opened = mine["arrivals opened"]
    assert (opened.host_id, opened.coordinator_id, opened.subject_id) == (host.id, None, host.event_id)
    assert "number for hosts changed" in mine
    assert not any(word in str(entry) for entry in entries(db) for word in ("Hana", "hana@", "7946"))


def entries(db: Session) -> list[AuditEntry]:
    db.commit()
    return list(db.exec(select(AuditEntry)).all())


@pytest.mark.parametrize("typed", ["call me", "123", "+1 212 555 0100"])
def test_a_number_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        NumberForm(number=typed)
    assert NumberForm(number=" 020 7946 0123 ").number == "020 7946 0123"
    assert NumberForm(number="").number == ""


def test_hosts_go_with_the_data_of_their_event(db: Session, scene: Scene) -> None:
    host = add_host(db, scene)
    stays = add_host(db, scene, scene.next_day.id)
    hosting.exchange(db, token_of(mail(db, host)))
    event = db.get(Event, host.event_id)
    assert event is not None
    event.day = now().date() - timedelta(days=31)
    db.add(event)
    db.flush()
    assert purge(db).hosts == 1
    assert db.exec(select(Host.id)).all() == [stays.id]
    assert db.exec(select(HostSession)).all() == [] == db.exec(select(HostLink)).all()
    assert db.exec(select(Message).where(col(Message.host_id) == host.id)).all() == []
