"""Ways through a case: what can be reached from a scene, and the shortest way to an ending. Pure."""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush


def reachable(leads: Mapping[str, Sequence[str]], start: str) -> set[str]:
    """Give what can be reached from `start`, itself included."""
    met, waiting = {start}, [start]
    while waiting:
        fresh = set(leads.get(waiting.pop(), ())) - met
        met |= fresh
        waiting += fresh
    return met


def shortest(steps: Mapping[str, Mapping[str, int]]) -> int | None:
    """Give the least sum of steps from the first scene to an ending, which leads to ''; None when there is no way."""
    waiting = [(0, next(iter(steps)))]
    done: set[str] = set()
    while waiting:
        sum_so_far, at = heappop(waiting)
        if at == "":
            return sum_so_far
        if at in done:
            continue
        done.add(at)
        for to, step in steps.get(at, {}).items():
            heappush(waiting, (sum_so_far + step, to))
    return None
