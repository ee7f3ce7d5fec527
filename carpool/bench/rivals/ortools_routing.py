"""OR-Tools' routing library on problems of one event each, as a flow has fixed everybody's event."""

from time import monotonic
from typing import Any

import numpy as np
from ortools.constraint_solver import (  # type: ignore[import-untyped]  # it ships no types
    pywrapcp,
    routing_enums_pb2,
)

from carpool.bench.rivals.draft import Draft
from carpool.bench.rivals.flow import riders_by_event, send_drivers
from carpool.bench.rivals.greedy import finish
from carpool.bench.rivals.routing import Problem, make_problem
from carpool.bench.rivals.state import NOBODY
from carpool.instance import Instance
from carpool.plan import Trip

LEFT_FOR_THE_REST = 0.05
SHORTEST = 0.05


def solve_with_ortools(instance: Instance, seconds: float, seed: int, workers: int) -> list[Trip]:
    """Trips by guided local search from a parallel cheapest insertion, event by event. One thread, whatever `workers` says.

    The heaviest event comes first, and whoever finds no place there is offered to the others. As the search of one
    event ends by the clock only, each gets a share of the time, by the number of its cars and riders.
    """
    until = monotonic() + seconds * (1 - LEFT_FOR_THE_REST)
    draft = Draft(instance)
    draft.insert_groups()
    send_drivers(draft)
    draft.insert_groups()
    _solve_events(draft, make_problem(draft), until)
    finish(draft, seed)
    return draft.trips()


def _solve_events(draft: Draft, whole: Problem, until: float) -> None:
    fixed = riders_by_event(draft, whole)
    order = sorted(fixed, key=lambda event: -draft.scene.events.weight[event])
    sizes = {event: 1 + _size(whole.part(event, riders)) for event, riders in fixed.items()}
    left = np.zeros(0, dtype=np.int64)
    for number, event in enumerate(order):
        able = np.any(whole.fits[:, whole.event == event], axis=1)
        riders = np.concatenate([fixed[event], left[able[left]]])
        if len(riders):
            part = whole.part(event, riders)
            share = sizes[event] / sum(sizes[later] for later in order[number:])
            stops = _Model(draft, part).solve(max(SHORTEST, share * (until - monotonic())))
            for vehicle, row in enumerate(stops):
                draft.seat(int(part.cars[vehicle]), [int(part.halts[stop]) for stop in row])
        left = np.union1d(left, riders)
        left = left[draft.state.car[whole.riders[left]] == NOBODY]


def _size(part: Problem) -> int:
    return len(part.cars) * len(part.riders)


class _Model:
    """The routing model of one event: cars start there and end at their homes, riders are optional stops."""

    def __init__(self, draft: Draft, problem: Problem) -> None:
        self._problem, self._scene = problem, draft.scene
        self._first = problem.stop(0)
        ends = [problem.home(vehicle) for vehicle in range(len(problem.cars))]
        self._manager = pywrapcp.RoutingIndexManager(
            len(problem.seconds), len(problem.cars), problem.start.tolist(), ends
        )
        self._model: Any = pywrapcp.RoutingModel(self._manager)
        self._add_times()
        self._add_places_in_cars()
        self._add_riders()
        self._add_room(draft)

    def solve(self, seconds: float) -> list[list[int]]:
        """For each vehicle its riders, by their number in the problem, in the order in which they get in."""
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        strategies, searches = (
            routing_enums_pb2.FirstSolutionStrategy,
            routing_enums_pb2.LocalSearchMetaheuristic,
        )
        parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
        parameters.local_search_metaheuristic = searches.GUIDED_LOCAL_SEARCH
        parameters.time_limit.FromMilliseconds(int(seconds * 1000))
        found = self._model.SolveWithParameters(parameters)
        if not found:
            return []
        return [self._stops(found, vehicle) for vehicle in range(len(self._problem.cars))]

    def _stops(self, found: Any, vehicle: int) -> list[int]:
        index, stops = self._model.Start(vehicle), []
        while not self._model.IsEnd(index):
            node = self._manager.IndexToNode(index)
            if node >= self._first:
                stops.append(node - self._first)
            index = found.Value(self._model.NextVar(index))
        return stops[::-1]

    def _add_times(self) -> None:
        """Drives with the dwell of the stop that they start from, so that a rider's time is when the rider gets out of it."""
        problem, model = self._problem, self._model
        table = problem.seconds.copy()
        table[self._first :] += problem.dwell[:, None]
        transit = model.RegisterTransitMatrix(table.tolist())
        model.SetArcCostEvaluatorOfAllVehicles(transit)
        model.AddDimension(transit, 0, int(problem.longest.max()), True, "time")
        time = model.GetDimensionOrDie("time")
        for vehicle, longest in enumerate(problem.longest.tolist()):
            time.CumulVar(model.End(vehicle)).SetMax(longest)

    def _add_places_in_cars(self) -> None:
        """Seats, and what cars offer to those who need it, as quantities that riders fill."""
        riders, cars = self._scene.riders, self._scene.cars
        self._add_quantity("people", riders.party[self._problem.riders], cars.seats[self._problem.cars])
        for need in range(riders.needs.shape[1]):
            wanted = riders.needs[self._problem.riders, need].astype(np.int64)
            self._add_quantity(f"need {need}", wanted, cars.offers[self._problem.cars, need])

    def _add_quantity(self, name: str, of_riders: Any, of_cars: Any) -> None:
        amounts = [0] * self._first + of_riders.tolist()
        transit = self._model.RegisterUnaryTransitVector(amounts)
        self._model.AddDimensionWithVehicleCapacity(transit, 0, of_cars.tolist(), True, name)

    def _add_riders(self) -> None:
        """Each rider comes by a deadline, with certain cars, or is left at the cost of what the rider is worth there."""
        problem, model = self._problem, self._model
        time = model.GetDimensionOrDie("time")
        # Seconds of driving that weigh as much as one person at this event.
        worth = self._scene.events.weight[problem.event[0]] * 60.0 / self._scene.minute
        for rider, party in enumerate(self._scene.riders.party[problem.riders].tolist()):
            index = self._manager.NodeToIndex(problem.stop(rider))
            model.AddDisjunction([index], int(party * worth) + 1)
            model.VehicleVar(index).SetValues([-1, *np.flatnonzero(problem.fits[rider]).tolist()])
            time.CumulVar(index).SetMax(max(0, int(problem.latest[rider, problem.slot[0]])))

    def _add_room(self, draft: Draft) -> None:
        """No more people to the event than its capacity leaves."""
        event, people = self._problem.event[0], self._model.GetDimensionOrDie("people")
        room = int(self._scene.events.capacity[event] - draft.state.people[event])
        ends = [people.CumulVar(self._model.End(vehicle)) for vehicle in range(len(self._problem.cars))]
        solver = self._model.solver()
        solver.Add(solver.Sum(ends) <= room)
