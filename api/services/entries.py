"""From answers to the columns of an offer or a request: for whoever signs up, and for whoever changes what they said."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Invalid
from api.language import N_
from api.services import onward, pickups, whereabouts
from api.services.forms import Answers, Consent, Contact, DriverComfort, Driving, OfferAnswers, RiderNeeds
from api.services.local import at, now, today
from api.store.queries import campaigns as queries
from api.store.tables import Campaign, Offer, Request
from carpool.geo.place import Place
from carpool.geo.postcode import LocatedPostcode

DWELL_MINUTES = 2.0
"""A stop without anything special: what the format's instance says too."""
LOADING_MINUTES = {"wheelchair": 3, "wheelchair_place": 8}
"""How much longer a stop takes at least: to fold a wheelchair and stow it, to let down a ramp and fasten one."""
NOTHING_ON = N_("There is nothing on that day any more. Choose another day.")
NO_LONGER_ON = N_("One of these events is over or no longer on. Choose again.")
NOT_KEPT = {*Contact.model_fields, *Consent.model_fields}


def table_of(answers: Answers) -> type[Offer] | type[Request]:
    return Offer if isinstance(answers, OfferAnswers) else Request


def columns(db: Session, campaign: Campaign, answers: Answers, day: date) -> dict[str, Any]:
    """What the answers say for one day. Raises `Invalid` for a place or an event that will not do."""
    home = whereabouts.start(db, answers.postcode)
    return placed(db, answers, day, home, _events(db, campaign, answers, day))


def placed(
    db: Session, answers: Answers, day: date, home: LocatedPostcode, event_ids: list[str] | None
) -> dict[str, Any]:
    """The same where the place and the events are known already."""
    own = _of_driver(answers) if isinstance(answers, OfferAnswers) else _of_rider(db, answers, home.place)
    return {
        "day": day,
        "postcode": home.postcode,
        "precision": home.precision,
        "lat": home.place.lat,
        "lon": home.place.lon,
        "island": home.place.island,
        "party": answers.party,
        "ready_at": at(day, answers.ready_at) if answers.ready_at else None,
        "home_by": onward.home_by(db, answers, day, home.place),
        "max_travel_minutes": answers.max_travel_minutes,
        "way_back": answers.way_back,
        "event_ids": event_ids,
        "traits": ["woman"] if answers.woman else [],
        "company": ["woman"] if answers.women_only else [],
        "most_days": answers.most_days,
        "answers": kept(answers, day, event_ids),
        **own,
    }


def kept(answers: Answers, day: date, event_ids: list[str] | None) -> dict[str, Any]:
    """The answers for the pages to be filled with again: without name, contact and consent, and of one day."""
    of_day = {"day": day.isoformat(), "also": [], "event_ids": event_ids}
    return answers.model_dump(mode="json", exclude=NOT_KEPT) | of_day


def _of_driver(answers: OfferAnswers) -> dict[str, Any]:
    return {
        "seats": answers.seats,
        "max_detour_minutes": answers.max_detour_minutes,
        "car": answers.car,
        "plate": answers.plate,
        "offers": _takes(answers),
    }


def _of_rider(db: Session, answers: Any, home: Place) -> dict[str, Any]:
    return {
        "needs": _needs(answers),
        "dwell_minutes": _dwell(answers),
        "pickup": answers.pickup,
        "home_pickup": answers.home,
        "places": pickups.chosen(db, answers, home),
        "may_ask": answers.may_ask,
        "can_drive": _can_drive(answers) if isinstance(answers, Driving) else None,
    }


def _takes(comfort: DriverComfort) -> dict[str, int]:
    """How many riders with each need the car takes."""
    counts = {
        "child_seat": comfort.child_seats,
        "wheelchair": comfort.wheelchairs,
        "wheelchair_place": comfort.wheelchair_places,
        "assistance_dog": comfort.assistance_dogs,
    }
    return {need: count for need, count in counts.items() if count}


def _needs(needs: RiderNeeds) -> list[str]:
    names = ("child_seat", "wheelchair", "wheelchair_place", "assistance_dog", "step_free")
    return [name for name in names if getattr(needs, name)]


def _dwell(needs: RiderNeeds) -> float | None:
    """How long the stop takes; None for the usual time."""
    loading = [minutes for name, minutes in LOADING_MINUTES.items() if getattr(needs, name)]
    extra = max(needs.extra_minutes, *loading, 0)
    return DWELL_MINUTES + extra if extra else None


def _can_drive(answers: Any) -> dict[str, Any]:
    """What they offer if they drive; the times are those of the lift they ask for."""
    return _of_driver(answers) | {"max_travel_minutes": answers.max_travel_minutes}


def _events(db: Session, campaign: Campaign, answers: Answers, day: date) -> list[str] | None:
    """The events of one day that somebody would go to, checked; None for any. All they name must be of their days."""
    by_day = {each: queries.events(db, campaign.id, each) for each in {*answers.days, day}}
    known = {
        event.id: event.state == "open" and event.ends_at > now()
        for each in by_day.values()
        for event in each
    }
    of_day = [event.id for event in by_day[day]]
    if day < today() or not any(known[event_id] for event_id in of_day):
        raise Invalid({"day": NOTHING_ON})
    if answers.event_ids is None:
        return None
    if not all(known.get(event_id, False) for event_id in answers.event_ids):
        raise Invalid({"event_ids": NO_LONGER_ON})
    chosen: list[UUID] = [event_id for event_id in answers.event_ids if event_id in of_day]
    return [str(event_id) for event_id in chosen] or None
