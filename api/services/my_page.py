"""What one person may see: their own sign-up, and of a published lift what driver and riders need to know of each other."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session

from api.errors import NotFound
from api.language import N_, ngettext
from api.language import gettext as _
from api.services import constituencies, pickups
from api.services.campaigns import event_view
from api.services.campaigns import view as campaign_view
from api.services.local import ZONE, at, local, now
from api.services.views import EventView, LiftView, MyPage, SignUpView, StopView
from api.store.queries import campaigns, lifts, sign_ups
from api.store.tables import Campaign, Lift, LiftStop, Offer, Person, Request

DELETED_AFTER_DAYS = 30
HIDDEN_AFTER = timedelta(hours=24)
"""From this long after an event its lifts show no names, places and numbers any more."""

LATE_FROM_BEFORE, LATE_UNTIL_AFTER = timedelta(hours=3), timedelta(hours=1)
"""From so long before the car sets off until so long after it should arrive, people can say that they are late."""

ASKED_AT = time(17)
"""On the evening before, when people are asked whether they come."""
ANSWER_BY = time(20)
"""On the evening before, until when people should say whether they come."""
TIME_TO_ANSWER = timedelta(hours=2)
"""So long they have at least, where a lift is published late."""

NEEDS = {
    "child_seat": N_("a child seat"),
    "wheelchair": N_("room for a folded wheelchair"),
    "wheelchair_place": N_("a place for a wheelchair with somebody in it"),
    "assistance_dog": N_("room for an assistance dog"),
    "step_free": N_("a way to the car without steps"),
}
WHO_NEED = {
    "child_seat": N_("Riders who need a child seat"),
    "wheelchair": N_("Riders who need room for a folded wheelchair"),
    "wheelchair_place": N_("Riders who need a place for a wheelchair with somebody in it"),
    "assistance_dog": N_("Riders who need room for an assistance dog"),
}
BASES = {
    "form": N_("you filled in a form or signed a list"),
    "phone": N_("you said so on the phone"),
    "wrote": N_("you wrote to us"),
    "told": N_("you said so in person"),
}
"""How somebody agreed who did not sign up themselves."""


def of(db: Session, person: Person, campaign: Campaign | None = None) -> MyPage:
    """The private page of `person`."""
    campaign = campaign or campaigns.by_id(db, person.campaign_id)
    sign_up = sign_ups.of_person(db, person.id)
    if campaign is None or sign_up is None:
        raise NotFound
    lift = _lift(db, sign_up, campaign.call_off_hours)
    return MyPage(
        campaign=campaign_view(campaign),
        name=person.name,
        status=_status(db, person, sign_up, lift),
        sign_up=SignUpView(
            kind=sign_ups.kind_of(sign_up),
            reference=sign_up.reference,
            state=sign_up.state,
            day=sign_up.day,
            answers=tuple(_answers(db, sign_up)),
        ),
        lift=lift,
        deleted_on=sign_up.day + timedelta(days=DELETED_AFTER_DAYS),
        added_by=person.vouched_by,
        basis=_(BASES[person.basis]) if person.basis in BASES else "",
    )


def is_over(sign_up: Offer | Request) -> bool:
    """Whether the day is so long past that nothing about others is shown any more."""
    return now() > local_end(sign_up) + HIDDEN_AFTER


def local_end(sign_up: Offer | Request) -> datetime:
    return datetime.combine(sign_up.day + timedelta(days=1), datetime.min.time(), ZONE)


def answer_by(lift: Lift) -> datetime:
    """Until when the people of a lift should say that they come."""
    evening = at(lift.day - timedelta(days=1), ANSWER_BY)
    return min(max(evening, local(lift.created_at + TIME_TO_ANSWER)), local(lift.departs_at))


def call_off_at(lift: Lift, hours: float) -> datetime | None:
    """When a lift is called off whose driver has not said that they come; None for one that never is.

    A lift that was published after the evening's question went out is left to the coordinators: its driver was
    told of it only late, and never asked.
    """
    if not hours or lift.created_at >= at(lift.day - timedelta(days=1), ASKED_AT):
        return None
    return max(answer_by(lift), local(lift.departs_at - timedelta(hours=hours)))


def _status(db: Session, person: Person, sign_up: Offer | Request, lift: LiftView | None) -> str:
    if sign_up.state in ("cancelled", "replaced"):
        return sign_up.state
    if is_over(sign_up):
        return "over"
    if person.confirmed_at is None:
        return "unconfirmed"
    if lift is not None:
        return "matched"
    if isinstance(sign_up, Offer) and sign_up.unheard_at is not None:
        return "unheard"
    return "no_lift" if lifts.count_published(db, sign_up.campaign_id, sign_up.day) else "waiting"


def _lift(db: Session, sign_up: Offer | Request, hours: float) -> LiftView | None:
    if is_over(sign_up):
        return None
    if isinstance(sign_up, Offer):
        lift = lifts.of_offer(db, sign_up.id)
        return _view(db, lift, None, hours) if lift else None
    found = lifts.of_request(db, sign_up.id)
    return _view(db, found[0], sign_up, hours) if found else None


def _view(db: Session, lift: Lift, rider: Request | None, hours: float) -> LiftView:
    """The lift as `rider` sees it, or, without one, as its driver does: a rider sees no other rider."""
    offer, driver = lifts.driver(db, lift)
    event = campaigns.event_by_id(db, lift.campaign_id, lift.event_id)
    if event is None:
        raise NotFound
    shown = event_view(event, constituencies.current(db))
    return view_of(lift, offer, driver, lifts.riders(db, lift.id), shown, rider, hours)


def view_of(
    lift: Lift,
    offer: Offer,
    driver: Person,
    riders: Sequence[lifts.Rider],
    event: EventView,
    rider: Request | None = None,
    hours: float = 0,
) -> LiftView:
    """The same of what is known already: for whoever shows many lifts at once."""
    stops = [
        _stop(stop, request, person, mine=rider is not None)
        for stop, request, person in riders
        if rider is None or request.id == rider.id
    ]
    is_awaited = rider is None and bool(stops) and lift.accepted_at is None
    return LiftView(
        id=lift.id,
        role="rider" if rider else "driver",
        event=event,
        match_word=lift.match_word,
        driver_name=first_name(driver),
        driver_phone=(driver.phone_typed or None) if rider else None,
        car=offer.car,
        plate=offer.plate,
        departs_at=local(lift.departs_at),
        arrives_at=local(lift.arrives_at),
        drive_minutes=round(lift.drive_minutes),
        home_at=local(lift.home_at) if lift.home_at else None,
        stops=tuple(stops),
        way_back=any(stop.drop_at for stop in stops) if rider else lift.home_at is not None,
        late_minutes=lift.late_minutes,
        accepted=stops[0].accepted if rider else lift.accepted_at is not None,
        answer_by=due if now() < (due := answer_by(lift)) else None,
        call_off_at=call_off_at(lift, hours) if is_awaited and not event.cancelled else None,
        is_over=now() > _home_at(lift, event.ends_at, stops[0] if rider else None),
        may_say_late=lift.departs_at - LATE_FROM_BEFORE <= now() <= lift.arrives_at + LATE_UNTIL_AFTER,
    )


def _home_at(lift: Lift, ends_at: datetime, mine: StopView | None) -> datetime:
    """When somebody should be home again; who finds the own way back, when the event ends."""
    return (mine.drop_at if mine else lift.home_at) or ends_at


def _stop(stop: LiftStop, request: Request, person: Person, *, mine: bool) -> StopView:
    place = pickups.named(request.places, stop.place_id)
    return StopView(
        name=first_name(person),
        party=request.party,
        postcode="" if place else request.postcode,
        pickup="" if place else request.pickup,
        needs=_needs(request),
        pick_up_at=local(stop.pick_up_at),
        drop_at=local(stop.drop_at) if stop.drop_at else None,
        mine=mine,
        phone=None if mine else person.phone_typed or None,
        cancelled=False,
        place=place["name"] if place else "",
        late_minutes=stop.late_minutes,
        accepted=stop.accepted_at is not None,
        walk_minutes=place["walk_minutes"] if place and mine else None,
        lat=place["lat"] if place else request.lat,
        lon=place["lon"] if place else request.lon,
    )


def first_name(person: Person) -> str:
    return person.name.split()[0] if person.name.split() else person.name


def _needs(request: Request) -> tuple[str, ...]:
    return tuple(_(NEEDS.get(need, need)) for need in request.needs)


def _answers(db: Session, sign_up: Offer | Request) -> list[tuple[str, str]]:
    """What somebody sent in, in words."""
    answers = [
        (_("Postcode"), sign_up.postcode),
        (_("Events"), _events(db, sign_up)),
        (_("People"), str(sign_up.party)),
    ]
    if isinstance(sign_up, Offer):
        answers += [
            (_("Free seats"), str(sign_up.seats)),
            (_("Most extra minutes"), f"{sign_up.max_detour_minutes:g}"),
        ]
        answers += [(_(WHO_NEED[need]), str(count)) for need, count in sign_up.offers.items()]
        answers += (
            [(_("Car"), f"{sign_up.car} {sign_up.plate}".strip())] if sign_up.car or sign_up.plate else []
        )
    else:
        answers += [(_("Pick-up"), where)] if (where := "; ".join(_pick_ups(sign_up))) else []
        answers += [(_("Needs"), ", ".join(_needs(sign_up)))] if sign_up.needs else []
        answers += [(_("Driving"), _("either: a lift, or you drive if needed"))] if sign_up.can_drive else []
    answers.append((_("Longest journey"), _minutes(sign_up.max_travel_minutes)))
    if sign_up.ready_at:
        answers.append((_("Not before"), f"{local(sign_up.ready_at):%H:%M}"))
    if sign_up.home_by:
        answers.append((_("Home by"), f"{local(sign_up.home_by):%H:%M}"))
    answers += [(_("Days at most"), str(sign_up.most_days))] if sign_up.most_days else []
    answers.append((_("Way back"), _("yes") if sign_up.way_back else _("no")))
    return answers + ([(_("Company"), _("women only"))] if sign_up.company else [])


def _minutes(number: float) -> str:
    return ngettext("%(num)d minute", "%(num)d minutes", round(number)) % {"num": round(number)}


def _pick_ups(request: Request) -> list[str]:
    """Where a car may stop for them, in words."""
    door = [_("at my door"), request.pickup] if request.home_pickup and request.places else [request.pickup]
    return [*(place["name"] for place in request.places), *filter(None, door)]


def _events(db: Session, sign_up: Offer | Request) -> str:
    if sign_up.event_ids is None:
        return _("any event of the day")
    known = {str(event.id): event.title for event in campaigns.events(db, sign_up.campaign_id, sign_up.day)}
    return ", ".join(known.get(event_id, _("an event that is gone")) for event_id in sign_up.event_ids)
