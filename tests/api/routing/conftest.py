"""Servers of road times: the tests' own, and a real one with the roads of Rutland."""

from tests.osrm import by_road, roads
from tests.real_osrm import rutland

__all__ = ["by_road", "roads", "rutland"]
