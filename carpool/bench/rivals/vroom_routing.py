"""VROOM, through pyvroom, on the problem that a flow has fixed the events of."""

from datetime import timedelta
from time import monotonic
from typing import Any

import numpy as np

from carpool.bench.rivals.arrays import Ints
from carpool.bench.rivals.draft import Draft
from carpool.bench.rivals.flow import send_drivers
from carpool.bench.rivals.greedy import finish
from carpool.bench.rivals.routing import Problem, make_problem
from carpool.instance import Instance
from carpool.plan import Trip

SLOT = 200_000
"""Seconds between the hours of two slots of events: no drive is as long."""
MOST_EFFORT = 5
LEFT_FOR_THE_REST = 0.05
HIGHEST_PRIORITY = 100


def solve_with_vroom(instance: Instance, seconds: float, seed: int, workers: int) -> list[Trip]:
    """Trips by VROOM at its greatest effort, with `workers` threads."""
    started = monotonic()
    draft = Draft(instance)
    draft.insert_groups()
    send_drivers(draft)
    draft.insert_groups()
    problem = make_problem(draft)
    if len(problem.cars) and len(problem.riders):
        left = (seconds - (monotonic() - started)) * (1 - LEFT_FOR_THE_REST)
        for vehicle, stops in _routes(draft, problem, max(0.2, left), workers).items():
            draft.seat(int(problem.cars[vehicle]), [int(problem.halts[stop]) for stop in stops])
    finish(draft, seed)
    return draft.trips()


def _routes(draft: Draft, problem: Problem, seconds: float, workers: int) -> dict[int, list[int]]:
    """Vehicle → its riders by their number in the problem, in the order in which they get in."""
    import vroom  # type: ignore[import-untyped]  # it ships no types

    told = vroom.Input()
    told.set_durations_matrix("car", problem.seconds.astype(np.uint32))
    for vehicle in _vehicles(vroom, draft, problem):
        told.add_vehicle(vehicle)
    for job in _jobs(vroom, draft, problem):
        told.add_job(job)
    found = told.solve(MOST_EFFORT, nb_threads=workers, timeout=timedelta(seconds=seconds)).routes
    jobs = found[found["type"] == "job"]
    return {
        int(vehicle): [int(stop) for stop in reversed(rows["id"].tolist())]
        for vehicle, rows in jobs.groupby("vehicle_id")
    }


def _vehicles(vroom: Any, draft: Draft, problem: Problem) -> list[Any]:
    """Each from its event to its driver's home, in the hours of its slot. A skill is a rider whom it can take."""
    cars = draft.scene.cars
    return [
        vroom.Vehicle(
            vehicle,
            start=int(problem.start[vehicle]),
            end=problem.home(vehicle),
            capacity=[int(cars.seats[car]), *cars.offers[car].tolist()],
            skills=set((np.flatnonzero(problem.fits[:, vehicle]) + 1).tolist()),
            time_window=_window(vroom, problem.slot[vehicle], problem.longest[vehicle]),
            profile="car",
        )
        for vehicle, car in enumerate(problem.cars.tolist())
    ]


def _jobs(vroom: Any, draft: Draft, problem: Problem) -> list[Any]:
    """Each rider, as something to deliver on the way from the event, by a deadline in each slot of events."""
    people = draft.scene.riders
    return [
        vroom.Job(
            job,
            location=problem.stop(job),
            default_service=int(problem.dwell[job]),
            delivery=[int(people.party[rider]), *people.needs[rider].astype(int).tolist()],
            skills={job + 1},
            priority=min(HIGHEST_PRIORITY, 10 * int(people.party[rider])),
            time_windows=_windows(vroom, problem.latest[job]),
        )
        for job, rider in enumerate(problem.riders.tolist())
    ]


def _windows(vroom: Any, latest: Ints) -> list[Any]:
    return [_window(vroom, slot, end) for slot, end in enumerate(latest.tolist()) if end >= 0]


def _window(vroom: Any, slot: int, length: int) -> Any:
    begin = int(slot) * SLOT
    return vroom.TimeWindow(begin, begin + min(int(length), SLOT - 1))
