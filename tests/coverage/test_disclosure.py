"""No published table lets anybody be singled out, also not by subtracting what is shown from the total."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.coverage.disclosure import LEAST, LEAST_ENTERPRISES, Cell, Shown, protect, united

counts = st.integers(0, 12)


def cell(number: int, required: int, covered: int, enterprises: int | None) -> Cell:
    declared = None if enterprises is None else enterprises // 2
    return Cell(f"c{number}", f"县 {number}", required, min(required, covered), enterprises, declared)


@st.composite
def tables(draw: st.DrawFn) -> list[Cell]:
    counted = draw(st.booleans())
    rows = draw(st.lists(st.tuples(counts, counts, counts), max_size=8))
    return [cell(n, r, c, e if counted else None) for n, (r, c, e) in enumerate(rows)]


@given(tables())
def test_nobody_can_be_singled_out(cells: list[Cell]) -> None:
    shown = protect(cells)
    assert not [row for row in shown.rows if row.small]
    if shown.other:
        hidden = [one for one in cells if not shown.opens(one.code)]
        assert len(hidden) == shown.merged >= 2
        assert not shown.other.small
        assert all(not one.empty for one in hidden)


@given(tables())
def test_what_is_shown_adds_up_to_the_total(cells: list[Cell]) -> None:
    shown = protect(cells)
    if not shown.withheld and cells:
        parts = [*shown.rows, *([shown.other] if shown.other else [])]
        assert united(parts) == united(cells)


@given(tables())
def test_open_rows_keep_their_order(cells: list[Cell]) -> None:
    positions = [cells.index(row) for row in protect(cells).rows]
    assert all(before < after for before, after in pairwise(positions))


@given(tables())
def test_nothing_is_hidden_without_need(cells: list[Cell]) -> None:
    shown = protect(cells)
    if not any(one.small for one in cells):
        assert shown == Shown(tuple(cells))


@given(tables())
def test_a_table_is_withheld_only_when_even_all_of_it_is_too_little(cells: list[Cell]) -> None:
    full = [one for one in cells if not one.empty]
    if protect(cells).withheld:
        assert len(full) < 2 or united(full).small


def test_one_small_county_takes_the_next_smallest_with_it() -> None:
    cells = [cell(1, 50, 40, 9), cell(2, 3, 0, 4), cell(3, 20, 10, 6), cell(4, 0, 0, 0)]
    shown = protect(cells)
    assert [row.code for row in shown.rows] == ["c1", "c4"]
    assert shown.other == Cell("", "", 23, 10, 10, 5)


def test_a_county_with_a_single_enterprise_is_small_however_many_work_there() -> None:
    assert cell(1, 500, 3, LEAST_ENTERPRISES - 1).small
    assert cell(1, LEAST - 1, 3, 9).small
    assert not cell(1, LEAST, 3, LEAST_ENTERPRISES).small


def test_small_rows_that_come_to_enough_hide_nothing_else() -> None:
    shown = protect([cell(1, 4, 0, None), cell(2, 3, 0, None), cell(3, 9, 0, None)])
    assert [row.code for row in shown.rows] == ["c3"]
    assert shown.merged == 2
