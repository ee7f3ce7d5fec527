"""Changing what somebody told us: what it would mean for their lift is said first, and saving does just that.

A change that the lift bears leaves it as it is. One that breaks it gives the lift up, as cancelling does, and the answers
wait for a new one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from api.errors import Conflict, NotFound
from api.services import drafts, entries, fitting, instances, lifts, my_page, roles
from api.services.forms import Answers, EitherAnswers
from api.store.queries import campaigns, sign_ups
from api.store.queries import lifts as queries
from api.store.tables import Campaign, Event, Lift, LiftStop, Offer, Person, Request
from carpool.check import Rule
from carpool.plan import Stop, Trip

SignUp = Offer | Request
WORDS = {
    Rule.SEATS: "There are not enough seats for everybody.",
    Rule.CAPACITY: "There is no room for more people at the event.",
    Rule.NEEDS: "The car does not offer what is needed.",
    Rule.EVENTS: "It goes to an event that is no longer among yours.",
    Rule.PLACE: "It stops at a place that is no longer among yours.",
    Rule.UNKNOWN: "It stops at a place that is no longer among yours.",
    Rule.DETOUR: "The detour is longer than you allow.",
    Rule.TRAVEL: "The drive is longer than you allow.",
    Rule.READY: "It starts before you can leave.",
    Rule.HOME: "It brings you home too late.",
    Rule.WAY_BACK: "It has no way back for everybody who needs one.",
    Rule.COMPANY: "Not everybody in the car is the company that was asked for.",
}
SAME = ("id", "reference", "campaign_id", "person_id", "idempotency_key", "body_hash")
"""What a person's offer and request have in common, beyond what was answered."""
OF_CARS = {"seats", "max_detour_minutes", "offers", "car", "plate"}
OTHERWISE = "It no longer fits what you said."


@dataclass(frozen=True)
class Meaning:
    """What saving would do to the lift that stands, if one does: why it `breaks`, and how many others are told then."""

    has_lift: bool = False
    why: tuple[str, ...] = ()
    told: int = 0

    @property
    def breaks(self) -> bool:
        return bool(self.why)


@dataclass(frozen=True)
class Standing:
    """The lift that somebody is in, with all its people."""

    lift: Lift
    event: Event
    offer: Offer
    riders: tuple[tuple[LiftStop, Request], ...]


def token(person: Person) -> str:
    """Of the draft that holds the changes until they are saved."""
    return drafts.change_token(person.id)


def begin(db: Session, person: Person) -> str:
    """Fill the pages with what somebody said; which of the ways that is. Raises `Conflict` for who takes no part any more."""
    sign_up = _sign_up(db, person)
    role = _role(db, sign_up)
    known = {"postcode": sign_up.postcode, "day": sign_up.day.isoformat()} | sign_up.answers | {"role": role}
    drafts.discard(db, token(person), person.campaign_id)
    drafts.save(db, token(person), person.campaign_id, known)
    return role


def meaning(db: Session, person: Person, answers: Answers) -> Meaning:
    """What saving these answers would do. Raises `Invalid` for answers that will not do."""
    sign_up, campaign = _sign_up(db, person), _campaign(db, person)
    return _meaning(db, sign_up, answers, entries.columns(db, campaign, answers, answers.day))


def save(db: Session, person: Person, answers: Answers, *, agreed: bool) -> None:
    """Lay the answers over the earlier ones. `agreed`: their giver was told that the lift is given up.

    Raises `Conflict` where it would be and they were not, and `Invalid`.
    """
    sign_up, campaign = _sign_up(db, person), _campaign(db, person)
    for day in sorted({sign_up.day, answers.day}):
        queries.lock_day(db, campaign.id, day)
    db.refresh(sign_up)
    sign_up = _sign_up(db, person)
    columns = entries.columns(db, campaign, answers, answers.day)
    means = _meaning(db, sign_up, answers, columns)
    if means.breaks and not agreed:
        raise Conflict("Your lift has changed in the meantime. Look again at what saving means for it.")
    if means.breaks:
        lifts.give_up(db, sign_up, person)
    drives_on = means.has_lift and not means.breaks and isinstance(sign_up, Offer)
    _lay_over(db, sign_up, answers, columns, drives_on=drives_on)
    drafts.discard(db, token(person), campaign.id)


def _sign_up(db: Session, person: Person) -> SignUp:
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None:
        raise NotFound
    if sign_up.state != "active" or my_page.is_over(sign_up):
        raise Conflict(
            "You have cancelled, or the day is over: there is nothing left to change. Sign up again if you can come."
        )
    return sign_up


def _campaign(db: Session, person: Person) -> Campaign:
    campaign = campaigns.by_id(db, person.campaign_id)
    if campaign is None:
        raise NotFound
    return campaign


def _role(db: Session, sign_up: SignUp) -> str:
    if isinstance(sign_up, Offer):
        request = sign_ups.request_by_id(db, sign_up.id)
        return "either" if request is not None and request.state == "driving" else "offer"
    return "either" if sign_up.can_drive is not None else "ask"


