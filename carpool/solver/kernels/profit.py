"""Who can make a trip worth its while: what people bring at given prices, and the candidates that are worth a look."""

from carpool.solver.kernels.compiled import compiled, inlined
from carpool.solver.kernels.ground import Floats, Ground, least
from carpool.solver.kernels.scratch import DETOUR_WEIGHT, EQUAL, Prices, Scratch


@inlined
def base_value(ground: Ground, prices: Prices, pair: int) -> float:
    """What the driver brings to the pair's trips, whoever comes along."""
    car, event = ground.pairs.car[pair], ground.pairs.event[pair]
    bonus = ground.cars.told_bonus[car] if ground.cars.told_event[car] == event else 0.0
    return prices.mu[event] * ground.cars.party[car] + bonus - prices.wheel[car]


@inlined
def profit_of(ground: Ground, prices: Prices, pair: int, row: int) -> float:
    """What the rider of a row brings to the pair's trips, apart from the driving."""
    rider = ground.rows.rider[row]
    profit = prices.mu[ground.pairs.event[pair]] * ground.rows.party[row] + prices.gain[row]
    if ground.riders.told_event[rider] >= 0:
        if ground.riders.told_car[rider] == ground.pairs.car[pair]:
            if ground.riders.told_event[rider] == ground.pairs.event[pair]:
                profit += ground.riders.told_bonus[rider]
    return profit


@inlined
def is_required(ground: Ground, car: int, rider: int) -> bool:
    """Whether this rider is in every trip of the car, by a pin or by being of the driver's unit."""
    unit = ground.riders.unit[rider]
    return ground.riders.pin[rider] == car or (unit >= 0 and unit == ground.cars.unit[car])


@inlined
def pack(density: Floats, count: int, seats: int, value: float, party: int) -> int:
    """Put a rider's value a seat into the sorted list of the best; returns how many seats are taken then."""
    each = value / party
    for _ in range(party):
        if count < seats:
            place = count
            count += 1
        elif each > density[seats - 1]:
            place = seats - 1
        else:
            break
        while place > 0 and density[place - 1] < each:
            density[place] = density[place - 1]
            place -= 1
        density[place] = each
    return count


@compiled
def most_profit(ground: Ground, prices: Prices, pair: int, seats: int, density: Floats) -> float:
    """The most that riders can bring to the pair's trips: the best values a seat, as if people could be divided."""
    count, rider, value, party = 0, -1, 0.0, 1
    pairs, rows = ground.pairs, ground.rows
    mu, told = prices.mu[pairs.event[pair]], len(ground.riders.told_event) > 0
    for index in range(pairs.start[pair], pairs.end[pair]):
        row = pairs.candidate[index]
        profit = profit_of(ground, prices, pair, row) if told else mu * rows.party[row] + prices.gain[row]
        if profit <= EQUAL:
            continue
        if rows.rider[row] != rider:
            if rider >= 0 and (count < seats or value > density[seats - 1] * party):
                count = pack(density, count, seats, value, party)
            rider, value, party = rows.rider[row], profit, rows.party[row]
        elif profit > value:
            value = profit
    if rider >= 0:
        count = pack(density, count, seats, value, party)
    density[count:] = 0.0
    return density[:count].sum()


@compiled
def gather(
    ground: Ground, prices: Prices, pair: int, seats: int, floor: float, everybody: bool, s: Scratch
) -> int:
    """The pair's candidates whose trips can be worth more than `floor`; returns how many.

    Somebody who brings nothing is left out only where a further stop cannot shorten the way, and not if `everybody` counts:
    a best plan may need them for the event's sake.
    """
    pairs, rows, land = ground.pairs, ground.rows, ground.land
    car = pairs.car[pair]
    special = ground.cars.required[car] > 0 or ground.cars.pinned[car]
    idle_goes = ground.triangle and not everybody
    direct = least(land, ground.cars.place[car], ground.events.place[pairs.event[pair]])
    base = base_value(ground, prices, pair) - ground.cost * direct
    s.knapsack[0] = 0.0
    for seat in range(seats):
        s.knapsack[seat + 1] = s.knapsack[seat] + s.density[seat]
    count = 0
    for index in range(pairs.start[pair], pairs.end[pair]):
        row = pairs.candidate[index]
        rider, party = rows.rider[row], rows.party[row]
        if party > seats:
            continue
        profit = profit_of(ground, prices, pair, row)
        if ground.riders.unit[rider] < 0 and not (special and is_required(ground, car, rider)):
            if (idle_goes and profit <= EQUAL) or base + profit + s.knapsack[seats - party] <= floor:
                continue
        home = least(land, ground.cars.place[car], rows.place[row])
        beyond = least(land, rows.place[row], ground.events.place[pairs.event[pair]])
        detour = home + beyond - direct
        if base + profit - ground.cost * detour + s.knapsack[seats - party] <= floor:
            if ground.riders.unit[rider] < 0 and not (special and is_required(ground, car, rider)):
                continue
        s.row[count], s.rider[count], s.party[count], s.profit[count] = row, rider, party, profit
        s.home[count] = detour
        count += 1
    return count


@compiled
def arrange(count: int, most: int, s: Scratch) -> int:
    """Sort the candidates, the most profit a seat first; keep at most `most` (0: all), those on the way sooner.

    `s.home` holds their detours, which are not needed after this.
    """
    if 0 < most < count:
        keep_best(count, most, s)
        count = most
    for index in range(count):
        s.key[index] = -s.profit[index] / s.party[index]
    gap = 1
    while 3 * gap + 1 < count:
        gap = 3 * gap + 1
    while gap > 0:
        for index in range(gap, count):
            sink(index, gap, s)
        gap //= 3
    return count


@inlined
def sink(index: int, gap: int, s: Scratch) -> None:
    """One step of a shell sort by `s.key`."""
    key, row, rider, party, profit = (
        s.key[index],
        s.row[index],
        s.rider[index],
        s.party[index],
        s.profit[index],
    )
    place = index
    while place >= gap and s.key[place - gap] > key:
        s.key[place], s.row[place], s.rider[place] = (
            s.key[place - gap],
            s.row[place - gap],
            s.rider[place - gap],
        )
        s.party[place], s.profit[place] = s.party[place - gap], s.profit[place - gap]
        place -= gap
    s.key[place], s.row[place], s.rider[place], s.party[place], s.profit[place] = (
        key,
        row,
        rider,
        party,
        profit,
    )


@compiled
def keep_best(count: int, most: int, s: Scratch) -> None:
    """Bring the `most` best candidates to the front: much profit a seat, little detour."""
    kept = 0
    for index in range(count):
        key = DETOUR_WEIGHT * s.home[index] - s.profit[index] / s.party[index]
        if kept == most and key >= s.key[most - 1]:
            continue
        place = min(kept, most - 1)
        kept = min(kept + 1, most)
        while place > 0 and s.key[place - 1] > key:
            s.key[place], s.order[place] = s.key[place - 1], s.order[place - 1]
            place -= 1
        s.key[place], s.order[place] = key, index
    for index in range(1, most):
        place, chosen = index, s.order[index]
        while place > 0 and s.order[place - 1] > chosen:
            s.order[place] = s.order[place - 1]
            place -= 1
        s.order[place] = chosen
    for index in range(most):
        chosen = s.order[index]
        s.row[index], s.rider[index], s.party[index] = s.row[chosen], s.rider[chosen], s.party[chosen]
        s.profit[index], s.home[index] = s.profit[chosen], s.home[chosen]
