"""Picks items from a pool so that every paper is as hard as the next and treats the topics alike. Pure.

The pool is laid out by difficulty, then topic, each cell in the seed's order, and every (size / count)-th item is
taken from a start that the seed decides. So the papers of a course differ by one item at most in any difficulty, and
every item has the same chance.
"""

import hashlib
from collections.abc import Sequence

from app.catalogue.item import Item

_WHOLE = 1 << 64


def balanced(pool: Sequence[Item], count: int, seed: str) -> list[Item]:
    """Pick `count` of the pool, which holds as many, in an order by chance."""
    if not count:
        return []
    laid = sorted(pool, key=lambda item: (item.difficulty, rank(seed, "topic", item.topic), rank(seed, item.id)))
    start = int.from_bytes(rank(seed, "start", pool[0].kind)[:8])
    picked = [laid[(step * _WHOLE + start) * len(laid) // (count * _WHOLE)] for step in range(count)]
    return sorted(picked, key=lambda item: rank(seed, item.id))


def rank(*parts: str) -> bytes:
    """Give a place in an order by chance that the parts decide, the same on every machine."""
    return hashlib.sha256("\x1f".join(parts).encode()).digest()
