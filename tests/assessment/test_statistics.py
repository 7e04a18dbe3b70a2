"""Figures of items: facility, discrimination, picks, and what they point at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.statistics import Answered, correlation, figures

SHARES = st.floats(0, 1).map(lambda share: round(share, 3))


def answers(*rows: tuple[float, float, int], times: int = 1) -> list[Answered]:
    return [Answered(earned, rest, (picked,)) for earned, rest, picked in rows] * times


def test_an_item_that_good_candidates_get_right_is_a_good_one() -> None:
    told = figures(answers((1, 0.9, 0), (1, 0.8, 0), (0, 0.3, 1), (0, 0.2, 2), (0, 0.4, 3), times=20), 4, (0,))
    assert (told.count, told.facility, told.picks, told.flags) == (100, 0.4, (40, 20, 20, 20), ())
    assert told.discrimination is not None
    assert told.discrimination > 0.9


@pytest.mark.parametrize(
    ("rows", "flags"),
    [
        ([(1, 0.2, 0), (0, 0.9, 1), (1, 0.3, 0)], ("key",)),
        ([(1, 0.9, 0), (0, 0.3, 1), (0, 0.2, 1)], ("key",)),
        ([(1, 0.2, 0), (1, 0.8, 0), (1, 0.5, 0), (1, 0.51, 0), (0, 0.2, 1), (0, 0.8, 2)], ("discrimination",)),
        ([(0, 0.3, 1), (0, 0.2, 2), (0, 0.25, 3), (1, 0.9, 0), (0, 0.3, 0)], ("hard",)),
        ([(1, 0.9, 0)], ("easy",)),
    ],
)
def test_bad_items_are_pointed_at(rows: list[tuple[float, float, int]], flags: tuple[str, ...]) -> None:
    assert figures(answers(*rows, times=48 // len(rows)), 4, (0,)).flags == flags


def test_few_answers_say_nothing_and_an_option_nobody_takes_is_told_by_many() -> None:
    rows = [(1.0, 0.9, 0), (0.0, 0.3, 1), (0.0, 0.2, 2), (1.0, 0.8, 0)]
    assert figures(answers(*rows, times=4), 4, (0,)).flags == ()
    assert figures(answers(*rows, times=20), 4, (0,)).flags == ("distractor",)
    assert figures([], 4, (0,)).facility is None


@given(st.lists(st.tuples(SHARES, SHARES), max_size=30))
def test_a_correlation_lies_between_minus_one_and_one(pairs: list[tuple[float, float]]) -> None:
    found = correlation([a for a, _ in pairs], [b for _, b in pairs])
    assert found is None or -1 <= found <= 1
    swapped = correlation([b for _, b in pairs], [a for a, _ in pairs])
    assert found == pytest.approx(swapped) if found is not None else swapped is None
