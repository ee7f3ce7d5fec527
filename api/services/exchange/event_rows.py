"""From a row of events as it was understood to an event that can be kept, or to words about why not."""

from typing import Any

from api.services.exchange.knowledge import Known
from api.services.local import at, now
from api.store.tables import Event
from carpool.tables import EventRow, Problem, Unclear
from carpool.tables.names import constituency_code

USUAL_KIND = "canvass"


class Judge:
    """Judges the rows of one table in their order, and remembers what it has seen."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._seen: dict[tuple[Any, ...], int] = {
            _key(event.title, event.postcode, event.starts_at): 0
            for each in known.events.values()
            for event in each
        }

    def judge(self, number: int, row: EventRow) -> Event | tuple[Problem, ...]:
        """The event, or what is wrong with it."""
        code = self._code(row.constituency)
        starts_at, ends_at = at(row.day, row.starts), at(row.day, row.ends)
        key = _key(row.title, row.postcode, starts_at)
        problems = [code] if isinstance(code, Problem) else []
        if ends_at <= now():
            problems.append(Problem("day", "This day is over. Write one that is to come."))
        if key in self._seen:
            where = f"in row {self._seen[key]}" if self._seen[key] else "in the campaign"
            problems.append(Problem("title", f"The same event is {where} already, so it is not added again."))
        if problems or isinstance(code, Problem):
            return tuple(problems)
        self._seen[key] = number
        home = self._known.place(row.postcode)
        return Event(
            campaign_id=self._known.campaign_id,
            constituency=code,
            title=row.title,
            kind=row.kind.casefold() or USUAL_KIND,
            place_name=row.place_name,
            postcode=home.text,
            lat=home.place.lat,
            lon=home.place.lon,
            island=home.place.island,
            starts_at=starts_at,
            ends_at=ends_at,
            day=row.day,
            wanted=row.wanted,
            capacity=row.capacity,
            step_free=row.step_free,
            toilet=row.toilet,
            seated=row.seated,
        )

    def _code(self, written: str) -> str | Problem:
        try:
            return constituency_code(written, self._known.constituencies)
        except Unclear as unclear:
            return Problem("constituency", str(unclear))


def _key(title: str, postcode: str, starts_at: Any) -> tuple[Any, ...]:
    return (" ".join(title.casefold().split()), postcode, starts_at)
