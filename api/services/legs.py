"""A lift as entries of a calendar, and as one address that opens a navigation app with all its stops in order.

Calendars are copied to many a server, and a telephone shows them while it is locked: an entry says when and where, and
nothing of who travels and what for. The rest is on the private page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from sqlmodel import Session

from api.calendars import Entry
from api.errors import NotFound
from api.language import gettext
from api.services import my_page
from api.services.local import now
from api.services.views import LiftView
from api.store.queries import lifts as queries
from api.store.queries import sign_ups
from api.store.tables import Lift, LiftStop, Person

NAVIGATION = "https://www.google.com/maps/dir/"
"""The documented address that every telephone opens in its app, with up to nine stops on the way."""
MOST_STOPS = 9
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Leg:
    """The way there or back as one person travels it; one that ends when it starts is not travelled."""

    name: str
    starts_at: datetime
    ends_at: datetime
    title: str


def calendar(db: Session, person: Person, url: str) -> list[Entry]:
    """The way there and the way back. Taken in anew they take the place of the earlier ones, also where a lift is off.

    Raises `NotFound` for somebody who never had a lift, and once the day is long over.
    """
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None or my_page.is_over(sign_up):
        raise NotFound
    found = queries.latest(db, sign_up)
    if found is None:
        raise NotFound(gettext("There is no lift to put into a calendar yet."))
    lift, stop = found
    view = my_page.of(db, person).lift
    stands = view is not None and not view.event.cancelled
    # Also within the second in which it was published, what is off comes after what was on.
    sequence = int((lift.created_at - _EPOCH).total_seconds()) + (not stands)
    return [
        Entry(
            uid=f"{leg.name}-{sign_up.id}@keyseat-carpool",
            starts_at=leg.starts_at,
            ends_at=leg.ends_at,
            title=leg.title,
            place=_place(view, leg) if view else "",
            text=gettext("Who, which car and the word to say: %(address)s") % {"address": url},
            url=url,
            made_at=now(),
            sequence=sequence,
            cancelled=not stands or leg.ends_at <= leg.starts_at,
        )
        for leg in _legs(db, lift, stop)
    ]


def navigation(lift: LiftView) -> str:
    """For a driver the whole way there with its stops in order, for a rider the way on foot to the car."""
    if lift.role == "rider":
        mine = lift.stops[0]
        return _address([(mine.lat, mine.lon)], "walking")
    stops = [(stop.lat, stop.lon) for stop in lift.stops if not stop.cancelled]
    return _address([*stops[:MOST_STOPS], (lift.event.lat, lift.event.lon)], "driving")


def _address(points: Sequence[tuple[float, float]], mode: str) -> str:
    """From wherever the telephone is, through all points but the last, to the last."""
    *between, last = [f"{lat:.5f},{lon:.5f}" for lat, lon in points]
    values = {"api": "1", "destination": last, "travelmode": mode}
    return f"{NAVIGATION}?{urlencode(values | ({'waypoints': '|'.join(between)} if between else {}))}"


def _legs(db: Session, lift: Lift, stop: LiftStop | None) -> list[_Leg]:
    ends_at = queries.event_end(db, lift)
    if stop is None:
        there = _Leg("there", lift.departs_at, lift.arrives_at, gettext("Lift: you drive"))
        return [there, _Leg("back", ends_at, lift.home_at or ends_at, gettext("Lift: the way back"))]
    there = _Leg("there", stop.pick_up_at, lift.arrives_at, gettext("Lift: be ready"))
    return [there, _Leg("back", ends_at, stop.drop_at or ends_at, gettext("Lift: the way back"))]


def _place(view: LiftView, leg: _Leg) -> str:
    if leg.name == "there" and view.role == "rider":
        return view.stops[0].where
    return f"{view.event.place_name}, {view.event.postcode}"
