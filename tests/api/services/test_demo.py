"""The demonstration's campaign: real places, invented people, the same from the same seed."""

from collections.abc import Callable
from datetime import date
from random import Random
from uuid import UUID

import pytest
from sqlmodel import Session, select

from api.services import campaigns, counting, demo, demo_people, hosting, matching
from api.services.demo_people import DOMAIN, Draw
from api.services.local import today
from api.settings import Settings
from api.store.tables import Host, Message, Person
from tests.api import world

PASSWORD = "correct horse battery"


def test_everything_is_there(db: Session) -> None:
    made = demo.create(db, PASSWORD, people=40)
    assert made.day > today()
    events = campaigns.events(db, made.campaign, made.day)
    assert len(events) == 6
    assert {event.constituency for event in events} <= {
        constituency.code for constituency in campaigns.key_constituencies(db, made.campaign)
    }
    counts = counting.counts(db, made.campaign, made.day)
    assert counts.offers_confirmed + counts.requests_confirmed == 40
    assert min(counts.offers, counts.requests) > 5
    instance = matching.build_instance(db, made.campaign, made.day)
    assert len(instance.drivers) + len(instance.riders) == 40


def test_one_in_five_is_reached_by_text_where_no_text_goes_anywhere(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_people, "settings", lambda: Settings(demo=True))
    demo.create(db, PASSWORD, people=10)
    by_text = [person for person in db.exec(select(Person)).all() if person.reach == "text"]
    assert len(by_text) == 2
    for person in by_text:
        assert person.email == "" and person.phone_confirmed_at and not person.email_confirmed_at
        assert (person.phone or "").startswith("+447700900")


def test_it_is_found_until_its_day_is_over(db: Session) -> None:
    assert demo.find(db) is None
    made = demo.create(db, PASSWORD, people=1)
    found = demo.find(db)
    assert found is not None
    assert (found.campaign.id, found.day, found.coordinator.id) == (
        made.campaign.id,
        made.day,
        made.coordinator.id,
    )
    for event in campaigns.events(db, made.campaign):
        campaigns.cancel_event(db, made.campaign, made.coordinator, event.id)


def test_its_host_has_a_new_link_each_time_and_no_mail(db: Session) -> None:
    made = demo.create(db, PASSWORD, people=1)
    pages = [demo.hosts_page(db, made) for _ in range(2)]
    for page in pages:
        assert page is not None and page.opens_at.date() <= made.day
        host = hosting.host_of(db, hosting.exchange(db, page.token))
        assert host is not None and host.email.endswith(DOMAIN)
    assert pages[0] != pages[1] and len(db.exec(select(Host)).all()) == 1
    assert db.exec(select(Message).where(Message.person_id == None)).all() == []  # noqa: E711


def test_a_second_one_stands_beside_the_first(db: Session) -> None:
    first = demo.create(db, PASSWORD, people=1)
    second = demo.create(db, PASSWORD, people=1)
    assert first.campaign.slug != second.campaign.slug
    assert first.coordinator.id == second.coordinator.id


def test_the_day_is_a_saturday_three_weeks_ahead() -> None:
    for start in (date(2029, 4, 1), date(2029, 4, 7), date(2029, 4, 8)):
        day = demo.saturday_ahead(start)
        assert day.weekday() == 5
        assert 21 <= (day - start).days <= 27


def places_near(_: str) -> list[UUID]:
    return [UUID(int=n) for n in range(4)]


def test_the_same_seed_draws_the_same_people_and_all_addresses_lead_nowhere() -> None:
    def draw(make: Callable[[Draw], object]) -> list[object]:
        drawn = Draw(Random(5), world.DAY, [UUID(int=1), UUID(int=2), UUID(int=3)], places_near)
        return [make(drawn) for _ in range(50)]

    assert draw(lambda d: d.offer(1)) == draw(lambda d: d.offer(1))
    for number in range(50):
        form = Draw(Random(number), world.DAY, [UUID(int=n) for n in range(3)], places_near).request(number)
        assert form.email.endswith(f"@{DOMAIN}")
        assert form.name.endswith(" Demo")
