"""No published table lets anybody be singled out, also not by subtracting what is shown from the total."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.coverage.disclosure import (
    LEAST,
    LEAST_ENTERPRISES,
    Cell,
    Shown,
    apart,
    conceal,
    conceal_total,
    protect,
    tell_statuses,
    united,
    unsafe,
)

counts = st.integers(0, 12)
STATUSES = ("undeclared", "incomplete", "not_applicable", "none", "partial", "full")


def cell(number: int, required: int, covered: int, enterprises: int | None, contributors: int = 12) -> Cell:
    declared = None if enterprises is None else enterprises // 2
    most = contributors if enterprises is None else min(contributors, enterprises)
    made_by = min(most, required)
    return Cell(f"c{number}", f"县 {number}", required, min(required, covered), made_by, enterprises, declared)


@st.composite
def tables(draw: st.DrawFn) -> list[Cell]:
    counted = draw(st.booleans())
    rows = draw(st.lists(st.tuples(counts, counts, counts, counts), max_size=8))
    return [cell(n, r, c, e if counted else None, by) for n, (r, c, e, by) in enumerate(rows)]


@st.composite
def regions(draw: st.DrawFn) -> list[Cell]:
    """Rows with any number of declared enterprises."""
    rows = draw(st.lists(st.tuples(counts, counts), min_size=1, max_size=8))
    return [Cell(f"c{n}", "", 9, 4, 9, max(pair), min(pair)) for n, pair in enumerate(rows)]


@given(tables())
def test_nobody_can_be_singled_out(cells: list[Cell]) -> None:
    shown = protect(cells)
    assert not [row for row in shown.rows if row.small]
    if shown.other:
        hidden = [one for one in cells if shown.row(one.code) is None]
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
    assert shown.other == Cell("", "", 23, 10, 9, 10, 5)


def test_a_county_with_a_single_enterprise_is_small_however_many_work_there() -> None:
    assert cell(1, 500, 3, LEAST_ENTERPRISES - 1).small
    assert cell(1, LEAST - 1, 3, 9).small
    assert not cell(1, LEAST, 3, LEAST_ENTERPRISES).small


def test_small_rows_that_come_to_enough_hide_nothing_else() -> None:
    shown = protect([cell(1, 4, 0, None), cell(2, 3, 0, None), cell(3, 9, 0, None)])
    assert [row.code for row in shown.rows] == ["c3"]
    assert shown.merged == 2


def test_who_contributes_is_counted_not_who_is_taken_in() -> None:
    made_by_two = Cell("a", "", required=40, covered=20, contributors=2, enterprises=3, declared=2)
    assert made_by_two.small
    assert protect([made_by_two]).withheld
    cells = [made_by_two, Cell("b", "", 60, 30, 4, 5, 4), Cell("c", "", 90, 50, 8, 9, 8)]
    shown = protect(cells)
    assert [row.code for row in shown.rows] == ["c"]
    assert shown.other == Cell("", "", 100, 50, 6, 8, 6)


def test_posts_of_the_same_two_enterprises_are_still_made_by_two() -> None:
    assert united([Cell("a", "", 9, 4, 2), Cell("b", "", 8, 4, 2)]).small
    assert not united([Cell("a", "", 9, 4, 2, 2, 2), Cell("b", "", 8, 4, 2, 2, 2)]).small


@given(st.lists(st.tuples(st.frozensets(st.integers(1, 6), max_size=6), counts), max_size=7))
def test_no_sum_that_posts_tell_is_made_by_one_or_two(posts: list[tuple[frozenset[int], int]]) -> None:
    """Each enterprise of a post has so many in it; the readers know the total, the open rows and the united one."""
    cells = [Cell(f"p{n}", "", len(by) * each, 0, len(by) if each else 0) for n, (by, each) in enumerate(posts)]
    makers = {f"p{n}": by if each else frozenset[int]() for n, (by, each) in enumerate(posts)}
    shown = protect(cells)
    told = [[row.code] for row in shown.rows]
    told.append([code for code in makers if shown.row(code) is None] if shown.other else [])
    for codes in told:
        made_by = frozenset[int]().union(*(makers[code] for code in codes))
        assert not 0 < len(made_by) < LEAST_ENTERPRISES


@given(regions())
def test_who_did_not_declare_cannot_be_had_by_subtraction(cells: list[Cell]) -> None:
    total = conceal_total(united(cells))
    shown = conceal(Shown(tuple(cells)), total)
    truth = {one.code: (one.declared or 0, (one.enterprises or 0) - (one.declared or 0)) for one in cells}
    for row in shown.rows:
        assert row.declared is None or not any(0 < count < LEAST_ENTERPRISES for count in truth[row.code])
    hidden = [truth[row.code] for row in shown.rows if row.declared is None]
    if total.declared is None:
        assert len(hidden) == len(cells)
    elif hidden:
        assert len(hidden) >= 2
        assert not any(0 < sum(side) < LEAST_ENTERPRISES for side in zip(*hidden, strict=True))


@given(st.lists(counts, min_size=6, max_size=6))
def test_no_small_count_by_status_can_be_had_by_subtraction(numbers: list[int]) -> None:
    counted = dict(zip(STATUSES, numbers, strict=True))
    whole = sum(numbers)
    total = conceal_total(Cell("", "", 9, 4, 9, whole, whole - counted["undeclared"]))
    told = tell_statuses(counted, total)
    assert sum(told.told.values()) + told.other == whole
    few = {status for status, count in counted.items() if 0 < count < LEAST_ENTERPRISES}
    assert not few & told.told.keys()
    hidden = [count for status, count in counted.items() if count and status not in told.told]
    if told.other and whole >= LEAST_ENTERPRISES and total.declared not in {1, 2}:
        assert len(hidden) >= 2
        assert told.other >= LEAST_ENTERPRISES
    if total.declared is not None and counted["undeclared"]:
        assert "undeclared" in told.told


def test_three_enterprises_in_three_statuses_tell_nothing() -> None:
    counted = {"undeclared": 1, "partial": 1, "full": 1}
    total = conceal_total(Cell("", "", 40, 20, 2, 3, 2))
    assert total.declared is None
    assert tell_statuses(counted, total).told == {}


def test_nothing_by_status_is_hidden_without_need() -> None:
    counted = {"undeclared": 4, "partial": 3, "full": 9}
    told = tell_statuses(counted, conceal_total(Cell("", "", 40, 20, 12, 16, 12)))
    assert (told.told, told.other) == (counted, 0)
    assert unsafe([5, 0, 3]) == frozenset()
    assert unsafe([5, 2, 3]) == {1, 2}


def test_a_part_is_told_when_neither_it_nor_the_rest_is_few() -> None:
    told = [apart(part, 10) for part in range(11)]
    assert told == [0, None, None, 3, 4, 5, 6, 7, None, None, 10]
