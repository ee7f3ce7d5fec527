"""Certificates as the engine finds them: prices near the best ones, with the bound that they prove."""

from carpool.certificate import Certificate
from carpool.instance import Instance
from carpool.pins import judge_pins
from carpool.solver.column import column_of
from carpool.solver.data import compile_data
from carpool.solver.engine import STAGES, Engine
from carpool.solver.incumbent import Incumbent
from carpool.solver.limits import Limits
from carpool.solver.stop import Clock


def prices_of(instance: Instance) -> Certificate:
    """The engine's certificate after all its rounds of pricing."""
    data = compile_data(instance)
    limits, clock = Limits(data), Clock(None)
    engine = Engine(data, limits, Incumbent(clock, None), clock, workers=1, seed=1)
    engine.begin([column_of(data, limits, trip) for trip in judge_pins(instance).trips])
    engine.find_prices()
    engine.find_bound(STAGES[-1])
    return engine.certificate()
