"""What a geocoder says, whoever it is: the place it found, or why it found none."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from api.language import N_
from carpool.errors import CarpoolError

NamePrecision = Literal["address", "street", "town"]


@dataclass(frozen=True)
class Named:
    """A place that it found. `within` is the town or county around, `postcode` "" if it is not known.

    `precision`: the point is that of one address, of a street, or of something larger.
    """

    name: str
    within: str
    postcode: str
    lat: float
    lon: float
    precision: NamePrecision


class GeocoderDown(CarpoolError):
    """The operator's geocoder did not answer. Postcodes still work: they need nobody else."""

    words = N_("We cannot look up names of places just now. Type a postcode instead, for example LS6 2AB.")

    def __init__(self) -> None:
        super().__init__(self.words, "postcode")


class Failed(Exception):
    """It was asked and did not answer as it should. `pause`: how long it is left in peace."""

    def __init__(self, why: str, pause: timedelta) -> None:
        super().__init__(why)
        self.why = why
        self.pause = pause
