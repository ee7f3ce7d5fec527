"""Where a car picks a rider up: public places near them, a corner that they name, their own door only if they wish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.errors import Invalid
from api.language import gettext
from api.services import whereabouts
from api.services.forms import RequestForm
from api.store.queries import public_places as queries
from api.store.tables import PublicPlace
from carpool.geo.place import Place, kilometres

WALK_MINUTES_PER_KM = 16.25
"""4.8 km an hour, along streets that are 1.3 times as long as the way of a bird."""
FURTHEST_KM = 2.5
"""About forty minutes on foot."""
OFFERED = 6
TICKED_MINUTES = 15
"""Places that are offered ticked; those further away are there to choose."""
APART_KM = 0.12
"""The two stops on either side of a road are one place to choose from."""
EASY_TO_STOP_AT = ("car park", "station", "library", "supermarket", "set-down")
EASY_MINUTES = 4
"""A place where a car can wait is worth so much further a walk."""
OWN = "own"
KILOMETRES_A_DEGREE = 111.2


@dataclass(frozen=True)
class PickupChoice:
    """A place that a rider can choose, and how far it is on foot. `ticked`: near enough to be proposed."""

    id: UUID
    name: str
    kind: str
    walk_minutes: int
    ticked: bool


@dataclass(frozen=True)
class Choices:
    """What is offered near a start, the easiest first. `exact`: we know the very place, not its district alone."""

    postcode: str
    district: str
    exact: bool
    places: tuple[PickupChoice, ...]


def choices(db: Session, postcode: str) -> Choices | None:
    """The public places near where somebody starts; None while there is no start that we know."""
    try:
        found = whereabouts.start(db, postcode)
    except Invalid:
        return None
    exact = found.precision in whereabouts.EXACT
    return Choices(found.text, found.district, exact, tuple(_near(db, found.place)))


def names(db: Session, ids: Iterable[UUID]) -> list[str]:
    return sorted(place.name for place in queries.by_ids(db, ids))


def chosen(db: Session, form: RequestForm, home: Place) -> list[dict[str, Any]]:
    """The places of a form as they are kept with the request. Raises `Invalid` for one that is gone or out of reach."""
    known = queries.by_ids(db, form.places)
    if len(known) < len(set(form.places)):
        raise Invalid({"places": gettext("One of these places is no longer in the list. Choose again.")})
    kept = [_kept(str(place.id), place.name, Place(place.lat, place.lon), home) for place in known]
    if form.own_postcode:
        kept.append(
            _kept(OWN, f"{form.own_place}, {form.own_postcode}".lstrip(", "), _place_of(db, form), home)
        )
    if any(place["walk_minutes"] > WALK_MINUTES_PER_KM * 2 * FURTHEST_KM for place in kept):
        too_far = gettext("One of these places is more than an hour's walk from your postcode. Choose again.")
        raise Invalid({"places": too_far})
    return sorted(kept, key=lambda place: (place["walk_minutes"], place["id"]))


def named(places: Sequence[dict[str, Any]], place_id: str | None) -> dict[str, Any] | None:
    """The one of a request's places at which the car stops; None for the rider's door."""
    return next((place for place in places if place["id"] == place_id), None)


def _near(db: Session, home: Place) -> list[PickupChoice]:
    """The easiest places around, none next to another, the nearest first."""
    high = FURTHEST_KM / KILOMETRES_A_DEGREE
    wide = high / cos(radians(home.lat))
    found = queries.within(db, home.lat - high, home.lon - wide, home.lat + high, home.lon + wide)
    taken: list[PublicPlace] = []
    for place in sorted(found, key=lambda place: (_effort(place, home), place.name)):
        if len(taken) < OFFERED and all(kilometres(_spot(place), _spot(other)) > APART_KM for other in taken):
            taken.append(place)
    rows = [(_walk(_spot(place), home), place) for place in taken]
    return [
        PickupChoice(place.id, place.name, place.kind, walk, walk <= TICKED_MINUTES)
        for walk, place in sorted(rows, key=lambda row: (row[0], row[1].name))
    ]


def _effort(place: PublicPlace, home: Place) -> float:
    easy = any(word in place.kind for word in EASY_TO_STOP_AT)
    return WALK_MINUTES_PER_KM * kilometres(_spot(place), home) - (EASY_MINUTES if easy else 0)


def _kept(place_id: str, name: str, spot: Place, home: Place) -> dict[str, Any]:
    return {"id": place_id, "name": name, "lat": spot.lat, "lon": spot.lon, "walk_minutes": _walk(spot, home)}


def _place_of(db: Session, form: RequestForm) -> Place:
    return whereabouts.start(db, form.own_postcode, "own_postcode").place


def _spot(place: PublicPlace) -> Place:
    return Place(place.lat, place.lon)


def _walk(spot: Place, home: Place) -> int:
    """Minutes on foot, at least one."""
    return max(1, round(WALK_MINUTES_PER_KM * kilometres(spot, home)))
