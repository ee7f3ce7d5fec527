"""The demonstration's volunteers: invented names at real postcode districts, drawn from a seed."""

from collections.abc import Callable, Sequence
from datetime import date, time
from random import Random
from typing import Any
from uuid import UUID

from api.services.forms import CONSENT_VERSION, OfferForm, RequestForm
from api.settings import settings

DOMAIN = "demo.example.org"
DRIVERS = 0.32

FIRST_NAMES = (
    "Aisha Alan Amara Amy Andrew Anna Arjun Beth Bilal Callum Carys Chidi Chloe Clare Connor Daisy Dan Deepa Diane "
    "Ellie Emeka Erin Farah Fiona Frank George Grace Hana Harry Heather Ian Imran Isla Jack Jaya Jean Joe Joyce Karen "
    "Kasia Keith Kofi Laura Leon Lily Lucy Marek Maria Megan Mei Mo Nadia Neil Nia Niamh Oliver Omar Paul Priya Rhys "
    "Rosa Ruth Sam Sanjay Sara Sean Sofia Steve Tariq Tess Tom Una Victor Wendy Yusuf Zara"
)
CARS = "red Toyota Yaris|blue Ford Fiesta|grey Skoda Octavia|white Nissan Leaf|green Mini|black VW Golf|silver Honda Jazz"
PICKUPS = "by the gate|the blue door|number 12|the house on the corner||"
AT_HOME = 0.15
"""So many let the car come to their door; the others walk to a public place."""

# District → how many people live there who might come, roughly: cities first, then towns and villages around.
DISTRICTS = {
    "LS6": 9, "LS4": 4, "LS7": 5, "LS8": 6, "LS11": 4, "LS12": 4, "LS16": 4, "LS17": 3, "LS21": 2, "LS27": 2,
    "LS28": 3, "LS29": 2, "BD1": 2, "BD3": 3, "BD7": 4, "BD9": 4, "BD16": 3, "BD18": 3, "BD20": 2, "HX1": 3, "HX7": 3,
    "HD1": 3, "HD3": 3, "HD7": 2, "WF1": 4, "WF5": 2, "WF10": 2, "HG1": 3, "HG2": 2, "HG4": 1, "S1": 2, "S6": 5,
    "S7": 4, "S8": 4, "S10": 5, "S11": 5, "S17": 2, "S40": 3, "S41": 2, "S60": 3, "S65": 2, "S70": 3, "DN1": 2, "DN4": 2,
    "YO10": 4, "YO24": 3, "YO31": 3, "YO8": 2, "YO16": 1, "HU3": 3, "HU5": 5, "HU16": 2, "OL14": 2, "BB8": 1,
}  # fmt: skip
BY_TEXT = 5
"""One in so many is reached by text, at one of the thousand numbers that Ofcom keeps for drama."""
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


class Draw:
    """Draws one form after another; the same seed draws the same people."""

    def __init__(
        self, random: Random, day: date, events: Sequence[UUID], places_near: Callable[[str], Sequence[UUID]]
    ) -> None:
        self._random = random
        self._places_near = places_near
        self._day = day
        self._events = list(events)

    def is_driver(self) -> bool:
        return self._random.random() < DRIVERS

    def offer(self, number: int) -> OfferForm:
        """A driver: mostly two to four free seats, some with a friend beside them."""
        chance = self._random
        return OfferForm(
            **self._common(number),
            seats=chance.choices((1, 2, 3, 4, 6), (1, 3, 6, 4, 1))[0],
            car=chance.choice(CARS.split("|")),
            plate="".join(chance.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=3)),
            max_detour_minutes=chance.choice((10, 15, 20, 20, 30, 40)),
            child_seats=int(chance.random() < 0.15),
            wheelchairs=int(chance.random() < 0.06),
        )

    def request(self, number: int) -> RequestForm:
        """A rider: mostly alone, a few with needs."""
        chance = self._random
        common = self._common(number)
        places = self._places_near(common["postcode"])
        home = not places or chance.random() < AT_HOME
        return RequestForm(
            **common,
            home=home,
            pickup=chance.choice(PICKUPS.split("|")) if home else "",
            places=list(places[: chance.randint(1, 3)]),
            child_seat=chance.random() < 0.03,
            wheelchair=chance.random() < 0.01,
        )

    def _common(self, number: int) -> dict[str, Any]:
        """What offers and requests share."""
        chance = self._random
        name = chance.choice(FIRST_NAMES.split())
        woman = chance.random() < 0.1
        return {
            "postcode": self._postcode(),
            "day": self._day,
            "event_ids": chance.sample(self._events, chance.randint(1, 3)) if chance.random() < 0.2 else None,
            "party": chance.choices((1, 2, 3), (8, 2, 1))[0],
            "ready_at": time(chance.choice((7, 8, 9))) if chance.random() < 0.25 else None,
            "home_by": time(chance.choice((16, 18, 19, 20))) if chance.random() < 0.25 else None,
            "max_travel_minutes": chance.choice((60, 90, 120, 120)),
            "way_back": chance.random() < 0.93,
            "woman": woman,
            "women_only": woman and chance.random() < 0.25,
            "name": f"{name} Demo",
            "email": f"{name.lower()}.{number}@{DOMAIN}",
            **_by_text(number),
            "consent": True,
            "consent_version": CONSENT_VERSION,
        }

    def _postcode(self) -> str:
        """A well-formed postcode in a real district; its second half is invented."""
        chance = self._random
        district = chance.choices(list(DISTRICTS), list(DISTRICTS.values()))[0]
        return f"{district} {chance.randint(1, 9)}{''.join(chance.choices(INWARD_LETTERS, k=2))}"


def _by_text(number: int) -> dict[str, Any]:
    """Only where the demonstration's own gateway takes texts, which sends nothing; no draw depends on it."""
    if number % BY_TEXT or not settings().demo:
        return {}
    return {"reach": "text", "email": "", "phone": f"07700 900{number % 1000:03}"}
