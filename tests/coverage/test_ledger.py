"""Ratios, lateness, roll-ups, full regions and instants, on values that one can check by hand."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.coverage import queries
from app.coverage.ledger import NOTHING, Tally, balances, is_full, late_class, ratio, roll_up
from app.coverage.queries.trends import month_ends
from app.kit.errors import Problem

DAY = date(2025, 3, 1)


@given(st.integers(1, 10**9), st.data())
def test_a_ratio_is_truncated_never_rounded(required: int, data: st.DataObject) -> None:
    covered = data.draw(st.integers(0, required))
    said = ratio(required, covered)
    assert said is not None
    exact = Fraction(covered, required)
    shown = Fraction(f"{said:.6f}")
    assert shown <= exact < shown + Fraction(1, 10**6)
    assert (said == 1) == (covered == required)


def test_nothing_required_has_no_ratio() -> None:
    assert ratio(0, 0) is None
    assert ratio(3, 2) == 0.666666
    assert ratio(1_000_000, 999_999) == 0.999999
    assert ratio(10_000_000, 9_999_999) == 0.999999


@given(st.integers(-40_000, 40_000))
def test_an_entry_took_effect_within_the_days_of_its_class(days: int) -> None:
    late = late_class(DAY - timedelta(days=days), DAY)
    assert (late < 0) == (days < 0)
    assert abs(days) < 2 ** abs(late) <= max(2 * abs(days), 1)


def test_an_entry_is_classed_by_the_days_it_was_late() -> None:
    assert [late_class(DAY + timedelta(days=n), DAY) for n in (1, 2, 3, 4)] == [-1, -2, -2, -3]
    assert [late_class(DAY - timedelta(days=n), DAY) for n in (0, 1, 2, 3, 4, 255, 256)] == [0, 1, 2, 2, 3, 8, 9]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-3, 3))), st.lists(st.integers(0, 25)))
def test_balances_are_the_sums_up_to_each_day(changes: list[tuple[int, int]], days: list[int]) -> None:
    dated = [(DAY + timedelta(days=n), Tally(delta, 0, 0)) for n, delta in changes]
    asked = [DAY + timedelta(days=n) for n in sorted(days)]
    expected = [sum(delta for n, delta in changes if n <= day) for day in sorted(days)]
    assert [tally.required for tally in balances(dated, asked)] == expected


def test_rows_by_region_are_the_children_and_the_own_ones() -> None:
    parents = {"44": None, "4401": "44", "4402": "44", "440103": "4401", "45": None}
    amounts = {"440103": 5, "4401": 2, "44": 1, "45": 9}
    assert roll_up(parents, amounts, "44") == {"4401": [5, 2], "4402": [], "44": [1]}
    assert roll_up(parents, amounts, "4402") == {"4402": []}


def test_a_region_is_full_only_when_every_enterprise_is() -> None:
    assert is_full(Tally(2, 2, 0), {"full": 1, "not_applicable": 3})
    assert not is_full(Tally(2, 2, 0), {"full": 1, "undeclared": 1})
    assert not is_full(Tally(2, 2, 0), {"full": 1, "incomplete": 1})
    assert not is_full(Tally(2, 1, 0), {"partial": 1})
    assert not is_full(NOTHING, {"not_applicable": 3})


def test_months_end_on_their_last_days() -> None:
    assert month_ends(date(2024, 3, 31), 2) == (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31))


def test_known_at_is_a_day_or_an_instant() -> None:
    assert queries.parse_known_at("2025-12-31") == date(2025, 12, 31)
    assert queries.parse_known_at("2025-12-31T18:00") == datetime(2025, 12, 31, 10, tzinfo=UTC)
    assert queries.parse_known_at("2025-12-31T18:00:00Z") == datetime(2025, 12, 31, 18, tzinfo=UTC)
    with pytest.raises(Problem):
        queries.parse_known_at("yesterday")
