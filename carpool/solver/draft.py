"""Plans as arrays, between the columns of the solver and the inner loops."""

from collections.abc import Iterable, Sequence

import numpy as np

from carpool.solver.column import Column, make_column, route_minutes
from carpool.solver.ground import Field
from carpool.solver.kernels.ground import Ints
from carpool.solver.kernels.keeping import keep_trips
from carpool.solver.kernels.pool import Pool, add_trip, worth_of
from carpool.solver.kernels.scratch import Effort, Prices, new_scratch
from carpool.solver.kernels.search import TAKEN, Draft, put_in
from carpool.solver.limits import Halt, Limits
from carpool.solver.parallel import in_parallel, spans

KEEPING = Effort(nodes=2_000, most=0, slack=0.0)
KEEPERS = 4
"""Stretches of promised trips that are put together again side by side."""


def empty_draft(field: Field) -> Draft:
    """Nobody travels."""
    cars, stops = len(field.cars), max(1, int(field.sizes[1]))
    return Draft(
        np.full(cars, -1, np.int64), np.zeros(cars, np.int64), np.zeros((cars, stops), np.int32),
        np.zeros(cars, np.int64), np.zeros(cars), np.full(len(field.riders), -1, np.int64),
        np.zeros(len(field.ground.events.place), np.int64),
    )  # fmt: skip


def copy_of(draft: Draft) -> Draft:
    """The same plan in other arrays."""
    return Draft(
        draft.pair.copy(), draft.stops.copy(), draft.row.copy(), draft.people.copy(), draft.worth.copy(),
        draft.owner.copy(), draft.crowd.copy(),
    )  # fmt: skip


def find_pair(field: Field, car: int, event: int) -> int:
    """The number of the pair of this car and event, -1 if the car does not drive there."""
    pairs = field.ground.pairs
    for pair in range(pairs.first[car], pairs.first[car + 1]):
        if pairs.event[pair] == event:
            return pair
    return -1


def put_columns(field: Field, draft: Draft, columns: Iterable[Column]) -> bool:
    """Put these trips into the draft; False if one of them is between a car and an event that are no pair.

    Forced trips are passed over: they are in every plan.
    """
    whole = True
    forced = {column.driver for column in field.forced}
    for column in columns:
        if column.driver in forced:
            continue
        car = field.car_of[column.driver]
        pair = find_pair(field, car, column.event)
        if pair < 0 or len(column.stops) > draft.row.shape[1]:
            whole = False
            continue
        rows = np.array(
            [field.row_of[halt.person, halt.pickup.name] for halt in column.stops], dtype=np.int64
        )
        put_in(field.ground, draft, car, pair, rows, len(rows), worth_of(field.ground, pair, rows, len(rows)))
    return whole


def columns_of(field: Field, limits: Limits, draft: Draft) -> list[Column]:
    """The draft's trips with the judge's own minutes, and the forced ones.

    Where the judge is stricter by the last digits of a float, riders are left out until the trip is feasible.
    """
    columns = list(field.forced)
    for car in np.flatnonzero(draft.pair >= 0).tolist():
        event = int(field.ground.pairs.event[draft.pair[car]])
        rows = draft.row[car, : draft.stops[car]].tolist()
        column = _column(field, limits, car, event, rows)
        if column is not None:
            columns.append(column)
    return columns


def _column(field: Field, limits: Limits, car: int, event: int, rows: Sequence[int]) -> Column | None:
    driver = field.cars[car].person
    pair = limits.pair(driver, event)
    assert pair is not None, "a draft has trips of pairs only"
    halts = [_halt(field, limits, row, event) for row in rows]
    minutes = route_minutes(field.data, pair, halts)
    if minutes is not None:
        return make_column(field.data, driver, event, halts, minutes)
    bound = field.data.units.keys() | field.data.held.keys()
    for left_out in range(len(halts)):
        fewer = [halt for n, halt in enumerate(halts) if n != left_out]
        if halts[left_out].person not in bound and route_minutes(field.data, pair, fewer) is not None:
            return make_column(
                field.data, driver, event, fewer, route_minutes(field.data, pair, fewer) or 0.0
            )
    return None


def _halt(field: Field, limits: Limits, row: int, event: int) -> Halt:
    pickup = field.pickups[row]
    return next(halt for halt in limits.halts(pickup.person, event) if halt.pickup is pickup)


def keep_published(field: Field, draft: Draft, workers: int) -> None:
    """Put every published trip into the draft that is still possible, with as many of its riders as are."""
    ground = field.ground
    promised = [
        (pair, [rider for rider in riders if draft.owner[rider] < 0])
        for (car, event), riders in _promised(field).items()
        if draft.pair[car] < 0 and (pair := find_pair(field, car, event)) >= 0
    ]
    pairs = np.array([pair for pair, _ in promised], dtype=np.int64)
    first = np.concatenate(
        [np.zeros(1, np.int64), np.cumsum([len(riders) for _, riders in promised], dtype=np.int64)]
    )
    riders = np.array([rider for _, some in promised for rider in some], dtype=np.int64)
    stops, rows = np.empty(len(pairs), np.int64), np.empty((len(pairs), draft.row.shape[1]), np.int32)

    def look(low: int, high: int) -> None:
        nobody = np.full(len(ground.rows.rider), -TAKEN)
        prices = Prices(nobody, np.zeros(len(field.cars)), ground.events.weight.copy())
        keep_trips(
            ground, prices, pairs[low:high], first[low : high + 1], riders, -TAKEN, KEEPING, new_scratch(field.sizes),
            stops[low:high], rows[low:high],
        )  # fmt: skip

    in_parallel(workers, look, spans(len(pairs), KEEPERS))
    for pair, count, some in zip(pairs.tolist(), stops.tolist(), rows.astype(np.int64), strict=True):
        _keep(field, draft, pair, count, some)


def _promised(field: Field) -> dict[tuple[int, int], list[int]]:
    """Car and event of every published trip whose driver and event still exist, with the riders who do."""
    cars, riders = field.ground.cars, field.ground.riders
    promised: dict[tuple[int, int], list[int]] = {}
    for car, event in enumerate(cars.told_event.tolist()):
        if event >= 0:
            promised[car, event] = []
    for rider, told in enumerate(zip(riders.told_car.tolist(), riders.told_event.tolist(), strict=True)):
        if told[0] >= 0:
            promised.setdefault(told, []).append(rider)
    return promised


def _keep(field: Field, draft: Draft, pair: int, count: int, rows: Ints) -> None:
    """Put the pair's trip with so many stops into the draft, if nobody in it is elsewhere and there is room at the event."""
    ground = field.ground
    car, event = ground.pairs.car[pair], ground.pairs.event[pair]
    own, riders = ground.cars.rider[car], ground.rows.rider[rows[: max(count, 0)]]
    people = ground.cars.party[car] + ground.riders.party[riders].sum()
    free = draft.pair[car] < 0 and (own < 0 or draft.owner[own] < 0) and (draft.owner[riders] < 0).all()
    if count >= 0 and free and draft.crowd[event] + people <= ground.events.capacity[event]:
        put_in(ground, draft, car, pair, rows, count, worth_of(ground, pair, rows, count))


def remember(field: Field, pool: Pool, draft: Draft) -> None:
    """Put the draft's trips into the pool."""
    values = np.zeros(pool.pair.shape[1])
    for car in np.flatnonzero(draft.pair >= 0).tolist():
        rows = draft.row[car].astype(np.int64)
        values[:] = pool.worth[car]
        add_trip(field.ground, pool, car, int(draft.pair[car]), rows, int(draft.stops[car]), values)
