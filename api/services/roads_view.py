"""How much of a run goes by road times, as it is kept with the run and its coordinator sees it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoadsView:
    """Of so many drives `wanted` that a plan may need, `known` have road times, `no_way` of them that there is no way.

    `why`: what ended the questions early ("down", "late", "stopped"), or that there are too many ("many"); "" for nothing.
    """

    wanted: int
    known: int
    no_way: int
    why: str = ""
