"""Minutes between places, and of a trip with all its limits; compiled."""

import math

import numpy as np

from carpool.bench.rivals.arrays import Floats, Ground, Ints, Scene
from carpool.bench.rivals.compiled import compiled, inlined
from carpool.geo.place import EARTH_RADIUS_KM
from carpool.geo.travel import gb_road_minutes_array

TWICE_RADIUS = 2.0 * EARTH_RADIUS_KM
STEPS_A_MINUTE = 4


def _reach() -> Floats:
    """The squares of the chords that `gb-road-1` covers in 0, 1, 2, … steps of a quarter of a minute."""
    km = np.linspace(0.0, 1500.0, 300_001)
    minutes = gb_road_minutes_array(km)
    steps = np.arange(0, int(minutes[-1]) * STEPS_A_MINUTE) / STEPS_A_MINUTE
    chords: Floats = (np.interp(steps, minutes, km) + 0.01) / EARTH_RADIUS_KM
    return chords**2


REACH = _reach()


@inlined
def chord_square(ground: Ground, a: int, b: int) -> float:
    """The square of the chord between two places of the unit sphere."""
    x = ground.points[a, 0] - ground.points[b, 0]
    y = ground.points[a, 1] - ground.points[b, 1]
    z = ground.points[a, 2] - ground.points[b, 2]
    return float(x * x + y * y + z * z)


@compiled
def leg(ground: Ground, a: int, b: int) -> float:
    """Minutes from place to place."""
    if ground.matrix.shape[0] > 0:
        return float(ground.matrix[a, b])
    km = TWICE_RADIUS * math.asin(min(1.0, 0.5 * math.sqrt(chord_square(ground, a, b))))
    road = 1.08 * (0.75 * km - 10.4 * math.expm1(-km / 10.3) - 6.8 * math.expm1(-km / 3.0))
    return float(road + ground.between[ground.island[a], ground.island[b]])


@compiled
def trip_minutes(scene: Scene, car: int, event: int, route: Ints, count: int) -> float:
    """Drive and walks of a car with these halts, infinite if a limit in minutes or hours is broken, out or back."""
    out = way_out(scene, car, event, route, count)
    if out < math.inf and scene.cars.way_back[car]:
        out += way_back(scene, car, event, route, count)
    return out


@compiled
def way_out(scene: Scene, car: int, event: int, route: Ints, count: int) -> float:
    """Drive and walks on the way out, infinite if a limit is broken."""
    ground, cars, riders, halts, events, _, _ = scene
    goal, arrive = events.place[event], events.arrive[event]
    minutes, walks, following = 0.0, 0.0, goal
    for position in range(count - 1, -1, -1):
        halt = route[position]
        rider = halts.rider[halt]
        ride = minutes + leg(ground, halts.place[halt], following)
        minutes = ride + riders.dwell[rider]
        walks += halts.walk[halt]
        if ride > riders.max_travel[rider] or arrive - minutes < riders.ready[rider] + halts.walk[halt]:
            return math.inf
        following = halts.place[halt]
    minutes += leg(ground, cars.place[car], following)
    if minutes > cars.max_travel[car] or arrive - minutes < cars.ready[car]:
        return math.inf
    direct = leg(ground, cars.place[car], goal)
    if direct == math.inf or minutes - direct > cars.max_detour[car]:
        return math.inf
    return minutes + walks


@compiled
def way_back(scene: Scene, car: int, event: int, route: Ints, count: int) -> float:
    """0 if the way back keeps all limits, else infinite."""
    ground, cars, riders, halts, events, _, _ = scene
    goal, leave = events.place[event], events.leave[event]
    minutes, here = 0.0, goal
    for position in range(count - 1, -1, -1):
        halt = route[position]
        rider = halts.rider[halt]
        if riders.way_back[rider]:
            minutes += leg(ground, here, halts.place[halt])
            home = leave + minutes + halts.walk[halt]
            if minutes > riders.max_travel[rider] or home > riders.home[rider]:
                return math.inf
            minutes += riders.dwell[rider]
            here = halts.place[halt]
    minutes += leg(ground, here, cars.place[car])
    direct = leg(ground, goal, cars.place[car])
    if direct == math.inf or minutes - direct > cars.max_detour[car]:
        return math.inf
    return math.inf if minutes > cars.max_travel[car] or leave + minutes > cars.home[car] else 0.0


@compiled
def most_halts(scene: Scene) -> int:
    """How many halts the rider with most of them has."""
    most = 1
    for rider in range(len(scene.riders.first) - 1):
        most = max(most, scene.riders.first[rider + 1] - scene.riders.first[rider])
    return most


@compiled
def minutes_to(scene: Scene, rider: int, event: int, to_goal: Floats) -> bool:
    """Write the minutes from each of the rider's halts to the event; False if none of them is a ride in time."""
    first, end = scene.riders.first[rider], scene.riders.first[rider + 1]
    for halt in range(first, end):
        to_goal[halt - first] = leg(scene.ground, scene.halts.place[halt], scene.events.place[event])
    shortest = to_goal[: end - first].min()
    return bool(shortest <= scene.riders.max_travel[rider]) or scene.ground.matrix.shape[0] > 0


@inlined
def is_near(
    points: Floats, places: Ints, home: int, first: int, end: int, left: float, to_goal: Floats
) -> bool:
    """Whether the road from `home` to one of the halts can take no longer than what is left beside the way to the goal."""
    for halt in range(first, end):
        left_here = left - to_goal[halt - first]
        place = places[halt]
        x = points[home, 0] - points[place, 0]
        y = points[home, 1] - points[place, 1]
        z = points[home, 2] - points[place, 2]
        step = min(int(left_here * STEPS_A_MINUTE) + 1, len(REACH) - 1)
        # Plain arrays and no logarithm, as this is asked most often.
        if left_here >= 0 and x * x + y * y + z * z <= REACH[step]:
            return True
    return False


@compiled
def minutes_table(ground: Ground, origins: Ints, destinations: Ints) -> Floats:
    """`leg` from each origin to each destination, (origins, destinations)."""
    table = np.zeros((len(origins), len(destinations)))
    for row in range(len(origins)):
        for column in range(len(destinations)):
            table[row, column] = leg(ground, origins[row], destinations[column])
    return table
