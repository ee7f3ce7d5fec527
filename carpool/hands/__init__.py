"""Changing a plan by hand: what a move makes of the cars it touches, and what that does to score, times and rules.

A move touches a few cars of perhaps ten thousand. So nothing here looks at a whole day: a `Corner` holds the people of
those cars and, of everybody else, only how many they are at each event.
"""

from carpool.hands.corner import Corner
from carpool.hands.effect import FORCEABLE, Effect, Part, PersonChange, effect
from carpool.hands.moves import Drive, Move, Ride, Stay, Swap, TakeOut, as_forced, moved

__all__ = [
    "FORCEABLE",
    "Corner",
    "Drive",
    "Effect",
    "Move",
    "Part",
    "PersonChange",
    "Ride",
    "Stay",
    "Swap",
    "TakeOut",
    "as_forced",
    "effect",
    "moved",
]
