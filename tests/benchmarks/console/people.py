"""An instance of `carpool generate` as rows of people: its geography and wishes, and names and contacts as in life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from api.services import demo_people, entries, intake
from api.services.forms import CONSENT_VERSION, OfferAnswers, RequestAnswers
from api.services.local import at, local, now
from carpool import Driver, Instance, Rider
from carpool.geo.constituency import postcode_districts

SURNAMES = (
    "Adams Ahmed Bailey Begum Brown Chapman Clarke Davies Dixon Edwards Ellis Evans Fisher Gibson Green Griffiths "
    "Hall Harris Hughes Hussain Jackson James Jones Kaur Kelly Khan King Lewis Martin Mason Mitchell Morgan Murphy "
    "O’Brien Palmer Patel Price Reid Roberts Robinson Rose Scott Shah Simpson Singh Smith Stewart Taylor Thomas Walker "
    "Ward Watson White Williams Wilson Wood Wright Young"
)
DOMAIN = "figures.example.org"
DRAMA = 1000
"""Ofcom keeps so many numbers for drama."""
ANSWERED = {"way_back", "party", "ready_at", "home_by", "postcode"}


@dataclass(frozen=True)
class Rows:
    """What belongs into the three tables, as values by column."""

    people: list[dict[str, Any]]
    offers: list[dict[str, Any]]
    requests: list[dict[str, Any]]


class Maker:
    """Makes the rows of one campaign's day; the same seed makes the same people."""

    def __init__(
        self, campaign_id: UUID, day: date, events: Mapping[str, UUID], vouching: UUID, seed: int = 1
    ) -> None:
        self._campaign_id, self._day, self._events, self._vouching = campaign_id, day, events, vouching
        self._random = Random(seed)
        self._number = 0

    def rows(self, instance: Instance) -> Rows:
        made = Rows([], [], [])
        everybody: list[Driver | Rider] = [*instance.drivers, *instance.riders]
        for one, district in zip(everybody, districts(everybody), strict=True):
            person = self._person()
            made.people.append(person)
            common = self._common(one, person, district)
            if isinstance(one, Driver):
                made.offers.append(common | self._of_driver(one, common))
            else:
                made.requests.append(common | self._of_rider(one, common))
        return made

    def _person(self) -> dict[str, Any]:
        """Four of five by e-mail, some by text, a few who are rung; nearly all proven."""
        chance, number = self._random, self._number
        self._number += 1
        first, last = chance.choice(demo_people.FIRST_NAMES.split()), chance.choice(SURNAMES.split())
        reach = chance.choices(("email", "text", "call"), (80, 15, 5))[0]
        came = now() - timedelta(minutes=chance.randint(120, 30 * 24 * 60))
        proven = came if chance.random() < 0.98 else None
        has_phone = reach != "email" or chance.random() < 0.8
        phone = f"+447700900{number % DRAMA:03}" if has_phone else None
        return {
            "id": uuid4(), "campaign_id": self._campaign_id, "name": f"{first} {last}",
            "email": f"{first.lower()}.{number}@{DOMAIN}" if reach == "email" else "",
            "phone": phone, "phone_typed": f"07700 900{number % DRAMA:03}" if phone else "", "reach": reach,
            "confirmed_at": proven, "email_confirmed_at": proven if reach == "email" else None,
            "phone_confirmed_at": proven if reach != "email" else None, "language": "en",
            "consent_version": CONSENT_VERSION, "consent_at": came,
            "signed_up_by": self._vouching if reach == "call" else None, "created_at": came,
        }  # fmt: skip

    def _common(self, one: Driver | Rider, person: Mapping[str, Any], district: str) -> dict[str, Any]:
        letters = demo_people.INWARD_LETTERS
        half = f"{self._random.randint(1, 9)}{''.join(self._random.choices(letters, k=2))}"
        wanted = None if one.events is None else [str(self._events[event]) for event in one.events]
        return {
            "id": uuid4(), "reference": intake.new_reference(), "campaign_id": self._campaign_id,
            "person_id": person["id"], "day": self._day, "postcode": f"{district} {half}",
            "precision": "unit" if self._random.random() < 0.8 else "district",
            "lat": one.lat, "lon": one.lon, "island": one.island, "party": one.party,
            "ready_at": self._moved(one.ready_at), "home_by": self._moved(one.home_by),
            "max_travel_minutes": one.max_travel_minutes, "way_back": one.way_back, "event_ids": wanted,
            "traits": [trait for trait in one.traits if trait == "woman"],
            "company": [trait for trait in one.company if trait == "woman"],
            "idempotency_key": f"figures:{person['id']}", "body_hash": "figures", "created_at": person["created_at"],
        }  # fmt: skip

    def _of_driver(self, one: Driver, common: Mapping[str, Any]) -> dict[str, Any]:
        own = {
            "seats": one.seats, "max_detour_minutes": one.max_detour_minutes, "offers": dict(one.offers),
            "car": self._random.choice(demo_people.CARS.split("|")),
            "plate": "".join(self._random.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=3)),
        }  # fmt: skip
        said = {name: own[name] for name in ("seats", "car", "plate")}
        answers = OfferAnswers.model_construct(None, **self._said(common), **said)
        return own | {"answers": entries.kept(answers, self._day, common["event_ids"])}

    def _of_rider(self, one: Rider, common: Mapping[str, Any]) -> dict[str, Any]:
        places = [
            {"id": str(uuid4()), "name": f"{place.id.replace('-', ' ').capitalize()}, {common['postcode'].split()[0]}",
             "kind": place.id.replace("-", " "), "lat": place.lat, "lon": place.lon, "walk_minutes": place.walk_minutes}
            for place in one.places
        ]  # fmt: skip
        can = one.can_drive
        drives = can and {
            "seats": can.seats, "max_detour_minutes": can.max_detour_minutes, "offers": dict(can.offers), "car": "",
            "plate": "", "max_travel_minutes": can.max_travel_minutes,
        }  # fmt: skip
        answers = RequestAnswers.model_construct(None, **self._said(common), home=one.home_pickup)
        return {
            "needs": list(one.needs), "dwell_minutes": one.dwell_minutes, "home_pickup": one.home_pickup,
            "pickup": self._random.choice(demo_people.PICKUPS.split("|")) if one.home_pickup else "", "places": places,
            "may_ask": can is None and self._random.random() < 0.3, "can_drive": drives,
            "answers": entries.kept(answers, self._day, common["event_ids"]),
        }  # fmt: skip

    def _said(self, common: Mapping[str, Any]) -> dict[str, Any]:
        """The answers that both forms ask for, as they were typed."""
        said = {name: common[name] for name in ANSWERED}
        return said | {name: said[name] and local(said[name]).time() for name in ("ready_at", "home_by")}

    def _moved(self, moment: datetime | None) -> datetime | None:
        """The same time on the wall of the campaign's day."""
        return None if moment is None else at(self._day, moment.time())


def districts(people: Sequence[Driver | Rider]) -> list[str]:
    """The postcode district nearest to each."""
    known = postcode_districts()
    names = list(known)
    lat, lon = (np.array([getattr(place, axis) for place in known.values()]) for axis in ("lat", "lon"))
    found = []
    for one in people:
        north, east = lat - one.lat, (lon - one.lon) * 0.6
        found.append(names[int(np.argmin(north * north + east * east))])
    return found
