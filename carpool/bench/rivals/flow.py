"""Which event each driver goes to, by a flow of least cost, for the rivals that cannot choose the event themselves."""

import numpy as np
from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]  # it ships no types

from carpool.bench.rivals.arrays import Floats, Ints
from carpool.bench.rivals.draft import Draft
from carpool.bench.rivals.greedy import expected_riders
from carpool.bench.rivals.loops import alone_table
from carpool.bench.rivals.routing import Problem
from carpool.bench.rivals.rules import alone
from carpool.bench.rivals.state import set_out

UNITS = 10_000
"""Costs of a flow are whole numbers: so many units are 1 of the score."""


def send_drivers(draft: Draft) -> Ints:
    """Send the free drivers to events; those who went, as cars.

    Each driver is a source of the people who will come in the car (the driver's own and the riders to be expected),
    each event takes those it wants at its weight and those up to its capacity at half of it; the way costs its minutes.
    A driver whose people the flow parts goes where most of them do.
    """
    cars = draft.free_cars
    minutes = alone_table(draft.scene, draft.state, cars)
    people = draft.scene.cars.party[cars] + np.rint(expected_riders(draft)[cars]).astype(np.int64)
    flows = _flows(draft, minutes, people, np.full(len(draft.scene.events.weight), people.sum()))
    for row in np.flatnonzero(flows.max(axis=1, initial=0) > 0).tolist():
        event = int(flows[row].argmax())
        drive = alone(draft.scene, draft.state, cars[row], event)
        if drive < np.inf:  # Else the drivers before have filled the event.
            set_out(draft.scene, draft.state, cars[row], event, drive)
    return cars[draft.state.event[cars] >= 0]


def riders_by_event(draft: Draft, problem: Problem) -> dict[int, Ints]:
    """Event → the riders who are to go there, by their number in the problem; who goes nowhere is in none.

    A flow of least cost again: riders to the events that a car which fits them goes to, no more people to an event than its
    cars have seats, the first of them at its weight and those beyond what it wants at half of it.
    """
    events, people = len(draft.scene.events.weight), draft.scene.riders.party[problem.riders]
    reach = np.zeros((len(people), events), dtype=np.bool_)
    seats = np.zeros(events, dtype=np.int64)
    for vehicle, event in enumerate(problem.event.tolist()):
        reach[:, event] |= problem.fits[:, vehicle]
        seats[event] += draft.scene.cars.seats[problem.cars[vehicle]]
    flows = _flows(draft, np.where(reach, 0.0, np.inf), people, seats)
    chosen = np.where(flows.max(axis=1, initial=0) > 0, flows.argmax(axis=1), -1)
    return {event: np.flatnonzero(chosen == event) for event in set(problem.event.tolist())}


def _flows(draft: Draft, minutes: Floats, people: Ints, most: Ints) -> Ints:
    """How many of the people from each source the best flow sends to each event, no more than `most`; (sources, events)."""
    sources, events = minutes.shape
    flow, sink = min_cost_flow.SimpleMinCostFlow(), sources + 2 * events
    inner = sources + np.arange(events)
    flow.add_arcs_with_capacity_and_unit_cost(inner, inner + events, most, np.zeros(events, np.int64))
    rows, columns = np.nonzero(np.isfinite(minutes))
    costs = np.rint(minutes[rows, columns] * draft.scene.minute / people[rows] * UNITS).astype(np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(rows, sources + columns, people[rows], costs)
    _add_events(flow, draft, sources + events, sink)
    # Whoever goes nowhere flows past the events, which costs nothing.
    everybody = np.arange(sources)
    flow.add_arcs_with_capacity_and_unit_cost(
        everybody, np.full(sources, sink), people, np.zeros(sources, np.int64)
    )
    flow.set_nodes_supplies(everybody, people)
    flow.set_node_supply(sink, -int(people.sum()))
    found = np.zeros((sources, events), dtype=np.int64)
    if sources and flow.solve() == flow.OPTIMAL:
        found[rows, columns] = flow.flows(arcs)
    return found


def _add_events(flow: min_cost_flow.SimpleMinCostFlow, draft: Draft, first: int, sink: int) -> None:
    """Two arcs an event: as many as it still wants at its weight, and those up to its capacity at half of it."""
    events, before = draft.scene.events, draft.state.people
    gain = np.rint(events.weight * UNITS).astype(np.int64)
    nodes = first + np.arange(len(gain))
    wanted = np.clip(np.minimum(events.wanted, events.capacity) - before, 0, None)
    more = np.clip(events.capacity - before, 0, None) - wanted
    flow.add_arcs_with_capacity_and_unit_cost(nodes, np.full(len(gain), sink), wanted, -gain)
    flow.add_arcs_with_capacity_and_unit_cost(nodes, np.full(len(gain), sink), more, -gain // 2)
