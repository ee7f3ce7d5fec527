"""Friends in one group: who can be, what the solver is told, and that a word tells nobody who has signed up."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from api.errors import Conflict, Invalid
from api.services import (
    campaigns,
    friends,
    intake,
    lifts,
    local,
    matching,
    my_page,
    people,
    retention,
    safety,
)
from api.services.forms import OfferForm
from api.store.tables import Campaign, Coordinator, Friend, FriendWord, Offer, Person, Request
from carpool import solve
from tests.api import world

SignUp = Offer | Request


@pytest.fixture
def campaign(db: Session) -> Campaign:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    return campaign


def together(db: Session, campaign: Campaign) -> list[set[str]]:
    return [set(group) for group in matching.build_instance(db, campaign, world.DAY).together]


def join(db: Session, giver: SignUp, *takers: SignUp) -> None:
    word = friends.make_word(db, world.person_of(db, giver))
    for taker in takers:
        friends.join(db, world.person_of(db, taker), word)


def refused(db: Session, taker: SignUp, word: str) -> str:
    with pytest.raises(Invalid) as error:
        friends.join(db, world.person_of(db, taker), word)
    return error.value.errors["word"]


def ids(*sign_ups: SignUp) -> set[str]:
    return {str(one.id) for one in sign_ups}


def names(db: Session, sign_up: SignUp) -> tuple[str, ...]:
    return friends.of(db, world.person_of(db, sign_up)).names


def test_who_types_the_word_is_in_one_car_with_whoever_gave_it(db: Session, campaign: Campaign) -> None:
    offer = world.add_offer(db, campaign, seats=1)
    first, second = (world.add_request(db, campaign, name=name) for name in ("Rafi", "Cleo"))
    join(db, second, first)
    assert together(db, campaign) == [ids(first, second)]
    assert names(db, first) == ("Cleo",) and names(db, second) == ("Rafi",)
    # One seat for two who want to be together: then it is neither.
    plan = solve(matching.build_instance(db, campaign, world.DAY), seconds=None, rounds=20)
    assert [trip.riders for trip in plan.trips] == [()]
    friends.leave(db, world.person_of(db, first))
    assert together(db, campaign) == [] and names(db, second) == ()
    plan = solve(matching.build_instance(db, campaign, world.DAY), seconds=None, rounds=20)
    assert [len(trip.riders) for trip in plan.trips] == [1] and str(offer.id) == plan.trips[0].driver


def test_case_spaces_and_strokes_do_not_matter(db: Session, campaign: Campaign) -> None:
    first, second = world.add_request(db, campaign), world.add_request(db, campaign)
    word = friends.make_word(db, world.person_of(db, first))
    friends.join(db, world.person_of(db, second), f" {word.lower().replace('-', ' ')}.")
    assert together(db, campaign) == [ids(first, second)]


def test_a_word_has_forty_bits_and_no_row_holds_it(db: Session, campaign: Campaign) -> None:
    assert len(friends.LETTERS) ** friends.LENGTH >= 2**40
    person = world.person_of(db, world.add_request(db, campaign))
    words = {friends.make_word(db, person) for _ in range(20)}
    assert len(words) == 20
    (kept,) = db.exec(select(FriendWord)).all()
    assert all(word.encode() not in kept.word_hash for word in words)


def test_a_newer_word_takes_the_place_of_the_older(db: Session, campaign: Campaign) -> None:
    first, second = world.add_request(db, campaign), world.add_request(db, campaign)
    old = friends.make_word(db, world.person_of(db, first))
    friends.make_word(db, world.person_of(db, first))
    assert refused(db, second, old) == friends.NOT_KNOWN


def test_every_word_that_opens_nothing_gets_one_answer(
    db: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong, of somebody who is gone, of another day or campaign, one's own, of somebody to be kept apart from."""
    asker = world.add_request(db, campaign)
    elsewhere = world.add_campaign(db, world.add_coordinator(db))
    other_day = world.DAY + timedelta(days=1)
    coordinator = world.add_coordinator(db)
    world.add_event(db, elsewhere, coordinator)
    world.add_event(db, campaign, coordinator, day=other_day)
    cancelled, erased, foe = (world.add_request(db, campaign) for _ in range(3))
    givers = [
        cancelled, erased, foe, asker, world.add_request(db, campaign, day=other_day), world.add_request(db, elsewhere),
    ]  # fmt: skip
    words = [friends.make_word(db, world.person_of(db, giver)) for giver in givers]
    lifts.cancel(db, cancelled, world.person_of(db, cancelled))
    people.erase(db, world.person_of(db, erased))
    safety.keep_apart(db, campaign.id, world.person_of(db, foe), [world.person_of(db, asker)])
    late = world.add_request(db, campaign)
    words.append(friends.make_word(db, world.person_of(db, late)))
    answers = {refused(db, asker, word) for word in ("BCDFG-HJKMN", "", "é" * 50, *words[:-1])}
    then: datetime = local.now() + timedelta(days=friends.WORD_DAYS)
    monkeypatch.setattr(friends, "now", lambda: then)
    answers.add(refused(db, asker, words[-1]))
    assert answers == {friends.NOT_KNOWN} and db.exec(select(Friend)).all() == []


