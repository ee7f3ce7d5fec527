"""Where somebody is, by what they typed: the one place that knows our tables and the operator's geocoder."""

from pydantic import ValidationError
from sqlmodel import Session

from api.errors import Invalid
from api.geocoding import locate
from api.geocoding.asking import geocoder
from api.services.campaigns import unit_place
from api.services.forms import Where, WherePickup
from api.settings import settings
from carpool.errors import CarpoolError
from carpool.geo.postcode import LocatedPostcode
from carpool.geo.towns import SeveralTowns

EXACT = frozenset({"unit", "address", "street"})
"""The precisions that are good enough to count minutes on foot from."""


def looked_for(db: Session, typed: str, field: str = "postcode") -> LocatedPostcode:
    """The place that a search starts from: a postcode, half of one, a town, with a geocoder any name. Raises `Invalid`."""
    return _located(db, typed, field, search=True)


def start(db: Session, typed: str, field: str = "postcode") -> LocatedPostcode:
    """A place where a car can go: a whole postcode, with a geocoder also an address. Raises `Invalid`."""
    return _located(db, typed, field, search=False)


def as_start(db: Session, typed: str) -> str:
    """What somebody typed, in its usual spelling, if a car can go there; else ""."""
    try:
        return start(db, Where(postcode=typed).postcode).text
    except (Invalid, ValidationError):
        return ""


def check(db: Session, answers: object) -> None:
    """Look up what no form can judge by itself: an address in an answer. Raises `Invalid`, naming the field."""
    if isinstance(answers, Where):
        start(db, answers.postcode)
    if isinstance(answers, WherePickup) and answers.own_postcode:
        start(db, answers.own_postcode, "own_postcode")


def _located(db: Session, typed: str, field: str, *, search: bool) -> LocatedPostcode:
    try:
        return locate(
            typed, units=lambda text: unit_place(db, text), search=search, ask=geocoder(db, settings())
        )
    except SeveralTowns as error:
        choices = [(one.text, one.near) for one in error.choices]
        raise Invalid({field: error.message}, choices=choices) from None
    except CarpoolError as error:
        raise Invalid({field: error.message}) from None
