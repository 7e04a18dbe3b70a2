"""Spans of time: their union is what a set of milliseconds would be."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.learning.intervals import Span, clip, first_gap, length, union

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)


def milliseconds(spans: list[Span]) -> set[int]:
    return {ms for start, end in spans for ms in range(start, end)}


@given(SPANS)
def test_union_covers_exactly_what_the_spans_cover(spans: list[Span]) -> None:
    united = union(spans)
    assert milliseconds(list(united)) == milliseconds(spans)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(united))
    assert union(united) == united


@given(SPANS)
def test_length_counts_each_millisecond_once(spans: list[Span]) -> None:
    assert length(spans) == len(milliseconds(spans))


@given(SPANS)
def test_the_first_gap_is_the_first_millisecond_not_covered(spans: list[Span]) -> None:
    covered = milliseconds(spans)
    assert first_gap(spans) == next(ms for ms in range(62) if ms not in covered)


@given(SPANS, st.integers(0, 60))
def test_clip_keeps_what_lies_before_the_end(spans: list[Span], end: int) -> None:
    assert milliseconds(list(clip(spans, end))) == {ms for ms in milliseconds(spans) if ms < end}
