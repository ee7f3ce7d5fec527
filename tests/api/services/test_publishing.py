"""Publishing: what was solved becomes lifts, those concerned are told once, and of two who press one wins."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from api.errors import Conflict
from api.services import campaigns, matching, outbox, people, plans, publishing
from api.services.views import MyPage
from api.store.session import open_session
from api.store.tables import Campaign, Coordinator, Lift, LiftStop, Message, Offer, Request
from carpool import Instance, Plan, solve
from carpool.files import plan_to_json
from carpool.instance import PinnedTrip
from tests.api import world


class Day:
    """Two drivers and three riders near each other, solved as often as a test wants."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.coordinator: Coordinator = world.add_coordinator(db)
        self.campaign: Campaign = world.add_campaign(db, self.coordinator)
        world.add_event(db, self.campaign, self.coordinator)
        self.offers = [world.add_offer(db, self.campaign, name=f"Driver{n} Private") for n in (1, 2)]
        self.requests = [world.add_request(db, self.campaign, name=f"Rider{n} Private") for n in (1, 2, 3)]

    def solved(self, *trips: tuple[Offer, list[Request]]) -> UUID:
        """A finished run with just these trips, times and all by the real solver."""
        run_id = matching.start(self.db, self.campaign, world.DAY, self.coordinator).id
        assert matching.begin(self.db, run_id)
        matching.finish(self.db, run_id, plan_to_json(self._plan(*trips)))
        return run_id

    def _plan(self, *trips: tuple[Offer, list[Request]]) -> Plan:
        whole = matching.build_instance(self.db, self.campaign, world.DAY)
        [event] = whole.events
        among = {str(row.id) for offer, requests in trips for row in (offer, *requests)}
        return solve(
            Instance(
                events=whole.events,
                drivers=tuple(x for x in whole.drivers if x.id in among),
                riders=tuple(x for x in whole.riders if x.id in among),
                pinned=tuple(
                    PinnedTrip(str(offer.id), event.id, tuple(str(x.id) for x in requests), full=True)
                    for offer, requests in trips
                ),
            )
        )

    def publish(self, *trips: tuple[Offer, list[Request]]) -> publishing.Published:
        return publishing.publish(self.db, self.campaign, self.solved(*trips), self.coordinator)

    def sent(self, row: Offer | Request) -> list[str]:
        """Kinds of the messages to somebody that would go out now, oldest first; they are sent."""
        kinds = []
        found = select(Message).where(Message.person_id == row.person_id, Message.state == "created")
        for message in self.db.exec(found.order_by(Message.created_at)).all():  # type: ignore[arg-type]
            if outbox.claim(self.db, message.id):
                outbox.sent(self.db, message.id)
                kinds.append(message.kind)
        return kinds

    def page(self, row: Offer | Request) -> MyPage:
        return people.page(self.db, world.person_of(self.db, row))


@pytest.fixture
def day(db: Session) -> Day:
    return Day(db)


def test_trips_become_lifts_and_everybody_in_them_is_told(day: Day) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    run_id = day.solved((one, [a, b]), (two, []))
    assert publishing.preview(day.db, day.campaign, run_id) == publishing.Published(
        lifts=2, changed=0, messages=5
    )
    assert day.sent(a) == []
    assert publishing.publish(day.db, day.campaign, run_id, day.coordinator).messages == 5
    assert [day.sent(row) for row in (one, two, a, b, c)] == [["matched"]] * 4 + [["no_lift"]]
    assert [day.page(row).status for row in (one, a, c)] == ["matched", "matched", "no_lift"]


def test_a_rider_sees_the_driver_and_no_other_rider_and_the_driver_sees_all(day: Day) -> None:
    [one, _], [a, b, _] = day.offers, day.requests
    day.publish((one, [a, b]))
    lift = day.page(a).lift
    assert lift is not None and lift.role == "rider"
    assert (lift.driver_name, lift.driver_phone, lift.car, lift.plate) == (
        "Driver1", "07700 900123", "blue Ford Fiesta", "XYZ"
    )  # fmt: skip
    assert [(stop.name, stop.mine) for stop in lift.stops] == [("Rider1", True)]
    drivers = day.page(one).lift
    assert drivers is not None and drivers.role == "driver" and drivers.driver_phone is None
    assert sorted(stop.name for stop in drivers.stops) == ["Rider1", "Rider2"]
    assert {stop.phone for stop in drivers.stops} == {"07700 900456"}
    assert drivers.match_word == lift.match_word
    assert "Private" not in repr(lift) + repr(drivers)


def test_publishing_again_tells_only_those_for_whom_something_changed(day: Day) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    day.publish((one, [a]), (two, [b]))
    for row in (one, two, a, b):
        day.sent(row)
    kept = day.page(a).lift
    done = day.publish((one, [a]), (two, [c]))
    assert (done.lifts, done.changed, done.messages) == (2, 2, 3)
    assert [day.sent(row) for row in (one, a, two, b, c)] == [[], [], ["changed"], ["lift_off"], ["matched"]]
    again = day.page(a).lift
    assert kept is not None and again is not None and again.id == kept.id


