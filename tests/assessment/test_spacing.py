"""When a question comes again, and the days in a row: whole days in Shanghai."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.assessment.spacing import LONGEST_DAYS, Memory, remembered, streak

MONDAY = date(2026, 3, 2)


def test_what_is_known_comes_later_each_time_and_what_is_not_comes_tomorrow() -> None:
    memory: Memory | None = None
    day, gaps = MONDAY, []
    for _ in range(5):
        memory = remembered(memory, day, right=True)
        gaps.append((memory.due_on - day).days)
        day = memory.due_on
    assert gaps == sorted(gaps)
    assert gaps[-1] > 20
    assert remembered(memory, day, right=False).due_on <= day + timedelta(days=10)
    assert remembered(None, MONDAY, right=False).due_on == MONDAY + timedelta(days=1)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=12))
def test_a_question_is_due_on_a_later_day_and_never_lost(answers: list[tuple[bool, int]]) -> None:
    memory: Memory | None = None
    day = MONDAY
    for right, late in answers:
        memory = remembered(memory, day, right=right)
        assert day < memory.due_on <= day + timedelta(days=LONGEST_DAYS)
        day = memory.due_on + timedelta(days=late)


@given(st.sets(st.integers(0, 30)), st.integers(0, 30))
def test_days_in_a_row_end_today_or_yesterday(days: set[int], today: int) -> None:
    count = streak((MONDAY + timedelta(days=day) for day in days), MONDAY + timedelta(days=today))
    last = today if today in days else today - 1
    assert all(last - n in days for n in range(count))
    assert last - count not in days
