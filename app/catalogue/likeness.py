"""Says which texts are nearly the same: texts are compared by the pairs of characters that stand side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

NEAR_IDENTICAL = 0.8
"""Two texts are near-identical from this share of common character pairs on (Jaccard index).

In twenty characters one may differ. That refuses more than nine tenths of common triples would.
"""


def alike(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give the near-identical texts as pairs of indices, the earlier first, in the order of the later.

    Two sets that share so much of their union share one of the rarest few of each: only those are looked up, so that
    some thousand texts take no time.
    """
    sets = [_pairs(text) for text in texts]
    often = Counter(pair for one in sets for pair in one)
    held: defaultdict[str, list[int]] = defaultdict(list)
    for index, pairs in enumerate(sets):
        rare = sorted(pairs, key=lambda pair: (often[pair], pair))[: _rarest(len(pairs))]
        for other in sorted({earlier for pair in rare for earlier in held[pair]}):
            if len(sets[other] & pairs) >= NEAR_IDENTICAL * len(sets[other] | pairs):
                yield other, index
        for pair in rare:
            held[pair].append(index)


def _rarest(size: int) -> int:
    """Say how many of a set's rarest members hold one of any set that is like it: all but NEAR_IDENTICAL, and one."""
    return size - int(NEAR_IDENTICAL * size) + 1


def bare(text: str) -> str:
    """Give a text's letters and digits only, in lower case: what two texts are compared by."""
    return "".join(c for c in text.lower() if c.isalnum())


def _pairs(text: str) -> frozenset[str]:
    words = bare(text)
    return frozenset(words[i : i + 2] for i in range(max(1, len(words) - 1)))