def _lay_over(
    db: Session, sign_up: SignUp, answers: Answers, columns: dict[str, Any], *, drives_on: bool
) -> None:
    """Keep the answers in the row that they are of, and end the other one of somebody who has changed sides."""
    wanted = entries.table_of(answers)
    rows = sign_ups.all_of_person(db, sign_up.person_id)
    row = next((one for one in rows if isinstance(one, wanted)), None) or _new(sign_up, wanted)
    row.sqlmodel_update(columns | {"state": "active"})
    others = [one for one in rows if one is not row]
    if drives_on and isinstance(row, Request):
        # They would do either, and are told to drive already.
        row.state = "driving"
        offer = roles.as_offer(row)
        others = [one for one in others if offer is None or one.id != sign_up.id]
        sign_up.sqlmodel_update({} if offer is None else offer.model_dump(include=set(columns) | OF_CARS))
    for other in others:
        other.state = "replaced"
    db.add_all([row, *others])
    db.flush()


def _new(sign_up: SignUp, wanted: type[SignUp]) -> SignUp:
    """A row of the other kind for the same person, under the same reference."""
    same: dict[str, Any] = {name: getattr(sign_up, name) for name in SAME}
    return wanted(**same)


def _meaning(db: Session, sign_up: SignUp, answers: Answers, columns: dict[str, Any]) -> Meaning:
    standing = _standing(db, sign_up)
    if standing is None:
        return Meaning()
    told = len(standing.riders) if isinstance(sign_up, Offer) else 1
    return Meaning(True, tuple(dict.fromkeys(_why(sign_up, standing, answers, columns))), told)


def _standing(db: Session, sign_up: SignUp) -> Standing | None:
    found = queries.of_request(db, sign_up.id) if isinstance(sign_up, Request) else None
    lift = queries.of_offer(db, sign_up.id) if isinstance(sign_up, Offer) else found and found[0]
    event = campaigns.event_by_id(db, lift.campaign_id, lift.event_id) if lift else None
    if lift is None or event is None:
        return None
    riders = tuple((stop, request) for stop, request, _ in queries.riders(db, lift.id))
    return Standing(lift, event, queries.driver(db, lift)[0], riders)


def _why(sign_up: SignUp, standing: Standing, answers: Answers, columns: dict[str, Any]) -> list[str]:
    """Why the lift does not bear the change; nothing if it does."""
    changed = _as_if(sign_up, answers, columns)
    if changed is None:
        return [
            "You would ride instead of driving."
            if isinstance(sign_up, Offer)
            else "You would drive instead of riding."
        ]
    if changed.day != sign_up.day:
        return ["It is on another day."]
    if (changed.lat, changed.lon) != (sign_up.lat, sign_up.lon):
        return ["You would start from another place."]
    return [*_against_what_was_told(changed, standing), *_against_the_rules(sign_up, changed, standing)]


def _as_if(sign_up: SignUp, answers: Answers, columns: dict[str, Any]) -> SignUp | None:
    """The row as it would be in the lift that stands; None for who would have another part in it."""
    same: dict[str, Any] = {name: getattr(sign_up, name) for name in SAME}
    row = entries.table_of(answers)(**same, **columns)
    if isinstance(sign_up, Offer) and isinstance(answers, EitherAnswers):
        return roles.as_offer(row)
    return row if isinstance(row, type(sign_up)) else None


def _against_what_was_told(changed: SignUp, standing: Standing) -> list[str]:
    """The times that somebody was told, which stay although the judge would reckon others once a rider is gone."""
    lift, stop, walk = standing.lift, _stop_of(standing, changed), timedelta()
    if isinstance(changed, Request) and stop is not None:
        place = next((one for one in changed.places if one["id"] == stop.place_id), None)
        walk = timedelta(minutes=place["walk_minutes"]) if place else walk
    starts: datetime = (stop.pick_up_at if stop else lift.departs_at) - walk
    ends = stop.drop_at if stop else lift.home_at
    late = changed.ready_at is not None and changed.ready_at > starts
    early = changed.home_by is not None and ends is not None and changed.home_by < ends + walk
    return [*([WORDS[Rule.READY]] if late else []), *([WORDS[Rule.HOME]] if early else [])]


def _stop_of(standing: Standing, changed: SignUp) -> LiftStop | None:
    return next((stop for stop, request in standing.riders if request.id == changed.id), None)


def _against_the_rules(before: SignUp, changed: SignUp, standing: Standing) -> list[str]:
    """What the judge says of the lift with the change, beyond what it said without."""
    new = _judged(standing, changed) - _judged(standing, before)
    slower = isinstance(changed, Request) and _dwell(changed) > _dwell(before)
    return [
        *(WORDS.get(rule, OTHERWISE) for rule in sorted(new)),
        *(["The stop takes longer than planned."] if slower else []),
    ]


def _dwell(row: SignUp) -> float:
    return (row.dwell_minutes if isinstance(row, Request) else None) or entries.DWELL_MINUTES


def _judged(standing: Standing, changed: SignUp) -> set[Rule]:
    def now_of(row: Any) -> Any:
        return changed if row.id == changed.id else row

    offer, riders = now_of(standing.offer), [now_of(request) for _, request in standing.riders]
    trip = Trip(
        driver=str(offer.id),
        event=str(standing.event.id),
        stops=tuple(Stop(str(request.id), stop.place_id) for stop, request in standing.riders),
    )
    return fitting.broken(
        instances.event_of(standing.event, 1.0),
        instances.driver(offer, _chosen(offer)),
        [instances.rider(request, _chosen(request)) for request in riders],
        trip,
    )


def _chosen(row: SignUp) -> tuple[str, ...] | None:
    return None if row.event_ids is None else tuple(row.event_ids)
