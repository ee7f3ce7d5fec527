"""A geocoder on the test's own server and database."""

import pytest
from sqlmodel import Session

from api.geocoding.asking import Geocoder
from tests.nominatim import Nominatim, map_server

__all__ = ["map_server"]


@pytest.fixture
def geocoder(db: Session, map_server: Nominatim) -> Geocoder:
    return Geocoder(db, map_server.url, "ops@example.org", "a key")
