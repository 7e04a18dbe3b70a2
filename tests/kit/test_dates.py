"""Days end in Shanghai; months are clipped to their end."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.kit.dates import add_days, add_months, day_of, end_of, start_of

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 1, 1))


def test_leap_day_plus_a_year_is_clipped() -> None:
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_a_late_evening_in_utc_is_the_next_day_in_shanghai() -> None:
    assert day_of(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == date(2026, 1, 1)
    assert day_of(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == date(2025, 12, 31)


@given(DAYS)
def test_a_day_is_from_its_start_to_its_end(day: date) -> None:
    assert day_of(start_of(day)) == day == day_of(end_of(day))
    assert end_of(day) + timedelta(microseconds=1) == start_of(day + timedelta(days=1))


@given(DAYS, st.integers(0, 600))
def test_adding_months_keeps_the_day_or_takes_the_months_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_open_ends_do_not_overflow() -> None:
    assert add_days(date.max, 1) == date.max
    assert add_days(date.min, -1) == date.min
