"""Pairs of cars and events and their candidates, found in parallel."""

import numpy as np

from carpool.solver.ground import Field
from carpool.solver.kernels import lists
from carpool.solver.kernels.chords import reaches
from carpool.solver.kernels.ground import Floats, Ground, Ints, Pairs, Shorts
from carpool.solver.kernels.scratch import TOLERANCE
from carpool.solver.parallel import in_parallel, spans

PIECES = 64
"""Stretches of cars and of pairs that are looked through at a time: few enough to be quick, and their room small."""


def with_pairs(field: Field, workers: int) -> Field:
    """The field with every pair of a car and an event in its reach, and all who can ride along."""
    bare = _with(field, _pairs(field.ground, workers))
    sights, tables = _sights(bare.ground, workers), reaches()
    size = len(bare.ground.pairs.car)
    counts, found = np.zeros(size, np.int64), [np.zeros(0, np.int32)] * size

    def look(first: int, last: int) -> None:
        # As much room as there could be candidates; the system gives memory only to what is written.
        event = bare.ground.pairs.event[first:last]
        room = np.empty(int((sights.start[event + 1] - sights.start[event]).sum()), np.int32)
        total = lists.list_all(bare.ground, sights, tables, first, last, counts, room)
        found[first] = room[:total].copy()

    in_parallel(workers, look, [(a, b) for a, b in spans(size, PIECES)])
    ends = np.cumsum(counts)
    pairs = bare.ground.pairs._replace(start=ends - counts, end=ends, candidate=_joined(found, counts))
    full = _with(bare, pairs)
    units = len(full.ground.social.unit_size)
    if units:

        def keep(first: int, last: int) -> None:
            lists.whole_units(full.ground, first, last, np.zeros(units, np.int64))

        in_parallel(workers, keep, spans(size))
    return full


def _joined(found: list[Shorts], counts: Ints) -> Shorts:
    """All stretches of candidates as one, each let go as soon as it is copied."""
    whole, at = np.empty(int(counts.sum()), np.int32), 0
    for number, some in enumerate(found):
        whole[at : at + len(some)] = some
        at += len(some)
        found[number] = whole[:0]
    return whole


def _with(field: Field, pairs: Pairs) -> Field:
    return Field(
        field.data, field.ground._replace(pairs=pairs), field.cars, field.riders, field.pickups, field.forced
    )


def _pairs(ground: Ground, workers: int) -> Pairs:
    """Pairs without candidates, as `lists.drives` finds them."""
    cars, events = len(ground.cars.place), len(ground.events.place)
    counts, found = np.zeros(cars, np.int64), [np.zeros((0, 5))] * cars

    def look(first: int, last: int) -> None:
        room = np.empty(((last - first) * events, 5))
        total = lists.drives(ground, reaches(), first, last, TOLERANCE, counts, room)
        found[first] = room[:total].copy()

    in_parallel(workers, look, [(a, b) for a, b in spans(cars, PIECES)])
    table = np.concatenate([np.zeros((0, 5)), *found])
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    none = np.zeros(len(table), np.int64)
    return Pairs(
        first, np.repeat(np.arange(cars), counts), table[:, 0].astype(np.int64), *_columns(table[:, 1:]),
        none, none, np.zeros(0, np.int32),
    )  # fmt: skip


def _columns(table: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    out, back, longest_out, longest_back = (np.ascontiguousarray(table[:, n]) for n in range(4))
    return out, back, longest_out, longest_back


def _sights(ground: Ground, workers: int) -> lists.Sights:
    """The rows that each event can be reached from."""
    events, rows = len(ground.events.place), len(ground.rows.rider)
    found: list[tuple[Shorts, Floats, Floats]] = [(np.zeros(0, np.int32), np.zeros(0), np.zeros(0))] * events

    def look(first: int, last: int) -> None:
        seen, out, back = np.zeros(rows, np.int32), np.zeros(rows), np.zeros(rows)
        for event in range(first, last):
            count = lists.see_event(ground, event, TOLERANCE, seen, out, back)
            found[event] = (seen[:count].copy(), out[:count].copy(), back[:count].copy())

    in_parallel(workers, look, spans(events))
    start = _starts([len(row) for row, _, _ in found])
    first = _starts([-(-len(row) // lists.BLOCK) for row, _, _ in found])
    blocks = int(first[-1])
    sights = lists.Sights(
        start,
        np.concatenate([np.zeros(0, np.int32), *(row for row, _, _ in found)]),
        np.concatenate([np.zeros(0), *(out for _, out, _ in found)]),
        np.concatenate([np.zeros(0), *(back for _, _, back in found)]),
        first, np.zeros((blocks, 3)), np.zeros(blocks), np.zeros(blocks),
    )  # fmt: skip
    lists.survey(ground, sights, events)
    return sights


def _starts(lengths: list[int]) -> Ints:
    """Where neighbouring stretches of these lengths begin, and where the last ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(lengths, dtype=np.int64))])
