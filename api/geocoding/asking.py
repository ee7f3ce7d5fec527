"""The operator's geocoder with manners: answers are kept, all processes together ask once a second, after a refusal none does.

Nominatim's usage policy asks for all of it. What is kept is the place, under a keyed hash of what was typed.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from threading import BoundedSemaphore
from typing import cast
from urllib.parse import urlsplit

from sqlmodel import Session

from api.geocoding.answers import Failed, GeocoderDown, Named, NamePrecision
from api.geocoding.nominatim import ask as ask_nominatim
from api.logs import log
from api.settings import Settings
from api.store.queries import geocoding as queries
from api.store.session import own_transaction
from api.store.tables import GeocoderAnswer, now

GAP = timedelta(seconds=1.1)
LATE = timedelta(seconds=0.1)
"""Whoever wakes up later than this after their turn takes another: so two questions are a second apart."""
PATIENCE = timedelta(seconds=2)
"""How long somebody may wait for a turn; with more people in front they are told to type a postcode."""
ASKING = BoundedSemaphore(4)
"""So many in one process may wait or ask at once: each holds a connection to the database meanwhile."""
ANSWERS_KEPT = timedelta(days=30)
NOTHING_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Geocoder:
    """The geocoder of the settings. Turns and answers are kept beside the request's transaction: also a page that may
    change nothing has to wait its turn, and nobody else waits until that page is done."""

    db: Session
    url: str
    contact: str
    key: str

    @property
    def server(self) -> str:
        """What a turn is for."""
        return urlsplit(self.url).netloc

    def ask(self, name: str) -> Named | None:
        """The place of this name; None if there is none. Raises `GeocoderDown`."""
        question = self._question(name)
        if (kept := self._kept(question)) is not None:
            return _place(kept)
        if not ASKING.acquire(blocking=False):
            raise GeocoderDown
        try:
            self._wait()
            # Somebody else may have asked the same while we waited.
            if (kept := self._kept(question)) is not None:
                return _place(kept)
            return self._ask(name, question)
        finally:
            ASKING.release()

    def _ask(self, name: str, question: bytes) -> Named | None:
        try:
            found = ask_nominatim(self.url, self.contact, name)
        except Failed as failed:
            with own_transaction(self.db) as db:
                queries.rest(db, self.server, failed.pause)
            log.warning("the geocoder did not answer", error=failed.why, seconds=failed.pause.total_seconds())
            raise GeocoderDown from None
        with own_transaction(self.db) as db:
            queries.keep(db, question, {**_columns(found), "asked_at": now()})
        return found

    def _question(self, name: str) -> bytes:
        """The same for any case and spacing. Without our secret nobody can tell what was asked."""
        text = " ".join(name.casefold().replace(",", " ").split())
        return hmac.new(self.key.encode(), f"{self.url}|{text}".encode(), hashlib.sha256).digest()

    def _kept(self, question: bytes) -> GeocoderAnswer | None:
        kept = queries.answer(self.db, question)
        if kept is None:
            return None
        lasts = NOTHING_KEPT if kept.lat is None else ANSWERS_KEPT
        return kept if kept.asked_at > now() - lasts else None

    def _wait(self) -> None:
        """Until it is our turn. Raises `GeocoderDown` if that would take too long."""
        for _ in range(2):
            with own_transaction(self.db) as db:
                turn = queries.take_turn(db, self.server, GAP, PATIENCE)
            if turn is None:
                break
            begun, wait = time.monotonic(), turn[1].total_seconds()
            time.sleep(wait)
            if time.monotonic() - begun - wait <= LATE.total_seconds():
                return
        raise GeocoderDown


def geocoder(db: Session, settings: Settings) -> Callable[[str], Named | None] | None:
    """How to ask the geocoder of the settings, None without one."""
    if not settings.geocoder_url:
        return None
    return Geocoder(db, settings.geocoder_url, settings.operator_contact, settings.secret_key).ask


def _columns(found: Named | None) -> dict[str, str | float | None]:
    if found is None:
        return {"lat": None, "lon": None, "name": "", "within": "", "postcode": "", "precision": ""}
    return asdict(found)


def _place(row: GeocoderAnswer) -> Named | None:
    if row.lat is None or row.lon is None:
        return None
    precision = cast(NamePrecision, row.precision)
    return Named(row.name, row.within, row.postcode, row.lat, row.lon, precision)
