"""Properties of what a roster decides: no doubles, twice is once, order does not matter, nothing is reopened."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.organisations.corrections import unite
from app.organisations.staffing import Held
from app.workflows.roster_changes import Wanted, absent, clashes, reconcile

ORIGIN = date(2024, 1, 1)
Days = tuple[int, int | None]


def on(day: int | None) -> date | None:
    return None if day is None else ORIGIN + timedelta(days=day)


def held(number: int, days: Days, person: int = 1) -> Held:
    return Held(number, person, 1, "team_leader", "", ORIGIN + timedelta(days=days[0]), on(days[1]))


def wanted(row: int, days: Days) -> Wanted:
    return Wanted(row, 1, 1, "team_leader", "", ORIGIN + timedelta(days=days[0]), on(days[1]))


intervals = st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 6))).map(
    lambda days: (days[0], None if days[1] is None else days[0] + days[1])
)


@st.composite
def stored(draw: st.DrawFn) -> list[Held]:
    """Draw assignments of one key that do not overlap."""
    kept: list[Held] = []
    for days in draw(st.lists(intervals, max_size=5)):
        new = held(len(kept) + 1, days)
        if not any(one.overlaps(new.starts_on, new.ends_on) for one in kept):
            kept.append(new)
    return kept


def decide(rows: list[Wanted], known: list[Held]) -> tuple[list[Held], set[int], int]:
    """Give what stands after a file, the rows refused, and how many rows changed something."""
    refused = {clash.wanted.row for clash in clashes(rows)}
    outcomes, twice = reconcile([row for row in rows if row.row not in refused], known)
    refused |= {clash.wanted.row for clash in twice}
    gone = {outcome.before for outcome in outcomes if outcome.before}
    after = [one for one in known if one not in gone]
    for number, outcome in enumerate(outcomes, start=len(known) + 1):
        made = outcome.after
        after.append(
            made if outcome.before else Held(number, 1, 1, made.post, made.trade, made.starts_on, made.ends_on)
        )
    return after, refused, sum(outcome.before != outcome.after for outcome in outcomes)


@given(stored(), st.lists(intervals, max_size=6))
def test_no_two_assignments_overlap_afterwards(known: list[Held], days: list[Days]) -> None:
    after, _, _ = decide([wanted(row, one) for row, one in enumerate(days)], known)
    assert not any(one.overlaps(other.starts_on, other.ends_on) for one, other in combinations(after, 2))


@given(stored(), st.lists(intervals, max_size=6))
def test_the_same_file_again_changes_nothing(known: list[Held], days: list[Days]) -> None:
    rows = [wanted(row, one) for row, one in enumerate(days)]
    after, refused, _ = decide(rows, known)
    again, refused_again, changed = decide(rows, after)
    assert changed == 0
    assert refused_again == refused
    assert sorted(again, key=lambda one: one.starts_on) == sorted(after, key=lambda one: one.starts_on)


@given(stored(), st.lists(intervals, max_size=6))
def test_no_ended_assignment_is_reopened_by_a_blank(known: list[Held], days: list[Days]) -> None:
    outcomes, _ = reconcile([wanted(1, one) for one in days[:1]], known)
    for outcome in outcomes:
        if outcome.before and outcome.before.ends_on and outcome.wanted.ends_on is None:
            assert outcome.after.ends_on == outcome.before.ends_on


@given(st.lists(st.tuples(intervals, st.sampled_from([1, 2])), max_size=8), st.integers(0, 20))
def test_united_people_hold_on_each_day_what_either_held(parts: list[tuple[Days, int]], day: int) -> None:
    before = [held(number, days, person) for number, (days, person) in enumerate(parts, start=1)]
    united = unite(before, 2)
    changed = {one.id: one for one in united.amended}
    after = [changed.get(one.id, one) for one in before]
    asked = ORIGIN + timedelta(days=day)
    assert any(one.in_post(asked) for one in before) == any(one.in_post(asked) for one in after)
    assert all(one.person_id == 2 for one in after)
    live = [one for one in after if not one.void]
    assert not any(one.overlaps(other.starts_on, other.ends_on) for one, other in combinations(live, 2))
    assert set(united.into) == {one.id for one in after if one.void}
    assert set(united.into.values()) <= {one.id for one in live}


def test_who_began_that_very_day_and_is_absent_never_was() -> None:
    rows = [held(1, (0, None)), held(2, (5, None)), held(3, (6, None)), held(4, (0, 3))]
    ended, totals = absent(rows, set(), ORIGIN + timedelta(days=5))
    assert [(one.id, one.void, one.ends_on) for one in ended[1]] == [(1, False, on(5)), (2, True, None)]
    assert totals == {1: 2}
