"""Spans of a module's own time, [from, to) in milliseconds: their union, length, first gap, what one adds. Pure."""

from collections.abc import Iterable

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Unite spans into disjoint ones in order; touching spans become one, empty ones vanish."""
    united: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return tuple(united)


def length(spans: Iterable[Span]) -> int:
    """Give the milliseconds that spans cover together, each counted once."""
    return sum(end - start for start, end in union(spans))


def first_gap(spans: Iterable[Span]) -> int:
    """Give the first millisecond from 0 on that no span covers."""
    united = union(spans)
    return united[0][1] if united and united[0][0] <= 0 else 0


def clip(spans: Iterable[Span], end: int) -> tuple[Span, ...]:
    """Cut spans to [0, end)."""
    return union((max(0, start), min(end, stop)) for start, stop in spans)


def without(spans: Iterable[Span], known: Iterable[Span]) -> tuple[Span, ...]:
    """Give what spans cover and `known` does not."""
    left = list(union(spans))
    for start, end in union(known):
        left = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]]
    return union(left)


def beginning(spans: Iterable[Span], milliseconds: int) -> tuple[Span, ...]:
    """Give the first so many milliseconds that spans cover."""
    taken: list[Span] = []
    for start, end in union(spans):
        if milliseconds <= 0:
            break
        taken.append((start, min(end, start + milliseconds)))
        milliseconds -= end - start
    return tuple(taken)
