"""Whether the prices of a certificate prove its bound. Shares no code with the solver and believes nothing that it wrote.

Weak duality: let prices ρ_p of people, μ_e of events and σ_S of cuts be at least 0. Take any plan, and count of each of its
trips what it saves of the change penalty, less minutes / minutes_per_volunteer, plus μ of its event for each of its people,
less ρ of each, less σ_S for every second person of S in it: at most v_k, if no trip of driver k is worth more, and at least 0
where nobody drives. Everybody is in at most one trip, so that Σ ρ and Σ σ_S · ⌊|S| / 2⌋ give back at least what was taken;
and the n people who come to e are worth V_e(n), of which the trips have had μ_e · n. Hence no plan scores more than

    B = − told + Σ_p ρ_p + Σ_S σ_S · ⌊|S| / 2⌋ + Σ_e max_n (V_e(n) − μ_e · n) + Σ_k v_k,

told being the penalty if everybody in `published` were changed. All but the v_k is adding up. That no trip of k is worth more
than v_k is shown by looking for one (`carpool.verify.search`). Whatever the prices are, B is a bound:
equation (19) of docs/formulation.md.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from carpool.certificate import Certificate
from carpool.homeward import main_part
from carpool.instance import Driver, Event, Instance, PinnedTrip
from carpool.schedule import make_schedule
from carpool.score import event_value
from carpool.show import escaped, shortened, show
from carpool.verify.ground import Ground
from carpool.verify.search import Found, best_trip, noise

NOISE = 1e-9
"""What a value may fall short of the best trip's worth, relative to it: sums of the same numbers in another order."""

BOUND_NOISE = 1e-6
MOST_OBJECTIONS = 20


@dataclass(frozen=True, slots=True)
class Low:
    """A driver for whom a trip is worth `found`, more than the value `claimed`. The trip is None if it is to stay at home."""

    driver: str
    claimed: float
    found: float
    trip: Found | None

    def __str__(self) -> str:
        if self.trip is None:
            better = "to stay at home"
        else:
            riders = ", ".join(show(rider) for rider, _ in self.trip.stops) or "nobody"
            better = f"to drive {riders} to {show(self.trip.event)}"
        return (
            f"{shortened(escaped(self.driver))}: value {self.claimed!r}, but {better} is worth {self.found!r}"
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The bound recomputed from the prices, with the best trips found; and the drivers whose value is too low, worst first."""

    bound: float
    claimed: float
    low: tuple[Low, ...]

    @property
    def holds(self) -> bool:
        """Whether every value is high enough, and the bound that follows no more than the one claimed."""
        return not self.low and self.bound <= self.claimed + BOUND_NOISE * max(1.0, abs(self.claimed))

    def objections(self) -> list[str]:
        """What is wrong, a line each: at most 20 drivers, and that the bound claimed is too low if that is all."""
        lines = [str(low) for low in self.low[:MOST_OBJECTIONS]]
        if len(self.low) > MOST_OBJECTIONS:
            lines.append(f"and {len(self.low) - MOST_OBJECTIONS} more")
        return lines or [f"bound: {self.claimed!r}, but by these prices and values it is {self.bound!r}"]


def verify(instance: Instance, certificate: Certificate) -> Verdict:
    """Recompute the bound, which is that of everybody who is not at an event already.

    Of a driver whose value is too low, the trip found need not be the best one there is.
    """
    instance = main_part(instance)
    ground = Ground(instance, certificate)
    values, low = [], []
    for driver in instance.driver_by_id.values():
        claimed = certificate.drivers.get(driver.id, 0.0)
        worth, trip = _worth(ground, driver, claimed)
        values.append(worth + noise(worth))
        if worth > claimed + NOISE * max(1.0, abs(claimed)):
            low.append(Low(driver.id, claimed, worth, trip))
    low.sort(key=lambda one: one.claimed - one.found)
    bound = math.fsum([*values, *_given_back(ground)])
    return Verdict(bound, certificate.bound, tuple(low))


def _worth(ground: Ground, driver: Driver, claimed: float) -> tuple[float, Found | None]:
    """The trip of the driver that is worth most, if it is worth more than the value claimed; else that value."""
    pin = ground.pin_of.get(driver.id)
    if pin is not None and pin.driver != driver.id:  # Rides in another car.
        return max(claimed, 0.0), None
    if pin is not None and pin.force:
        forced = _forced(ground, pin)
        return max((claimed, None), (forced.worth, forced), key=lambda one: one[0])
    least = claimed if pin is not None else max(claimed, 0.0)
    found = best_trip(ground, driver, least)
    return (least, None) if found is None else (found.worth, found)


def _forced(ground: Ground, pin: PinnedTrip) -> Found:
    """The one trip of a pin with force: stops as listed, each at the own or else the first place, whatever time it takes."""
    instance = ground.instance
    riders = [instance.rider_by_id[rider] for rider in pin.riders]
    stops = tuple((rider.id, None if rider.home_pickup else rider.places[0].id) for rider in riders)
    driver, event = instance.driver_by_id[pin.driver], instance.event_by_id[pin.event]
    schedule = make_schedule(instance, driver, event, stops)
    people = frozenset((pin.driver, *pin.riders))
    worth = sum(ground.worth(one, pin.event) + ground.saved(one, pin.driver, pin.event) for one in people)
    worth -= (schedule.drive_minutes + schedule.walk_minutes) / instance.minutes_per_volunteer
    worth -= sum(price * (len(group & people) // 2) for group, price in ground.cuts)
    return Found(pin.event, stops, worth)


def _given_back(ground: Ground) -> Iterator[float]:
    """The terms of B but for the v_k."""
    instance, certificate = ground.instance, ground.certificate
    told = sum(ground.person[person].party for person in ground.told if person in ground.person)
    yield -instance.change_penalty * told
    yield from certificate.people.values()
    yield from (cut.price * (len(cut.people) // 2) for cut in certificate.cuts)
    everybody = sum(person.party for person in ground.person.values())
    for event in instance.events:
        yield _event_term(event, certificate.events.get(event.id, 0.0), ground.brought[event.id], everybody)


def _event_term(event: Event, price: float, brought: int, everybody: int) -> float:
    """The most that V_e(n) − μ_e · n can be, from those whom pins bring up to the capacity.

    With a bend at `wanted` alone, it is greatest there or at an end.
    """
    most = everybody if event.capacity is None else min(everybody, event.capacity)
    bend = max(brought, min(event.wanted, most))
    return max(event_value(event, n) - price * n for n in (brought, bend, max(brought, most)))
