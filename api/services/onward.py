"""Who must be somewhere else afterwards: home early enough to get there by car, with some time to spare."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from sqlmodel import Session

from api.errors import Invalid
from api.language import gettext
from api.services import whereabouts
from api.services.forms import Answers
from api.services.local import after_midnight, at
from carpool.errors import CarpoolError
from carpool.geo.islands import CROSSING_MINUTES
from carpool.geo.place import Place
from carpool.geo.travel import road_minutes

SPARE_MINUTES = 10
"""For shoes and keys, and because a postcode may be known by its district alone."""


@dataclass(frozen=True)
class Onward:
    """What it takes to get there from home, the spare minutes included, and when that means to be home."""

    minutes: int
    home_by: datetime


def onward(db: Session, form: Answers, day: date, home: Place) -> Onward | None:
    """None for who must be nowhere. Raises `Invalid` for a place that we do not know or that nobody could reach."""
    if form.elsewhere_by is None:
        return None
    there = whereabouts.start(db, form.elsewhere, "elsewhere").place
    minutes = ceil(road_minutes(home, there, CROSSING_MINUTES)) + SPARE_MINUTES
    home_by = at(day, form.elsewhere_by) - timedelta(minutes=minutes)
    starts = at(day, form.ready_at) if form.ready_at else after_midnight(day)
    if home_by <= starts:
        said = gettext(
            "From your postcode to there it takes about %(minutes)s minutes, so you could not come to anything "
            "before. Look at the place and the time again."
        )
        raise Invalid({"elsewhere_by": said % {"minutes": minutes}})
    return Onward(minutes, home_by)


def home_by(db: Session, form: Answers, day: date, home: Place) -> datetime | None:
    """The latest that somebody may be home again: what they said themselves, or earlier for where they must be next."""
    own = at(day, form.home_by) if form.home_by else None
    next_place = onward(db, form, day, home)
    if next_place is None:
        return own
    return min(own, next_place.home_by) if own else next_place.home_by


def known(db: Session, form: Answers) -> Onward | None:
    """The same for a page on the first of the days. What is wrong is said when the form is sent."""
    try:
        home = whereabouts.start(db, form.postcode).place
        return onward(db, form, form.day, home)
    except CarpoolError:
        return None