def test_a_group_is_as_large_as_a_car(db: Session, campaign: Campaign) -> None:
    offer = world.add_offer(db, campaign, seats=3)
    two, one, another = (world.add_request(db, campaign, party=party) for party in (2, 1, 1))
    join(db, offer, two, one)
    word = friends.make_word(db, world.person_of(db, offer))
    assert "room for 3" in refused(db, another, word)
    assert together(db, campaign) == [ids(offer, two, one)]
    riders = [world.add_request(db, campaign, party=2) for _ in range(3)]
    join(db, riders[0], riders[1])
    assert "room for 4" in refused(db, riders[2], friends.make_word(db, world.person_of(db, riders[0])))


def test_two_cars_are_not_one(db: Session, campaign: Campaign) -> None:
    first, second = world.add_offer(db, campaign), world.add_offer(db, campaign)
    assert "Two of you offer a car" in refused(db, second, friends.make_word(db, world.person_of(db, first)))


def test_a_group_takes_in_whoever_is_alone_and_two_groups_stay_two(db: Session, campaign: Campaign) -> None:
    first, second, third, fourth, fifth = (world.add_request(db, campaign) for _ in range(5))
    join(db, first, second)
    join(db, third, fourth)
    word = friends.make_word(db, world.person_of(db, third))
    assert "leave their group first" in refused(db, first, word)
    join(db, second, first)  # They are together already.
    assert sorted(map(sorted, together(db, campaign))) == sorted(
        [sorted(ids(first, second)), sorted(ids(third, fourth))]
    )
    join(db, fifth, first)  # Whoever is in a group brings the giver of a word in.
    assert ids(first, second, fifth) in together(db, campaign)


def test_whoever_is_gone_leaves_the_others_a_group_or_none(db: Session, campaign: Campaign) -> None:
    first, second, third = (world.add_request(db, campaign) for _ in range(3))
    join(db, first, second, third)
    people.erase(db, world.person_of(db, first))
    assert together(db, campaign) == [ids(second, third)] and len(names(db, second)) == 1
    lifts.cancel(db, third, world.person_of(db, third))
    assert together(db, campaign) == [] and names(db, second) == ()
    with pytest.raises(Conflict):
        friends.make_word(db, world.person_of(db, third))


def test_a_day_after_nobody_reads_a_friends_name(
    db: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.add_request(db, campaign), world.add_request(db, campaign)
    join(db, first, second)
    then = local.now() + timedelta(days=33)
    monkeypatch.setattr(my_page, "now", lambda: then)
    assert names(db, first) == ()
    with pytest.raises(Conflict):
        friends.make_word(db, world.person_of(db, first))


def test_a_group_that_no_car_may_hold_does_not_spoil_the_instance(db: Session, campaign: Campaign) -> None:
    """Two who came to be kept apart, or two drivers, would make the instance wrong for everybody."""
    first, second, third = (world.add_request(db, campaign) for _ in range(3))
    join(db, first, second, third)
    safety.keep_apart(db, campaign.id, world.person_of(db, first), [world.person_of(db, third)])
    instance = matching.build_instance(db, campaign, world.DAY)
    assert instance.together == () and len(instance.apart) == 1


def test_who_does_not_take_part_is_in_no_group_of_the_instance(db: Session, campaign: Campaign) -> None:
    coordinator = db.exec(select(Coordinator)).first()
    assert coordinator is not None
    off = world.add_event(db, campaign, coordinator)
    first, second = world.add_request(db, campaign), world.add_request(db, campaign, event_ids=[off.id])
    join(db, first, second)
    assert together(db, campaign) == [ids(first, second)]
    campaigns.cancel_event(db, campaign, coordinator, off.id)
    assert together(db, campaign) == []


def test_words_that_have_run_out_are_deleted(
    db: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    friends.make_word(db, world.person_of(db, world.add_request(db, campaign)))
    assert retention.purge(db).keys == 0
    then = local.now() + timedelta(days=friends.WORD_DAYS, minutes=1)
    monkeypatch.setattr(retention, "now", lambda: then)
    assert retention.purge(db).keys >= 1 and db.exec(select(FriendWord)).all() == []


def test_an_unconfirmed_friend_counts_once_confirmed(db: Session, campaign: Campaign) -> None:
    form = OfferForm.model_validate(world.offer_form().model_dump())
    reference = intake.receive(db, campaign, form, "a key of its own").reference
    offer = db.exec(select(Offer).where(Offer.reference == reference)).one()
    request = world.add_request(db, campaign)
    join(db, offer, request)
    assert together(db, campaign) == []
    world.confirm(db, offer)
    assert together(db, campaign) == [ids(offer, request)]
    assert len(db.exec(select(Person)).all()) == 2
