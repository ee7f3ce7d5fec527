"""Who is in the story: three drivers in three towns, and five riders, each near one of them alone."""

from dataclasses import dataclass, field
from datetime import timedelta

from api.services.local import today

DAY = today() + timedelta(days=30)
COORDINATOR = "priya@lifts.org.uk"
CAMPAIGN = {
    "name": "Polling day in the north",
    "organiser": "Northern Volunteers",
    "contact_email": "team@lifts.org.uk",
    "imprint": "Promoted by P. Shah on behalf of Northern Volunteers, 1 High Street, Leeds.",
}
EVENT = {
    "title": "Afternoon canvass",
    "kind": "canvass",
    "constituency": "E14001322",
    "place_name": "Headingley Library, front steps",
    "postcode": "LS6 2AB",
    "day": DAY.isoformat(),
    "starts": "14:00",
    "ends": "17:00",
    "wanted": "20",
}


@dataclass(frozen=True)
class Driver:
    """Somebody with a car. A detour of so few minutes keeps each to their own town."""

    name: str
    postcode: str
    seats: int
    car: str
    takes: tuple[str, ...]
    answers: dict[str, str] = field(default_factory=dict)

    what = "offer"

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@lifts.org.uk"

    @property
    def fields(self) -> dict[str, str]:
        """What they type, over what the form says by itself."""
        own = {"seats": str(self.seats), "car": self.car, "plate": "KDX", "max_detour_minutes": "20"}
        return {
            "postcode": self.postcode,
            "name": self.name,
            "email": self.email,
            "phone": "07700 900123",
        } | own


@dataclass(frozen=True)
class Rider:
    """Somebody without one."""

    name: str
    postcode: str
    pickup: str

    what = "ask"

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@lifts.org.uk"

    @property
    def fields(self) -> dict[str, str]:
        return {
            "postcode": self.postcode,
            "name": self.name,
            "email": self.email,
            "home": "true",
            "pickup": self.pickup,
        }


DRIVERS = (
    Driver("Ann", "WF1 1AA", 2, "blue Ford Fiesta", ("Fay", "Gil")),
    Driver("Bob", "HG1 1AA", 2, "red Mini", ("Hal", "Ida")),
    Driver("Cat", "YO24 1AA", 1, "green Nissan Leaf", ("Jon",)),
)
RIDERS = (
    Rider("Fay", "WF1 2AB", "outside Kirkgate station"),
    Rider("Gil", "WF2 8AB", "at the bus stop by the park"),
    Rider("Hal", "HG1 2AB", "in front of the Royal Hall"),
    Rider("Ida", "HG2 7AB", "by the church"),
    Rider("Jon", "YO26 4AB", "at the library"),
)
EVERYBODY: tuple[Driver | Rider, ...] = (*DRIVERS, *RIDERS)
LEAVER = DRIVERS[1]


def driver_of(rider: Rider) -> Driver:
    return next(driver for driver in DRIVERS if rider.name in driver.takes)
