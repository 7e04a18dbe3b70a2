"""The way to full coverage, held against counting day by day."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.coverage import forecast
from app.coverage.forecast import AHEAD_DAYS, FAR_DAYS, PACE_DAYS, Change
from app.coverage.ledger import Tally

ON = date(2026, 11, 22)
DEADLINE = date(2027, 3, 31)
SMALL = st.integers(0, 6)
SIGNED = st.integers(-4, 4)
DAYS = st.integers(-PACE_DAYS - 20, 200).map(lambda n: ON + timedelta(days=n))
CHANGES = st.lists(st.builds(Change, DAYS, SMALL, SMALL, SIGNED, SIGNED), max_size=12, unique_by=lambda c: c.on)


def test_a_gap_of_thirty_in_ten_weeks_needs_three_a_week_and_never_less() -> None:
    assert forecast.per_week(30, 70) == 3
    assert forecast.per_week(31, 70) == 4
    assert forecast.per_week(0, 70) == 0
    assert forecast.per_week(30, 3) == 30
    assert forecast.per_week(30, 0) is None


@given(st.integers(0, 5000), st.integers(1, 2000))
def test_the_weekly_need_closes_the_gap_in_time_and_one_less_would_not(gap: int, days: int) -> None:
    need = forecast.per_week(gap, days)
    assert need is not None
    days = max(days, 7)
    assert need * days >= gap * 7
    assert gap == 0 or (need - 1) * days < gap * 7


@given(CHANGES, st.integers(0, 40))
def test_the_date_at_the_pace_is_the_first_day_without_a_gap(changes: list[Change], gap: int) -> None:
    found = forecast.outlook(ON, DEADLINE, gap, changes)
    gained = sum(c.gained for c in changes if ON - timedelta(days=PACE_DAYS) < c.on <= ON)
    assert found.gained == gained
    expected = None
    for ahead in range(FAR_DAYS + 1):
        day = ON + timedelta(days=ahead)
        missing = gap + sum(c.gap for c in changes if ON < c.on <= day)
        if gained * ahead >= missing * PACE_DAYS:
            expected = day
            break
        if not gained and ahead > 220:
            break
    assert found.full_on == expected


@given(CHANGES, st.integers(0, 40))
def test_from_the_lasting_date_on_there_is_no_gap_and_the_day_before_there_was(changes: list[Change], gap: int) -> None:
    found = forecast.outlook(ON, DEADLINE, gap, changes)
    missing = [
        ahead
        for ahead in range(FAR_DAYS + 1)
        if found.gained * ahead < PACE_DAYS * (gap + sum(c.gap for c in changes if 0 < (c.on - ON).days <= ahead))
    ]
    first = missing[-1] + 1 if missing else 0
    assert found.lasting_on == (ON + timedelta(days=first) if first <= FAR_DAYS else None)


@given(CHANGES, st.integers(0, 40))
def test_the_gap_at_the_deadline_is_explained_in_full(changes: list[Change], gap: int) -> None:
    found = forecast.outlook(ON, DEADLINE, gap, changes)
    later = [c for c in changes if ON < c.on <= DEADLINE]
    assert found.gap_at_deadline == gap + sum(c.required - c.covered - c.gained + c.lost for c in later)
    assert found.lapsing == sum(c.lost for c in later)
    assert found.per_week == forecast.per_week(found.gap_at_deadline, found.days_left)


@given(CHANGES)
def test_weeks_follow_each_other_and_leave_no_day_out(changes: list[Change]) -> None:
    found = forecast.outlook(ON, DEADLINE, 0, changes)
    assert len(found.weeks) == 8
    assert found.weeks[-1].to_on == ON
    assert found.ahead[0].from_on == ON + timedelta(days=1)
    assert found.ahead[-1].to_on == ON + timedelta(days=AHEAD_DAYS)
    for before, after in pairwise([*found.weeks, *found.ahead]):
        assert after.from_on == before.to_on + timedelta(days=1)
    window = [c for c in changes if found.weeks[0].from_on <= c.on <= found.ahead[-1].to_on]
    assert sum(s.gained for s in (*found.weeks, *found.ahead)) == sum(c.gained for c in window)
    assert sum(s.required for s in (*found.weeks, *found.ahead)) == sum(c.required for c in window)


@given(CHANGES, st.integers(0, 50), st.integers(0, 50))
def test_what_came_later_explains_the_later_gap(changes: list[Change], required: int, missing: int) -> None:
    then = Tally(required + missing, required, 0)
    now = forecast.after(then, changes)
    found = forecast.aftermath(then, now, changes)
    assert found.gap_now == found.gap_then - found.gained + found.lost - found.left


def test_the_pace_covers_nobody_twice() -> None:
    assert forecast.projected(Tally(100, 90, 1), 80, 7) == Tally(100, 100, 1)
    assert forecast.projected(Tally(100, 50, 1), 80, 28) == Tally(100, 90, 1)


def test_days_are_full_when_everybody_required_is_covered_and_somebody_is() -> None:
    days = [ON + timedelta(days=n) for n in range(3)]
    tallies = [Tally(0, 0), Tally(2, 1), Tally(2, 2)]
    assert forecast.full_days(zip(days, tallies, strict=True)) == (days[2],)
