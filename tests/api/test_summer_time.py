"""Events on the days on which the clocks change: every time on pages, in mails, calendars and plans is the right moment."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session, select

from api.messages.house import House
from api.messages.letters import write
from api.services import campaigns, deadlines, hosting, matching, my_page, outbox, publishing, reminders
from api.services.local import ZONE, local, today
from api.store.session import make_engine
from api.store.tables import Lift, Offer, Request, Run
from carpool import solve, violations
from carpool.files import instance_from_json, plan_to_json
from tests.api import world
from tests.api.conftest import browser
from tests.api.pages.reading import read
from tests.clock import Clock, clock

__all__ = ["clock"]
MARCH, OCTOBER = 3, 10
HOUSE = House("https://lifts.test.org.uk", "The Testers", "operator@test.org.uk")


def change_of(month: int) -> date:
    """The next last Sunday of the month that is far enough ahead: in 2027 the 28th of March and the 31st of October."""
    for year in (today().year, today().year + 1, today().year + 2):
        last = date(year, month, 31)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday > today() + timedelta(days=7):
            return sunday
    raise AssertionError


@dataclass
class Night:
    """A published day with the change in it: who drives, who rides, to an event that spans it or comes after it."""

    day: date
    driver: Offer
    rider: Request
    lift: Lift
    starts_at: datetime
    ends_at: datetime


def night(db: Session, month: int, starts: time, ends: time) -> Night:
    day = change_of(month)
    campaign = world.add_campaign(db, coordinator := world.add_coordinator(db))
    event = world.add_event(db, campaign, coordinator, day=day, starts=starts, ends=ends)
    driver = world.add_offer(db, campaign, day=day, confirmed=False)
    world.confirm(db, driver)
    rider = world.add_request(db, campaign, day=day)
    run = matching.start(db, campaign, day, coordinator)
    written = matching.begin(db, run.id)
    assert written is not None
    instance = instance_from_json(json.loads(written))
    plan = solve(instance, seconds=None, rounds=5, seed=1)
    assert violations(instance, plan) == []
    matching.finish(db, run.id, plan_to_json(plan))
    publishing.publish(db, campaign, run.id, coordinator)
    db.commit()
    return Night(day, driver, rider, db.exec(select(Lift)).one(), event.starts_at, event.ends_at)


OFFSETS = {(MARCH, 10): "+01:00", (OCTOBER, 10): "+00:00", (MARCH, 0): "+00:00", (OCTOBER, 0): "+01:00"}


@pytest.mark.parametrize(("month", "hour"), OFFSETS)
def test_the_offsets_of_the_instance_are_those_of_the_moment(db: Session, month: int, hour: int) -> None:
    made = night(db, month, time(hour, 45), time(13))
    (run,) = db.exec(select(Run)).all()
    assert run.instance is not None
    (event,) = run.instance["events"]
    assert event["starts_at"].endswith(f"T{hour:02}:45:00{OFFSETS[month, hour]}")
    assert datetime.fromisoformat(event["ends_at"]) == made.ends_at
    assert event["ends_at"][-6:] == OFFSETS[month, 10]


@pytest.mark.parametrize(("month", "hours"), [(MARCH, 4), (OCTOBER, 6)])
def test_a_night_that_is_shorter_or_longer_and_the_way_home(db: Session, month: int, hours: int) -> None:
    """From a quarter to one until a quarter to six on the wall."""
    made = night(db, month, time(0, 45), time(5, 45))
    passed = made.ends_at.astimezone(UTC) - made.starts_at.astimezone(UTC)
    assert passed == timedelta(hours=hours)
    lift = made.lift
    assert lift.home_at is not None
    assert lift.departs_at < lift.arrives_at <= made.starts_at.astimezone(UTC)
    way = timedelta(minutes=lift.drive_minutes)
    assert abs(lift.home_at.astimezone(UTC) - made.ends_at.astimezone(UTC) - way) < timedelta(minutes=25)


@pytest.mark.parametrize("month", [MARCH, OCTOBER])
def test_page_mail_and_calendar_say_the_time_on_the_wall(app: FastAPI, db: Session, month: int) -> None:
    made = night(db, month, time(10), time(13))
    leaves = f"{local(made.lift.departs_at):%H:%M}"
    assert time(7) < local(made.lift.departs_at).time() < time(10)
    (message,) = world.messages_of(db, made.driver, "matched")
    envelope = outbox.claim(db, message.id)
    assert envelope is not None
    letter = write(envelope, HOUSE)
    assert leaves in letter.text and "10:00" in letter.text
    db.commit()
    with browser(app) as client:
        client.get(f"/l/{envelope.link_token}")
        client.post("/open", data=read(client.get("/open")).hidden())
        page = read(client.get("/my")).text
        assert leaves in page and "10:00" in page
        calendar = client.get("/my/calendar.ics").text
    at_utc = made.lift.departs_at.astimezone(UTC)
    assert f"DTSTART:{at_utc:%Y%m%dT%H%M%SZ}" in calendar
    hour = {MARCH: 9, OCTOBER: 10}[month]
    assert made.starts_at.astimezone(UTC).time() == time(hour)


@pytest.mark.parametrize("month", [MARCH, OCTOBER])
def test_reminders_come_by_the_wall(db: Session, month: int, clock: Clock) -> None:
    made = night(db, month, time(10), time(13))
    told = []
    for before, wall in ((1, "16:59"), (1, "17:01"), (0, "05:59"), (0, "06:01"), (0, "12:29"), (0, "12:31")):
        moment = datetime.fromisoformat(f"{made.day - timedelta(days=before)}T{wall}")
        clock.set(moment.replace(tzinfo=ZONE))
        told.append(reminders.queue_due(db))
    assert told == [0, 2, 0, 2, 0, 2]
    assert deadlines.call_off_due(db) == 0


@pytest.mark.parametrize("month", [MARCH, OCTOBER])
def test_a_silent_driver_is_called_off_hours_before_and_not_by_the_wall(db: Session, month: int) -> None:
    made = night(db, month, time(5), time(8))
    due = my_page.call_off_at(made.lift, 3)
    assert due is not None
    assert made.lift.departs_at.astimezone(UTC) - due.astimezone(UTC) == timedelta(hours=3)


def test_hosts_get_in_twelve_hours_before(db: Session) -> None:
    made = night(db, MARCH, time(10), time(13))
    event = campaigns.events(db, campaigns.find(db, _slug(db)), made.day)[0]
    assert event.starts_at == made.starts_at
    opens_at = made.starts_at.astimezone(UTC) - hosting.OPENS_BEFORE
    assert local(opens_at).time() == time(21)


def _slug(db: Session) -> str:
    return str(db.connection().execute(text("SELECT slug FROM campaign")).scalar_one())


def test_moments_come_in_utc_from_a_server_in_another_zone(db: Session, database_url: str) -> None:
    """Otherwise an hour too many or too few would be counted through the change, where the server stands in London."""
    db.connection().execute(
        text(
            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET timezone = ''Europe/London'''; END $$"
        )
    )
    db.commit()
    engine = make_engine(database_url)
    with engine.connect() as connection:
        moment = connection.execute(text("SELECT timestamptz '2027-03-28 09:00+00'")).scalar_one()
    engine.dispose()
    assert moment.utcoffset() == timedelta()
    assert local(moment - timedelta(hours=12)).time() == time(21)


@pytest.mark.parametrize(
    ("month", "typed", "read_as"), [(MARCH, time(1, 30), "02:30"), (OCTOBER, time(1, 30), "01:30")]
)
def test_a_time_that_is_not_there_is_the_one_after_and_one_that_is_there_twice_the_first(
    app: FastAPI, db: Session, month: int, typed: time, read_as: str
) -> None:
    """And the page says so to whoever typed it."""
    campaign = world.add_campaign(db, coordinator := world.add_coordinator(db))
    event = world.add_event(db, campaign, coordinator, day=change_of(month), starts=typed, ends=time(5))
    db.commit()
    assert f"{local(event.starts_at):%H:%M}" == read_as
    assert event.starts_at.astimezone(UTC).time() == {MARCH: time(1, 30), OCTOBER: time(0, 30)}[month]
    with browser(app) as client:
        page = client.get(f"/c/{campaign.slug}/events/{event.id}").text
    assert re.search(rf"{read_as}\b", page) and "05:00" in page
