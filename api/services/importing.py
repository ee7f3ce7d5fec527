"""Stores official files: read and checked by `api.importing`, kept in one transaction, or refused with nothing changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlmodel import Session

from api.importing.codepoint import read_codepoint
from api.importing.fetching import local_file
from api.importing.places import PlaceBatch, kind_of, read_places
from api.importing.refusal import ImportRefused
from api.importing.results import ResultRow, read_results
from api.store.queries import constituencies as queries
from api.store.queries import public_places
from api.store.tables import ConstituencyResult


@dataclass(frozen=True)
class Imported:
    """What an import did: rows stored, rows passed over because they have no place, and what the table holds now."""

    stored: int
    passed_over: int
    total: int


def import_results(db: Session, source: str, kind: Literal["general-election", "by-elections"]) -> Imported:
    """Store a results file from a path or URL. A general election takes the place of all that was there before it."""
    with local_file(source) as path:
        results = read_results(path)
    if results.kind != kind:
        raise ImportRefused(
            source, f"results of {kind.replace('-', ' ')}; this file holds {results.kind.replace('-', ' ')}"
        )
    rows = [_row(row, source) for row in results.rows]
    if kind == "general-election":
        queries.replace_results(db, rows)
    else:
        queries.put_results(db, rows)
    db.flush()
    return Imported(stored=len(rows), passed_over=0, total=len(queries.results(db)))


def import_postcodes(db: Session, source: str) -> Imported:
    """Load Code-Point Open: one CSV, a folder of them, or the zip. Postcode areas that it holds are replaced whole."""
    counted = _Counted()
    with local_file(source) as path:
        queries.load_units(db, counted.rows(path))
    return Imported(stored=counted.stored, passed_over=counted.passed_over, total=queries.count_units(db))


def import_places(db: Session, source: str) -> Imported:
    """Load public places: NaPTAN's stops in the place of its earlier ones, a table of one's own in that of the same name."""
    counted = _Counted()
    with local_file(source) as path:
        name = "naptan" if kind_of(path) == "naptan" else f"own:{Path(source).name}"
        public_places.replace(db, name, counted.places(read_places(path)))
    return Imported(stored=counted.stored, passed_over=counted.passed_over, total=public_places.count(db))


class _Counted:
    """Passes rows on from the reader to the table, and counts them on the way."""

    def __init__(self) -> None:
        self.stored = 0
        self.passed_over = 0

    def rows(self, path: Path) -> Iterator[tuple[str, float, float]]:
        for batch in read_codepoint(path):
            self.passed_over += batch.skipped
            self.stored += len(batch.rows)
            for unit in batch.rows:
                yield unit.postcode.replace(" ", ""), unit.lat, unit.lon

    def places(self, batches: Iterable[PlaceBatch]) -> Iterator[tuple[str, str, float, float]]:
        for batch in batches:
            self.passed_over += batch.skipped
            self.stored += len(batch.rows)
            for place in batch.rows:
                yield place.name, place.kind, place.lat, place.lon


def _row(row: ResultRow, source: str) -> ConstituencyResult:
    return ConstituencyResult(
        code=row.code,
        name=row.name,
        first_party=row.first_party,
        second_party=row.second_party,
        electorate=row.electorate,
        valid_votes=row.valid_votes,
        majority=row.majority,
        source=Path(source).name,
    )