def test_whose_lift_is_published_anew_without_a_change_keeps_the_word_and_the_message(day: Day) -> None:
    one, a = day.offers[0], day.requests[0]
    day.publish((one, [a]))
    before = day.page(a).lift
    [lift] = day.db.exec(select(Lift).where(Lift.state == "published")).all()
    lift.home_at = None  # The driver was told something else, the rider the same; neither message is out yet.
    day.db.add(lift)
    day.publish((one, [a]))
    again = day.page(a).lift
    assert before is not None and again is not None and again.id != before.id
    assert again.match_word == before.match_word
    assert day.sent(a) == ["matched"]
    assert day.sent(one) == ["changed"]


def test_nobody_who_cancelled_since_the_run_started_is_published(day: Day) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    run_id = day.solved((one, [a, b]), (two, [c]))
    people.cancel(day.db, world.person_of(day.db, b))
    people.cancel(day.db, world.person_of(day.db, two))
    assert publishing.publish(day.db, day.campaign, run_id, day.coordinator).lifts == 1
    assert [day.page(row).status for row in (one, a, b, two, c)] == [
        "matched", "matched", "cancelled", "cancelled", "no_lift"
    ]  # fmt: skip


def test_when_a_driver_cancels_the_riders_are_told_and_nobody_hears_of_anything_else(day: Day) -> None:
    [one, _], [a, b, _] = day.offers, day.requests
    day.publish((one, [a, b]))
    people.cancel(day.db, world.person_of(day.db, one))
    assert [day.sent(row) for row in (one, a, b)] == [
        ["cancelled_by_you"],
        ["driver_cancelled"],
        ["driver_cancelled"],
    ]
    assert [day.page(row).status for row in (one, a)] == ["cancelled", "waiting"]
    day.publish((day.offers[1], [a]))
    assert [day.sent(a), day.sent(one)] == [["matched"], []]


def test_when_a_rider_cancels_the_driver_is_told(day: Day) -> None:
    [one, _], [a, b, _] = day.offers, day.requests
    day.publish((one, [a, b]))
    day.sent(one)
    people.cancel(day.db, world.person_of(day.db, a))
    assert [day.sent(row) for row in (one, a, b)] == [["rider_cancelled"], ["cancelled_by_you"], ["matched"]]
    lift = day.page(one).lift
    assert lift is not None and [stop.name for stop in lift.stops] == ["Rider2"]


def test_of_many_who_press_at_once_one_publishes_and_the_others_are_told_who(
    engine: Engine, day: Day
) -> None:
    run_id = day.solved((day.offers[0], [day.requests[0]]))
    day.db.commit()

    def press(_: int) -> str:
        with open_session(engine) as own, own.begin():
            try:
                publishing.publish(own, campaigns.find(own, day.campaign.slug), run_id, day.coordinator)
            except Conflict as error:
                return error.message
            return ""

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(press, range(6)))
    assert answers.count("") == 1
    assert all(answer.startswith("Priya Shah has published this run already") for answer in answers if answer)
    assert len(day.db.exec(select(Lift)).all()) == 1


def test_publishing_and_cancelling_at_once_never_publish_who_cancelled(engine: Engine, day: Day) -> None:
    for rider, offer in zip(day.requests[:2], day.offers, strict=True):
        run_id = day.solved((offer, [rider]))
        day.db.commit()

        def act(what: str, run_id: UUID = run_id, rider: Request = rider) -> None:
            with open_session(engine) as own, own.begin():
                if what == "publish":
                    publishing.publish(own, campaigns.find(own, day.campaign.slug), run_id, day.coordinator)
                else:
                    people.cancel(own, world.person_of(own, rider))

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(act, ["publish", "cancel"]))
        standing = select(LiftStop).where(LiftStop.request_id == rider.id, LiftStop.state == "published")
        assert day.db.exec(standing).all() == []


def test_the_database_itself_refuses_a_second_lift_for_somebody(day: Day) -> None:
    day.publish((day.offers[0], [day.requests[0]]))
    lift = day.db.exec(select(Lift)).one()
    values = lift.model_dump(exclude={"id"})
    with pytest.raises(IntegrityError, match="one_lift_an_offer"), day.db.begin_nested():
        day.db.add(Lift(**values))
        day.db.flush()


def test_the_plan_as_a_coordinator_reviews_it_has_first_names_and_districts(day: Day) -> None:
    [one, two], [a, b, c] = day.offers, day.requests
    view = plans.plan(day.db, day.campaign, day.solved((one, [a]), (two, [b])))
    assert {trip.driver for trip in view.trips} == {"Driver1", "Driver2"}
    assert {name for trip in view.trips for name, _, _ in trip.stops} == {"Rider1", "Rider2"}
    assert {district for trip in view.trips for _, district, _ in trip.stops} == {"WF2"}
    assert (view.lifts, view.changed, view.messages) == (2, 0, 5)
    assert "Private" not in repr(view) and "WF2 8AA" not in repr(view)
    assert c.state == "active"
