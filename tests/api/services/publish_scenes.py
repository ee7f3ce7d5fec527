"""Plans that are about to be published, and what may have happened since they were made."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import select, text, update

from api.services import campaigns, changes, people, roles, safety
from api.services.local import now
from api.store.tables import Event, Lift, LiftStop, Offer, Request
from tests.api import world
from tests.api.services.hands.plan import Hands
from tests.api.services.test_changes import answers_of
from tests.api.services.test_publishing import Day

Scene = Callable[[Day], UUID]


def first(day: Day) -> UUID:
    [one, two], [a, b, c] = day.offers, day.requests
    return day.solved((one, [a, b]), (two, [c]))


def again(day: Day) -> UUID:
    """Nothing is new."""
    day.publish((day.offers[0], [day.requests[0]]))
    return day.solved((day.offers[0], [day.requests[0]]))


def otherwise(day: Day) -> UUID:
    """Somebody rides in another car, somebody loses their lift, and somebody has one for the first time."""
    [one, two], [a, b, c] = day.offers, day.requests
    day.publish((one, [a, b]))
    return day.solved((one, [a]), (two, [c]))


def other_times(day: Day) -> UUID:
    """The driver was told otherwise when they are home, and one rider where the car stops."""
    run_id = again(day)
    day.db.exec(update(Lift).values(home_at=None))
    day.db.exec(update(LiftStop).values(place_id="elsewhere"))
    return run_id


def one_way(day: Day) -> UUID:
    for row in (*day.offers, *day.requests):
        row.way_back = False
        day.db.add(row)
    return first(day)


def cancel(day: Day, *rows: Offer | Request) -> None:
    for row in rows:
        people.cancel(day.db, world.person_of(day.db, row))


def cancelled(day: Day) -> UUID:
    """A driver and a rider, one of whom had a lift."""
    [one, two], [a, b, c] = day.offers, day.requests
    day.publish((one, [a]))
    run_id = day.solved((one, [a, b]), (two, [c]))
    cancel(day, a, two)
    return run_id


def everybody_cancelled(day: Day) -> UUID:
    run_id = first(day)
    cancel(day, *day.offers, *day.requests)
    return run_id


def empty_plan(day: Day) -> UUID:
    """Everybody who had a lift loses it."""
    day.publish((day.offers[0], [day.requests[0]]))
    return day.solved()


def taken_out(day: Day) -> UUID:
    hands = Hands(day)
    hands.take("out", hands.a)
    hands.take("ride", hands.b, hands.two)
    return hands.run_id


def taken_back(day: Day) -> UUID:
    hands = Hands(day)
    hands.take("swap", hands.one, hands.two)
    hands.take("out", hands.c)
    hands.undo()
    return hands.run_id


def put_by_hand_before(day: Day) -> UUID:
    """What stands came out of another plan."""
    day.publish((day.offers[0], [day.requests[0]]), (day.offers[1], [day.requests[1]]))
    return taken_out(day)


def fewer_seats(day: Day) -> UUID:
    """The driver does not fit any more, so the whole car goes."""
    run_id = first(day)
    day.offers[0].seats = 0
    day.db.add(day.offers[0])
    return run_id


def rider_elsewhere(day: Day) -> UUID:
    """One rider of a car does not fit any more; by the form, as they would."""
    run_id = first(day)
    rider = day.requests[0]
    changes.save(day.db, world.person_of(day.db, rider), answers_of(rider, postcode="LS6 2AB"), agreed=True)
    return run_id


def both_elsewhere(day: Day) -> UUID:
    run_id = first(day)
    for rider in day.requests[:2]:
        changes.save(day.db, world.person_of(day.db, rider), answers_of(rider, ready_at="11:45"), agreed=True)
    return run_id


def harmless(day: Day) -> UUID:
    run_id = first(day)
    offer = day.offers[0]
    changes.save(day.db, world.person_of(day.db, offer), answers_of(offer, plate="ABC", seats=4), agreed=True)
    return run_id


def apart_by_report(day: Day) -> UUID:
    run_id = first(day)
    one, other = (world.person_of(day.db, row) for row in (day.requests[0], day.offers[0]))
    safety.keep_apart(day.db, day.campaign.id, one, [other])
    return run_id


def apart_by_a_later_proof(day: Day) -> UUID:
    """They were kept apart by a number that was not proven yet when the run began."""
    one, other = (world.person_of(day.db, row) for row in day.requests[:2])
    one.phone_confirmed_at = other.phone_confirmed_at = now()
    one.email_confirmed_at = None
    one.phone, other.phone = "+447700900001", "+447700900002"
    safety.keep_apart(day.db, day.campaign.id, one, [other])
    day.db.exec(text("UPDATE kept_apart SET expires_at = expires_at - interval '1 day'"))  # type: ignore[call-overload]
    one.phone_confirmed_at = None
    day.db.flush()
    run_id = first(day)
    one.phone_confirmed_at = now()
    day.db.flush()
    return run_id


def told_to_drive(day: Day) -> UUID:
    """By one plan somebody drives, by an older one they would ride."""
    either = world.add_either(day.db, day.campaign)
    rides = day.solved((day.offers[0], [either, day.requests[0]]))
    offer = roles.as_offer(either)
    assert offer is not None
    day.publish((offer, [day.requests[1]]))
    return rides


def may_drive(day: Day) -> UUID:
    either = world.add_either(day.db, day.campaign)
    offer = roles.as_offer(either)
    assert offer is not None
    return day.solved((offer, [day.requests[0]]), (day.offers[0], [day.requests[1]]))


def unheard(day: Day) -> UUID:
    """A driver who did not answer is not counted on."""
    run_id = first(day)
    day.offers[0].unheard_at = now()
    day.db.add(day.offers[0])
    return run_id


def event_off(day: Day) -> UUID:
    day.publish((day.offers[1], [day.requests[2]]))
    run_id = first(day)
    [event] = day.db.exec(select(Event)).all()
    campaigns.cancel_event(day.db, day.campaign, day.coordinator, event.id)
    return run_id


def none_yet(day: Day) -> UUID:
    """Some were told already that there is no lift for them yet, some sign up only now."""
    day.publish((day.offers[0], []))
    world.add_request(day.db, day.campaign, name="Rider4 Private")
    world.add_request(day.db, day.campaign, name="Rider5 Private", confirmed=False)
    return day.solved((day.offers[0], []))


SCENES: list[Scene] = [
    first, again, otherwise, other_times, one_way, cancelled, everybody_cancelled, empty_plan, taken_out, taken_back,
    put_by_hand_before, fewer_seats, rider_elsewhere, both_elsewhere, harmless, apart_by_report, apart_by_a_later_proof,
    told_to_drive, may_drive, unheard, event_off, none_yet,
]  # fmt: skip
