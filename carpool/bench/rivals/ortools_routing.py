"""OR-Tools' routing library on the problem that a flow has fixed the events of."""

from time import monotonic
from typing import Any

import numpy as np
from ortools.constraint_solver import (  # type: ignore[import-untyped]  # it ships no types
    pywrapcp,
    routing_enums_pb2,
)

from carpool.bench.rivals.draft import Draft
from carpool.bench.rivals.flow import send_drivers
from carpool.bench.rivals.greedy import finish
from carpool.bench.rivals.routing import Problem, make_problem
from carpool.instance import Instance
from carpool.plan import Trip

LEFT_FOR_THE_REST = 0.05


def solve_with_ortools(instance: Instance, seconds: float, seed: int, workers: int) -> list[Trip]:
    """Trips by OR-Tools' guided local search from a parallel cheapest insertion. One thread, whatever `workers` says."""
    started = monotonic()
    draft = Draft(instance)
    draft.insert_groups()
    send_drivers(draft)
    draft.insert_groups()
    problem = make_problem(draft)
    if len(problem.cars) and len(problem.riders):
        model = _Model(draft, problem)
        left = (seconds - (monotonic() - started)) * (1 - LEFT_FOR_THE_REST)
        for vehicle, stops in enumerate(model.solve(max(0.2, left))):
            draft.seat(int(problem.cars[vehicle]), [int(problem.halts[stop]) for stop in stops])
    finish(draft, seed)
    return draft.trips()


class _Model:
    """The routing model: start at the event, end at the driver's home, riders as optional stops."""

    def __init__(self, draft: Draft, problem: Problem) -> None:
        self._problem, self._scene = problem, draft.scene
        vehicles = range(len(problem.cars))
        starts, ends = problem.event.tolist(), [problem.home(vehicle) for vehicle in vehicles]
        self._first = problem.stop(0)
        # Seconds between the hours of two slots: longer than any drive, and short, as holes in domains cost time.
        self._slot = int(problem.longest.max()) + 1
        self._manager = pywrapcp.RoutingIndexManager(len(problem.seconds), len(problem.cars), starts, ends)
        self._model: Any = pywrapcp.RoutingModel(self._manager)
        self._add_times()
        self._add_places_in_cars()
        self._add_worth(draft)
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
        model.AddDimension(transit, 0, self._slot * (int(problem.slot.max()) + 1), False, "time")
        time = model.GetDimensionOrDie("time")
        for vehicle, slot in enumerate(problem.slot.tolist()):
            begin = slot * self._slot
            time.CumulVar(model.Start(vehicle)).SetValue(begin)
            time.CumulVar(model.End(vehicle)).SetRange(begin, begin + int(problem.longest[vehicle]))

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

    def _add_worth(self, draft: Draft) -> None:
        """What is lost where a rider comes to a lighter event than the heaviest, as a cost of the vehicle's span."""
        weights, worth = self._scene.events.weight, self._worth()
        lost = {event: weights.max() - weights[event] for event in set(self._problem.event.tolist())}
        party = self._scene.riders.party[self._problem.riders]
        transits = {
            event: self._model.RegisterUnaryTransitVector(
                [0] * self._first + np.rint(party * less * worth).astype(np.int64).tolist()
            )
            for event, less in lost.items()
        }
        most = int(np.rint(party.sum() * max(lost.values()) * worth)) + 1
        by_vehicle = [transits[event] for event in self._problem.event.tolist()]
        self._model.AddDimensionWithVehicleTransits(by_vehicle, 0, most, True, "lost")
        self._model.GetDimensionOrDie("lost").SetSpanCostCoefficientForAllVehicles(1)

    def _worth(self) -> float:
        """Seconds of driving that weigh as much as one person at weight 1."""
        return 60.0 / self._scene.minute

    def _add_riders(self) -> None:
        """Each rider may be left, at the cost of coming to the heaviest event; comes with certain cars, by deadlines."""
        problem, model = self._problem, self._model
        time, slots = model.GetDimensionOrDie("time"), problem.latest.shape[1]
        heaviest = float(self._scene.events.weight.max())
        for rider, party in enumerate(self._scene.riders.party[problem.riders].tolist()):
            index = self._manager.NodeToIndex(problem.stop(rider))
            model.AddDisjunction([index], int(party * heaviest * self._worth()) + 1)
            model.VehicleVar(index).SetValues([-1, *np.flatnonzero(problem.fits[rider]).tolist()])
            begin = 0
            for slot in range(slots):
                end = slot * self._slot
                if end > begin:
                    time.CumulVar(index).RemoveInterval(begin, end - 1)
                begin = end + min(int(problem.latest[rider, slot]) + 1, self._slot)
            time.CumulVar(index).SetMax(begin - 1)
        for node in set(range(len(self._scene.events.weight))) - set(problem.event.tolist()):
            model.AddDisjunction([self._manager.NodeToIndex(node)], 0)

    def _add_room(self, draft: Draft) -> None:
        """No more riders to an event than are wanted there in full, or its capacity leaves where that is less."""
        people = self._model.GetDimensionOrDie("people")
        events = self._scene.events
        room = events.capacity - draft.state.people
        for event in set(self._problem.event.tolist()):
            ends = [
                people.CumulVar(self._model.End(vehicle))
                for vehicle in np.flatnonzero(self._problem.event == event).tolist()
            ]
            solver = self._model.solver()
            solver.Add(solver.Sum(ends) <= max(0, int(room[event])))
