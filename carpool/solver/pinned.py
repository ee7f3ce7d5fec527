"""What pins ask of a plan on its way: nobody pinned stays at home, and what no trip can keep is said."""

import numpy as np

from carpool.errors import Fault, InvalidInstance
from carpool.show import show
from carpool.solver.ground import Field
from carpool.solver.kernels.ground import Floats
from carpool.solver.kernels.scratch import NOTHING
from carpool.solver.kernels.search import Draft


def keeps_pins(field: Field, draft: Draft) -> bool:
    """Whether every pinned driver has a trip; the search never changes whose car that is and where to."""
    pinned = field.ground.cars.pinned
    return bool((draft.pair[pinned] >= 0).all())


def refuse_hopeless(field: Field, ceilings: Floats) -> None:
    """Raise `InvalidInstance` for pinned cars that a pricing over all candidates has found no trip for.

    Where further stops may shorten a way, nobody can tell so before: `carpool.pins` looks only for so long.
    """
    instance = field.data.instance
    number = {pin.driver: n for n, pin in enumerate(instance.pinned)}
    hopeless = np.flatnonzero(field.ground.cars.pinned & (ceilings <= NOTHING / 2))
    lost = sorted(number[field.data.ids[field.cars[car].person]] for car in hopeless.tolist())
    if lost:
        raise InvalidInstance(
            [
                Fault(
                    f"pinned[{n}]",
                    f"{show(instance.pinned[n].driver)} to {show(instance.pinned[n].event)}",
                    "no plan can keep it: no stops on the way make it short enough",
                )
                for n in lost
            ]
        )
