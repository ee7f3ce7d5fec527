"""Days that are made up from a seed: a plan, perhaps one that was published before, and whatever happens until the next is."""

from collections.abc import Callable
from datetime import time
from random import Random
from uuid import UUID

from sqlmodel import col, select, update

from api.services import campaigns, friends, matching, people, publishing, roles, safety
from api.services.hands import taking
from api.services.local import now
from api.store.tables import Event, Lift, LiftStop, Offer, Request
from carpool import Instance, solve
from carpool.errors import CarpoolError
from carpool.files import plan_to_json
from carpool.instance import PinnedTrip
from tests.api import world
from tests.api.services.hands.plan import asked
from tests.api.services.test_changes import save
from tests.api.services.test_publishing import Day

SignUp = Offer | Request
MOST_RIDERS, MOST_HAPPENINGS = 3, 4


class Life:
    """One day on which things happen at random."""

    def __init__(self, day: Day, random: Random) -> None:
        self.day, self.db, self.campaign, self.random = day, day.db, day.campaign, random
        world.add_event(self.db, self.campaign, day.coordinator, title="Late", starts=time(14), ends=time(17))
        self.offers: list[SignUp] = [
            *day.offers,
            world.add_offer(self.db, self.campaign, name="Driver3 Private"),
        ]
        more = [world.add_request(self.db, self.campaign, name=f"Rider{n} Private") for n in (4, 5)]
        self.requests: list[Request] = [*day.requests, *more]
        self.either = [world.add_either(self.db, self.campaign) for _ in range(2)]
        self.run_id = UUID(int=0)

    def solved(self) -> UUID:
        """A finished run of some cars with some riders, to either event."""
        run_id = matching.start(self.db, self.campaign, world.DAY, self.day.coordinator).id
        assert matching.begin(self.db, run_id)
        whole = matching.build_instance(self.db, self.campaign, world.DAY)
        able = [one.id for one in whole.drivers] + [one.id for one in whole.riders if one.can_drive]
        drivers = self.random.sample(able, self.random.randint(1, min(4, len(able))))
        riders = [one.id for one in whole.riders if one.id not in drivers]
        self.random.shuffle(riders)
        pins = []
        for driver in drivers:
            event = self.random.choice(whole.events).id
            taken, riders = riders[: (n := self.random.randint(0, MOST_RIDERS))], riders[n:]
            pins.append(PinnedTrip(driver, event, tuple(taken), full=True))
        among = {one for pin in pins for one in (pin.driver, *pin.riders)}
        plan = solve(
            Instance(
                events=whole.events,
                drivers=tuple(one for one in whole.drivers if one.id in among),
                riders=tuple(one for one in whole.riders if one.id in among),
                pinned=tuple(pins),
            )
        )
        matching.finish(self.db, run_id, plan_to_json(plan))
        return run_id

    def anybody(self) -> SignUp:
        return self.random.choice([*self.offers, *self.requests, *self.either])

    def rider(self) -> Request:
        return self.random.choice(self.requests)

    def by_hand(self, kind: str, *who: SignUp) -> None:
        run = matching.find_without_plan(self.db, self.campaign, self.run_id)
        place = (self.db, self.campaign, self.run_id, self.day.coordinator)
        try:
            with self.db.begin_nested():
                taking.take(*place, asked(kind, *who), run.hands, "for a reason")
        except CarpoolError:
            self.db.expire_all()  # It cannot be done: then it is not.


def published_before(life: Life) -> None:
    publishing.publish(life.db, life.campaign, life.solved(), life.day.coordinator)


def told_otherwise(life: Life) -> None:
    """Somebody knows of another time or place."""
    life.db.exec(update(Lift).where(col(Lift.offer_id) == life.day.offers[0].id).values(home_at=None))
    stops = update(LiftStop).where(col(LiftStop.request_id) == life.rider().id)
    life.db.exec(stops.values(place_id="elsewhere"))


def cancels(life: Life) -> None:
    people.cancel(life.db, world.person_of(life.db, life.anybody()))


def has_fewer_seats(life: Life) -> None:
    offer = life.random.choice(life.day.offers)
    offer.seats = life.random.randint(0, 1)
    life.db.add(offer)


def moves_house(life: Life) -> None:
    rider = life.rider()
    if rider.state == "active":
        save(life.db, rider, agreed=True, postcode=life.random.choice(("LS6 2AB", "WF1 1AA")))


def is_ready_later(life: Life) -> None:
    rider = life.rider()
    if rider.state == "active":
        save(life.db, rider, agreed=True, ready_at=life.random.choice(("08:00", "11:45")))


def is_not_safe(life: Life) -> None:
    one, other = life.random.sample([*life.offers, *life.requests], 2)
    safety.keep_apart(
        life.db, life.campaign.id, world.person_of(life.db, one), [world.person_of(life.db, other)]
    )


def does_not_answer(life: Life) -> None:
    offer = life.random.choice(life.day.offers)
    offer.unheard_at = now()
    life.db.add(offer)


def finds_a_friend(life: Life) -> None:
    one, other = life.random.sample(life.requests, 2)
    try:
        with life.db.begin_nested():
            word = friends.make_word(life.db, world.person_of(life.db, one))
            friends.join(life.db, world.person_of(life.db, other), word)
    except CarpoolError:
        life.db.expire_all()


def signs_up(life: Life) -> None:
    world.add_request(life.db, life.campaign, name="Rider8 Private", confirmed=life.random.random() < 0.5)


def drives_by_another_plan(life: Life) -> None:
    """Who would do either was told to drive meanwhile."""
    if (offer := roles.as_offer(life.either[0])) is not None and life.either[0].state == "active":
        roles.let_drive(life.db, offer)


def is_taken_out(life: Life) -> None:
    life.by_hand("out", life.anybody())


def is_moved(life: Life) -> None:
    life.by_hand("ride", life.rider(), life.random.choice(life.offers))


def is_pinned(life: Life) -> None:
    life.by_hand("pin", life.anybody())


def rides_apart(life: Life) -> None:
    life.by_hand("apart", *life.random.sample([*life.offers, *life.requests], 2))


def is_called_off(life: Life) -> None:
    event = life.random.choice(life.db.exec(select(Event).order_by(col(Event.starts_at))).all())
    campaigns.cancel_event(life.db, life.campaign, life.day.coordinator, event.id)


BEFORE: tuple[Callable[[Life], None], ...] = (published_before, told_otherwise)
SINCE: tuple[Callable[[Life], None], ...] = (
    cancels, has_fewer_seats, moves_house, is_ready_later, is_not_safe, does_not_answer, finds_a_friend, signs_up,
    drives_by_another_plan, is_taken_out, is_moved, is_pinned, rides_apart, is_called_off,
)  # fmt: skip


def recipe(seed: int) -> tuple[list[Callable[[Life], None]], list[Callable[[Life], None]]]:
    """What happens before the plan is made, and after it."""
    random = Random(seed)
    before = list(BEFORE[: random.randint(0, len(BEFORE))])
    return before, random.sample(SINCE, random.randint(1, MOST_HAPPENINGS))


def made_up(day: Day, seed: int) -> UUID:
    """A run that may be published, after all of that."""
    life = Life(day, Random(seed))
    before, since = recipe(seed)
    for happens in before:
        happens(life)
    life.run_id = life.solved()
    life.db.commit()
    for happens in since:
        happens(life)
    return life.run_id
