"""What happens in a polling week, by the hour: people sign up, are matched, cancel, are late, are met, and are forgotten."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.services import deadlines, hosting, lifts, matching, people, publishing, ringing, ticking
from api.services.campaign_forms import HostForm
from api.services.local import at
from api.store.session import open_session
from api.store.tables import (
    Campaign,
    Coordinator,
    Event,
    Host,
    Lift,
    LiftStop,
    Message,
    Offer,
    Person,
    Request,
)
from tests.api import world
from tests.mail import Mailbox, text_of
from tests.patience import until

SOLVING_SECONDS = 3.0
DRIVERS, RIDERS = 12, 26
LINK = re.compile(r"/l/(\S+)")
Step = tuple[datetime, Callable[[], None]]


@dataclass
class Week:
    """A campaign with the day that is simulated, the next, and one a month ago, whose people are to be forgotten."""

    engine: Engine
    mailbox: Mailbox
    day: date
    campaign_id: UUID = field(init=False)
    coordinator_id: UUID = field(init=False)
    event_ids: list[UUID] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    slug: str = ""
    by_hand: int = 0
    """Messages that count as sent and went to no mail server."""

    def prepare(self, month_ago: date) -> None:
        """What is there before the simulated day begins; the clock is at a month and a day before it."""
        with open_session(self.engine) as db:
            coordinator = world.add_coordinator(db)
            campaign = world.add_campaign(db, coordinator)
            self.campaign_id, self.coordinator_id = campaign.id, coordinator.id
            for day, starts, ends in (
                (month_ago, 10, 13), (self.day, 10, 13), (self.day, 12, 16), (self.day + timedelta(days=1), 10, 13),
            ):  # fmt: skip
                times = {"starts": time(starts), "ends": time(ends)}
                made = world.add_event(
                    db, campaign, coordinator, day=day, title=f"Canvass at {starts}", **times
                )
                self.event_ids.append(made.id)
            world.add_offer(db, campaign, day=month_ago, name="Gone Driver")
            world.add_request(db, campaign, day=month_ago, name="Gone Rider")
            self.slug = campaign.slug
            db.commit()

    def steps(self, day_before: date) -> list[Step]:
        """The script. Most of it is at least twice, so that what one does can meet what another does."""
        eve, day = partial(_at, day_before), partial(_at, self.day)
        script: list[Step] = [
            (eve(14), lambda: self.sign_up(DRIVERS, RIDERS)),
            (eve(14, 40), self.call_in),
            (eve(15), lambda: self.match(self.day)),
            (eve(16, 10), lambda: self.publish(self.day)),
            (eve(17, 30), lambda: self.accept(0.7)),
            (eve(18), lambda: self.cancel(Request)),
            (eve(18, 30), lambda: self.sign_up(2, 4)),
            (eve(19), lambda: self.cancel(Offer)),
            (eve(20), lambda: self.match(self.day)),
            (eve(21), lambda: self.publish(self.day)),
            (eve(21, 30), self.ring),
            (day(6, 30), lambda: self.accept(1.0)),
            (day(7), lambda: self.cancel(Offer)),
            (day(8), lambda: self.cancel(Request)),
            (day(9, 30), self.meet),
            (day(11), self.break_down),
            (day(12), lambda: self.sign_up(3, 3, self.day + timedelta(days=1))),
            (day(13), lambda: self.match(self.day + timedelta(days=1))),
        ]
        return script

    def _who(self, db: Session) -> tuple[Campaign, Coordinator]:
        return db.get_one(Campaign, self.campaign_id), db.get_one(Coordinator, self.coordinator_id)

    def sign_up(self, drivers: int, riders: int, day: date | None = None) -> None:
        """So many sign up, and confirm by the link in their mail."""
        with open_session(self.engine) as db:
            campaign, _ = self._who(db)
            on = {"day": day or self.day}
            rows: list[Offer | Request] = [
                world.add_offer(db, campaign, confirmed=False, **on) for _ in range(drivers)
            ]
            rows += [world.add_request(db, campaign, confirmed=False, **on) for _ in range(riders)]
            addresses = [world.person_of(db, row).email for row in rows]
            db.commit()
        for to in addresses:
            until(partial(self.mailbox.to, to), "the confirmation")
            found = LINK.search(text_of(self.mailbox.to(to)[0]))
            assert found is not None
            with open_session(self.engine) as db:
                self.cookies.append(people.exchange(db, found[1]))
                db.commit()
        self._note("signed up", len(addresses))

    def call_in(self) -> None:
        """Somebody without e-mail, who is rung."""
        with open_session(self.engine) as db:
            campaign, _ = self._who(db)
            request = world.add_request(db, campaign, day=self.day, name="Vera Voice", phone="0113 496 2345")
            world.person_of(db, request).reach = "call"
            self.by_hand += 1
            db.commit()

    def match(self, day: date) -> None:
        with open_session(self.engine) as db:
            campaign, who = self._who(db)
            matching.start(db, campaign, day, who, seconds=SOLVING_SECONDS)
            db.commit()

    def publish(self, day: date) -> None:
        with open_session(self.engine) as db:
            campaign, who = self._who(db)
            until(lambda: self._is_over(day), "the plan")
            run = matching.latest(db, campaign, day)
            assert run is not None
            publishing.publish(db, campaign, run.id, who)
            db.commit()
        self._note("published")

    def _is_over(self, day: date) -> bool:
        with open_session(self.engine) as db:
            run = matching.latest(db, self._who(db)[0], day)
            return run is not None and run.state not in ("queued", "running")

    def accept(self, part: float) -> None:
        self._each(lambda db, person: lifts.accept(db, person), part)
        self._note("accepted")

    def cancel(self, table: type[Offer] | type[Request]) -> None:
        """Somebody with a lift takes back what they sent in."""
        with open_session(self.engine) as db:
            ids = self._with_lifts(db, table)
            row: Any = db.get_one(table, random.choice(ids))
            people.cancel(db, world.person_of(db, row))
            db.commit()
        self._note("cancelled")

    def _with_lifts(self, db: Session, table: type[Offer] | type[Request]) -> Sequence[UUID]:
        of_day = select(Lift.offer_id) if table is Offer else select(LiftStop.request_id).join(Lift)
        state = Lift.state if table is Offer else LiftStop.state
        return db.exec(of_day.where(col(Lift.day) == self.day, col(state) == "published")).all()

    def ring(self) -> None:
        """A coordinator rings whoever has no address."""
        with open_session(self.engine) as db:
            campaign, who = self._who(db)
            for message_id in db.exec(select(Message.id).where(Message.state == "call")).all():
                ringing.ring(db, campaign, message_id, who)
                ringing.ended(db, campaign, message_id, "told", who)
                self._note("rung")
            deadlines.unanswered(db, campaign, self.day)
            db.commit()

    def meet(self) -> None:
        """The host ticks whoever has come: all but one driver."""
        with open_session(self.engine) as db:
            campaign, who = self._who(db)
            event = db.exec(select(Event).where(col(Event.id) == self.event_ids[1])).one()
            hosting.add(
                db, campaign, who, event.id, HostForm(host_name="Hana", host_email="hana@example.org")
            )
            db.flush()
            found = db.exec(select(Host)).one()
            drivers = db.exec(
                select(Lift.offer_id).where(col(Lift.event_id) == event.id, col(Lift.state) == "published")
            ).all()
            for number, offer_id in enumerate(drivers):
                step = "expected:no_show" if number == 0 and len(drivers) > 1 else "expected:arrived"
                ticking.tick(db, found, "driver", offer_id, step)
            db.commit()
        self._note("met", len(drivers))

    def break_down(self) -> None:
        with open_session(self.engine) as db:
            ids = self._with_lifts(db, Offer)
            row = db.get_one(Offer, ids[-1])
            lifts.my_car_breaks_down(db, world.person_of(db, row))
            db.commit()
        self._note("broke down")

    def _each(self, do: Callable[[Session, Person], None], part: float) -> None:
        with open_session(self.engine) as db:
            for table in (Offer, Request):
                for one in self._with_lifts(db, table):
                    if random.random() < part:
                        row: Any = db.get_one(table, one)
                        do(db, world.person_of(db, row))
            db.commit()

    def _note(self, what: str, times: int = 1) -> None:
        self.happened += [what] * times


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return at(day, time(hour, minute))
