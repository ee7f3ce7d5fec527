"""Where people live and where events are: the built-in constituencies and districts around a place, or all of Great Britain."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

import numpy as np

from carpool.errors import CarpoolError
from carpool.faults import GREAT_BRITAIN
from carpool.geo.constituency import Constituency, constituencies, marginal, postcode_districts
from carpool.geo.nearest import default_weight
from carpool.geo.place import Place, kilometres, kilometres_table

# People at most → how far from the centre they and their events are, in km. More people: everywhere.
_RADIUS = {60: 15.0, 600: 35.0, 6_000: 110.0}
KEY_MAJORITY_PCT = 15.0
_KM_A_DEGREE = 111.2


@dataclass(frozen=True)
class Land:
    """A stretch of country: its constituencies, those that events may be in, and the home districts of each."""

    centre: Place
    local: tuple[Constituency, ...]
    key: tuple[Constituency, ...]
    districts: dict[str, tuple[Place, ...]]
    adults: tuple[int, ...]
    """How many adults live in `local`, counted up from the first: the weights of a draw."""

    def home(self, random: Random) -> Place:
        """Where somebody lives: near the middle of a postcode district, drawn by the adults of its constituency."""
        where = random.choices(self.local, cum_weights=self.adults)[0]
        return nearby(random.choice(self.districts[where.code]), 1.5, random)

    def island_home(self, random: Random) -> Place | None:
        """The nearest home that a car reaches by a crossing only, None where the land has no island."""
        islands = [place for places in self.districts.values() for place in places if place.island]
        return min(islands, key=lambda place: kilometres(self.centre, place)) if islands else None


def choose_land(people: int, random: Random) -> Land:
    """A land that is right for so many people: the more, the wider. Small ones are around a marginal constituency."""
    britain = [c for c in constituencies() if c.country != "Northern Ireland"]
    key = marginal(britain, KEY_MAJORITY_PCT)
    centre = random.choices(key, [c.adults * default_weight(c.majority_pct) for c in key])[0].place
    radius = _usual_radius(people)
    local = [c for c in britain if kilometres(centre, c.place) <= radius]
    near = [c for c in key if kilometres(centre, c.place) <= radius]
    return Land(
        centre, tuple(local), tuple(near), _districts(britain), tuple(accumulate(c.adults for c in local))
    )


def choose_circle(people: int, centre: Place, radius: float | None) -> Land:
    """The land within `radius` km of `centre`, None: as far as is usual for so many people. Nothing in it is drawn.

    Events may be in its marginal constituencies, or in all of them if there is no marginal one. Raises `CarpoolError`
    if no constituency lies there.
    """
    km = _usual_radius(people) if radius is None else radius
    britain = [c for c in constituencies() if c.country != "Northern Ireland"]
    local = [c for c in britain if kilometres(centre, c.place) <= km]
    if not local:
        raise CarpoolError(
            f"No constituency of Great Britain lies within {km:g} km. Take a wider circle.", "within"
        )
    key = marginal(local, KEY_MAJORITY_PCT) or tuple(local)
    near = {
        code: tuple(place for place in places if kilometres(centre, place) <= km)
        for code, places in _districts(britain).items()
    }
    districts = {c.code: near[c.code] or (c.place,) for c in local}
    return Land(centre, tuple(local), key, districts, tuple(accumulate(c.adults for c in local)))


def _usual_radius(people: int) -> float:
    return next((km for most, km in _RADIUS.items() if people <= most), math.inf)


def choose_targets(land: Land, count: int, random: Random) -> list[Constituency]:
    """Up to `count` constituencies, each once, drawn by their need: the closer the last result, the likelier."""
    # Efraimidis and Spirakis: the largest of u^(1/weight) is a weighted draw without putting back.
    keys = {c.code: random.random() ** (1 / default_weight(c.majority_pct)) for c in land.key}
    return sorted(land.key, key=lambda c: -keys[c.code])[:count]


def nearby(place: Place, km: float, random: Random) -> Place:
    """A point about `km` away, on the same island, to four decimals of a degree (some ten metres)."""
    north, east = random.gauss(0, km), random.gauss(0, km)
    lat = place.lat + north / _KM_A_DEGREE
    lon = place.lon + east / (_KM_A_DEGREE * math.cos(math.radians(place.lat)))
    return Place(_within("lat", lat), _within("lon", lon), place.island)


def _within(name: str, degrees: float) -> float:
    low, high = GREAT_BRITAIN[name]
    return round(min(max(degrees, low), high), 4)


def _districts(britain: Sequence[Constituency]) -> dict[str, tuple[Place, ...]]:
    """Constituency code → the middles of the districts that are nearer to it than to any other; at least its own point."""
    places = [place for place in postcode_districts().values() if place.island != "northern-ireland"]
    table = kilometres_table(*_degrees(places), *_degrees([c.place for c in britain]))
    found: dict[str, list[Place]] = {c.code: [] for c in britain}
    for place, nearest in zip(places, np.argmin(table, axis=1), strict=True):
        found[britain[nearest].code].append(place)
    return {c.code: tuple(found[c.code]) or (c.place,) for c in britain}


def _degrees(
    places: Sequence[Place],
) -> tuple["np.typing.NDArray[np.float64]", "np.typing.NDArray[np.float64]"]:
    return np.array([place.lat for place in places]), np.array([place.lon for place in places])
