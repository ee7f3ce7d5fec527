"""Cuts over sets of an odd number of people: no trips share out more pairs of them than half of what is left after one.

Rank-one cuts with multipliers of a half (Caprara and Fischetti 1996), found for the fractional trips of a relaxation: over
three people by trying all (subset-row cuts, Jepsen et al. 2008), over more by odd cycles of trips that exclude each
other (Grötschel, Lovász and Schrijver 1988). Equation (26).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from carpool.solver.kernels.ground import Floats

VIOLATED = 0.02
"""Cuts that are broken by less are not worth a row."""

MOST_CUTS = 100
NEARLY = 1e-6
MOST_FRACTIONAL = 1_200
"""Beyond so many fractional trips the tables of pairs would take too long."""

Cut = tuple[int, ...]


def broken_cuts(members: csr_array, x: Floats) -> list[Cut]:
    """Sets of members whose cut the shares `x` of the trips break, the worst first. `members` is (trips, members)."""
    fractional = np.flatnonzero((x > NEARLY) & (x < 1 - NEARLY))
    if not 0 < len(fractional) <= MOST_FRACTIONAL:
        return []
    share, inside = x[fractional], members[fractional].toarray() > 0
    shared = np.flatnonzero(inside.sum(axis=0) > 1)
    inside = inside[:, shared]
    broken = {cut: _excess(inside, share, cut) for cut in (*_triples(inside, share), *_cycles(inside, share))}
    worst = sorted((-excess, cut) for cut, excess in broken.items() if excess > VIOLATED)[:MOST_CUTS]
    return [tuple(shared[list(cut)].tolist()) for _, cut in worst]


def pairs_in(members: csr_array, cuts: Sequence[Cut]) -> csr_array:
    """⌊|j ∩ S| / 2⌋ for each cut S and trip j, (cuts, trips)."""
    sizes = [len(cut) for cut in cuts]
    which = np.repeat(np.arange(len(cuts)), sizes)
    inside = np.array([member for cut in cuts for member in cut], np.int64)
    sets = csr_array((np.ones(len(which)), (which, inside)), shape=(len(cuts), members.shape[1]))
    pairs = (sets @ members.T).tocsr()
    pairs.data = np.floor(pairs.data / 2)
    pairs.eliminate_zeros()
    return pairs


def _excess(inside: NDArray[np.bool_], share: Floats, cut: Cut) -> float:
    pairs = inside[:, list(cut)].sum(axis=1) // 2
    return float(pairs @ share) - len(cut) // 2


def _triples(inside: NDArray[np.bool_], share: Floats) -> list[Cut]:
    """Three members of whom the trips take two, or all three, more than once in all."""
    there = inside.astype(np.float64)
    both, cuts = there.T @ (there * share[:, None]), list[Cut]()
    for one in range(len(both)):
        mine = inside[:, one]
        all_three = there[mine].T @ (there[mine] * share[mine, None])
        taken = both[one][:, None] + both[one][None, :] + both - 2 * all_three
        found = np.argwhere(np.triu(taken > 1 + VIOLATED, 1))
        cuts += [(one, int(two), int(three)) for two, three in found if one < two]
    return cuts


def _cycles(inside: NDArray[np.bool_], share: Floats) -> list[Cut]:
    """One member for each step of the odd closed walks of trips, each sharing somebody with the next, that x overfills."""
    there = inside.astype(np.float64)
    exclude = there @ there.T > 0
    np.fill_diagonal(exclude, False)
    # A walk of odd length is a path between the two copies of a trip in the double cover; shorter than 1 is too short.
    step = np.where(exclude, np.maximum(0.0, 1.0 - share[:, None] - share[None, :]) + NEARLY, 0.0)
    size = len(share)
    double = np.zeros((2 * size, 2 * size))
    double[:size, size:] = double[size:, :size] = step
    length, before = dijkstra(csr_array(double), indices=np.arange(size), return_predecessors=True)
    cuts = []
    for trip in np.flatnonzero(length[np.arange(size), size + np.arange(size)] < 1 - VIOLATED).tolist():
        walk = [size + trip]
        while walk[-1] != trip:
            walk.append(int(before[trip, walk[-1]]))
        steps = pairwise(walk)
        common = [int(np.argmax(inside[a % size] & inside[b % size])) for a, b in steps]
        odd = tuple(sorted(member for member in set(common) if common.count(member) % 2))
        if len(odd) >= 3 and len(odd) % 2:
            cuts.append(odd)
    return cuts
